// @ts-check
// Something that is due: what, why now, the person's answer in two taps or in their own words, and how to have it stop.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';
import { change } from '../rooms.js';
import { when } from '../words.js';
import './check-in.js';

class NudgeCard extends Asking {
  static properties = { nudge: { attribute: false }, step: { attribute: false }, unit: { attribute: false }, told: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Nudge | null} */
    this.nudge = null;
    /** The step it is about, where that is open. @type {import('../types-goals.js').Step | null} */
    this.step = null;
    /** Of the step's measure. */
    this.unit = '';
    /** What came of declining it. */
    this.told = '';
  }

  render() {
    const nudge = this.nudge;
    if (!nudge) return nothing;
    return html`<article class="card" aria-label=${nudge.title} aria-busy=${this.busy}>
      <h3 dir="auto">${nudge.title}</h3>
      <p class="from">${when(nudge.due)}${nudge.why ? html` · <span dir="auto">${nudge.why}</span>` : nothing}</p>
      ${this.told ? html`<p role="status" tabindex="-1" class="told" dir="auto">${this.told}</p>` : html`
        ${nudge.choices.length ? html`<mind-check-in .subject=${nudge.subject} .name=${nudge.title} .choices=${nudge.choices} .amount=${this.step?.amount ?? null} .unit=${this.unit}></mind-check-in>` : nothing}
        <details><summary>${t('Stop this')}</summary><p class="aside">${nudge.stop}</p>
          <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.decline}>${t('Leave me alone with this for a week')}</button></details>`}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
    </article>`;
  }

  async decline() {
    const nudge = this.nudge;
    if (!nudge) return;
    const went = await this.run(async () => { await change('today', 'decline', { key: nudge.key }); });
    if (!went) return;
    this.told = t('I stay quiet about this for a week.');
    await this.updateComplete;
    this.find('.told')?.focus();
    this.ask('rooms-changed');
  }
}

customElements.define('mind-nudge', NudgeCard);
