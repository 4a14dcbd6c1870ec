// @ts-check
// What the person wants: the goals, a new one in their own words, and the week they make together.

import { html, nothing, repeat } from '../element.js';
import { t } from '../lang.js';
import { change, read } from '../rooms.js';
import './goal.js';
import { nothingYet } from './nothing-yet.js';
import './plan.js';
import './week.js';
import { Room } from './room.js';

/** @typedef {import('../types-goals.js').Goal} Goal */

export class Goals extends Room {
  static properties = { ...Room.properties, goals: { state: true }, week: { state: true }, refused: { state: true }, at: { state: true } };

  constructor() {
    super();
    /** @type {Goal[] | null} */
    this.goals = null;
    /** @type {import('../types-goals.js').Week | null} */
    this.week = null;
    this.refused = '';
    /** The id of the goal to show first. */
    this.at = '';
  }

  get heading() {
    return t('Goals');
  }

  async read() {
    this.goals = await read('goals', 'all');
    await /** @type {import('./week.js').Week | null} */ (this.querySelector('mind-week'))?.reread();
  }

  /** Opens at one goal. @param {string} id */
  async show(id) {
    this.at = id;
    await this.open();
    this.find(`#goal-${CSS.escape(id)}`)?.scrollIntoView({ block: 'start' });
  }

  content() {
    const goals = /** @type {Goal[]} */ (this.goals ?? []);
    const now = goals.toReversed().filter((each) => ['draft', 'active', 'paused'].includes(each.state));
    const isPlanned = now.some((each) => each.state === 'active');
    const past = goals.filter((each) => ['reached', 'dropped'].includes(each.state));
    return html`
      <form class="fields" @submit=${this.add}><label>${t('What do you want?')} <input name="statement" dir="auto" autocomplete="off" maxlength="4000" required placeholder=${t('Run the half marathon on 12 April')}></label>
        <p class="hint">${t('In your own words, with when and why, if you like. Nothing is planned before you say it is right.')}</p>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Add this goal')}</button>
        ${isPlanned ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.plan(1)}>${t('Plan my week')}</button>` : nothing}</div></form>
      ${this.refused ? html`<p class="refused" role="status" dir="auto">${this.refused}</p>` : nothing}
      ${this.week ? html`<mind-plan .week=${this.week} @week=${(/** @type {CustomEvent} */ event) => this.planned(event.detail)}></mind-plan>` : nothing}
      ${isPlanned ? html`<mind-week .goals=${goals} @plan=${(/** @type {CustomEvent} */ event) => this.plan(event.detail)}></mind-week>` : nothing}
      ${this.goals && !goals.length ? nothingYet(t('No goals yet. Name one, and I ask for what is missing, plan it into your real week, and keep to it with you.')) : nothing}
      ${repeat(now, (each) => each.id, (each) => html`<mind-goal id="goal-${each.id}" .goal=${each} .opened=${each.id === this.at} @goal-changed=${this.whole} @plan=${(/** @type {CustomEvent} */ event) => this.plan(event.detail)}></mind-goal>`)}
      ${past.length ? html`<details><summary>${t('Reached and let go ({n})', { n: past.length })}</summary>${repeat(past, (each) => each.id, (each) => html`<mind-goal .goal=${each} @goal-changed=${this.whole}></mind-goal>`)}</details>` : nothing}
      ${goals.length ? html`<div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${this.undo}>${t('Undo the last change')}</button>
        ${isPlanned ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${this.save}>${t('The plan as a calendar file')}</button>` : nothing}</div>` : nothing}`;
  }

  /** @param {SubmitEvent} event */
  async add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const statement = String(new FormData(form).get('statement') ?? '').trim();
    if (!statement) return;
    let made = '';
    await this.run(async () => {
      const draft = /** @type {import('../types-goals.js').Draft} */ (await change('goals', 'add', { statement }));
      this.refused = draft.refused;
      made = draft.goal?.id ?? '';
      form.reset();
      await this.read();
    });
    await this.updateComplete;
    if (made) this.find(`#goal-${CSS.escape(made)} h3`)?.focus();
  }

  whole() {
    this.run(() => this.read());
    this.ask('rooms-changed');
  }

  /** @param {number} weeks */
  plan(weeks) {
    this.run(async () => this.planned(await change('goals', 'plan', { weeks })));
  }

  /** Shows what was planned. @param {import('../types-goals.js').Week} week */
  async planned(week) {
    this.week = week;
    await this.read();
    await this.updateComplete;
    this.find(week.fits ? 'mind-week' : 'mind-plan')?.scrollIntoView({ block: 'start' });
  }

  /** Gives the plan as a file to keep or to open with a calendar. */
  save() {
    this.run(async () => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([await read('goals', 'ics')], { type: 'text/calendar' }));
      link.download = 'ownmind.ics';
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  undo() {
    this.run(async () => {
      await change('goals', 'undo');
      await this.read();
    });
  }
}

customElements.define('mind-goals', Goals);
