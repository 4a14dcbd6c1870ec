// @ts-check
// Behind one reply: whether earlier turns of a long talk gave way before it; and, read when it is opened, exactly what models were sent for
// it and where its time went.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { read } from '../rooms.js';
import './bars.js';

class Behind extends Asking {
  static properties = { reply: {}, aside: { attribute: false }, seen: { state: true }, turn: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** The id of the reply. */
    this.reply = '';
    /** Whether earlier turns were set aside just before it. */
    this.aside = false;
    /** @type {{requests: import('../types-brain.js').Sent[], note: string} | null} */
    this.seen = null;
    /** @type {{turn: import('../types-brain.js').Recorded, parts: import('../types-brain.js').Timed[]} | null} */
    this.turn = null;
  }

  render() {
    return html`${this.aside || this.turn?.turn.set_aside ? html`<p class="aside">${t('Earlier turns of this talk were set aside; they are kept and can be recalled.')}</p>` : nothing}
    <details @toggle=${this.toggle}><summary>${t('How I answered')}</summary>
      ${this.trouble ? html`<p class="aside" dir="auto">${this.trouble.message} ${this.trouble.hint}</p>` : nothing}
      ${this.turn ? html`<h2>${t('Where its time went')}</h2><mind-bars .parts=${this.turn.parts}></mind-bars>` : nothing}
      ${this.seen ? html`<h2>${t('What the model was sent')}</h2>${this.seen.note ? html`<p class="aside" dir="auto">${this.seen.note}</p>` : nothing}
        ${this.seen.requests.map((each) => html`<details><summary>${each.purpose}: ${plural(each.input_tokens, '{n} token, {cached} of them read before', '{n} tokens, {cached} of them read before', { cached: each.cached_tokens })}</summary>
          <div class="exactly" tabindex="0" role="region" aria-label=${t('Exactly what was sent')}>${each.messages.map((one) => html`<p class="from">${one.role}</p><p class="told" dir="auto">${one.text}</p>`)}</div></details>`)}` : nothing}
    </details>`;
  }

  /** @param {Event} event */
  toggle(event) {
    if (!(/** @type {HTMLDetailsElement} */ (event.target).open) || this.turn || event.target !== this.querySelector('details')) return;
    this.run(async () => {
      [this.turn, this.seen] = await Promise.all([read('traces', 'turn', { reply: this.reply }), read('traces', 'seen', { reply: this.reply })]);
    });
  }
}

customElements.define('mind-behind', Behind);
