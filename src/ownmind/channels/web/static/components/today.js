// @ts-check
// Today: what is due and today's steps, each with its check-in, the briefing, the week's review on its day, and how the days are shaped.

import { html, nothing, repeat } from '../element.js';
import { t } from '../lang.js';
import { read } from '../rooms.js';
import './brief.js';
import './days.js';
import './nudge.js';
import './step.js';
import './review.js';
import { Room } from './room.js';
import { nothingYet } from './nothing-yet.js';

export class Today extends Room {
  static properties = { ...Room.properties, due: { state: true }, steps: { state: true }, brief: { state: true }, review: { state: true }, shaping: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Nudge[]} */
    this.due = [];
    /** Today's open steps, or the one that comes, and those that were answered here. @type {import('../types-goals.js').Step[]} */
    this.steps = [];
    /** @type {Map<string, import('../types-goals.js').Goal>} */
    this.goals = new Map();
    /** What was answered while this is open: it stays to be looked at, taken back or said more of. @type {Set<string>} */
    this.answered = new Set();
    /** @type {import('../types-goals.js').Briefing | null} */
    this.brief = null;
    /** @type {import('../types-goals.js').Review | null} */
    this.review = null;
    this.shaping = false;
  }

  get heading() {
    return t('Today');
  }

  async read() {
    const [due, brief, steps, goals] = await Promise.all([read('today', 'due'), read('today', 'brief'), read('goals', 'next'), read('goals', 'all')]);
    this.brief = brief;
    this.goals = new Map(goals.map((/** @type {import('../types-goals.js').Goal} */ each) => [each.id, each]));
    this.due = this.kept(this.due, due, (each) => each.key, (each) => each.subject);
    this.steps = this.kept(this.steps, steps, (each) => each.id, (each) => each.id);
    this.ask('due', due.length);
  }

  async open() {
    if (!this.shown) this.answered.clear();
    await super.open();
  }

  /** What was read, with what was answered here where it stood. @template T @param {T[]} before @param {T[]} now @param {(each: T) => string} name @param {(each: T) => string} subject */
  kept(before, now, name, subject) {
    const fresh = new Map(now.map((each) => [name(each), each]));
    const stays = before.filter((each) => fresh.has(name(each)) || this.answered.has(subject(each)));
    const there = new Set(stays.map(name));
    return [...stays.map((each) => (this.answered.has(subject(each)) ? each : fresh.get(name(each)) ?? each)), ...now.filter((each) => !there.has(name(each)))];
  }

  content() {
    const asked = this.due.filter((each) => !['briefing', 'review'].includes(each.kind));
    const steps = this.steps.filter((each) => !asked.some((nudge) => nudge.subject === each.id));
    const shown = new Set(steps.map((each) => each.id));
    const lines = (this.brief?.lines ?? []).filter((line) => line.section !== 'steps' || !line.refs.some((each) => shown.has(each.ref)));
    return html`<div @checked=${this.keep}>
      ${repeat(asked, (each) => each.key, (each) => { const step = this.steps.find((one) => one.id === each.subject) ?? null; return html`<mind-nudge .nudge=${each} .step=${step} .unit=${this.unit(step?.goal ?? each.subject)}></mind-nudge>`; })}
      ${steps.length ? html`<section class="section"><h3>${t('What is next')}</h3>${repeat(steps, (each) => each.id, (each) => html`<mind-step .step=${each} .goal=${this.goals.get(each.goal) ?? null} .plain=${true}></mind-step>`)}</section>` : nothing}</div>
      ${lines.length ? html`<mind-brief .lines=${lines}></mind-brief>` : this.brief && !asked.length && !steps.length ? nothingYet(this.brief.words || t('Nothing is due.'), t('Want something'), t('I want to') + ' ') : nothing}
      ${this.busy && !this.brief ? html`<p class="aside" role="status">${t('Reading your day …')}</p>` : nothing}
      <details @toggle=${this.look}><summary>${t('The week so far')}</summary><mind-review .review=${this.review}></mind-review></details>
      <details @toggle=${(/** @type {Event} */ event) => { this.shaping = /** @type {HTMLDetailsElement} */ (event.target).open; }}><summary>${t('Your days, and when I may speak')}</summary>${this.shaping ? html`<mind-days></mind-days>` : nothing}</details>`;
  }

  /** What was answered stays where it is while this is open. @param {Event} event */
  keep(event) {
    this.answered.add(/** @type {import('./check-in.js').CheckIn} */ (event.target).subject);
  }

  /** What a goal's measure is counted in. @param {string} goal */
  unit(goal) {
    return this.goals.get(goal)?.measure?.unit ?? '';
  }

  /** The review is written when somebody looks. @param {Event} event */
  look(event) {
    if (/** @type {HTMLDetailsElement} */ (event.target).open) this.run(async () => { this.review = await read('today', 'review'); });
  }
}

customElements.define('mind-today', Today);
