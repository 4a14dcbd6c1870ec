// @ts-check
// What is different because of the person: each change with their words and its undo, the latest first; and what each week brought.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, plural, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { day, dayOf } from '../words.js';
import './growth-change.js';
import './growth-weeks.js';

/** @typedef {import('../types-growth.js').Change} Change */

const AT_ONCE = 30;
const MOST = 200; // read at once, when what is shown is read again
/** @type {Record<string, string>} */
const KINDS = {
  fix: key('memories you put right'), correction: key('replies you put right'), confirmed: key('memories you confirmed'), updated: key('newer words of yours'),
  wish: key('how you want to be treated'), people: key('who is who'), permission: key('what may leave'), skill: key('skills'), brain: key('which model answers'),
};

class Growth extends Asking {
  static properties = { changes: { state: true }, next: { state: true }, weeks: { state: true }, kind: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Change[] | null} */
    this.changes = null;
    this.next = '';
    /** @type {import('../types-growth.js').Week[]} */
    this.weeks = [];
    this.kind = '';
    this.said = '';
    this.asked = 0;
    /** What was taken back here and stands in no row any more: it is shown until the view is left. @type {Map<string, Change>} */
    this.held = new Map();
  }

  connectedCallback() {
    super.connectedCallback();
    this.look(AT_ONCE);
  }

  /** Reads again what is shown, as far as it was read. */
  reread() {
    return this.look(Math.min(MOST, Math.max(AT_ONCE, this.changes?.length ?? 0)));
  }

  /** Something was forgotten, or is not used any more: what is held here is asked for anew, and what nobody knows any more goes. */
  async letGo() {
    const asked = [...this.held.keys()];
    const found = await Promise.all(asked.map((id) => read('growth', 'get', { change: id }).catch(() => null)));
    for (const [n, id] of asked.entries()) {
      const [now, held] = [found[n], this.held.get(id)];
      if (!now) this.held.delete(id);
      else if (held) this.held.set(id, { ...now, at: held.at });
    }
    return this.reread();
  }

  /** @param {number} limit */
  async look(limit) {
    const asked = (this.asked += 1);
    await this.run(async () => {
      const [page, weeks] = await Promise.all([read('growth', 'all', { ...this.narrowed, limit }), read('growth', 'weeks')]);
      if (asked !== this.asked) return; // an earlier question that was answered later
      [this.changes, this.next, this.weeks] = [page.changes, page.next, weeks];
    });
  }

  async more() {
    const asked = this.asked;
    const first = this.changes?.length ?? 0;
    await this.run(async () => {
      const page = await read('growth', 'all', { ...this.narrowed, cursor: this.next, limit: AT_ONCE });
      if (asked !== this.asked) return;
      [this.changes, this.next] = [[...(this.changes ?? []), ...page.changes], page.next];
    });
    await this.updateComplete;
    const id = this.changes?.[first]?.id;
    this.focusOn(id ?? '');
  }

  /** @returns {Record<string, string>} */
  get narrowed() {
    return this.kind ? { kind: this.kind } : {};
  }

  /** @param {Event} event */
  choose(event) {
    this.kind = /** @type {HTMLSelectElement} */ (event.target).value;
    this.said = '';
    this.held.clear();
    this.look(AT_ONCE);
  }

  /** Takes a change back, or has it again; it stays where it stands and says so. @param {Change} one @param {'undo' | 'redo'} how */
  async turn(one, how) {
    const went = await this.run(async () => {
      const now = await change('growth', how, { change: one.id });
      this.held.set(one.id, { ...now, at: one.at });
      this.said = how === 'redo' ? t('It counts again.') : taken(one);
    });
    if (!went) return;
    this.ask('changed');
    await this.reread();
    this.focusOn(one.id);
  }

  /** @param {string} id */
  async focusOn(id) {
    await this.updateComplete;
    const entry = this.querySelector(`mind-growth-change[data-id="${CSS.escape(id)}"]`);
    await /** @type {import('../element.js').Element | null} */ (entry)?.updateComplete;
    /** @type {HTMLElement | null} */ (entry?.querySelector('h4') ?? this.closest('dialog')?.querySelector('h2'))?.focus();
  }

  /** What is shown: as it was read, with what was taken back here in its place. @returns {Change[]} */
  get shown() {
    const read = this.changes ?? [];
    const known = new Set(read.map((each) => each.id));
    const last = this.next ? read.at(-1)?.at ?? '' : '';
    const gone = [...this.held.values()].filter((each) => !known.has(each.id) && each.state === 'undone' && (each.at ?? '') >= last);
    return gone.length ? [...read, ...gone].sort((a, b) => (b.at ?? '').localeCompare(a.at ?? '')) : read;
  }

  render() {
    const { shown } = this;
    const isNew = this.changes !== null && !shown.length && !this.kind;
    return html`<p>${t('Here stands what is different because of you, with the words that changed it. The model’s own weights are never changed: all that I learn lies in memory, where you can see it and take it back.')}</p>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.reread}>${t('Try again')}</button>` : nothing}
      <mind-growth-weeks .weeks=${this.weeks}></mind-growth-weeks>
      ${isNew ? this.empty() : html`<form class="fields narrow" @submit=${(/** @type {Event} */ event) => event.preventDefault()}><label>${t('Show')} <select name="kind" @change=${this.choose}>
          <option value="" .selected=${!this.kind}>${t('everything')}</option>${Object.entries(KINDS).map(([kind, name]) => html`<option value=${kind} .selected=${kind === this.kind}>${t(name)}</option>`)}</select></label></form>
        <p class="aside" role="status">${this.said} ${this.changes ? this.counted(shown.length) : this.trouble ? '' : t('Reading …')}</p>
        ${this.changes && !shown.length ? html`<p>${t('Nothing of that kind has changed.')}</p>` : nothing}
        ${repeat(days(shown), ([at]) => at, ([at, these]) => html`<section class="day" aria-labelledby="grown-${at || 'once'}"><h3 id="grown-${at || 'once'}">${at ? day(at) : t('The day of this is not kept')}</h3>
          <ul class="rows">${repeat(these, (each) => each.id, (each) => html`<li><mind-growth-change data-id=${each.id} .change=${each} .busy=${this.busy} @turn=${(/** @type {CustomEvent} */ event) => this.turn(each, event.detail)}></mind-growth-change></li>`)}</ul></section>`)}
        ${this.next ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${this.more}>${t('Show more')}</button>` : nothing}`}`;
  }

  /** @param {number} n */
  counted(n) {
    if (!n) return '';
    return this.next ? plural(n, 'The last change', 'The last {n} changes') : plural(n, '{n} change', '{n} changes');
  }

  /** Goes to what is known, where it is confirmed and fixed. */
  lookThrough() {
    this.closest('dialog')?.close();
    this.ask('view', 'mind-memory');
  }

  empty() {
    return html`<p>${t('Nothing has changed yet. Keep a card, fix a memory, tell me something newer, or give a reply a thumb down with what it should have said: each of these stands here from then on.')}</p>
      <div class="choices"><button type="button" class="quiet" @click=${this.lookThrough}>${t('Look through all I know')}</button></div>`;
  }
}

/** What was said once a change was taken back. @param {Change} one */
function taken({ kind, detail }) {
  if (kind === 'people') return t('Taken back. Your sources alone say again who is who.');
  if (kind === 'permission') return t('Taken back. You are asked again where it is needed.');
  if (kind === 'skill') return detail === 'off' ? t('The skill is on again.') : t('The skill is off. It stays installed.');
  return kind === 'confirmed' ? t('You took that back. What is said later may change it again.') : t('Taken back. What stood before holds again.');
}

/** Changes by their day, in their order; of some nobody kept it. @param {Change[]} changes @returns {[string, Change[]][]} */
function days(changes) {
  /** @type {Map<string, Change[]>} */
  const found = new Map();
  for (const each of changes) {
    const at = each.at ? dayOf(new Date(each.at)) : '';
    found.set(at, [...(found.get(at) ?? []), each]);
  }
  return [...found];
}

customElements.define('mind-growth', Growth);
