// @ts-check
// What the page knows and can do. Components show it and ask for changes; this alone talks to the server.
// Every change makes new values instead of altering old ones, so a component re-renders only when its own part changed.

import * as api from './api.js';
import { plural, t } from './lang.js';
import { branched } from './branches.js';
import { Live } from './live.js';
import { change, read } from './rooms.js';
import { listed } from './words.js';

/** @typedef {import('./types.js').Message} Message */
/** @typedef {import('./types.js').Fact} Fact */

const MOST_CARDS = 200;
const PAGE = 60; // messages read when a conversation is opened
const FURTHER = 200; // and when somebody goes on reading
const MOST_READ = 1000; // messages held; what is far from where the person reads is let go, and read again when it is wanted
const EVERYTHING = 100_000;
const TRIES = 5; // times a file is given again by itself
const LISTENS = 1_000; // ms the first reading waits for the stream of events
const LATEST = 8_000; // ms between two looks whether Ownmind is back

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
    /** A stretch of the conversation, in order. @type {Message[]} */
    this.messages = [];
    /** The place of the first of them in the conversation. */
    this.first = 0;
    /** How many come after the last of them. */
    this.later = 0;
    /** The opening of a talk that is under way; null where something was said since. @type {object | null} */
    this.loading = null;
    /** How many turns this page has heard begin. */
    this.turns = 0;
    /** Whether something was stored elsewhere while a turn was under way. */
    this.isBehind = false;
    /** Counts what was opened: another conversation, or another place in it. */
    this.opened = 0;
    /** The id of the message that was looked for. @type {string | null} */
    this.aim = null;
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
    /** Files that go with the next message. @type {import('./types.js').Attached[]} */
    this.attached = [];
    /** What the day holds. @type {import('./types-goals.js').Briefing | null} */
    this.brief = null;
    /** Said once to a screen reader. */
    this.announcement = '';
    /** @type {AbortController | null} */
    this.turning = null;
    /** The id under which the turn goes on at the server, once it is known. */
    this.run = '';
    /** Turns that were stopped before the server said their id. @type {Set<AbortController>} */
    this.unwanted = new Set();
    /** @type {Live | null} */
    this.live = null;
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
    await Promise.race([this.live?.begun, soon(LISTENS, [])]); // what is read before anybody listens may change unheard
    const [facts, conversations, actions] = await Promise.all(
      [api.facts(MOST_CARDS).catch(() => []), api.conversations().catch(() => []), api.actions().catch(() => [])]);
    this.change({ facts, conversations, actions });
    this.dispatchEvent(new Event('rooms'));
  }

  /** The keys of what is due now; null while nobody can say. Reads the briefing again where the page shows it. @returns {Promise<string[] | null>} */
  async due() {
    if (!this.messages.length) this.change({ brief: await read('today', 'brief').catch(() => null) });
    return read('today', 'due').then((all) => all.map((/** @type {{key: string}} */ each) => each.key), () => null);
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
    this.live = new Live({
      event: (name, said) => this.happened(name, said),
      lost: () => this.change({ connected: false }),
      back: () => {
        this.change({ connected: true });
        this.dispatchEvent(new Event('back'));
      },
    });
    this.live.start();
  }

  /** @param {string} name @param {any} said */
  happened(name, said) {
    if (name === 'status') this.change({ status: said.status });
    else if (name === 'learned') { this.learnt(said.facts); this.reread(); this.dispatchEvent(new Event('learned')); }
    else if (name === 'forgotten') { this.reread(); this.dispatchEvent(new Event('forgotten')); }
    else if (name === 'replied') { if (said.conversation === this.conversation && !this.turning) this.catchUp(); }
    else if (name === 'words') this.overheard(said);
    else if (name === 'progress') this.progressed(said);
    else if (name === 'missed') this.readAgain();
    else {
      if (name === 'actions') this.rereadActions();
      this.dispatchEvent(new Event('rooms'));
    }
  }

  /** Everything that is shown, once more: what happened meanwhile is not known one by one. */
  async readAgain() {
    this.refresh();
    this.reread();
    this.rereadActions();
    this.dispatchEvent(new Event('rooms'));
    this.dispatchEvent(new Event('forgotten'));
    if (this.conversation && !this.turning && !this.later) await this.catchUp();
  }

  /**
   * What `ask` gives, asked once more where the connection was cut: nobody tells a second time what changed. Null when it is refused.
   * @template T @param {() => Promise<T>} ask @returns {Promise<T | null>}
   */
  async asked(ask) {
    try {
      return await ask();
    } catch (error) {
      if (!api.isCut(error)) return null;
      await this.untilBack();
      return ask().catch(() => null);
    }
  }

  /** Returns once the server answers again. Raises AbortError when the person stops waiting. @param {AbortSignal} [signal] */
  async untilBack(signal) {
    for (let wait = 250; ; wait = Math.min(LATEST, wait * 2)) {
      signal?.throwIfAborted();
      try {
        this.change({ status: await api.status() });
        return;
      } catch {
        await soon(wait, [[this, 'back'], [globalThis, 'online'], ...(signal ? /** @type {[EventTarget, string][]} */ ([[signal, 'abort']]) : [])]);
      }
    }
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

  /** Says `text` and shows the answer as it comes. @param {string} text @param {import('./types.js').Place} [place] what it is said in place of, and the files sent with it */
  async send(text, place = {}) {
    if (this.turning || !(text.trim() || place.insteadOf)) return;
    if (this.later && this.conversation && !place.insteadOf) await this.load(this.conversation);
    this.loading = null;
    const turning = new AbortController();
    const question = { ...this.message('person', text.trim(), 'done'), files: place.files ?? [], place, live: true };
    const reply = { ...this.message('companion', '', 'streaming'), live: true };
    const branch = branched(this.messages.filter((each) => each.state !== 'cut'), place.insteadOf, question, reply);
    this.change({ turning, run: '', messages: branch.messages, later: 0, announcement: '' });
    await this.hearOut(turning, reply.key, question, api.turn(question.text, this.conversation, turning.signal, place));
    if (place.insteadOf) await this.settle(branch, question, reply);
  }

  /** Shows a new version beside the others; where none came, what stood there. @param {ReturnType<typeof branched>} branch @param {Message} question @param {Message} reply */
  async settle(branch, question, reply) {
    const [asked, told] = [question, reply].map(({ key }) => this.messages.find((each) => each.key === key));
    if (branch.isEdit && asked?.id) this.update(asked.key, { versions: branch.versions(asked.id, 'person') });
    else if (!branch.isEdit && told?.state === 'done' && told.id && branch.isFound) this.update(told.key, { versions: branch.versions(told.id, 'companion') });
    else if (this.conversation && !(told?.state === 'cut')) {
      if (told?.trouble) this.dispatchEvent(new CustomEvent('unkept', { detail: told.trouble }));
      await this.load(this.conversation).catch(() => undefined);
    }
  }

  /** Goes on with the newest branch through a message or reply. @param {string} item */
  async choose(item) {
    this.stop();
    await this.show(await change('talk', 'choose', { item }), { around: item });
    const { versions = [] } = this.messages.find((each) => each.id === item) ?? {};
    this.change({ announcement: t('Version {n} of {of}', { n: versions.indexOf(item) + 1, of: versions.length }) });
  }

  /** Keeps what the person thinks of a reply on its message. @param {string} reply @param {import('./types.js').Feedback | null} feedback */
  rated(reply, feedback) {
    this.change({ messages: this.messages.map((each) => (each.id === reply ? { ...each, feedback } : each)) });
  }

  /**
   * Hears a turn to its end, however often the connection breaks meanwhile.
   * @param {AbortController} turning @param {Message['key']} key  of the reply @param {Message | null} question  what it answers, where it was asked here
   * @param {AsyncGenerator<import('./types.js').TurnEvent | import('./types.js').Begun>} events @param {string} [run]  the id it goes on under
   */
  async hearOut(turning, key, question, events, run = '') {
    const { signal } = turning;
    this.turns += 1;
    let lines = 0;
    try {
      for (let ended = false; !ended;) {
        try {
          for await (const event of events) {
            if (event.type === 'begun') {
              run = event.id;
              this.begun(turning, run);
            } else {
              lines += 1;
              ended = this.said(event, key, question) || ended;
            }
          }
          if (!ended) throw new api.Trouble('', '', 0); // the server ended, not the turn
        } catch (error) {
          if (signal.aborted || !api.isCut(error)) throw error;
          if (this.unwanted.delete(turning)) turning.abort();
          this.update(key, { state: 'waiting' });
          await this.untilBack(signal);
          if (!run) throw new api.Trouble('', '', 404);
          this.update(key, { state: 'streaming' });
          events = api.ongoing(run, lines, signal);
        }
      }
    } catch (error) {
      if (signal.aborted) this.update(key, { state: 'stopped' });
      else if (api.isGone(error)) await this.recover(key, question);
      else this.update(key, { state: 'failed', trouble: api.words(error), ...(question ? { again: question.text, place: question.place } : {}) });
    }
    if (this.turning === turning) this.change({ turning: null, run: '' });
    if (this.isBehind && !this.turning) {
      this.isBehind = false;
      this.catchUp().catch(() => undefined);
    }
    this.refresh();
    this.reread();
  }

  /** The server has the turn; stops it when the person said so before. @param {AbortController} turning @param {string} run */
  begun(turning, run) {
    if (this.turning === turning) this.run = run;
    if (this.unwanted.delete(turning)) this.end(turning, run);
  }

  /** @param {AbortController} turning @param {string} run */
  end(turning, run) {
    api.stop(run).catch(() => undefined); // it has ended by itself
    turning.abort();
  }

  /** Whether the turn ended with this event. @param {import('./types.js').TurnEvent} event @param {Message['key']} key @param {Message | null} question */
  said(event, key, question) {
    const reply = this.messages.find((each) => each.key === key);
    if (event.type === 'heard') {
      this.change({ conversation: event.conversation });
      if (question) this.update(question.key, { id: event.item_id });
    } else if (event.type === 'words') this.update(key, { text: (reply?.text ?? '') + event.text });
    else if (event.type === 'failed') this.update(key, { state: 'failed', trouble: { message: event.message, hint: event.hint } });
    else this.finished(event.reply, (part) => this.update(key, part));
    return event.type === 'failed' || event.type === 'done';
  }

  /** Shows a message otherwise. @param {Message['key']} key @param {Partial<Message>} part */
  update(key, part) {
    this.change({ messages: this.messages.map((each) => (each.key === key ? { ...each, ...part } : each)) });
  }

  /**
   * The turn ended while nobody could hear it: its reply is stored, or it was cut off with the server; then its words can be sent again.
   * @param {Message['key']} key @param {Message | null} question
   */
  async recover(key, question) {
    const text = question?.text ?? '';
    const conversation = this.conversation ?? (await api.conversations().catch(() => []))[0]?.id;
    const held = conversation ? await api.page(conversation, PAGE).catch(() => null) : null;
    const at = held ? held.messages.findLastIndex((each) => each.role === 'person' && (!text || each.text === text)) : -1;
    if (!conversation || !held || at < held.messages.length - 2 || (question?.id && held.messages[at]?.id !== question.id)) {
      this.update(key, { state: 'cut', ...(text ? { again: text, place: question?.place } : {}) });
      return;
    }
    this.change({ conversation, turning: null, run: '' });
    this.shown(held, true);
    const last = this.messages[this.messages.length - 1];
    if (last?.state === 'stopped') this.update(last.key, { state: 'cut', again: held.messages[at].text });
    this.change({ announcement: last?.who === 'companion' && last.state === 'done' ? `Ownmind: ${last.text}` : '' });
  }

  /** @param {import('./types.js').Reply} reply @param {(part: Partial<Message>) => void} update */
  finished(reply, update) {
    update({ id: reply.id, text: reply.text, state: 'done', sources: reply.sources, holds: reply.known ? (reply.holds ?? null) : null, at: new Date().toISOString(), label: reply.label ?? null, goals: reply.goals ?? [], aside: !!reply.set_aside, actions: (reply.actions ?? []).map((each) => each.id) });
    for (const action of reply.actions ?? []) this.acted(action);
    this.learnt(reply.learned);
    const sources = reply.sources.length ? ` ${plural(reply.sources.length, 'With {n} source.', 'With {n} sources.')}` : '';
    const waits = (reply.actions ?? []).some((each) => each.state === 'waiting') ? ` ${t('It waits for your yes.')}` : '';
    this.change({ announcement: `Ownmind: ${reply.text}${sources}${waits}` });
  }

  /** Ends the reply that is coming; what came so far stays. */
  stop() {
    const { turning, run } = this;
    if (!turning) return;
    this.change({ turning: null, run: '' });
    if (run) this.end(turning, run);
    else this.unwanted.add(turning);
  }

  startAnew() {
    this.stop();
    this.change({ conversation: null, messages: [], first: 0, later: 0, aim: null, opened: this.opened + 1 });
  }

  /** Shows a conversation: its end, or the place of a message or a day. @param {string} id @param {api.Where} [where] */
  async show(id, where = {}) {
    this.stop();
    await this.load(id, where);
  }

  /** @param {string} id @param {api.Where} [where] */
  async load(id, where = {}) {
    const loading = (this.loading = {});
    const page = await api.page(id, PAGE, where);
    if (this.loading !== loading) return; // something was said, or another talk opened, meanwhile
    const day = where.on ? page.messages.find((each) => each.at >= /** @type {string} */ (where.on)) : null;
    this.change({ conversation: id, messages: [], aim: where.around ?? day?.id ?? null, opened: this.opened + 1 });
    this.shown(page);
  }

  /** The newest of the conversation, beside what is read already. */
  async catchUp() {
    const [id, turns] = [this.conversation, this.turns];
    if (!id) return;
    const page = await api.page(id, PAGE);
    if (this.conversation !== id) return;
    if (this.turning) this.isBehind = true; // what is being said now is not on that page
    else if (this.turns !== turns) await this.catchUp(); // nor is what was said and answered since it was asked for
    else this.shown(page, true);
  }

  /** Shows a page: alone, or as the end of what is read already. @param {Awaited<ReturnType<typeof api.page>>} page @param {boolean} [joins] */
  shown(page, joins = false) {
    const keys = new Map(joins ? this.messages.map((each) => [each.id, each.key]) : []);
    const said = this.stored(page.messages).map((each) => ({ ...each, key: keys.get(each.id) ?? each.key })); // what is shown stays where it is
    const at = joins && said.length ? this.messages.findIndex((each) => each.id === said[0]?.id) : -1;
    const messages = at < 0 ? said : [...this.messages.slice(0, at), ...said];
    this.change({ messages, first: at < 0 ? page.first : this.first, later: page.total - page.first - said.length });
    const last = messages[messages.length - 1];
    if (this.later || !last || this.turning) return;
    if (page.ongoing) this.attach(page.ongoing);
    else if (last.who === 'person') this.change({ messages: [...messages, { ...this.message('companion', '', 'cut'), again: last.text }] });
  }

  /** Goes on hearing a turn that was begun elsewhere, or before the page was opened. @param {string} run */
  attach(run) {
    const turning = new AbortController();
    const reply = { ...this.message('companion', '', 'streaming'), live: true };
    this.change({ turning, run, messages: [...this.messages, reply] });
    this.hearOut(turning, reply.key, null, api.ongoing(run, 0, turning.signal), run);
  }

  /** Reads what comes before the messages that are held. */
  async readEarlier() {
    const [id, before] = [this.conversation, this.messages.find((each) => each.id)?.id];
    if (!id || !before || !this.first) return;
    const page = await api.page(id, FURTHER, { before });
    if (this.conversation !== id || this.messages.find((each) => each.id)?.id !== before) return;
    const messages = [...this.stored(page.messages), ...this.messages];
    const gone = this.turning ? 0 : Math.max(0, messages.length - MOST_READ);
    this.change({ messages: messages.slice(0, messages.length - gone), first: page.first, later: this.later + gone });
  }

  /** Reads what comes after them. */
  async readLater() {
    const [id, after] = [this.conversation, this.messages.findLast((each) => each.id)?.id];
    if (!id || !after || !this.later) return;
    const page = await api.page(id, FURTHER, { after });
    if (this.conversation !== id || this.messages.findLast((each) => each.id)?.id !== after) return;
    const messages = [...this.messages, ...this.stored(page.messages)];
    const gone = Math.max(0, messages.length - MOST_READ);
    this.change({ messages: messages.slice(gone), first: this.first + gone, later: page.total - page.first - page.messages.length });
  }

  /** Messages as the server has them, for the page. @param {any[]} said @returns {Message[]} */
  stored(said) {
    for (const each of said) for (const action of each.actions ?? []) this.acted(action);
    return said.map((each) => ({
      ...this.message(each.role, each.text, each.stopped ? 'stopped' : 'done'),
      key: each.id, id: each.id, versions: each.versions ?? [], files: each.files ?? [], feedback: each.feedback ?? null,
      at: each.at,
      sources: each.sources ?? [],
      label: each.label ?? null, goals: each.goals ?? [],
      actions: (each.actions ?? []).map((/** @type {import('./types.js').Action} */ action) => action.id),
    }));
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
    if (receipt.mode === 'redacted') {
      const { cut } = plan;
      const gone = new Set(cut?.replies.map((each) => each.id));
      if (cut) this.change({ messages: this.messages.filter((each) => !each.id || !gone.has(each.id)).map((each) => (each.id === cut.item ? { ...each, text: cut.rest } : each)) });
      this.catchUp().catch(() => undefined);
      this.refresh();
      this.reread();
      return;
    }
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
    const held = await this.asked(() => api.facts(MOST_CARDS));
    if (!held) return;
    const [ids, texts] = [new Set(held.map((fact) => fact.id)), new Set(held.map((fact) => fact.text))];
    const oldest = held.length < MOST_CARDS ? '' : held[held.length - 1].learned_at; // what is older was not asked for
    const left = this.facts.filter((fact) => !ids.has(fact.id) && !texts.has(fact.text) && fact.learned_at >= oldest);
    const everything = left.some((fact) => !fact.ended) ? await api.facts(EVERYTHING, true).catch(() => null) : [];
    if (!everything) return;
    const known = new Map(everything.map((fact) => [fact.id, fact]));
    const ended = left.map((fact) => (fact.ended ? fact : marked(fact, known)));
    this.change({ facts: [...held, ...ended].sort((a, b) => b.learned_at.localeCompare(a.learned_at)).slice(0, MOST_CARDS) });
  }

  // What is done in the world

  /** @param {import('./types.js').Action} action @param {boolean} vouch @param {number | null} [cap]  how much may be spent from now on, where it costs */
  async allow(action, vouch, cap = null) {
    await this.decide(action, 'allow', cap === null ? { vouch } : { vouch, spend_cap: cap });
    this.refresh();
  }

  /** @param {import('./types.js').Action} action */
  async deny(action) {
    await this.decide(action, 'deny');
  }

  /** @param {import('./types.js').Action} action */
  async undo(action) {
    await this.decide(action, 'undo');
  }

  /**
   * Gives the person's word. When the connection is cut meanwhile, what became of it is read once it is back: nobody says yes twice.
   * @param {import('./types.js').Action} action @param {'allow' | 'deny' | 'undo'} word @param {object} [body]
   */
  async decide(action, word, body = {}) {
    try {
      this.acted(await api.decide(action.id, word, body), true);
    } catch (error) {
      if (!api.isCut(error)) throw error;
      await this.untilBack();
      await this.rereadActions();
      const now = this.actions.find((each) => each.id === action.id);
      if (!now || now.state === action.state) throw new api.Trouble(t('The connection was cut before your word arrived.'), t('Nothing was done. Say it again.'), 0);
      this.acted(now, true);
    }
  }

  /** Shows an action as it is now; `say` says what came of it to a screen reader. @param {import('./types.js').Action} action @param {boolean} [say] */
  acted(action, say = false) {
    const isKnown = this.actions.some((each) => each.id === action.id);
    this.change({ actions: isKnown ? this.actions.map((each) => (each.id === action.id ? action : each)) : [action, ...this.actions] });
    if (say) this.change({ announcement: `${action.state === 'denied' ? t('Denied') : action.outcome || action.state}${action.can_undo ? ` ${t('It can be undone.')}` : ''}` });
  }

  /** Reads the latest actions again; older ones, shown under an earlier message, stay. */
  async rereadActions() {
    const held = await this.asked(() => api.actions());
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
    await this.takeIn(file, update);
    this.change({ announcement: given.trouble ? given.trouble.message : t('{name} was read.', { name: given.name }) });
  }

  /**
   * Has a file read to its end, however often the connection breaks meanwhile. `tell` hears how far it is, and what came of it.
   * @param {File} file @param {(part: Partial<import('./types.js').Given>) => void} tell
   */
  async takeIn(file, tell) {
    let [id, lines] = ['', 0];
    let isOver = false;
    /** @param {Partial<import('./types.js').Given>} part */
    const end = (part) => {
      isOver = true;
      tell(part);
    };
    for (let tries = 0; !isOver; tries += 1) {
      try {
        for await (const said of id ? api.ongoing(id, lines) : api.give(file)) {
          if (said.type === 'begun') [id, lines] = [said.id, 0];
          else lines += 1;
          if (said.type === 'progress') tell({ progress: said, waits: false });
          else if (said.type === 'done') end({ imported: said.imported });
          else if (said.type === 'error') end({ trouble: said.error });
        }
        if (!isOver) throw new api.Trouble('', '', 0); // the server ended, not the import
      } catch (error) {
        if (api.isGone(error)) id = ''; // it ended with the server: what was read stays, so giving it again goes on where it was
        else if (!api.isCut(error)) end({ trouble: api.words(error) });
        else if (tries === TRIES) end({ trouble: { message: t('Reading it stopped in the middle.'), hint: t('Give it again: it goes on where it was.') } });
        else {
          tell({ progress: null, waits: true });
          await this.untilBack();
        }
      }
    }
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

/** What else a forgetting takes, beyond the thing itself. @param {Pick<import('./types.js').Forgetting, 'items' | 'facts'>} plan @param {string} target */
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

/** Returns after so many ms, or when one of these events comes. @param {number} ms @param {[EventTarget, string][]} events */
function soon(ms, events) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const [target, name] of events) target.removeEventListener(name, done);
      resolve(undefined);
    };
    const timer = setTimeout(done, ms);
    for (const [target, name] of events) target.addEventListener(name, done);
  });
}
