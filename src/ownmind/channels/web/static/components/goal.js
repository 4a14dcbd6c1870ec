// @ts-check
// One goal: what was understood of it, part by part, each with the words it was read from and changed by a tap; what is still asked;
// how far it has come, with what shows it; and the person's word about it.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { day, placed, when } from '../words.js';
import './chart.js';

/** @typedef {import('../types-goals.js').Goal} Of */
/** @typedef {import('../types-goals.js').Chip} Chip */

/** @type {Record<string, string>} */
const HOW = { said: key('you said'), answered: key('you answered'), changed: key('you put it right'), assumed: key('usual, not from you') };
/** @type {Record<string, string>} */
const STATES = { draft: key('Not yet planned'), active: '', paused: key('Paused'), reached: key('Reached'), dropped: key('Let go') };
/** @type {Record<string, string>} */
const NAMES = {
  title: key('what you want'), why: key('why'), measure: key('what is counted'), baseline: key('where you are now'), target: key('target'), begins: key('begins'), deadline: key('deadline'),
  person: key('person'), milestones: key('stages'), effort: key('work in all'), a_week: key('times a week'), every: key('days from one to the next'), minutes: key('minutes each'),
  pace: key('minutes for one'), amounts: key('amounts'), windows: key('hours'), best: key('best hours'), place: key('place'), travel: key('minutes there'), rest: key('days of rest between'),
  most_a_day: key('at most a day'), most_a_week: key('at most a week'), money: key('money in a month'), obstacles: key('what may come between'), check_in: key('check-in'), template: key('kind'),
};

/** Parts that are a day. */
const DAYS = new Set(['begins', 'deadline']);

class GoalCard extends Asking {
  static properties = {
    goal: { attribute: false }, draft: { state: true }, opened: { attribute: false }, changing: { state: true }, steps: { state: true }, progress: { state: true }, busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    /** @type {Of | null} */
    this.goal = null;
    /** @type {import('../types-goals.js').Draft | null} */
    this.draft = null;
    this.opened = false;
    /** The slot whose field is open. */
    this.changing = '';
    /** @type {import('../types-goals.js').Step[] | null} */
    this.steps = null;
    /** @type {import('../types-goals.js').Progress | null} */
    this.progress = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.stillAsked());
  }

  /** Reads how far it is again when the goal was read again. @param {import('../vendor/reactive-element/reactive-element.js').Changes} changed */
  updated(changed) {
    if (changed.has('goal') && changed.get('goal') && this.steps) this.run(() => this.readFar());
  }

  /** What is still asked for, while it is not yet planned. */
  async stillAsked() {
    this.draft = this.goal?.state === 'draft' ? await read('goals', 'draft', { goal: this.goal.id }) : null;
    if (this.draft?.goal) this.goal = this.draft.goal;
  }

  render() {
    const goal = this.goal;
    if (!goal) return nothing;
    return html`<article class="card goal ${goal.state}" aria-label=${goal.title} aria-busy=${this.busy}>
      <h3 dir="auto" tabindex="-1">${goal.title}</h3>
      <p class="from">${[STATES[goal.state] && t(STATES[goal.state] ?? ''), goal.template, goal.deadline ? t('until {day}', { day: day(goal.deadline) }) : ''].filter(Boolean).join(' · ')}</p>
      ${goal.why ? html`<p dir="auto" class="why">${goal.why}</p>` : nothing}
      <ul class="parts">${repeat(goal.chips, (each) => each.slot, (each) => this.chip(goal, each))}</ul>
      ${(this.draft?.remarks ?? []).map((each) => html`<p class="aside" dir="auto">${each}</p>`)}
      ${this.draft?.question ? this.question(goal, this.draft) : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${this.choices(goal)}
      ${['active', 'paused', 'reached'].includes(goal.state) ? html`<details ?open=${this.opened} @toggle=${this.look}><summary>${t('How far, and what is next')}</summary>${this.far()}</details>` : nothing}
    </article>`;
  }

  /** @param {Of} goal @param {Chip} chip */
  chip(goal, chip) {
    const name = t(NAMES[chip.slot] ?? chip.slot.replace('_', ' '));
    if (this.changing === chip.slot) return html`<li><form class="own" @submit=${(/** @type {SubmitEvent} */ event) => this.fix(event, chip.slot)}><label>${name} <input name="value" dir="auto" autocomplete="off" maxlength="2000" .value=${chip.value}></label>
      <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Save')}</button><button type="button" class="quiet" @click=${() => { this.changing = ''; }}>${t('Cancel')}</button></div></form></li>`;
    return html`<li><button type="button" class="part ${chip.how === 'assumed' ? 'assumed' : ''}" @click=${() => this.begin(chip.slot)}>
      <span class="name">${name}</span> <span dir="auto">${DAYS.has(chip.slot) ? day(chip.value) : chip.value}</span> <span class="how">${t(HOW[chip.how] ?? '')}</span><span class="unseen">: ${t('change it, of {goal}', { goal: goal.title })}</span></button></li>`;
  }

  /** @param {string} slot */
  async begin(slot) {
    this.changing = slot;
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.querySelector('.parts input'))?.select();
  }

  /** @param {Of} goal @param {import('../types-goals.js').Draft} draft */
  question(goal, draft) {
    return html`<form class="own asked" @submit=${(/** @type {SubmitEvent} */ event) => this.answer(event, draft.slot)}>
      <label for="ask-${goal.id}" dir="auto">${draft.question}</label>
      ${draft.choices.length ? html`<div class="choices">${draft.choices.map((each) => html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.give(draft.slot, each)}>${each}</button>`)}</div>` : nothing}
      <input id="ask-${goal.id}" name="value" dir="auto" autocomplete="off" maxlength="2000">
      <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Answer')}</button><button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.give(draft.slot, '')}>${t('Leave it open')}</button></div></form>`;
  }

  /** @param {Of} goal */
  choices(goal) {
    /** @param {string} name @param {string} call @param {string} [look] */
    const choice = (name, call, look = 'quiet') => html`<button type="button" class=${look} ?disabled=${this.busy} aria-label="${name}: ${goal.title}" @click=${() => this.have(call)}>${name}</button>`;
    if (goal.state === 'draft') return html`<div class="choices">${this.draft?.question ? nothing : choice(t('That is right, plan it'), 'confirm', 'strong')}${choice(t('Let it go'), 'drop')}</div>`;
    if (goal.state === 'active') return html`<div class="choices">${choice(t('Reached'), 'reach')}${choice(t('Pause'), 'pause')}${choice(t('Let it go'), 'drop')}</div>`;
    return html`<div class="choices">${choice(t('Take it up again'), 'resume')}</div>`;
  }

  far() {
    const next = (this.steps ?? []).filter((each) => each.state === 'open').slice(0, 5);
    return html`${this.progress ? html`<p dir="auto">${this.progress.words}</p>
        <mind-chart .points=${this.progress.points} .unit=${this.goal?.measure?.unit ?? ''}></mind-chart>
        ${this.progress.evidence.length ? html`<details><summary>${t('What shows it')}</summary><ul class="lines">${this.progress.evidence.map((each) => html`<li><blockquote dir="auto">${each.words}</blockquote><p class="from">${when(each.at)} · <bdi>${each.ref}</bdi></p></li>`)}</ul></details>` : nothing}` : nothing}
      ${next.length ? html`<ol class="lines">${next.map((each) => html`<li><p dir="auto">${each.title}</p><p class="from">${each.start ? placed(each.start) : t('has no place yet')} · ${t('{n} minutes', { n: each.minutes })}</p></li>`)}</ol>` : this.steps ? html`<p class="aside">${t('No step is planned.')}</p>` : nothing}
      ${this.goal?.obstacles.length ? html`<ul class="lines">${this.goal.obstacles.map((each) => html`<li dir="auto">${t('If {when}: {then}', { when: each.when, then: each.then })}</li>`)}</ul>` : nothing}`;
  }

  /** @param {Event} event */
  look(event) {
    const goal = this.goal;
    if (goal && /** @type {HTMLDetailsElement} */ (event.target).open && event.target === event.currentTarget) {
      this.run(() => this.readFar());
    }
  }

  async readFar() {
    const named = { goal: this.goal?.id ?? '' };
    [this.steps, this.progress] = await Promise.all([read('goals', 'steps', named), read('goals', 'progress', named)]);
  }

  /** @param {SubmitEvent} event @param {string} slot */
  async fix(event, slot) {
    event.preventDefault();
    const value = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('value') ?? '').trim();
    const went = await this.run(async () => {
      this.goal = await change('goals', 'change', { goal: this.goal?.id, slot, value });
      await this.stillAsked();
    });
    if (!went) return;
    this.changing = '';
    this.tell();
    await this.updateComplete;
    this.find('h3')?.focus();
  }

  /** @param {SubmitEvent} event @param {string} slot */
  answer(event, slot) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const value = String(new FormData(form).get('value') ?? '').trim();
    if (value) this.give(slot, value).then((went) => went && form.reset());
  }

  /** @param {string} slot @param {string} value "" leaves it open */
  async give(slot, value) {
    return this.run(async () => {
      this.draft = await change('goals', 'answer', { goal: this.goal?.id, slot, value });
      if (this.draft?.goal) this.goal = this.draft.goal;
    });
  }

  /** @param {string} call */
  have(call) {
    this.run(async () => {
      this.goal = await change('goals', call, { goal: this.goal?.id });
      this.tell();
      if (call === 'confirm') this.dispatchEvent(new CustomEvent('plan', { detail: 1 }));
    });
  }

  tell() {
    this.dispatchEvent(new CustomEvent('goal-changed'));
  }
}

customElements.define('mind-goal', GoalCard);
