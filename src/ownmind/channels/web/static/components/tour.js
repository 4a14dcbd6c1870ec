// @ts-check
// What a new person is offered, one quiet line at a time and each once: never before the first word, and about their own words.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';
import { change, read } from '../rooms.js';
import './bring.js';

/** @typedef {'card' | 'ask' | 'forget' | 'protect' | 'import'} Offer */

/** Messages of the person's before what has nothing to do with them is offered. */
const LATER = 3;

export class Tour extends Asking {
  static properties = { messages: { attribute: false }, facts: { attribute: false }, turning: { attribute: false }, open: { state: true }, protecting: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Message[]} */
    this.messages = [];
    /** @type {import('../types.js').Fact[]} */
    this.facts = [];
    this.turning = false;
    /** Those never yet made or put away. @type {Offer[]} */
    this.open = [];
    this.protecting = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.reread();
  }

  /** What is still to be offered: what was done elsewhere on the page is not. */
  reread() {
    this.run(async () => { this.open = await read('welcome', 'offers'); });
  }

  /** What was learnt of the person's own words in this talk: a card of somebody's letter is nothing they said. */
  get theirs() {
    const said = new Set(this.messages.filter((each) => each.who === 'person').map((each) => each.id));
    return this.facts.filter((fact) => said.has(fact.item_id));
  }

  /** The one that is made now. @returns {Offer | null} */
  get now() {
    if (this.protecting) return 'protect';
    const said = this.messages.filter((each) => each.who === 'person').length;
    const learnt = this.theirs.length;
    if (this.turning || said < (learnt ? 1 : LATER)) return null;
    const order = /** @type {Offer[]} */ (learnt ? ['card', 'ask', 'forget', 'protect', 'import'] : ['protect', 'import']);
    return order.find((each) => this.open.includes(each)) ?? null;
  }

  render() {
    const now = this.now;
    if (!now) return nothing;
    return html`<section class="offer" aria-label=${t('An offer, made once')}>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}${this.offer(now)}</section>`;
  }

  /** @param {Offer} now */
  offer(now) {
    const [fact] = this.theirs;
    if (now === 'card') return this.line(t('What you say is kept on memory cards, each with the sentence it came from. Keep one, fix it, or have me forget it.'), t('Show me the card'), now, () => this.ask('show-item', fact?.item_id));
    if (now === 'ask') return this.line(t('You can always ask what I know, and from where.'), t('What do you know about me, and why?'), now, () => this.ask('say', t('What do you know about me, and why?')));
    if (now === 'forget') return this.line(t('Forgetting is real: you see first what goes, and get a receipt that it is gone.'), t('Forget one of these'), now, () => this.ask('forget', fact));
    if (now === 'import') return html`<p>${t('Give me something to read, and I answer from it with the page it stands on.')}</p><mind-bring @give=${() => this.put('import')}></mind-bring>
      <div class="choices"><button type="button" class="quiet away" ?disabled=${this.busy} @click=${() => this.put(now)}>${t('Not now')}</button></div>`;
    if (this.protecting) return html`<mind-protect></mind-protect><div class="choices"><button type="button" class="quiet" @click=${() => this.put('protect')}>${t('Done')}</button></div>`;
    return this.line(t('What you tell me is encrypted, and for now the key lies beside it on this computer. With a passphrase only you can open it.'), t('Protect it'), now, async () => {
      await import('./protect.js');
      this.protecting = true;
    });
  }

  /** @param {string} sentence @param {string} button @param {Offer} offer @param {() => unknown} act */
  line(sentence, button, offer, act) {
    return html`<p>${sentence}</p><div class="choices">
      <button type="button" class="quiet" ?disabled=${this.busy} @click=${() => { act(); if (offer !== 'protect') this.put(offer); }}>${button}</button>
      <button type="button" class="quiet away" ?disabled=${this.busy} @click=${() => this.put(offer)}>${t('Not now')}</button></div>`;
  }

  /** Puts an offer away for good. @param {Offer} offer */
  async put(offer) {
    if (offer === 'protect') this.protecting = false;
    if (!this.open.includes(offer)) return;
    await this.run(async () => { this.open = await change('welcome', 'done', { offer }); });
  }
}

customElements.define('mind-tour', Tour);
