// @ts-check
// What is known, the last learnt first, a page at a time: a hundred thousand memories are never all in the document.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { plural, t } from '../lang.js';
import { read } from '../rooms.js';
import { day, dayOf } from '../words.js';
import './memory-entry.js';
import { ANY, named } from './memory-filters.js';
import { nothingYet } from './nothing-yet.js';

/** @typedef {import('../types-memory.js').Known} Known */
/** @typedef {import('../types-memory.js').Wanted} Wanted */

const AT_ONCE = 40;
const MOST = 200; // read at once, when what is shown is read again

class MemoryList extends Asking {
  static properties = { known: { state: true }, next: { state: true }, choices: { state: true }, wanted: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Known[] | null} */
    this.known = null;
    /** @type {string} */
    this.next = '';
    /** @type {import('../types-memory.js').Choices | null} */
    this.choices = null;
    /** @type {Wanted} */
    this.wanted = ANY;
    this.said = '';
    this.asked = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.look(AT_ONCE);
  }

  /** Reads again what is shown, as far as it was read. */
  reread() {
    return this.look(Math.min(MOST, Math.max(AT_ONCE, this.known?.length ?? 0)));
  }

  /** @param {number} limit */
  async look(limit) {
    const asked = (this.asked += 1);
    const wanted = named(this.wanted);
    await this.run(async () => {
      const page = await read('memories', 'all', { ...wanted, limit });
      if (asked !== this.asked) return; // an earlier question that was answered later
      [this.known, this.next] = [page.memories, page.next];
      const choices = await read('memories', 'choices', wanted);
      if (asked === this.asked) this.choices = choices;
    });
  }

  async more() {
    const asked = this.asked;
    const first = this.known?.length ?? 0;
    await this.run(async () => {
      const page = await read('memories', 'all', { ...named(this.wanted), cursor: this.next, limit: AT_ONCE });
      if (asked !== this.asked) return;
      [this.known, this.next] = [[...(this.known ?? []), ...page.memories], page.next];
    });
    await this.updateComplete;
    /** @type {HTMLElement | undefined} */ (this.querySelectorAll('mind-memory-entry h4')[first])?.focus();
  }

  /** @param {Partial<Wanted>} change */
  narrow(change) {
    this.wanted = { ...this.wanted, ...change };
    this.said = '';
    return this.look(AT_ONCE);
  }

  /** One was confirmed or fixed: it is read again, and the focus goes to where it is now. @param {{id: string, said: string}} detail */
  async decided({ id, said }) {
    this.ask('changed');
    await this.reread();
    this.said = said;
    await this.updateComplete;
    const entry = this.querySelector(`mind-memory-entry[data-id="${id}"] h4`) ?? this.closest('dialog')?.querySelector('h2');
    /** @type {HTMLElement | null | undefined} */ (entry)?.focus();
  }

  render() {
    const { known, choices } = this;
    const isNew = choices?.states.find((each) => each.key === 'all')?.count === 0 && this.wanted === ANY;
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.reread}>${t('Try again')}</button>` : nothing}
      ${isNew ? this.empty() : html`
        <mind-memory-filters .choices=${choices} .wanted=${this.wanted} @narrow=${(/** @type {CustomEvent} */ event) => this.narrow(event.detail)}></mind-memory-filters>
        <p class="aside" role="status">${this.said} ${known ? this.counted() : this.trouble ? '' : t('Reading …')}</p>
        ${known && !known.length ? html`<p>${t('Nothing I know fits that.')}</p>` : nothing}
        <div @decided=${(/** @type {CustomEvent} */ event) => this.decided(event.detail)}>${repeat(days(known ?? []), ([at]) => at, ([at, these]) => html`<section class="day" aria-labelledby="learnt-${at}"><h3 id="learnt-${at}">${t('Learnt on {day}', { day: day(at) })}</h3>
          <ul class="rows">${repeat(these, (each) => each.fact.id, (each) => html`<li><mind-memory-entry data-id=${each.fact.id} .known=${each}></mind-memory-entry></li>`)}</ul></section>`)}</div>
        ${this.next ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${this.more}>${t('Show more')}</button>` : nothing}`}`;
  }

  counted() {
    const total = this.choices?.total;
    if (total === undefined || !this.known?.length) return '';
    return total > this.known.length ? t('The last {n} of {all} memories', { n: this.known.length, all: total }) : plural(total, '{n} memory', '{n} memories');
  }

  empty() {
    return html`<p>${t('What you tell me about you and yours stands here, each with the sentence it came from. You see why I know it, and you confirm it, fix it, or make me forget it.')}</p>
      ${nothingYet(t('Nothing yet. One sentence is enough:'), t('Tell me something about you'), t('I live in '))}`;
  }
}

/** Memories by the day they were learnt on, in their order; one learnt day. @param {Known[]} known @returns {[string, Known[]][]} */
function days(known) {
  /** @type {Map<string, Known[]>} */
  const found = new Map();
  for (const each of known) {
    const at = dayOf(new Date(each.fact.learned_at));
    found.set(at, [...(found.get(at) ?? []), each]);
  }
  return [...found];
}

customElements.define('mind-memory-list', MemoryList);
