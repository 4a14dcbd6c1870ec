// @ts-check
// Afterwards: is it really gone, what was forgotten when, and what is kept without being used.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import { key, plural, t } from '../lang.js';
import { listed, plain, when } from '../words.js';

const MODES = { forgotten: key('Forgotten'), expired: key('Its day had come'), redacted: key('Words cut out'), restored: key('Kept out of a backup') };

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
        <label>${t('Is it really gone? Words to look for everywhere')} <input name="said" dir="auto" autocomplete="off" required></label>
        <div class="choices"><button type="submit" class="quiet" ?disabled=${this.busy}>${t('Look everywhere')}</button></div>
      </form>
      ${this.found(this.said)}
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <h3>${t('Receipts')}</h3>
      ${this.receipts?.length === 0 ? html`<p class="aside">${t('Nothing was forgotten yet.')}</p>` : nothing}
      <ul class="receipts">${(this.receipts ?? []).map((each) => this.receipt(each))}</ul>
      <h3>${t('Kept, but not used')}</h3>
      ${this.withheld.length ? nothing : html`<p class="aside">${t('Everything that is kept may be used.')}</p>`}
      <ul class="receipts">${this.withheld.map((item) => html`<li><span dir="auto">${item.text}</span>
        <button type="button" class="quiet" aria-label="${t('Use again')}: ${item.text.slice(0, 80)}" ?disabled=${this.busy} @click=${() => this.useAgain(item.id)}>${t('Use again')}</button></li>`)}</ul>`;
  }

  /** @param {import('../types.js').Receipt} receipt */
  receipt(receipt) {
    const { items = 0, facts = 0, spans = 0 } = receipt.removed;
    const parts = [items && plural(items, '{n} message', '{n} messages'), facts && plural(facts, '{n} fact', '{n} facts'), spans && plural(spans, '{n} cut', '{n} cuts')].filter(Boolean);
    const state = !receipt.ended ? t('not finished: it goes on by itself') : receipt.verified ? t('verified') : t('a trace was found');
    return html`<li><p>${t(MODES[receipt.mode] ?? receipt.mode)} ${when(receipt.at)} <span class="from">${receipt.id} · ${listed(/** @type {string[]} */ (parts))}${parts.length ? ' · ' : ''}${state}</span></p>
      ${receipt.lifted_at ? html`<p class="from">${t('It may come back since {when}.', { when: when(receipt.lifted_at) })}</p>` : nothing}
      <div class="choices"><button type="button" class="quiet" aria-label="${t('Check again')}: ${receipt.id}" ?disabled=${this.busy} @click=${() => this.check(receipt.id)}>${t('Check again')}</button>
        ${receipt.lifted_at ? nothing : html`<button type="button" class="quiet" aria-label="${t('Let it come back')}: ${receipt.id}" ?disabled=${this.busy} @click=${() => this.lift(receipt.id)}>${t('Let it come back')}</button>`}</div>
      ${this.found(receipt.id)}</li>`;
  }

  /** What a search for these words, or by this receipt, came to. @param {string} said */
  found(said) {
    const checked = this.checks[said];
    if (!checked) return nothing;
    const told = checked.traces.filter((trace) => trace.place !== 'meaning');
    const looked = listed(Object.entries(checked.looked).map(([place, count]) => amount(place, count)));
    if (!told.length) return html`<p role="status" class="aside">${t('No trace of it. I looked at {what}.', { what: looked })}</p>`;
    const ids = [...new Set(told.flatMap((trace) => trace.ids).filter((id) => id.startsWith('i')))];
    return html`<p role="status" class="trouble">${t('It still stands in {what}.', { what: listed(told.map((trace) => amount(trace.place, trace.count))) })}
      ${ids.length ? html`<button type="button" class="quiet" @click=${() => this.ask('look-for', ids[0])}>${t('Show the first')}</button>` : nothing}</p>`;
  }
}

/** "2 pages of the store". @param {string} place @param {number} n */
function amount(place, n) {
  switch (place) {
    case 'pages': return plural(n, '{n} page of the store', '{n} pages of the store');
    case 'items': return plural(n, '{n} message', '{n} messages');
    case 'facts': return plural(n, '{n} fact', '{n} facts');
    case 'index': return plural(n, '{n} index entry', '{n} index entries');
    case 'sentences': return plural(n, '{n} sentence', '{n} sentences');
    case 'words': return plural(n, '{n} word', '{n} words');
    case 'hashes': return plural(n, '{n} hash', '{n} hashes');
    default: return `${plain(n)} ${place}`;
  }
}

customElements.define('mind-forgotten', Forgotten);
