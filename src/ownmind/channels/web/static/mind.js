// @ts-check
// What the page knows and can do. Components show it and ask for changes; this alone talks to the server.
// Every change makes new values instead of altering old ones, so a component re-renders only when its own part changed.

import * as api from './api.js';
import { plural, t } from './lang.js';
import { read } from './rooms.js';
import { listed } from './words.js';

/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').Fact} Fact */

const MOST_CARDS = 200;

export class Mind extends EventTarget {
  constructor() {
    super();
    /** opening, open, pairing (a phone that is not let in yet), closed (this browser has no session) or locked (the store waits for its passphrase) */
    this.session = 'opening';
    /** What a phone was given to be paired with. */
    this.code = '';
    /** @type {import('./types.js').Trouble | null} */
    this.trouble = null;
    /** @type {import('./types.js').Status | null} */
    this.status = null;
    this.connected = true;
    /** @type {string | null} */
    this.conversation = null;
    /** @type {Message[]} */
    this.messages = [];
    /** Facts, newest first. @type {Fact[]} */
    this.facts = [];
    /** Ids of those learnt since the page was opened. @type {Set<string>} */
    this.fresh = new Set();
    /** What was done in the world or waits for a word, the latest first. @type {import('./types.js').Action[]} */
    this.actions = [];
    /** @type {import('./types.js').Conversation[]} */
    this.conversations = [];
    /** @type {import('./types.js').Given[]} */
    this.given = [];
    /** What the day holds. @type {import('./types-goals.js').Briefing | null} */
    this.brief = null;
    /** Said once to a screen reader. */
    this.announcement = '';
    /** @type {AbortController | null} */
    this.turning = null;
    /** @type {EventSource | null} */
    this.events = null;
    this.count = 0;
  }

  /** Opens the session, with the address's token when there is one, and reads what to show first. */
  async open() {
    const token = decodeURIComponent(location.hash.slice(1));
    if (token) history.replaceState(null, '', location.pathname);
    try {
      const code = new URLSearchParams(token).get('pair') ?? '';
      if (!(await this.enter(code ? '' : token))) {
        // Over TLS this page is a paired device's (docs/devices.md).
        this.change(location.protocol === 'https:' ? { session: 'pairing', code } : { session: 'closed' });
        return;
      }
      this.change({ status: await api.status(), session: 'open' });
    } catch (error) {
      if (error instanceof api.Trouble && error.status === 423) this.change({ session: 'locked' });
      else this.change({ session: 'closed', trouble: api.words(error) });
      return;
    }
    this.listen();
    const [facts, conversations, actions] = await Promise.all(
      [api.facts().catch(() => []), api.conversations().catch(() => []), api.actions().catch(() => [])]);
    this.change({ facts, conversations, actions });
    this.dispatchEvent(new Event('rooms'));
  }

  /** How many things are due now; 0 while nobody can say. Reads the briefing again where the page shows it. */
  async countDue() {
    if (!this.messages.length) this.change({ brief: await read('today', 'brief').catch(() => null) });
    return (await read('today', 'due').catch(() => [])).length;
  }

  /**
   * Whether this browser has a session now. One it has already is as good as a new one.
   * @param {string} token
   */
  async enter(token) {
    if (!token) return api.hasSession();
    try {
      await api.openSession(token);
    } catch (error) {
      if (!(await api.hasSession())) throw error;
    }
    return true;
  }

  listen() {
    this.events = api.listen({
      status: (status) => this.change({ status, connected: true }),
      learned: (facts) => { this.learnt(facts); this.reread(); },
      forgotten: () => this.reread(),
      actions: () => this.rereadActions(),
      rooms: () => this.dispatchEvent(new Event('rooms')),
      replied: (conversation) => { if (conversation === this.conversation && !this.turning) this.show(conversation); },
      words: (said) => this.overheard(said),
      progress: (progress) => this.progressed(progress),
      lost: () => this.change({ connected: false }),
    });
  }

  /** What a model elsewhere says on a yes that was just given, as it comes. @param {{conversation: string, action: string, text: string}} said */
  overheard({ conversation, action, text }) {
    if (conversation !== this.conversation || this.turning) return;
    const key = `said-${action}`;
    const held = this.messages.find((each) => each.key === key);
    if (held) this.change({ messages: this.messages.map((each) => (each.key === key ? { ...each, text: each.text + text } : each)) });
    else this.change({ messages: [...this.messages, { ...this.message('companion', text, 'streaming'), key }] });
  }

  // Talking

  /** Says `text` and shows the answer as it comes. @param {string} text */
  async send(text) {
    if (this.turning || !text.trim()) return;
    const turning = new AbortController();
    const question = this.message('person', text.trim(), 'done');
    let reply = this.message('companion', '', 'streaming');
    this.change({ turning, messages: [...this.messages, question, reply], announcement: '' });
    /** @param {Partial<Message>} part */
    const update = (part) => {
      const last = this.messages.find((each) => each.key === reply.key);
      if (!last) return;
      reply = { ...last, ...part };
      this.change({ messages: this.messages.map((each) => (each.key === reply.key ? reply : each)) });
    };
    try {
      for await (const event of api.turn(question.text, this.conversation, turning.signal)) {
        if (event.type === 'heard') this.change({ conversation: event.conversation });
        else if (event.type === 'words') update({ text: reply.text + event.text });
        else if (event.type === 'failed') update({ state: 'failed', trouble: { message: event.message, hint: event.hint } });
        else this.finished(event.reply, update);
      }
      if (reply.state === 'streaming') update({ state: 'stopped' });
    } catch (error) {
      if (turning.signal.aborted) update({ state: 'stopped' });
      else update({ state: 'failed', trouble: api.words(error) });
    }
    this.change({ turning: null });
    this.refresh();
    this.reread();
  }

  /** @param {import('./types.js').Reply} reply @param {(part: Partial<Message>) => void} update */
  finished(reply, update) {
    update({ id: reply.id, text: reply.text, state: 'done', sources: reply.sources, holds: reply.holds ?? null, at: new Date().toISOString(), label: reply.label ?? null, goals: reply.goals ?? [], aside: !!reply.set_aside, actions: (reply.actions ?? []).map((each) => each.id) });
    for (const action of reply.actions ?? []) this.acted(action);
    this.learnt(reply.learned);
    const sources = reply.sources.length ? ` ${plural(reply.sources.length, 'With {n} source.', 'With {n} sources.')}` : '';
    const waits = (reply.actions ?? []).some((each) => each.state === 'waiting') ? ` ${t('It waits for your yes.')}` : '';
    this.change({ announcement: `Ownmind: ${reply.text}${sources}${waits}` });
  }

  stop() {
    this.turning?.abort();
  }

  startAnew() {
    this.stop();
    this.change({ conversation: null, messages: [] });
  }

  /** Shows an earlier conversation. @param {string} id */
  async show(id) {
    this.stop();
    const said = await api.messages(id);
    for (const each of said) for (const action of each.actions ?? []) this.acted(action);
    const messages = said.map((each) => ({
      ...this.message(each.role, each.text, each.stopped ? 'stopped' : 'done'),
      ...(each.role === 'companion' ? { id: each.id } : {}),
      at: each.at,
      sources: each.sources ?? [],
      label: each.label ?? null, goals: each.goals ?? [],
      actions: (each.actions ?? []).map((/** @type {import('./types.js').Action} */ action) => action.id),
    }));
    this.change({ conversation: id, messages });
  }

  async refresh() {
    const [status, conversations] = await Promise.all([api.status().catch(() => this.status), api.conversations().catch(() => this.conversations)]);
    this.change({ status, conversations });
  }

  // Memory

  /** @param {Fact[]} facts */
  learnt(facts) {
    if (!facts.length) return;
    const ids = new Set(facts.map((fact) => fact.id));
    this.change({
      facts: [...facts, ...this.facts.filter((fact) => !ids.has(fact.id))].slice(0, MOST_CARDS),
      fresh: new Set([...this.fresh, ...ids]),
    });
  }

  /** @param {Fact} fact */
  async keep(fact) {
    this.replace(fact.id, await api.keep(fact.id));
    this.change({ announcement: t('Kept.') });
  }

  /** @param {Fact} fact @param {string} text */
  async fix(fact, text) {
    this.replace(fact.id, await api.fix(fact.id, text));
    this.change({ announcement: t('Fixed.') });
  }

  /** @param {string} id @param {Fact} fact */
  replace(id, fact) {
    const fresh = this.fresh.has(id) ? new Set([...this.fresh, fact.id]) : this.fresh;
    this.change({ facts: this.facts.map((each) => (each.id === id ? fact : each)), fresh });
  }

  /** Takes what a receipt says is gone off the page. @param {import('./types.js').Receipt} receipt @param {import('./types.js').Forgetting} plan */
  forgotten(receipt, plan) {
    const facts = new Set(receipt.facts);
    const items = new Set(receipt.items);
    const texts = new Set(plan.items.map((item) => item.text));
    this.change({
      facts: this.facts.filter((fact) => !facts.has(fact.id) && !items.has(fact.item_id)),
      messages: this.messages
        .filter((message) => !texts.has(message.text))
        .map((message) => ({ ...message, sources: message.sources.filter((source) => !items.has(source.item_id)) })),
    });
    this.refresh();
    this.reread();
  }

  /**
   * Reads the facts again: when one goes, an older one may hold again. The card of one that was superseded or forgotten
   * meanwhile stays and says so; of a forgotten one no word stays.
   */
  async reread() {
    const held = await api.facts().catch(() => null);
    if (!held) return;
    const [ids, texts] = [new Set(held.map((fact) => fact.id)), new Set(held.map((fact) => fact.text))];
    const left = this.facts.filter((fact) => !ids.has(fact.id) && !texts.has(fact.text));
    const everything = left.some((fact) => !fact.ended) ? await api.facts(true).catch(() => null) : [];
    if (!everything) return;
    const known = new Map(everything.map((fact) => [fact.id, fact]));
    const ended = left.map((fact) => (fact.ended ? fact : marked(fact, known)));
    this.change({ facts: [...held, ...ended].sort((a, b) => b.learned_at.localeCompare(a.learned_at)).slice(0, MOST_CARDS) });
  }

  // What is done in the world

  /** @param {import('./types.js').Action} action @param {boolean} vouch @param {number | null} [cap]  how much may be spent from now on, where it costs */
  async allow(action, vouch, cap = null) {
    this.acted(await api.decide(action.id, 'allow', cap === null ? { vouch } : { vouch, spend_cap: cap }), true);
    this.refresh();
  }

  /** @param {import('./types.js').Action} action */
  async deny(action) {
    this.acted(await api.decide(action.id, 'deny'), true);
  }

  /** @param {import('./types.js').Action} action */
  async undo(action) {
    this.acted(await api.decide(action.id, 'undo'), true);
  }

  /** Shows an action as it is now; `say` says what came of it to a screen reader. @param {import('./types.js').Action} action @param {boolean} [say] */
  acted(action, say = false) {
    const isKnown = this.actions.some((each) => each.id === action.id);
    this.change({ actions: isKnown ? this.actions.map((each) => (each.id === action.id ? action : each)) : [action, ...this.actions] });
    if (say) this.change({ announcement: `${action.state === 'denied' ? t('Denied') : action.outcome || action.state}${action.can_undo ? ` ${t('It can be undone.')}` : ''}` });
  }

  /** Reads the latest actions again; older ones, shown under an earlier message, stay. */
  async rereadActions() {
    const held = await api.actions().catch(() => null);
    if (!held) return;
    const ids = new Set(held.map((each) => each.id));
    this.change({ actions: [...held, ...this.actions.filter((each) => !ids.has(each.id))] });
  }

  // Taking in

  /** Gives files to read, one after another. @param {Iterable<File>} files */
  async give(files) {
    for (const file of files) await this.giveOne(file);
    this.refresh();
  }

  /** @param {File} file */
  async giveOne(file) {
    /** @type {import('./types.js').Given} */
    let given = { name: file.name, progress: null, imported: null, trouble: null };
    this.change({ given: [...this.given, given] });
    /** @param {Partial<import('./types.js').Given>} part */
    const update = (part) => {
      const next = { ...given, ...part };
      this.change({ given: this.given.map((each) => (each === given ? next : each)) });
      given = next;
    };
    try {
      for await (const said of api.give(file)) {
        if (said.type === 'progress') update({ progress: said });
        else if (said.type === 'done') update({ imported: said.imported });
        else update({ trouble: said.error });
      }
      if (!given.imported && !given.trouble) update({ trouble: { message: t('Reading it stopped in the middle.'), hint: t('Give it again: it goes on where it was.') } });
    } catch (error) {
      update({ trouble: api.words(error) });
    }
    this.change({ announcement: given.trouble ? given.trouble.message : t('{name} was read.', { name: given.name }) });
  }

  /** @param {import('./types.js').Given} given */
  dismiss(given) {
    this.change({ given: this.given.filter((each) => each !== given) });
  }

  // The rest

  /** Progress of the brain on its way. @param {import('./types.js').Progress} progress */
  progressed(progress) {
    if (!this.status || !['absent', 'fetching', 'loading'].includes(this.status.brain.state)) return;
    this.change({ status: { ...this.status, brain: { ...this.status.brain, progress } } });
  }

  /**
   * @param {'person' | 'companion'} who
   * @param {string} text
   * @param {Message['state']} state
   * @returns {Message}
   */
  message(who, text, state) {
    this.count += 1;
    return { key: this.count, who, text, state, at: new Date().toISOString(), sources: [], holds: null, label: null, actions: [], trouble: null };
  }

  /** @param {Partial<Mind>} parts */
  change(parts) {
    Object.assign(this, parts);
    this.dispatchEvent(new Event('change'));
  }
}

/** A fact that holds no more, and why. @param {Fact} fact @param {Map<string, Fact>} known  every fact there is @returns {Fact} */
function marked(fact, known) {
  const now = known.get(fact.id);
  if (!now) return { ...fact, text: '', quote: '', told: null, ended: 'forgotten' };
  return { ...fact, ended: 'superseded', instead: known.get(now.superseded_by ?? '')?.text ?? '' };
}

/** What else a forgetting takes, beyond the thing itself. @param {import('./types.js').Forgetting} plan @param {string} target */
export function alsoGone(plan, target) {
  const others = plan.items.filter((item) => item.id !== target);
  const replies = others.filter((item) => item.kind === 'reply').length;
  const messages = others.length - replies;
  const facts = plan.facts.filter((fact) => fact.id !== target).length;
  const parts = [];
  if (facts) parts.push(plural(facts, '{n} fact', '{n} facts'));
  if (messages) parts.push(plural(messages, '{n} message', '{n} messages'));
  if (replies) parts.push(plural(replies, '{n} reply', '{n} replies'));
  return listed(parts);
}
