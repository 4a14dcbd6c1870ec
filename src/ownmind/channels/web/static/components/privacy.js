// @ts-check
// What may leave, and what left: one switch for everything, each permission and vouched value to take back, and every row of
// the ledger with its exact content on demand.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import { counted, day, when } from '../words.js';

const ROWS = 50; // of the ledger shown at once

export class Privacy extends Asking {
  static properties = {
    shown: { state: true }, offline: { state: true }, permissions: { state: true }, values: { state: true }, rows: { state: true },
    said: { state: true }, wrong: { state: true }, exact: { state: true }, busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    this.shown = false;
    this.offline = false;
    /** @type {import('../types.js').Permission[]} */
    this.permissions = [];
    /** @type {import('../types.js').Vouched[]} */
    this.values = [];
    /** @type {import('../types.js').Sent[]} */
    this.rows = [];
    this.said = '';
    /** What is wrong with the ledger; null until it was looked at. @type {string[] | null} */
    this.wrong = null;
    /** Exact contents by row. @type {Record<number, string>} */
    this.exact = {};
  }

  async open() {
    this.shown = true;
    this.wrong = null;
    this.exact = {};
    await this.updateComplete;
    /** @type {HTMLDialogElement} */ (this.find('dialog')).showModal();
    this.find('h2')?.focus();
    this.run(() => this.read());
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find('dialog')).close();
  }

  async read() {
    [this.offline, this.permissions, this.values, this.rows, this.said] = await Promise.all(
      [api.offline(), api.permissions(), api.vouched(), api.ledger(ROWS), api.leftInWords(7)]);
  }

  /** Does what changes something, and reads everything anew; the focus goes to the title when its button has gone. @param {() => Promise<unknown>} work */
  async change(work) {
    await this.run(async () => {
      await work();
      await this.read();
    });
    await this.updateComplete;
    if (!this.contains(document.activeElement)) this.find('h2')?.focus();
  }

  render() {
    return html`<dialog class="view" aria-labelledby="privacy-title" @close=${() => { this.shown = false; }}>
      ${this.shown ? html`<div class="title"><h2 id="privacy-title" tabindex="-1">Privacy</h2><button type="button" class="quiet" @click=${() => this.close()}>Close</button></div>
        ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
        <label class="switch"><input type="checkbox" role="switch" .checked=${this.offline} ?disabled=${this.busy}
          @change=${(/** @type {Event} */ event) => this.change(() => api.setOffline(/** @type {HTMLInputElement} */ (event.target).checked))}>Offline: nothing leaves this machine, whatever is allowed below</label>
        <h3>May leave</h3>
        ${this.permissions.length ? nothing : html`<p class="aside">Nothing, save asking for model files.</p>`}
        <ul class="rows">${this.permissions.map((each) => html`<li><p dir="auto">${allowed(each)}</p>
          <div class="choices"><button type="button" class="quiet" aria-label="Revoke ${each.id}: ${each.destination}" ?disabled=${this.busy} @click=${() => this.change(() => api.revoke(each.id))}>Revoke</button></div></li>`)}</ul>
        <h3>Values you vouched for</h3>
        ${this.values.length ? nothing : html`<p class="aside">None.</p>`}
        <ul class="rows">${this.values.map((each) => html`<li><p><bdi>${each.value}</bdi> <span class="from">${each.type}, to be ${each.effect}</span></p>
          <div class="choices"><button type="button" class="quiet" aria-label="Revoke ${each.id}: ${each.value}" ?disabled=${this.busy} @click=${() => this.change(() => api.unvouch(each.id))}>Revoke</button></div></li>`)}</ul>
        <h3>What left</h3>
        <p class="aside told" dir="auto">${this.said}</p>
        ${this.ledger()}` : nothing}
    </dialog>`;
  }

  ledger() {
    if (!this.rows.length) return nothing;
    const state = this.wrong === null ? '' : this.wrong.length ? this.wrong.join(' ') : 'The ledger is whole: every row follows from the one before it, and none is missing.';
    return html`<div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.run(async () => { this.wrong = await api.verifyLedger(); })}>Verify the ledger</button></div>
      <p role="status" class=${this.wrong?.length ? 'trouble' : 'aside'}>${state}</p>
      <ul class="rows">${[...this.rows].reverse().map((row) => this.row(row))}</ul>`;
  }

  /** @param {import('../types.js').Sent} row */
  row(row) {
    const told = row.item_ids.length ? ` · tells ${row.item_ids.join(', ')}` : '';
    return html`<li><p>${when(row.at)} · <bdi>${row.destination}</bdi> · ${counted(row.bytes_out, 'byte')} to ${row.purpose}</p>
      <p class="from">${row.outcome}${row.detail ? ` (${row.detail})` : ''} · by ${row.consent}${told}</p>
      ${row.is_kept
        ? html`<details @toggle=${(/** @type {Event} */ event) => this.look(row.id, /** @type {HTMLDetailsElement} */ (event.target).open)}>
            <summary aria-label="Exactly what left, row ${row.id}">Exactly what left</summary><pre tabindex="0" role="region" aria-label="Content of row ${row.id}">${this.exact[row.id] ?? '…'}</pre></details>`
        : html`<p class="from">Its content is not kept any more.</p>`}</li>`;
  }

  /** @param {number} row @param {boolean} isOpen */
  look(row, isOpen) {
    if (isOpen && !(row in this.exact)) this.run(async () => { this.exact = { ...this.exact, [row]: await api.exactly(row) }; });
  }
}

/** A permission in words. @param {import('../types.js').Permission} each */
function allowed(each) {
  const limits = [
    each.until && `until ${day(each.until)}`,
    each.uses_left !== null && (each.uses_left === 1 ? 'once' : `${each.uses_left} times`),
    each.spend_cap !== null && `until ${each.spend_cap} is spent (${each.spent} so far)`,
  ].filter(Boolean);
  return `${each.destination === '*' ? 'Anywhere' : each.destination}, to ${each.purpose}${limits.length ? `: ${limits.join(', ')}` : ''} (${each.id})`;
}

customElements.define('mind-privacy', Privacy);
