// @ts-check
// Earlier conversations, in a drawer.

import { Element, html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { when } from '../words.js';
import { nothingYet } from './nothing-yet.js';

export class Conversations extends Element {
  static properties = { conversations: { attribute: false }, current: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Conversation[]} */
    this.conversations = [];
    /** @type {string | null} */
    this.current = null;
  }

  /** @returns {HTMLDialogElement} */
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.find('dialog'));
  }

  open() {
    this.dialog.showModal();
  }

  /** @param {string} id */
  choose(id) {
    this.dialog.close();
    this.ask('show', id);
  }

  render() {
    return html`<dialog class="drawer" aria-labelledby="earlier" @click=${(/** @type {Event} */ event) => { if (event.target === this.dialog) this.dialog.close(); }}>
      <div class="inside">
        <div class="head"><h2 id="earlier">${t('Earlier conversations')}</h2>
          <button type="button" class="quiet" @click=${() => this.dialog.close()}>${t('Close')}</button></div>
        ${this.conversations.length ? nothing : nothingYet(t('There are none yet.'), t('Begin one'))}
        <ul>${this.conversations.map((each) => html`<li><button type="button" aria-current=${each.id === this.current ? 'true' : nothing} @click=${() => this.choose(each.id)}>
          <span class="title" dir="auto">${each.title || t('A conversation')}</span>
          <span class="from">${when(each.at)}${each.at ? ' · ' : ''}${plural(each.messages, '{n} message', '{n} messages')}</span></button></li>`)}</ul>
      </div>
    </dialog>`;
  }
}

customElements.define('mind-conversations', Conversations);
