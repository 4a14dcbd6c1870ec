// @ts-check
// One change: what holds since, what it took the place of, the person's words with the way to them, and its undo.

import { Element, html, nothing } from '../element.js';
import { key, plural, rich, t } from '../lang.js';
import { moment } from '../words.js';
import { way } from './memory-way.js';

/** @typedef {import('../types-growth.js').Change} Change */
/** @typedef {import('../types-growth.js').Evidence} Evidence */

/** What the person did, of memories. @type {Record<string, string>} */
const DID = {
  fix: key('You put a memory right'), correction: key('You put a reply right'), confirmed: key('You confirmed a memory'), updated: key('You said something newer'),
  wish: key('It holds for every answer'),
};

class GrowthChange extends Element {
  static properties = { change: { attribute: false }, busy: { attribute: false } };

  constructor() {
    super();
    /** @type {Change | null} */
    this.change = null;
    this.busy = false;
  }

  render() {
    const { change } = this;
    if (!change) return nothing;
    const { kind, fact, state } = change;
    const [name, before] = [change.now.join('; '), change.before.join('; ')];
    return html`<article class="memory grown" aria-label=${name}>
      ${DID[kind] ? html`<p class="from">${t(DID[kind] ?? '')}</p>` : nothing}
      <h4 dir="auto" tabindex="-1">${state === 'stands' ? said(change) : html`<s>${said(change)}</s>`}</h4>
      ${state === 'undone' ? html`<p class="state">${t('Taken back')}</p>` : state === 'over' ? html`<p class="state">${t('Something newer stands in its place')}</p>` : nothing}
      ${change.before.length ? html`<p class="from">${state === 'undone' ? rich('Holds again: {fact}', { fact: html`<span dir="auto">${before}</span>` }) : rich('Before: {fact}', { fact: html`<s dir="auto">${before}</s>` })}</p>` : nothing}
      ${change.evidence.map((each) => this.words(each))}
      ${change.evidence.length || !change.at ? nothing : html`<p class="from">${moment(change.at)}${kind === 'brain' ? html` · ${plural(change.count, '{n} reply', '{n} replies')}` : nothing}</p>`}
      <div class="choices">
        ${change.can_undo ? html`<button type="button" class="quiet" aria-label="${t('Undo')}: ${name}" ?disabled=${this.busy} @click=${() => this.ask('turn', 'undo')}>${t('Undo')}</button>` : nothing}
        ${change.can_redo ? html`<button type="button" class="quiet" aria-label="${t('Have it again')}: ${name}" ?disabled=${this.busy} @click=${() => this.ask('turn', 'redo')}>${t('Have it again')}</button>` : nothing}
        ${fact ? html`<button type="button" class="quiet" aria-label="${t('Forget')}: ${fact.text}" ?disabled=${this.busy} @click=${() => this.ask('forget', fact)}>${t('Forget')}</button>` : nothing}
        ${kind === 'brain' ? html`<button type="button" class="quiet" @click=${() => this.ask('choose-model')}>${t('Choose which model answers')}</button>` : nothing}
      </div>
    </article>`;
  }

  /** Words a change rests on. @param {Evidence} each */
  words({ item_id, source, told }) {
    const lead = told.kind === 'reply' ? t('I had said it') : told.speaker && told.kind !== 'message' ? t('{name} said it', { name: told.speaker }) : t('You said it');
    return html`<blockquote dir="auto">${told.kind === 'reply' ? html`${told.quote}${told.after}` : html`${told.before}<mark>${told.quote}</mark>${told.after}`}</blockquote>
      <p class="from">${lead}${told.at ? `, ${moment(told.at)}` : ''}${told.title ? html` · <span dir="auto">${told.title}</span>` : nothing}</p>
      <div class="choices">${way(this, { source, item: item_id, quote: told.quote })}</div>`;
  }
}

/** A change as a sentence. @param {Change} change */
function said({ kind, detail, now }) {
  const [first, second] = now.map((each) => html`<bdi>${each}</bdi>`);
  if (kind === 'people') {
    if (detail === 'you') return rich('{name} is you', { name: first });
    return detail === 'same' ? rich('{first} and {second} are one person', { first, second }) : rich('{first} and {second} are two people', { first, second });
  }
  if (kind === 'permission') return rich('{place} may be reached without asking you: {purpose}', { place: first, purpose: html`<span dir="auto">${detail}</span>` });
  if (kind === 'skill') {
    if (detail === 'off') return rich('The skill {name} is switched off', { name: first });
    return detail === 'updated' ? rich('The skill {name} was updated', { name: first }) : rich('The skill {name} was installed', { name: first });
  }
  return kind === 'brain' ? rich('{name} answers since then', { name: first }) : now.join('; ');
}

customElements.define('mind-growth-change', GrowthChange);
