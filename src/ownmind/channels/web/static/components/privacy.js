// @ts-check
// What may leave, and what left: one switch for everything, and a view for each question a person has about it.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import './ledger.js';
import './permissions.js';
import './trust.js';
import './would-leave.js';

/** @typedef {import('../types.js').Fact} Fact */

/** @type {{id: string, name: string, show: (facts: Fact[]) => unknown}[]} */
const VIEWS = [
  { id: 'permissions', name: 'May leave', show: () => html`<mind-permissions></mind-permissions>` },
  { id: 'ledger', name: 'What left', show: (facts) => html`<mind-ledger .facts=${facts}></mind-ledger>` },
  { id: 'trust', name: 'Sources', show: () => html`<mind-trust></mind-trust>` },
  { id: 'would', name: 'Try it', show: () => html`<mind-would-leave></mind-would-leave>` },
];

export class Privacy extends Asking {
  static properties = { facts: { attribute: false }, shown: { state: true }, view: { state: true }, offline: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** Those that have a card. @type {Fact[]} */
    this.facts = [];
    this.shown = false;
    this.view = 0;
    this.offline = false;
  }

  async open() {
    this.shown = true;
    await this.updateComplete;
    /** @type {HTMLDialogElement} */ (this.find('dialog')).showModal();
    this.find('h2')?.focus();
    this.run(async () => { this.offline = await api.offline(); });
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find('dialog')).close();
  }

  /** Arrow keys go from view to view (the tabs pattern of the ARIA practices guide). @param {KeyboardEvent} event */
  async key(event) {
    const last = VIEWS.length - 1;
    const to = { ArrowRight: (this.view + 1) % VIEWS.length, ArrowLeft: this.view ? this.view - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.view = to;
    await this.updateComplete;
    this.find('[role=tab][aria-selected=true]')?.focus();
  }

  render() {
    const view = VIEWS[this.view] ?? VIEWS[0];
    if (!view) return nothing;
    return html`<dialog class="view" aria-labelledby="privacy-title" @close=${() => { this.shown = false; }}>
      ${this.shown ? html`<div class="title"><h2 id="privacy-title" tabindex="-1">Privacy</h2><button type="button" class="quiet" @click=${() => this.close()}>Close</button></div>
        ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
        <label class="switch"><input type="checkbox" role="switch" .checked=${this.offline} ?disabled=${this.busy} @change=${this.turn}>Offline: nothing leaves this machine, whatever is allowed below</label>
        <div class="tabs" role="tablist" aria-label="Privacy" @keydown=${this.key}>${VIEWS.map((each, n) => html`<button type="button" role="tab" id="tab-${each.id}"
          aria-selected=${n === this.view} aria-controls="privacy-panel" tabindex=${n === this.view ? 0 : -1} @click=${() => { this.view = n; }}>${each.name}</button>`)}</div>
        <section id="privacy-panel" role="tabpanel" aria-labelledby="tab-${view.id}">${view.show(this.facts)}</section>` : nothing}
    </dialog>`;
  }

  /** @param {Event} event */
  turn(event) {
    const wanted = /** @type {HTMLInputElement} */ (event.target).checked;
    this.run(async () => {
      await api.setOffline(wanted);
      this.offline = await api.offline();
    });
  }
}

customElements.define('mind-privacy', Privacy);
