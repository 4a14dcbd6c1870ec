// @ts-check
// One fact, the sentence it came from, and the person's three words about it: keep, fix, forget.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { rich, t } from '../lang.js';
import { travels, when } from '../words.js';

/** Where a sentence ends and another begins. */
const SENTENCE = /(?<=[.!?…。！？])\s+/u;
/** Below it, what was read counts as a guess until the person confirms it (store/memories.py). */
const SURE = 0.8;

export class MemoryCard extends Asking {
  static properties = {
    fact: { attribute: false },
    fresh: { attribute: false },
    mind: { attribute: false },
    fixing: { state: true },
    busy: { state: true },
    trouble: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../types.js').Fact | null} */
    this.fact = null;
    this.fresh = false;
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    this.fixing = false;
  }

  render() {
    const fact = this.fact;
    if (!fact) return nothing;
    if (fact.ended === 'forgotten') return html`<article class="card ended" aria-label=${t('A fact that was forgotten')}><p class="aside">${t('Forgotten meanwhile. Nothing of it is left here.')}</p></article>`;
    if (fact.ended) return this.superseded(fact);
    return html`<article class="card ${this.fresh ? 'fresh' : ''} ${fact.kept ? 'kept' : ''}" aria-label=${fact.text}>
      ${this.fixing ? this.form(fact) : html`<h3 dir="auto">${fact.text}</h3>`}
      ${fact.told ? html`<blockquote dir="auto">${lastSentence(fact.told.before)}<mark>${fact.told.quote}</mark>${firstSentence(fact.told.after)}</blockquote>` : nothing}
      <p class="from">${origin(fact)}</p>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${this.fixing ? nothing : this.choices(fact)}
    </article>`;
  }

  /** @param {import('../types.js').Fact} fact */
  superseded(fact) {
    return html`<article class="card ended" aria-label="${t('No longer so')}: ${fact.text}">
      <p class="from">${t('No longer so')}</p>
      <h3 dir="auto"><s>${fact.text}</s></h3>
      ${fact.instead ? html`<p class="aside">${rich('Now: {fact}', { fact: html`<span dir="auto">${fact.instead}</span>` })}</p>` : nothing}
      <div class="choices"><button type="button" class="quiet" aria-label="${t('Forget')}: ${fact.text}" @click=${() => this.ask('forget', fact)}>${t('Forget')}</button></div>
    </article>`;
  }

  /** @param {import('../types.js').Fact} fact */
  choices(fact) {
    return html`<div class="choices">
      ${fact.kept
        ? html`<span class="tick"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5 6.5 12 13 4.5"/></svg>${t('Kept')}</span>`
        : html`<button type="button" class="quiet" aria-label="${t('Keep')}: ${fact.text}" ?disabled=${this.busy} @click=${() => this.run(() => this.keep(fact))}>${t('Keep')}</button>`}
      <button type="button" class="quiet fix" aria-label="${t('Fix')}: ${fact.text}" ?disabled=${this.busy} @click=${this.startFixing}>${t('Fix')}</button>
      <button type="button" class="quiet" aria-label="${t('Forget')}: ${fact.text}" ?disabled=${this.busy} @click=${() => this.ask('forget', fact)}>${t('Forget')}</button>
    </div>`;
  }

  /** @param {import('../types.js').Fact} fact */
  form(fact) {
    return html`<form class="fixing" @submit=${this.submit} @keydown=${this.key}>
      <label for="fix-${fact.id}">${t('How it really is')}</label>
      <textarea id="fix-${fact.id}" dir="auto" rows="3" maxlength="2000" .value=${fact.text}></textarea>
      <div class="choices">
        <button type="submit" class="strong" ?disabled=${this.busy}>${t('Save')}</button>
        <button type="button" class="quiet" @click=${() => this.stopFixing()}>${t('Cancel')}</button>
      </div>
    </form>`;
  }

  async startFixing() {
    this.fixing = true;
    await this.updateComplete;
    const text = /** @type {HTMLTextAreaElement} */ (this.find('textarea'));
    text.focus();
    text.select();
    text.form?.scrollIntoView({ block: 'nearest' }); // with its Save, which may lie below the edge
  }

  async stopFixing() {
    this.fixing = false;
    this.trouble = null;
    await this.updateComplete;
    this.find('.fix')?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      this.stopFixing();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      this.submit(event);
    }
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const fact = this.fact;
    const text = /** @type {HTMLTextAreaElement} */ (this.find('textarea')).value.trim();
    if (!fact || !text) return;
    if (text === fact.text || (await this.run(() => this.fix(fact, text)))) this.stopFixing();
  }

  /** @param {import('../types.js').Fact} fact @returns {Promise<unknown> | undefined} */
  keep(fact) {
    return this.mind?.keep(fact);
  }

  /** @param {import('../types.js').Fact} fact @param {string} text @returns {Promise<unknown> | undefined} */
  fix(fact, text) {
    return this.mind?.fix(fact, text);
  }
}

/** Whether it was read so without the person having said it plainly. @param {import('../types.js').Fact} fact */
const isGuess = (fact) => !fact.kept && !(fact.stated && fact.confidence >= SURE);

/** What stands before a quote in its own sentence. @param {string} before */
const lastSentence = (before) => before.split(SENTENCE).at(-1) ?? '';

/** What stands behind it there. @param {string} after */
const firstSentence = (after) => after.split(SENTENCE)[0] ?? '';

/** "You said this · today, 14:03 · a guess". @param {import('../types.js').Fact} fact */
export function origin(fact) {
  const told = fact.told;
  const at = when(told?.at ?? fact.learned_at);
  const how = (fact.kept ? ` · ${t('you confirmed it')}` : isGuess(fact) ? ` · ${t('a guess')}` : '') + travels(fact.label);
  if (told?.kind === 'message') return html`${t('You said this')}${at ? ` · ${at}` : ''}${how}`;
  if (told?.kind === 'note' && fact.label.integrity === 'person') return html`${t('You noted this')}${at ? ` · ${at}` : ''}${how}`;
  const outside = fact.label.integrity === 'untrusted' ? `${t('From outside')}: ` : '';
  const page = told?.page ? ` · ${t('page {page}', { page: told.page })}` : '';
  const who = told?.speaker ? html` · <span dir="auto">${told.speaker}</span>` : nothing;
  return html`${outside}<span dir="auto">${told?.title || fact.source}</span>${page}${who}${at ? ` · ${at}` : ''}${how}`;
}

customElements.define('mind-memory-card', MemoryCard);
