// @ts-check
// The week as it is planned: each day's steps, what moved and why, the proof of the checker; and where it does not fit, what is
// missing and the smallest changes that would make it fit.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { change } from '../rooms.js';
import { when } from '../words.js';

const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'short' });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

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
    const placed = week.steps.filter((each) => each.start);
    const days = [...new Set(placed.map((each) => (each.start ?? '').slice(0, 10)))].sort();
    return html`<section class="plan" aria-label="Your week">
      ${week.fits ? nothing : html`<div class="deed waiting"><p class="effect" dir="auto">${week.missing || 'It does not all fit.'}</p>
        ${week.offers.length ? html`<p class="aside">Each of these makes it fit, and was checked:</p><ul class="rows">${week.offers.map((each) => html`<li><p dir="auto">${each.words.join('; ')}${each.is_smallest ? html` <span class="from">the smallest change of its kind</span>` : nothing}</p>
          <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} aria-label="Take this change: ${each.words.join('; ')}" @click=${() => this.take(each.id)}>Take this change</button></div></li>`)}</ul>` : nothing}</div>`}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${days.map((each) => html`<section class="section"><h3>${WEEKDAY.format(new Date(`${each}T12:00`))}</h3><ul class="lines">
        ${placed.filter((step) => step.start?.startsWith(each)).map((step) => html`<li><p dir="auto"><span class="clock">${clock(step.start)} to ${clock(step.end)}</span> ${step.title}</p></li>`)}</ul></section>`)}
      ${week.fits && !days.length ? html`<p class="aside">Nothing has to be placed this week.</p>` : nothing}
      ${week.notes?.length ? html`<ul class="lines aside">${week.notes.map((each) => html`<li dir="auto">${each}</li>`)}</ul>` : nothing}
      ${week.moved.length ? html`<details open><summary>What moved, and why</summary><ul class="lines">${week.moved.map((each) => html`<li dir="auto">${each.title}: ${each.now ? `now ${when(each.now)}` : 'no longer planned'}${each.was ? `, before ${when(each.was)}` : ''}. ${each.why}</li>`)}</ul></details>` : nothing}
      ${week.proof.length ? html`<details><summary>The proof</summary><p class="aside">Checked again, rule by rule, by a part that shares nothing with the one that planned.</p><ul class="lines">${week.proof.map((each) => html`<li dir="auto">${each}</li>`)}</ul></details>` : nothing}
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

/** The clock as the house wrote it: the person's own zone, wherever this browser thinks it is. @param {string | null} iso */
const clock = (iso) => (iso ? CLOCK.format(new Date(iso.slice(0, 19))) : '');

customElements.define('mind-plan', Plan);
