// @ts-check
// Everything that left: when, where to, what for, by whose consent, what of memory was in it, and exactly what. A page of rows at a
// time, however many there are.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import * as api from '../api.js';
import { counted, moment, plain } from '../words.js';

/** @typedef {import('../types.js').Sent} Sent */

const ROWS = 25; // shown at once

const ENDS = { done: 'Sent', failed: 'Failed', cut: 'Cut off', unknown: 'Nobody knows how far it came' };

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
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="told" dir="auto">${this.said}</p>
      ${this.rows === null || (!this.total && !isNarrowed) ? nothing : html`
        <form class="fields narrowing" aria-label="Narrow the rows" @change=${this.filter} @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
          <div class="pair"><label>From <input type="date" name="from"></label><label>To, that day included <input type="date" name="to"></label></div>
          <div class="pair"><label>Where to <select name="destination"><option value="">Anywhere</option>${this.named.destinations.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
            <label>What for <select name="purpose"><option value="">Anything</option>${this.named.purposes.map((each) => html`<option value=${each}>${each}</option>`)}</select></label></div>
        </form>
        <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${this.verify}>Verify the ledger</button>
          <a class="quiet" href=${api.ledgerFile(this.wanted, 'csv')} download="ownmind-ledger.csv">Save as CSV</a>
          <a class="quiet" href=${api.ledgerFile(this.wanted, 'json')} download="ownmind-ledger.json">Save as JSON</a></div>
        <p role="status" class=${this.wrong?.length ? 'trouble' : 'aside'}>${this.state()}</p>
        ${this.total ? nothing : html`<p class="aside">Nothing like that has left this machine.</p>`}
        <ul class="rows">${repeat(this.rows, (row) => row.id, (row) => this.row(row))}</ul>
        ${this.pages()}`}`;
  }

  verify() {
    return this.run(async () => { this.wrong = await api.verifyLedger(); });
  }

  /** The chain's state, in words. */
  state() {
    if (this.wrong === null) return '';
    return this.wrong.length ? `Something is wrong with the ledger: ${this.wrong.join(' ')}` : 'The ledger is whole: every row follows from the one before it, and none is missing.';
  }

  pages() {
    if (this.total <= ROWS) return nothing;
    const last = Math.min(this.skip + ROWS, this.total);
    return html`<nav class="pages" aria-label="Rows">
      <button type="button" class="quiet" ?disabled=${this.busy || !this.skip} @click=${() => this.turn(Math.max(0, this.skip - ROWS))}>Newer</button>
      <p class="where from" tabindex="-1">${plain(this.skip + 1)} to ${plain(last)} of ${plain(this.total)}</p>
      <button type="button" class="quiet" ?disabled=${this.busy || last >= this.total} @click=${() => this.turn(this.skip + ROWS)}>Older</button></nav>`;
  }

  /** @param {Sent} row */
  row(row) {
    return html`<li><p><bdi>${row.destination}</bdi>, to ${row.purpose} · ${counted(row.bytes_out, 'byte')}</p>
      <p class="from">${moment(row.at)} · ${ENDS[/** @type {keyof typeof ENDS} */ (row.outcome)] ?? row.outcome}${row.detail ? html` (<bdi>${row.detail}</bdi>)` : nothing} · row ${row.id}</p>
      <p class="from" dir="auto">${row.by}</p>
      ${row.tells.length ? this.telling(row) : nothing}
      ${row.is_kept
        ? html`<details @toggle=${(/** @type {Event} */ event) => this.look(row.id, /** @type {HTMLDetailsElement} */ (event.target).open)}>
            <summary aria-label="Exactly what left, row ${row.id}">Exactly what left</summary><pre tabindex="0" role="region" aria-label="Content of row ${row.id}">${this.exact[row.id] ?? '…'}</pre></details>`
        : html`<p class="from">Its content is not kept any more.</p>`}</li>`;
  }

  /** @param {Sent} row */
  telling(row) {
    return html`<p class="from">In it of what you remember here:</p>
      <ul class="telling">${row.tells.map((each) => (each.begins === null
        ? html`<li class="from">${each.id}, forgotten since</li>`
        : html`<li><q dir="auto">${each.begins}</q> ${this.facts.some((fact) => fact.item_id === each.id)
          ? html`<button type="button" class="quiet" aria-label="Show the card of ${each.id}" @click=${() => this.ask('show-item', each.id)}>Show its card</button>` : nothing}</li>`))}</ul>`;
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
