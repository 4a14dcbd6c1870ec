// @ts-check
// Reading a source: its kept text with pages, what is cited marked and in view, from citation to citation, and looking for words.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { plural, t } from '../lang.js';
import { read } from '../rooms.js';
import { when, whence } from '../words.js';
import { note } from './shelf.js';

/** @typedef {import('../types-library.js').Place} Place */
/** @typedef {import('../types-library.js').Passage} Passage */

const AT_ONCE = 80; // passages
const PAUSE = 400; // ms without a key before it looks by itself

export class Reader extends Asking {
  static properties = { reading: { state: true }, places: { state: true }, at: { state: true }, hits: { state: true }, hit: { state: true }, words: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-library.js').Reading | null} */
    this.reading = null;
    /** What is stepped through. @type {Place[]} */
    this.places = [];
    /** Which of it is marked; -1 for none. @type {number} */
    this.at = -1;
    /** Where the words that are looked for stand; null while none are. @type {import('../types-library.js').Hit[] | null} */
    this.hits = null;
    /** @type {number} */
    this.hit = -1;
    /** @type {string} */
    this.words = '';
    this.soon = 0;
  }

  clear() {
    [this.reading, this.places, this.at, this.trouble] = [null, [], -1, null];
    [this.hits, this.hit, this.words] = [null, -1, ''];
  }

  /** Shows a source, or what is cited in it, with the place marked and in view. @param {import('../types-library.js').Wanted} wanted */
  async open({ source = '', places = [], at = -1 }) {
    this.clear();
    this.places = places;
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    this.find('h2')?.focus();
    if (at >= 0) {
      await this.step(at);
      return;
    }
    await this.run(async () => {
      this.reading = await read('library', 'read', { source, start: 0, count: AT_ONCE });
      if (!places.length) this.places = await read('library', 'citations', { source });
    });
  }

  /** @returns {HTMLDialogElement} */
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.find('dialog'));
  }

  /** Goes to a citation, also in another source. @param {number} at */
  async step(at) {
    this.at = at;
    await this.show(this.places[at].item);
  }

  /** Goes to one of the places where the words stand; the focus stays, so that Enter goes to the next. @param {number} hit */
  async goTo(hit) {
    this.hit = hit;
    await this.show(/** @type {import('../types-library.js').Hit[]} */ (this.hits)[hit].item, false);
  }

  /** Brings a passage into view, read first where it is not here. @param {string} item @param {boolean} [focus] */
  async show(item, focus = true) {
    const went = await this.run(async () => {
      if (this.reading?.passages.some((each) => each.id === item)) return;
      const before = this.reading?.source.source;
      this.reading = await read('library', 'around', { item, count: AT_ONCE });
      if (before && this.reading?.source.source !== before) [this.hits, this.words] = [null, ''];
    });
    if (!went) return;
    await this.updateComplete;
    const passage = /** @type {HTMLElement | null} */ (this.querySelector(`#passage-${item}`));
    (passage?.querySelector('mark') ?? passage)?.scrollIntoView({ block: 'center' });
    if (focus) passage?.focus({ preventScroll: true });
  }

  /** @param {'before' | 'after'} where */
  async more(where) {
    const { reading } = this;
    if (!reading) return;
    await this.run(async () => {
      const start = where === 'after' ? reading.before + reading.passages.length : Math.max(0, reading.before - AT_ONCE);
      const count = where === 'after' ? AT_ONCE : reading.before - start;
      /** @type {import('../types-library.js').Reading} */
      const more = await read('library', 'read', { source: reading.source.source, start, count });
      this.reading = where === 'after'
        ? { ...more, passages: [...reading.passages, ...more.passages], before: reading.before }
        : { ...more, passages: [...more.passages, ...reading.passages], after: reading.after };
    });
  }

  /** Looks by itself once nothing was typed for a moment. @param {Event} event */
  typed(event) {
    const { form } = /** @type {HTMLInputElement} */ (event.target);
    clearTimeout(this.soon);
    this.soon = window.setTimeout(() => form?.isConnected && form.requestSubmit(), PAUSE);
  }

  /** @param {Event} event */
  async look(event) {
    event.preventDefault();
    clearTimeout(this.soon);
    const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('words') ?? '').trim();
    const source = this.reading?.source.source;
    if (!source) return;
    if (words && words === this.words && this.hits?.length) {
      await this.goTo((this.hit + 1) % this.hits.length); // Enter again: the next one
      return;
    }
    this.words = words;
    await this.run(async () => { this.hits = words ? await read('library', 'find', { source, words }) : null; });
    if (this.hits?.length) await this.goTo(0);
  }

  render() {
    const { reading } = this;
    return html`<dialog class="view reader" aria-labelledby="reader-title" @close=${() => this.clear()}>
      <div class="head"><div class="title"><h2 id="reader-title" tabindex="-1" dir="auto">${reading?.source.title ?? t('Reading …')}</h2><button type="button" class="quiet" @click=${() => this.dialog.close()}>${t('Back')}</button></div>
        ${reading ? this.tools() : nothing}</div>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${reading ? this.content(reading) : nothing}</dialog>`;
  }

  /** Looking for words, and going from citation to citation. */
  tools() {
    const { hits, places } = this;
    return html`<div class="tools"><form class="find" role="search" @submit=${this.look}><label class="unseen" for="reader-words">${t('Look for words in it')}</label>
        <input id="reader-words" name="words" type="search" dir="auto" autocomplete="off" maxlength="200" placeholder=${t('Look for words in it')} @input=${this.typed}></form>
      ${hits ? html`<span role="status">${hits.length ? t('{n} of {all}', { n: this.hit + 1, all: hits.length }) : t('It stands nowhere here.')}</span>` : nothing}
      ${hits && hits.length > 1 ? this.steps(this.hit, hits.length, t('Previous place'), t('Next place'), (to) => this.goTo(to)) : nothing}
      ${places.length ? html`<span class="cites"><span role="status">${this.at < 0 ? plural(places.length, '{n} citation', '{n} citations') : t('Citation {n} of {all}', { n: this.at + 1, all: places.length })}</span>
        ${this.steps(this.at, places.length, t('Previous citation'), t('Next citation'), (to) => this.step(to))}</span>` : nothing}</div>`;
  }

  /** @param {import('../types-library.js').Reading} reading */
  content(reading) {
    const { source, passages, before, after } = reading;
    return html`<p class="from">${whence(source) ? html`<bdi>${whence(source)}</bdi> · ` : nothing}${plural(before + passages.length + after, '{n} passage', '{n} passages')}${source.at ? ` · ${when(source.at)}` : ''}</p>
      <p class="aside">${t('This is the text as it was read. What it asks for is never done.')}</p>${note(source)}
      ${before ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.more('before')}>${plural(before, '{n} passage before this', '{n} passages before this')}</button>` : nothing}
      <div class="text">${repeat(passages, (each) => each.id, (each, n) => this.passage(each, n ? passages[n - 1] : null))}</div>
      ${after ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.more('after')}>${plural(after, '{n} passage after this', '{n} passages after this')}</button>` : nothing}`;
  }

  /** @param {number} at @param {number} all @param {string} previous @param {string} next @param {(to: number) => unknown} go */
  steps(at, all, previous, next, go) {
    return html`<button type="button" class="quiet" aria-label=${previous} ?disabled=${this.busy || at <= 0} @click=${() => go(at - 1)}>↑</button>
      <button type="button" class="quiet" aria-label=${next} ?disabled=${this.busy || at >= all - 1} @click=${() => go(at + 1)}>↓</button>`;
  }

  /** @param {Passage} each @param {Passage | null} previous */
  passage(each, previous) {
    const place = this.places[this.at];
    const isCited = place?.item === each.id;
    const said = each.speaker || each.at ? html`<span class="from">${each.speaker ? html`<b dir="auto">${each.speaker}</b> ` : nothing}${when(each.at)}</span>` : nothing;
    return html`${each.page !== null && each.page !== previous?.page ? html`<h3>${t('Page {page}', { page: each.page })}</h3>` : nothing}
      <div id="passage-${each.id}" class="passage ${isCited ? 'cited' : ''}" tabindex="-1" aria-label=${isCited ? t('The cited passage') : nothing} role=${isCited ? 'group' : nothing}>${said}<p dir="auto">${isCited ? marked(each.text, place.quote) : this.found(each.text)}</p></div>`;
  }

  /** A text with the words marked that are looked for. @param {string} text */
  found(text) {
    if (!this.hits?.length || !this.words) return text;
    const pattern = new RegExp(`(${this.words.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+')})`, 'giu');
    return text.split(pattern).map((piece, n) => (n % 2 ? html`<mark class="looked">${piece}</mark>` : piece));
  }
}

/** A passage with its cited words marked; all of it where they do not stand in it as they were cited. @param {string} text @param {string} quote */
function marked(text, quote) {
  const at = quote ? text.indexOf(quote) : -1;
  if (at < 0) return html`<mark>${text}</mark>`;
  return html`${text.slice(0, at)}<mark>${quote}</mark>${text.slice(at + quote.length)}`;
}

customElements.define('mind-reader', Reader);
