// @ts-check
// Where everything lies, and whether somebody who has the disk can read it there: as the store itself found it just now.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { key, t } from '../lang.js';
import { read } from '../rooms.js';
import './protect.js';

/** @typedef {{what: string, where: string, state: string, says: string, is_there: boolean}} Kept */

/** What a state is called, in the order they are shown. */
const STATES = Object.entries({
  encrypted: key('Encrypted'),
  readable: key('Not encrypted: whoever can read your files can read it'),
  'nothing of yours': key('Not encrypted, and nothing of yours'),
  'up to your browser': key('Up to your browser'),
});

class Encrypted extends Asking {
  static properties = { places: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Kept[]} */
    this.places = [];
  }

  connectedCallback() {
    super.connectedCallback();
    this.again();
  }

  again() {
    return this.run(async () => { this.places = await read('privacy', 'encrypted'); });
  }

  render() {
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <mind-protect @protected=${() => this.again()}></mind-protect>
      ${STATES.map(([state, name]) => this.group(name, this.places.filter((each) => each.state === state)))}`;
  }

  /** @param {string} name @param {Kept[]} places */
  group(name, places) {
    if (!places.length) return nothing;
    return html`<h3>${t(name)}</h3><ul class="rows">${places.map((each) => html`<li><strong>${each.what}</strong>${each.is_there ? nothing : html` <span class="from">${t('(none now)')}</span>`}
      <p class="aside">${each.says}</p>${each.where ? html`<p class="from"><code>${each.where}</code></p>` : nothing}</li>`)}</ul>`;
  }
}

customElements.define('mind-encrypted', Encrypted);
