// @ts-check
// Forgetting, in two steps: what would go, then the receipt of what went.

import { Element, html, nothing } from '../element.js';
import * as api from '../api.js';
import { alsoGone } from '../mind.js';
import { counted } from '../words.js';

export class Forget extends Element {
  static properties = { fact: { state: true }, plan: { state: true }, receipt: { state: true }, trouble: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.clear();
  }

  clear() {
    /** @type {import('../types.js').Fact | null} */
    this.fact = null;
    /** @type {import('../types.js').Forgetting | null} */
    this.plan = null;
    /** @type {import('../types.js').Receipt | null} */
    this.receipt = null;
    /** @type {import('../types.js').Trouble | null} */
    this.trouble = null;
    this.busy = false;
  }

  /** Shows what forgetting `fact` would remove. @param {import('../types.js').Fact} fact */
  async open(fact) {
    this.clear();
    this.fact = fact;
    await this.updateComplete;
    this.dialog.showModal();
    await this.look();
  }

  /** @returns {HTMLDialogElement} */
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.find('dialog'));
  }

  async look() {
    await this.run(async () => {
      this.plan = await api.planForget(this.fact?.id ?? '');
    });
  }

  async forget() {
    const { fact, plan } = this;
    if (!fact || !plan) return;
    await this.run(async () => {
      const receipt = await api.forget(fact.id, [...plan.ids, ...plan.facts.map((each) => each.id)]);
      this.receipt = receipt;
      this.ask('forgotten', { receipt, plan });
    });
    await this.updateComplete;
    this.find('.close')?.focus();
  }

  /** @param {() => Promise<void>} work */
  async run(work) {
    this.busy = true;
    this.trouble = null;
    try {
      await work();
    } catch (error) {
      this.trouble = api.words(error);
    } finally {
      this.busy = false;
    }
  }

  /** The card may be gone by now, so the focus goes to the list it was in. */
  closed() {
    if (this.receipt) document.getElementById('cards-title')?.focus();
    this.clear();
  }

  render() {
    return html`<dialog class="forget" aria-labelledby="forget-title" aria-describedby="forget-what" @close=${this.closed}>
      <h2 id="forget-title">${this.receipt ? 'Forgotten' : 'Forget this?'}</h2>
      ${this.receipt ? this.told(this.receipt) : this.asked()}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <div class="choices">
        ${this.receipt
          ? html`<button type="button" class="strong close" @click=${() => this.dialog.close()}>Close</button>`
          : html`<button type="button" class="quiet" autofocus @click=${() => this.dialog.close()}>Cancel</button>
              ${this.trouble
                ? html`<button type="button" class="strong" ?disabled=${this.busy} @click=${this.look}>Look again</button>`
                : html`<button type="button" class="strong danger" ?disabled=${this.busy || !this.plan} @click=${this.forget}>Forget</button>`}`}
      </div>
    </dialog>`;
  }

  asked() {
    const also = this.plan && this.fact ? alsoGone(this.plan, this.fact.id) : '';
    return html`<div id="forget-what">
      <blockquote dir="auto">${this.fact?.text}</blockquote>
      ${this.plan
        ? html`<p>${also ? `This will also remove ${also}.` : 'Nothing else goes with it.'} It cannot be undone.</p>${this.others()}`
        : html`<p>${this.busy ? 'Looking for every place it is in …' : ''}</p>`}
    </div>`;
  }

  /** The words of whatever else would go. */
  others() {
    const others = [...(this.plan?.items ?? []), ...(this.plan?.facts ?? [])].filter((each) => each.id !== this.fact?.id);
    if (!others.length) return nothing;
    return html`<details><summary>See what goes</summary><ul>${others.map((each) => html`<li dir="auto">${each.text}</li>`)}</ul></details>`;
  }

  /** @param {import('../types.js').Receipt} receipt */
  told(receipt) {
    const places = Object.values(receipt.removed).filter((count) => count > 0).length;
    return html`<p id="forget-what" role="status">Gone from ${counted(places, 'place')}${receipt.verified ? ', verified.' : '.'}
      ${receipt.verified ? '' : 'A trace may be left: run `ownmind doctor`.'}</p>`;
  }
}

customElements.define('mind-forget', Forget);
