// @ts-check
// A room of the page: a dialog with a title, its trouble, and what it shows while it is open. Rooms read when they are opened
// and again when the house says that something of theirs changed.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';

export class Room extends Asking {
  static properties = { shown: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    this.shown = false;
  }

  /** The room's name, as its heading says it. */
  get heading() {
    return '';
  }

  /** Reads what is shown. @returns {Promise<unknown>} */
  async read() {
    return undefined;
  }

  /** What stands under the heading. @returns {unknown} */
  content() {
    return nothing;
  }

  async open() {
    if (this.shown) return;
    this.shown = true;
    await this.updateComplete;
    /** @type {HTMLDialogElement} */ (this.find('dialog')).showModal();
    this.find('h2')?.focus();
    await this.run(() => this.read());
  }

  close() {
    /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog'))?.close();
  }

  /** Reads again, where it is open. */
  changed() {
    if (this.shown) this.run(() => this.read());
  }

  render() {
    const id = `${this.localName}-title`;
    return html`<dialog class="view" aria-labelledby=${id} @close=${() => { this.shown = false; }}>
      ${this.shown ? html`<div class="title"><h2 id=${id} tabindex="-1">${this.heading}</h2><button type="button" class="quiet" @click=${() => this.close()}>${t('Close')}</button></div>
        ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
        ${this.content()}` : nothing}
    </dialog>`;
  }
}
