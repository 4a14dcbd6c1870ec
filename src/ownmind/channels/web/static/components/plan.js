// @ts-check
// What came of planning: what moved and why, the proof of the checker; and where it does not fit, what is missing and the smallest
// changes that would make it fit. Where the steps stand is for week.js.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';
import { change } from '../rooms.js';
import { placed } from '../words.js';

class Plan extends Asking {
  static properties = { week: { attribute: false }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Week | null} */
    this.week = null;
  }

  render() {
    const week = this.week;
    if (!week) return nothing;
    return html`<section class="plan" aria-label=${t('What came of planning')}>
      ${week.fits ? nothing : html`<div class="deed waiting"><p class="effect" dir="auto">${week.missing || t('It does not all fit.')}</p>
        ${week.offers.length ? html`<p class="aside">${t('Each of these makes it fit, and was checked:')}</p><ul class="rows">${week.offers.map((each) => html`<li><p dir="auto">${each.words.join('; ')}</p>
          <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('Take this change')}: ${each.words.join('; ')}" @click=${() => this.take(each.id)}>${t('Take this change')}</button></div></li>`)}</ul>` : nothing}</div>`}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${week.fits && !week.steps.length ? html`<p class="aside">${t('Nothing has to be placed this week.')}</p>` : nothing}
      ${week.notes?.length ? html`<ul class="lines aside">${week.notes.map((each) => html`<li dir="auto">${each}</li>`)}</ul>` : nothing}
      ${week.moved.length ? html`<details open><summary>${t('What moved, and why')}</summary><ul class="lines">${week.moved.map((each) => html`<li dir="auto">${each.title}: ${each.now ? t('now {time}', { time: placed(each.now) }) : t('no longer planned')}${each.was ? `, ${t('before {time}', { time: placed(each.was) })}` : ''}. ${each.why}</li>`)}</ul></details>` : nothing}
      ${week.proof.length ? html`<details><summary>${t('Why this plan holds')}</summary><p class="aside">${t('Checked again, rule by rule, by a part that shares nothing with the one that planned.')}</p><ul class="lines">${week.proof.map((each) => html`<li dir="auto">${each}</li>`)}</ul></details>` : nothing}
    </section>`;
  }

  /** @param {string} offer */
  take(offer) {
    this.run(async () => {
      this.week = await change('goals', 'take', { offer });
      this.dispatchEvent(new CustomEvent('week', { detail: this.week }));
    });
  }
}

customElements.define('mind-plan', Plan);
