// @ts-check
// One memory in the list: its sentence, where it is from, whether it is a guess or no longer so, and what can be done with it.

import * as api from '../api.js';
import { html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { change } from '../rooms.js';
import { MemoryCard, origin } from './memory-card.js';
import { standing } from './memory-standing.js';
import './memory-why.js';

/** @typedef {import('../types-memory.js').Known} Known */

class MemoryEntry extends MemoryCard {
  static properties = { ...MemoryCard.properties, known: { attribute: false }, isOpen: { state: true } };

  constructor() {
    super();
    /** @type {Known | null} */
    this.known = null;
    this.isOpen = false;
  }

  willUpdate() {
    this.fact = this.known ? { ...this.known.fact, told: this.known.told } : null;
  }

  /** @param {import('../types.js').Fact} fact */
  async keep(fact) {
    const kept = await api.keep(fact.id);
    this.ask('decided', { id: kept.id, said: t('You confirmed it. Nothing I learn later changes it.') });
  }

  /** @param {import('../types.js').Fact} fact */
  async unkeep(fact) {
    const known = await change('memories', 'unkeep', { fact: fact.id });
    this.ask('decided', { id: known.fact.id, said: t('You took that back. What is said later may change it again.') });
  }

  /** @param {import('../types.js').Fact} fact @param {string} text */
  async fix(fact, text) {
    const fixed = await api.fix(fact.id, text);
    this.ask('decided', { id: fixed.id, said: t('Fixed. What stood there before counts no more.') });
  }

  render() {
    const { known } = this;
    if (!known) return nothing;
    const { fact } = known;
    const isOver = known.state === 'past' || known.state === 'wrong';
    const panel = `why-${fact.id}`;
    return html`<article class="memory" aria-label=${fact.text}>
      ${this.fixing ? this.form(fact) : html`<h4 dir="auto" tabindex="-1">${isOver ? html`<s>${fact.text}</s>` : fact.text}</h4>`}
      ${standing(known)}
      <p class="from">${origin({ ...fact, stated: true, confidence: 1, kept: false, told: known.told })}${known.places > 1 ? ` · ${plural(known.places, 'said in {n} place', 'said in {n} places')}` : ''}</p>
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${this.fixing ? nothing : html`<div class="choices">
        <button type="button" class="quiet" aria-expanded=${this.isOpen} aria-controls=${panel} aria-label="${t('Why?')} ${fact.text}" @click=${() => { this.isOpen = !this.isOpen; }}>${t('Why?')}</button>
        ${isOver || fact.kept ? nothing : html`<button type="button" class="quiet" aria-label="${t('That’s right')}: ${fact.text}" ?disabled=${this.busy} @click=${() => this.run(() => this.keep(fact))}>${t('That’s right')}</button>`}
        ${isOver || !fact.kept || fact.source.startsWith('correction:') ? nothing : html`<button type="button" class="quiet" aria-label="${t('Not sure after all')}: ${fact.text}" ?disabled=${this.busy} @click=${() => this.run(() => this.unkeep(fact))}>${t('Not sure after all')}</button>`}
        ${isOver ? nothing : html`<button type="button" class="quiet fix" aria-label="${t('Fix')}: ${fact.text}" ?disabled=${this.busy} @click=${this.startFixing}>${t('Fix')}</button>`}
        <button type="button" class="quiet" aria-label="${t('Forget')}: ${fact.text}" ?disabled=${this.busy} @click=${() => this.ask('forget', this.fact)}>${t('Forget')}</button></div>`}
      <div id=${panel} ?hidden=${!this.isOpen}>${this.isOpen ? html`<mind-memory-why .fact=${fact.id}></mind-memory-why>` : nothing}</div>
    </article>`;
  }
}

customElements.define('mind-memory-entry', MemoryEntry);
