// @ts-check
// Today: what is due, the briefing, the week's review on its day, and how the days are shaped.

import { html, nothing, repeat } from '../element.js';
import { read } from '../rooms.js';
import './brief.js';
import './days.js';
import './nudge.js';
import './review.js';
import { Room } from './room.js';
import { nothingYet } from './nothing-yet.js';

export class Today extends Room {
  static properties = { ...Room.properties, due: { state: true }, brief: { state: true }, review: { state: true }, shaping: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Nudge[]} */
    this.due = [];
    /** @type {import('../types-goals.js').Briefing | null} */
    this.brief = null;
    /** @type {import('../types-goals.js').Review | null} */
    this.review = null;
    this.shaping = false;
  }

  get heading() {
    return 'Today';
  }

  async read() {
    [this.due, this.brief] = await Promise.all([read('today', 'due'), read('today', 'brief')]);
    this.ask('due', this.due.length);
  }

  content() {
    const answered = this.due.filter((each) => !['briefing', 'review'].includes(each.kind));
    return html`
      ${repeat(answered, (each) => each.key, (each) => html`<mind-nudge .nudge=${each}></mind-nudge>`)}
      ${this.brief?.lines.length ? html`<mind-brief .lines=${this.brief.lines}></mind-brief>` : this.brief && !answered.length ? nothingYet(this.brief.words || 'Nothing is due.', 'Want something', 'I want to ') : nothing}
      ${this.busy && !this.brief ? html`<p class="aside" role="status">Reading your day …</p>` : nothing}
      <details @toggle=${this.look}><summary>The week so far</summary><mind-review .review=${this.review}></mind-review></details>
      <details @toggle=${(/** @type {Event} */ event) => { this.shaping = /** @type {HTMLDetailsElement} */ (event.target).open; }}><summary>Your days, and when I may speak</summary>${this.shaping ? html`<mind-days></mind-days>` : nothing}</details>`;
  }

  /** The review is written when somebody looks. @param {Event} event */
  look(event) {
    if (/** @type {HTMLDetailsElement} */ (event.target).open) this.run(async () => { this.review = await read('today', 'review'); });
  }
}

customElements.define('mind-today', Today);
