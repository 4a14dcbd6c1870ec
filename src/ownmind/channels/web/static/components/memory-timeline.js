// @ts-check
// Along time: what remembered words date, from now back or ahead; or what was learnt when. By month, a page at a time.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, locale, t } from '../lang.js';
import { read } from '../rooms.js';
import { day } from '../words.js';
import { way } from './memory-way.js';

/** One line: `under` is the month (or the year) it stands under, `on` its day. @typedef {{id: string, under: string, on: string, text: string, isOver: boolean, from: string, source: string, item: string, quote: string}} Line */

const AT_ONCE = 50;
const PAUSE = 80; // ms after the last key
/** @type {Intl.DateTimeFormatOptions} */
const MONTH = { month: 'long', year: 'numeric' };
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { weekday: 'short', day: 'numeric', month: 'short' };
/** What words name no day of stands under as much as they do name. @type {Record<string, Intl.DateTimeFormatOptions>} */
const COARSE = { month: MONTH, season: MONTH, year: { year: 'numeric' }, decade: { year: 'numeric' } };
const KINDS = /** @type {const} */ ([['back', key('What was')], ['ahead', key('What comes')], ['learnt', key('When I learnt it')]]);

class MemoryTimeline extends Asking {
  static properties = { kind: { state: true }, lines: { state: true }, next: { state: true }, words: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {'back' | 'ahead' | 'learnt'} */
    this.kind = 'back';
    /** @type {Line[] | null} */
    this.lines = null;
    this.next = '';
    this.words = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
    this.asked = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.reread();
  }

  reread() {
    return this.look('');
  }

  /** @param {string} cursor */
  async look(cursor) {
    const asked = (this.asked += 1);
    const first = cursor ? this.lines?.length ?? 0 : 0;
    const went = await this.run(async () => {
      const named = { ...(this.words ? { words: this.words } : {}), ...(cursor ? { cursor } : {}), limit: AT_ONCE };
      const page = this.kind === 'learnt' ? await read('memories', 'all', { ...named, state: 'all' }) : await read('memories', 'timeline', { ...named, ahead: this.kind === 'ahead' });
      if (asked !== this.asked) return;
      const lines = this.kind === 'learnt' ? page.memories.map(learnt) : page.events.map(dated);
      [this.lines, this.next] = [cursor ? [...(this.lines ?? []), ...lines] : lines, page.next];
    });
    if (!went || !cursor) return;
    await this.updateComplete;
    /** @type {HTMLElement | undefined} */ (this.querySelectorAll('.timeline li')[first])?.focus();
  }

  /** @param {'back' | 'ahead' | 'learnt'} kind */
  turn(kind) {
    [this.kind, this.lines, this.next] = [kind, null, ''];
    this.reread();
  }

  /** @param {Event} event */
  type(event) {
    this.words = /** @type {HTMLInputElement} */ (event.target).value.trim();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.reread(), PAUSE);
  }

  render() {
    const { lines } = this;
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.reread}>${t('Try again')}</button>` : nothing}
      <div class="bring" role="group" aria-label=${t('Which time')}>${KINDS.map(([kind, name]) => html`<button type="button" class="quiet" aria-pressed=${this.kind === kind} @click=${() => this.turn(kind)}>${t(name)}</button>`)}</div>
      <form class="fields narrow" role="search" aria-label=${t('Narrow what is shown')} @submit=${(/** @type {Event} */ event) => event.preventDefault()}><label>${t('Find words')} <input type="search" dir="auto" autocomplete="off" spellcheck="false" maxlength="200" @input=${this.type}></label></form>
      <p class="aside" role="status">${lines ? (lines.length ? '' : this.empty()) : this.trouble ? '' : t('Reading …')}</p>
      <div class="timeline">${repeat(grouped(lines ?? []), ([under]) => under, ([under, these]) => html`<section aria-label=${under}><h3>${under}</h3>
        <ul class="lines">${repeat(these, (each) => each.id, (each) => this.line(each))}</ul></section>`)}</div>
      ${this.next ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.look(this.next)}>${t('Show more')}</button>` : nothing}`;
  }

  /** @param {Line} each */
  line(each) {
    return html`<li tabindex="-1">${each.on ? html`<span class="clock">${each.on}</span>` : nothing}<span class="words" dir="auto">${each.isOver ? html`<s>${each.text}</s>` : each.text}</span>
      <span class="from" dir="auto">${each.from}</span> ${way(this, each)}</li>`;
  }

  empty() {
    if (this.words) return t('Nothing I know fits that.');
    if (this.kind === 'ahead') return t('Nothing that lies ahead was named yet. Say when something will be, and it stands here.');
    return this.kind === 'back' ? t('Nothing that was named by its time yet. Say when something was (“We met in March 2019”), and it stands here.') : t('Nothing was learnt yet.');
  }
}

/** @param {import('../types-memory.js').Event} event @returns {Line} */
function dated(event) {
  const from = [event.speaker, event.said_at ? t('said {day}', { day: day(event.said_at) }) : ''].filter(Boolean).join(' · ');
  const [first, last] = [new Date(event.start), new Date(new Date(event.end).getTime() - 1)];
  const coarse = COARSE[event.precision];
  const [under, on] = coarse ? [span(first, last, coarse), ''] : [span(first, first, MONTH), span(first, event.precision === 'week' ? last : first, DAY)];
  return { id: `${event.item_id} ${event.start} ${event.text}`, under, on, text: event.text, isOver: false, from, source: event.source, item: event.item_id, quote: event.text };
}

/** @param {import('../types-memory.js').Known} known @returns {Line} */
function learnt({ fact, told, state }) {
  const at = new Date(fact.learned_at);
  return { id: fact.id, under: span(at, at, MONTH), on: span(at, at, DAY), text: fact.text, isOver: state === 'past' || state === 'wrong', from: told.title, source: fact.source, item: fact.item_id, quote: told.quote };
}

/** A stretch of time as people write it. @param {Date} first @param {Date} last @param {Intl.DateTimeFormatOptions} style */
function span(first, last, style) {
  const format = new Intl.DateTimeFormat(locale(), style);
  return last > first ? format.formatRange(first, last) : format.format(first);
}

/** Lines by what stands over them, in their order. @param {Line[]} lines @returns {[string, Line[]][]} */
function grouped(lines) {
  /** @type {Map<string, Line[]>} */
  const found = new Map();
  for (const each of lines) found.set(each.under, [...(found.get(each.under) ?? []), each]);
  return [...found];
}

customElements.define('mind-memory-timeline', MemoryTimeline);
