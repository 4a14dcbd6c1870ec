// @ts-check
// Everything that left: when, where to, what for, by whose consent, what of memory was in it, and exactly what. A page of rows at a
// time, however many there are.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import * as api from '../api.js';
import { key, plural, rich, t } from '../lang.js';
import { moment } from '../words.js';

/** @typedef {import('../types.js').Sent} Sent */

const ROWS = 25; // shown at once

const ENDS = { done: key('Sent'), failed: key('Failed'), cut: key('Cut off'), unknown: key('Nobody knows how far it came') };

class Ledger extends Asking {
  static properties = {
    facts: { attribute: false }, rows: { state: true }, total: { state: true }, said: { state: true }, wrong: { state: true }, exact: { state: true }, named: { state: true },
    skip: { state: true }, wanted: { state: true }, busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    /** Those that have a card. @type {import('../types.js').Fact[]} */
    this.facts = [];
    /** The newest first. @type {Sent[] | null} */
    this.rows = null;
    this.total = 0;
    this.said = '';
    /** What is wrong with the ledger; null until it was looked at. @type {string[] | null} */
    this.wrong = null;
    /** Exact contents by row. @type {Record<number, string>} */
    this.exact = {};
    /** @type {{destinations: string[], purposes: string[]}} */
    this.named = { destinations: [], purposes: [] };
    this.skip = 0;
    /** @type {import('../types.js').Wanted} */
    this.wanted = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => {
      [this.said, this.named] = await Promise.all([api.leftInWords(7), api.ledgerNamed()]);
      await this.read();
    });
  }

  async read() {
    const { rows, total } = await api.ledger(this.wanted, ROWS, this.skip);
    [this.rows, this.total, this.exact] = [rows.reverse(), total, {}];
  }

  /** @param {number} skip */
  async turn(skip) {
    this.skip = skip;
    await this.run(() => this.read());
    await this.updateComplete;
    this.find('.where')?.focus();
  }

  /** @param {Event} event */
  filter(event) {
    const said = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    /** @param {string} name */
    const of = (name) => String(said.get(name) ?? '');
    const to = of('to') ? startOf(of('to'), 1) : '';
    const all = { from: of('from') ? startOf(of('from'), 0) : '', to, destination: of('destination'), purpose: of('purpose') };
    this.wanted = Object.fromEntries(Object.entries(all).filter(([, value]) => value));
    this.skip = 0;
    this.run(() => this.read());
  }

  render() {
    const isNarrowed = Object.keys(this.wanted).length > 0;
    return html`
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="told" dir="auto">${this.said}</p>
      ${this.rows === null || (!this.total && !isNarrowed) ? nothing : html`
        <form class="fields narrowing" aria-label=${t('Narrow the rows')} @change=${this.filter} @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
          <div class="pair"><label>${t('From')} <input type="date" name="from"></label><label>${t('To, that day included')} <input type="date" name="to"></label></div>
          <div class="pair"><label>${t('Where to')} <select name="destination"><option value="">${t('Anywhere')}</option>${this.named.destinations.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
            <label>${t('What for')} <select name="purpose"><option value="">${t('Anything')}</option>${this.named.purposes.map((each) => html`<option value=${each}>${each}</option>`)}</select></label></div>
        </form>
        <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${this.verify}>${t('Check that no row is missing')}</button>
          <a class="quiet" href=${api.ledgerFile(this.wanted, 'csv')} download="ownmind-ledger.csv">${t('Save as CSV')}</a>
          <a class="quiet" href=${api.ledgerFile(this.wanted, 'json')} download="ownmind-ledger.json">${t('Save as JSON')}</a></div>
        <p role="status" class=${this.wrong?.length ? 'trouble' : 'aside'}>${this.state()}</p>
        ${this.total ? nothing : html`<p class="aside">${t('Nothing like that has left this machine.')}</p>`}
        <ul class="rows">${repeat(this.rows, (row) => row.id, (row) => this.row(row))}</ul>
        ${this.pages()}`}`;
  }

  verify() {
    return this.run(async () => { this.wrong = await api.verifyLedger(); });
  }

  /** The chain's state, in words. */
  state() {
    if (this.wrong === null) return '';
    return this.wrong.length ? `${t('Something is wrong with the ledger:')} ${this.wrong.join(' ')}` : t('The ledger is whole: every row follows from the one before it, and none is missing.');
  }

  pages() {
    if (this.total <= ROWS) return nothing;
    const last = Math.min(this.skip + ROWS, this.total);
    return html`<nav class="pages" aria-label=${t('Rows')}>
      <button type="button" class="quiet" ?disabled=${this.busy || !this.skip} @click=${() => this.turn(Math.max(0, this.skip - ROWS))}>${t('Newer')}</button>
      <p class="where from" tabindex="-1">${t('{first} to {last} of {total}', { first: this.skip + 1, last, total: this.total })}</p>
      <button type="button" class="quiet" ?disabled=${this.busy || last >= this.total} @click=${() => this.turn(this.skip + ROWS)}>${t('Older')}</button></nav>`;
  }

  /** @param {Sent} row */
  row(row) {
    return html`<li><p>${rich('{place}, to {purpose}', { place: html`<bdi>${row.destination}</bdi>`, purpose: row.purpose })} · ${plural(row.bytes_out, '{n} byte', '{n} bytes')}</p>
      <p class="from">${moment(row.at)} · ${t(ENDS[/** @type {keyof typeof ENDS} */ (row.outcome)] ?? row.outcome)}${row.detail ? html` (<bdi>${row.detail}</bdi>)` : nothing} · ${t('row {number}', { number: String(row.id) })}</p>
      <p class="from" dir="auto">${row.by}</p>
      ${row.tells.length ? this.telling(row) : nothing}
      ${row.is_kept
        ? html`<details @toggle=${(/** @type {Event} */ event) => this.look(row.id, /** @type {HTMLDetailsElement} */ (event.target).open)}>
            <summary aria-label="${t('Exactly what left, row {number}', { number: String(row.id) })}">${t('Exactly what left')}</summary><pre tabindex="0" role="region" aria-label="${t('Content of row {number}', { number: String(row.id) })}">${this.exact[row.id] ?? '…'}</pre></details>`
        : html`<p class="from">${t('Its content is not kept any more.')}</p>`}</li>`;
  }

  /** @param {Sent} row */
  telling(row) {
    return html`<p class="from">${t('In it of what you remember here:')}</p>
      <ul class="telling">${row.tells.map((each) => (each.begins === null
        ? html`<li class="from">${t('{id}, forgotten since', { id: each.id })}</li>`
        : html`<li><q dir="auto">${each.begins}</q> ${this.facts.some((fact) => fact.item_id === each.id)
          ? html`<button type="button" class="quiet" aria-label="${t('Show its card')}: ${each.id}" @click=${() => this.ask('show-item', each.id)}>${t('Show its card')}</button>` : nothing}</li>`))}</ul>`;
  }

  /** @param {number} row @param {boolean} isOpen */
  look(row, isOpen) {
    if (isOpen && !(row in this.exact)) this.run(async () => { this.exact = { ...this.exact, [row]: await api.exactly(row) }; });
  }
}

/** The start of a day here, so many days later, as ISO 8601. @param {string} date @param {number} later */
function startOf(date, later) {
  const at = new Date(`${date}T00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

customElements.define('mind-ledger', Ledger);
