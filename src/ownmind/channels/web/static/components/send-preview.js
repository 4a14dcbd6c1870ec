// @ts-check
// Exactly what would leave: the text with every pseudonym numbered, and beside it what each stands for, which only the person sees;
// what of memory is in it, what stays, how many bytes, at what price.

import { Element, html, nothing } from '../element.js';
import { counted } from '../words.js';

/** @typedef {import('../types.js').Preview} Preview */

const WHOSE = { untrusted: 'from outside', person: 'your words', endorsed: 'you vouched for it', companion: 'written by me', system: 'set here' };

const KINDS = { given: 'a first name', family: 'a family name', place: 'a place', street: 'a street', organisation: 'an organisation', phone: 'a phone number',
  card: 'a card number', iban: 'an account', email: 'a mail address', word: 'a name' };

class SendPreview extends Element {
  static properties = { preview: { attribute: false } };

  constructor() {
    super();
    /** @type {Preview | null} */
    this.preview = null;
  }

  render() {
    const shown = this.preview;
    if (!shown) return nothing;
    const hidden = [...new Map(shown.pieces.filter((each) => each.stands_for).map((each) => [key(each), each])).values()];
    const numbers = new Map(hidden.map((each, n) => [key(each), n + 1]));
    return html`<section class="preview" aria-label="What would leave">
      <p>${counted(shown.bytes, 'byte')} would go to <strong><bdi>${shown.destination}</bdi></strong>, to ${shown.purpose}${shown.price ? `, for at most ${amount(shown.price)}` : ''}. The most confidential of it is ${shown.confidentiality}.</p>
      <p class="name">Exactly this</p>
      <div class="sides ${hidden.length ? 'two' : ''}">
        <p class="exactly" dir="auto" tabindex="0" role="region" aria-label="The exact text">${shown.pieces.map((each) => (each.stands_for
          ? html`<span class="veiled">${each.text}<sup><span class="unseen"> (number </span>${numbers.get(key(each))}<span class="unseen">, stands for ${each.stands_for})</span></sup></span>`
          : html`<span>${each.text}</span>`))}</p>
        ${hidden.length ? html`<div><p class="name">What stands for what: only you see this</p>
          <ol class="stands" aria-label="What stands for what">${hidden.map((each) => html`<li><bdi class="veiled">${each.text}</bdi> stands for <bdi>${each.stands_for}</bdi> <span class="from">${KINDS[/** @type {keyof typeof KINDS} */ (each.kind)] ?? each.kind}</span></li>`)}</ol></div>` : nothing}
      </div>
      ${shown.items.length ? html`<p class="name">From your memory</p><ul class="telling" aria-label="From your memory">${shown.items.map((each) => html`<li><q dir="auto">${each.begins.trim()}</q>
        <span class="from"><bdi>${each.what}</bdi> · ${each.item_id} · ${WHOSE[/** @type {keyof typeof WHOSE} */ (each.integrity)] ?? each.integrity} · ${each.confidentiality}</span></li>`)}</ul>` : nothing}
      ${shown.secrets.length || shown.left_out.length ? html`<p class="name">Secrets</p>
        <ul class="telling" aria-label="Secrets">${shown.secrets.map((what) => html`<li><strong>In it, because you let it go by name:</strong> <bdi>${what}</bdi></li>`)}
          ${shown.left_out.map((each) => html`<li>Left out, because it is secret: <bdi>${each.what}</bdi> <span class="from">${each.item_id} ${counted(each.characters, 'character')}</span></li>`)}</ul>` : nothing}
    </section>`;
  }
}

/** Names a pseudonym and what it hides. @param {import('../types.js').Going} piece */
const key = (piece) => JSON.stringify([piece.text, piece.stands_for]);

/** @param {{amount: number, currency: string}} price */
const amount = (price) => `${price.amount < 0.01 ? Number(price.amount.toPrecision(2)) : price.amount.toFixed(2)} ${price.currency}`;

customElements.define('mind-send-preview', SendPreview);
