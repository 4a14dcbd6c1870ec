// @ts-check
// Afterwards: is it really gone, what was forgotten when, and what is kept without being used.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import { counted, listed, when } from '../words.js';

const MODES = { forgotten: 'Forgotten', expired: 'Its day had come', redacted: 'Words cut out', restored: 'Kept out of a backup' };

const PLACES = { pages: ['page of the store', 'pages of the store'], items: ['message'], facts: ['fact'], index: ['index entry', 'index entries'],
  sentences: ['sentence'], words: ['word'], hashes: ['hash', 'hashes'] };

class Forgotten extends Asking {
  static properties = { receipts: { state: true }, withheld: { state: true }, checks: { state: true }, trouble: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Receipt[] | null} */
    this.receipts = null;
    /** @type {import('../types.js').Item[]} */
    this.withheld = [];
    /** What a search found, by the words or the receipt it was for. @type {Record<string, import('../types.js').Checked>} */
    this.checks = {};
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
  }

  async read() {
    [this.receipts, this.withheld] = await Promise.all([api.receipts(), api.withheld()]);
  }

  /** @param {string} said  words, or a receipt's id */
  check(said) {
    return this.run(async () => {
      this.checks = { ...this.checks, [said]: await api.verify(said) };
    });
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    this.said = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('said') ?? '').trim();
    if (this.said) this.check(this.said);
  }

  /** @param {string} id */
  lift(id) {
    return this.run(async () => {
      await api.allowAgain(id);
      await this.read();
    });
  }

  /** @param {string} id */
  useAgain(id) {
    return this.run(async () => {
      await api.withhold([id], true);
      await this.read();
      this.ask('changed');
    });
  }

  render() {
    return html`<form class="fields" @submit=${this.submit}>
        <label>Is it really gone? Words to look for everywhere <input name="said" dir="auto" autocomplete="off" required></label>
        <div class="choices"><button type="submit" class="quiet" ?disabled=${this.busy}>Look everywhere</button></div>
      </form>
      ${this.found(this.said)}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <h3>Receipts</h3>
      ${this.receipts?.length === 0 ? html`<p class="aside">Nothing was forgotten yet.</p>` : nothing}
      <ul class="receipts">${(this.receipts ?? []).map((each) => this.receipt(each))}</ul>
      <h3>Kept, but not used</h3>
      ${this.withheld.length ? nothing : html`<p class="aside">Everything that is kept may be used.</p>`}
      <ul class="receipts">${this.withheld.map((item) => html`<li><span dir="auto">${item.text}</span>
        <button type="button" class="quiet" aria-label="Use again: ${item.text.slice(0, 80)}" ?disabled=${this.busy} @click=${() => this.useAgain(item.id)}>Use again</button></li>`)}</ul>`;
  }

  /** @param {import('../types.js').Receipt} receipt */
  receipt(receipt) {
    const { items = 0, facts = 0, spans = 0 } = receipt.removed;
    const parts = [items && counted(items, 'message'), facts && counted(facts, 'fact'), spans && counted(spans, 'cut')].filter(Boolean);
    const state = !receipt.ended ? 'not finished: it goes on by itself' : receipt.verified ? 'verified' : 'a trace was found';
    return html`<li><p>${MODES[receipt.mode] ?? receipt.mode} ${when(receipt.at)} <span class="from">${receipt.id} · ${listed(/** @type {string[]} */ (parts))}${parts.length ? ' · ' : ''}${state}</span></p>
      ${receipt.lifted_at ? html`<p class="from">It may come back since ${when(receipt.lifted_at)}.</p>` : nothing}
      <div class="choices"><button type="button" class="quiet" aria-label="Check again: ${receipt.id}" ?disabled=${this.busy} @click=${() => this.check(receipt.id)}>Check again</button>
        ${receipt.lifted_at ? nothing : html`<button type="button" class="quiet" aria-label="Let it come back: ${receipt.id}" ?disabled=${this.busy} @click=${() => this.lift(receipt.id)}>Let it come back</button>`}</div>
      ${this.found(receipt.id)}</li>`;
  }

  /** What a search for these words, or by this receipt, came to. @param {string} said */
  found(said) {
    const checked = this.checks[said];
    if (!checked) return nothing;
    const told = checked.traces.filter((trace) => trace.place !== 'meaning');
    const looked = listed(Object.entries(checked.looked).map(([place, count]) => amount(place, count)));
    if (!told.length) return html`<p role="status" class="aside">No trace of it. I looked at ${looked}.</p>`;
    const ids = [...new Set(told.flatMap((trace) => trace.ids).filter((id) => id.startsWith('i')))];
    return html`<p role="status" class="trouble">It still stands in ${listed(told.map((trace) => amount(trace.place, trace.count)))}.
      ${ids.length ? html`<button type="button" class="quiet" @click=${() => this.ask('look-for', ids[0])}>Show the first</button>` : nothing}</p>`;
  }
}

/** "2 pages of the store". @param {string} place @param {number} count */
function amount(place, count) {
  const [one, many] = PLACES[/** @type {keyof typeof PLACES} */ (place)] ?? [place, place];
  return counted(count, one, many);
}

customElements.define('mind-forgotten', Forgotten);
