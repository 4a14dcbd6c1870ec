// @ts-check
// The morning's briefing and the week's review: sentences, each with what says so.

import { Element, html, nothing } from '../element.js';

const SECTIONS = {
  steps: 'Today', promises: 'Promised', birthdays: 'Birthdays', waiting: 'Waiting for you', changed: 'Changed', missed: 'Missed',
  held: 'Held back', let_go: 'One thing to let go', progress: 'How far', done: 'Done', next: 'Next week', patterns: 'In your own words', suggestions: 'What worked',
};

class Brief extends Element {
  static properties = { lines: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Line[]} */
    this.lines = [];
  }

  render() {
    const sections = [...new Set(this.lines.map((each) => each.section))];
    return html`${sections.map((section) => html`<section class="section"><h3>${SECTIONS[/** @type {keyof typeof SECTIONS} */ (section)] ?? section}</h3>
      <ul class="lines">${this.lines.filter((each) => each.section === section).map((each) => this.line(each))}</ul></section>`)}`;
  }

  /** @param {import('../types-goals.js').Line} line */
  line(line) {
    const said = line.refs.filter((each) => each.words);
    return html`<li><p dir="auto">${line.text}</p>
      ${said.length ? html`<details><summary>What says so</summary><ul>${said.map((each) => html`<li><blockquote dir="auto">${each.words}</blockquote><p class="from"><bdi>${each.ref}</bdi></p></li>`)}</ul></details>` : nothing}</li>`;
  }
}

customElements.define('mind-brief', Brief);
