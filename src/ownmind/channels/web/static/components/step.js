// @ts-check
// One step, opened: how it went, in two taps, and another day and time for it by its own fields.

import { Element, html, nothing } from '../element.js';
import { t } from '../lang.js';
import { clock, minuteOf, weekday } from '../words.js';
import './check-in.js';

class StepCard extends Element {
  static properties = { step: { attribute: false }, goal: { attribute: false }, plain: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Step | null} */
    this.step = null;
    /** The goal it is of. @type {import('../types-goals.js').Goal | null} */
    this.goal = null;
    /** Only what it is and how it went: there is no week beside it. */
    this.plain = false;
  }

  render() {
    const step = this.step;
    if (!step) return nothing;
    const at = step.start ?? '';
    const placed = at ? `${weekday(at.slice(0, 10), 'long')}, ${clock(minuteOf(at))}` : t('has no place yet');
    return html`<article class="card opened" aria-label=${step.title}>
      <div class="head"><h4 tabindex="-1" dir="auto">${step.title}</h4>${this.plain ? nothing : html`<button type="button" class="quiet" @click=${() => this.tell('shut')}>${t('Close')}</button>`}</div>
      <p class="from">${placed} · ${t('{n} minutes', { n: step.minutes })}${this.goal && !step.title.includes(this.goal.title) ? html` · <span dir="auto">${this.goal.title}</span>` : nothing}</p>
      ${step.note ? html`<blockquote dir="auto">${step.note}</blockquote>` : nothing}
      <mind-check-in .subject=${step.id} .name=${step.title} .state=${step.state} .amount=${step.amount} .unit=${this.goal?.measure?.unit ?? ''}></mind-check-in>
      ${step.state === 'open' && !this.plain ? html`<form class="own move" @submit=${this.put}>
        <label>${t('Another day')} <input name="day" type="date" required .value=${at.slice(0, 10)}></label>
        <label>${t('and time')} <input name="clock" type="time" step="900" required .value=${at.slice(11, 16)}></label>
        <div class="choices"><button type="submit" class="quiet">${t('Move it there')}</button>
          ${step.pinned ? html`<button type="button" class="quiet" @click=${() => this.tell('unpin')}>${t('Leave its time to the plan')}</button>` : nothing}</div></form>` : nothing}
    </article>`;
  }

  /** @param {SubmitEvent} event */
  put(event) {
    event.preventDefault();
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [hour, minute] = String(said.get('clock')).split(':').map(Number);
    this.tell('put', { day: String(said.get('day')), minute: 60 * (hour ?? 0) + (minute ?? 0) });
  }

  /** @param {string} name @param {unknown} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define('mind-step', StepCard);
