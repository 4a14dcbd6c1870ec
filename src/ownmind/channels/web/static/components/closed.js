// @ts-check
// What a browser without a session sees.

import { Element, html } from '../element.js';
import { t } from '../lang.js';

class Closed extends Element {
  static properties = { trouble: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Trouble | null} */
    this.trouble = null;
  }

  render() {
    return html`<main class="closed">
      <img src="/icon.svg" alt="" width="56" height="56">
      <h1>${t('This is somebody’s own mind.')}</h1>
      <p>${t('If it is yours, open a terminal on this computer and run')}</p>
      <p><code class="command">ownmind</code></p>
      <p>${t('It opens this page for you. The address it prints works once, for one browser; run it again for another.')}</p>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : ''}
    </main>`;
  }
}

customElements.define('mind-closed', Closed);
