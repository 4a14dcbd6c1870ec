// @ts-check
// The week looked back on: each goal with what says so, what the person's own words have in common, and what worked, to take or leave.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { change } from '../rooms.js';
import './brief.js';

/** @typedef {import('../types-goals.js').Suggestion} Suggestion */

class ReviewOf extends Asking {
  static properties = { review: { attribute: false }, taken: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Review | null} */
    this.review = null;
    /** Those the person took. @type {Set<Suggestion>} */
    this.taken = new Set();
  }

  render() {
    const review = this.review;
    if (!review) return nothing;
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${review.words ? html`<p class="aside" dir="auto">${review.words}</p>` : nothing}
      ${review.goals.map((each) => html`<section class="section"><h3 dir="auto">${each.title}</h3><p dir="auto">${each.words}</p><mind-brief .lines=${each.lines}></mind-brief></section>`)}
      ${review.reflections.length ? html`<section class="section"><h3>${t('In your own words')}</h3><ul class="lines">${review.reflections.map((each) => html`<li><p dir="auto">${each.text}</p>${passages(each.refs)}</li>`)}</ul></section>` : nothing}
      ${review.suggestions.length ? html`<section class="section"><h3>${t('What worked')}</h3><ul class="rows">${review.suggestions.map((each) => this.suggestion(each))}</ul></section>` : nothing}
      ${review.next_week.length ? html`<section class="section"><h3>${t('Next week')}</h3><mind-brief .lines=${review.next_week}></mind-brief></section>` : nothing}`;
  }

  /** @param {Suggestion} each */
  suggestion(each) {
    return html`<li><p dir="auto">${each.words}</p><p class="from">${plural(each.n, '{n} time so far; somewhere between {low} and {high} in 100', '{n} times so far; somewhere between {low} and {high} in 100', { low: Math.round(100 * each.low), high: Math.round(100 * each.high) })}</p>${passages(each.evidence)}
      ${this.taken.has(each) ? html`<p class="aside" role="status">${t('In the next plan.')}</p>` : html`<div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('Try it')}: ${each.words}" @click=${() => this.take(each)}>${t('Try it')}</button></div>`}</li>`;
  }

  /** @param {Suggestion} each */
  take(each) {
    this.run(async () => {
      await change('goals', 'change', { goal: each.goal, slot: each.slot, value: each.value });
      this.taken = new Set([...this.taken, each]);
      this.ask('rooms-changed');
    });
  }
}

/** @param {import('../types-goals.js').Ref[]} refs */
function passages(refs) {
  return html`<details><summary>${plural(refs.length, '{n} passage', '{n} passages')}</summary><ul class="lines">${refs.map((each) => html`<li><blockquote dir="auto">${each.words}</blockquote><p class="from"><bdi>${each.ref}</bdi></p></li>`)}</ul></details>`;
}

customElements.define('mind-review', ReviewOf);
