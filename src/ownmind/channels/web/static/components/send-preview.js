// @ts-check
// Exactly what would leave: the text with every pseudonym numbered, and beside it what each stands for, which only the person sees;
// what of memory is in it, what stays, how many bytes, at what price.

import { Element, html, nothing } from '../element.js';
import { key, plural, rich, t } from '../lang.js';
import { plainly } from '../words.js';

/** @typedef {import('../types.js').Preview} Preview */

const WHOSE = { untrusted: key('from outside'), person: key('your words'), endorsed: key('you vouched for it'), companion: key('written by me'), system: key('set here') };

const DEGREES = { public: key('public'), private: key('private'), sensitive: key('sensitive'), secret: key('secret') };

const KINDS = { given: key('a first name'), family: key('a family name'), place: key('a place'), street: key('a street'), organisation: key('an organisation'), phone: key('a phone number'),
  card: key('a card number'), iban: key('an account'), email: key('a mail address'), word: key('a name') };

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
    const hidden = [...new Map(shown.pieces.filter((each) => each.stands_for).map((each) => [pair(each), each])).values()];
    const numbers = new Map(hidden.map((each, n) => [pair(each), n + 1]));
    return html`<section class="preview" aria-label=${t('What would leave')}>
      <p>${rich('{bytes} would go to {place}, to {purpose}.', { bytes: plural(shown.bytes, '{n} byte', '{n} bytes'), place: html`<strong><bdi>${shown.destination}</bdi></strong>`, purpose: shown.purpose })}
        ${shown.price ? t('For at most {price}.', { price: amount(shown.price) }) : nothing} ${t('The most confidential of it is {degree}.', { degree: t(DEGREES[/** @type {keyof typeof DEGREES} */ (shown.confidentiality)] ?? shown.confidentiality) })}</p>
      <p class="name">${t('Exactly this')}</p>
      <div class="sides ${hidden.length ? 'two' : ''}">
        <p class="exactly" dir="auto" tabindex="0" role="region" aria-label=${t('The exact text')}>${shown.pieces.map((each) => (each.stands_for
          ? html`<span class="veiled">${each.text}<sup><span class="unseen"> (</span>${numbers.get(pair(each))}<span class="unseen">: ${t('stands for {what}', { what: each.stands_for })})</span></sup></span>`
          : html`<span>${each.text}</span>`))}</p>
        ${hidden.length ? html`<div><p class="name">${t('What stands for what: only you see this')}</p>
          <ol class="stands" aria-label=${t('What stands for what')}>${hidden.map((each) => html`<li><bdi class="veiled">${each.text}</bdi> ${rich('stands for {what}', { what: html`<bdi>${each.stands_for}</bdi>` })} <span class="from">${t(KINDS[/** @type {keyof typeof KINDS} */ (each.kind)] ?? each.kind)}</span></li>`)}</ol></div>` : nothing}
      </div>
      ${shown.items.length ? html`<p class="name">${t('From your memory')}</p><ul class="telling" aria-label=${t('From your memory')}>${shown.items.map((each) => html`<li><q dir="auto">${each.begins.trim()}</q>
        <span class="from"><bdi>${plainly(each.what)}</bdi> · ${t(WHOSE[/** @type {keyof typeof WHOSE} */ (each.integrity)] ?? each.integrity)} · ${t(DEGREES[/** @type {keyof typeof DEGREES} */ (each.confidentiality)] ?? each.confidentiality)}</span></li>`)}</ul>` : nothing}
      ${shown.secrets.length || shown.left_out.length ? html`<p class="name">${t('Secrets')}</p>
        <ul class="telling" aria-label=${t('Secrets')}>${shown.secrets.map((what) => html`<li><strong>${t('In it, because you let it go by name:')}</strong> <bdi>${what}</bdi></li>`)}
          ${shown.left_out.map((each) => html`<li>${t('Left out, because it is secret:')} <bdi>${each.what}</bdi> <span class="from">${each.item_id} ${plural(each.characters, '{n} character', '{n} characters')}</span></li>`)}</ul>` : nothing}
    </section>`;
  }
}

/** Names a pseudonym and what it hides. @param {import('../types.js').Going} piece */
const pair = (piece) => JSON.stringify([piece.text, piece.stands_for]);

/** @param {{amount: number, currency: string}} price */
const amount = (price) => `${price.amount < 0.01 ? Number(price.amount.toPrecision(2)) : price.amount.toFixed(2)} ${price.currency}`;

customElements.define('mind-send-preview', SendPreview);
