// @ts-check
// Beside the conversation (below it on a narrow screen): what was learnt, newest first.

import { Element, html, nothing, repeat } from '../element.js';
import { plural, t } from '../lang.js';
import { plain } from '../words.js';
import './memory-card.js';

const FEW = 6;

export class Cards extends Element {
  static properties = { facts: { attribute: false }, fresh: { attribute: false }, mind: { attribute: false }, all: { state: true }, open: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Fact[]} */
    this.facts = [];
    /** @type {Set<string>} */
    this.fresh = new Set();
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    this.all = false;
    this.open = false; // on a narrow screen; a wide one always shows them
  }

  /** Goes to the first card that rests on this item. @param {string} item */
  async show(item) {
    const n = this.facts.findIndex((fact) => fact.item_id === item);
    [this.open, this.all] = [true, this.all || n >= FEW];
    await this.updateComplete;
    const card = /** @type {HTMLElement | undefined} */ (this.querySelectorAll('mind-memory-card .card')[n]);
    card?.setAttribute('tabindex', '-1');
    card?.focus();
    card?.scrollIntoView({ block: 'center' });
  }

  render() {
    const shown = this.all ? this.facts : this.facts.slice(0, FEW);
    const more = this.facts.length - FEW;
    return html`<aside class="cards ${this.open ? 'open' : ''}" aria-labelledby="cards-title">
      <h2 id="cards-title" tabindex="-1">
        <span class="wide">${t('What I have learnt')}</span>
        <button type="button" class="narrow quiet" aria-expanded=${this.open} aria-controls="cards-list" @click=${() => { this.open = !this.open; }}>
          ${t('What I have learnt')} <span class="count">${plain(this.facts.length)}</span></button>
      </h2>
      <div id="cards-list">
        ${this.facts.length ? nothing : html`<p class="aside">${t('What you tell me about yourself appears here, with the sentence it came from. You can keep it, fix it, or make me forget it.')}</p>`}
        <ul>${repeat(shown, (fact) => fact.id, (fact) => html`<li><mind-memory-card .fact=${fact} .fresh=${this.fresh.has(fact.id)} .mind=${this.mind}></mind-memory-card></li>`)}</ul>
        ${more > 0 ? html`<button type="button" class="quiet more" @click=${() => { this.all = !this.all; }}>${this.all ? t('Show fewer') : plural(this.facts.length, 'Show all {n}', 'Show all {n}')}</button>` : nothing}
        ${this.facts.length ? html`<button type="button" class="quiet" @click=${() => this.ask('view', 'mind-memory')}>${t('Look through all I know')}</button>` : nothing}
      </div>
    </aside>`;
  }
}

customElements.define('mind-cards', Cards);
