// @ts-check
// The morning's briefing and the week's review: sentences, each with what says so.

import { Element, html, nothing } from '../element.js';
import { key, t } from '../lang.js';

const SECTIONS = {
  steps: key('Today'), promises: key('Promised'), birthdays: key('Birthdays'), waiting: key('Waiting for you'), changed: key('Changed'), missed: key('Missed'),
  held: key('Held back'), let_go: key('One thing to let go'), progress: key('How far'), done: key('Done'), next: key('Next week'), patterns: key('In your own words'), suggestions: key('What worked'),
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
    return html`${sections.map((section) => html`<section class="section"><h3>${t(SECTIONS[/** @type {keyof typeof SECTIONS} */ (section)] ?? section)}</h3>
      <ul class="lines">${this.lines.filter((each) => each.section === section).map((each) => this.line(each))}</ul></section>`)}`;
  }

  /** @param {import('../types-goals.js').Line} line */
  line(line) {
    const said = line.refs.filter((each) => each.words);
    return html`<li><p dir="auto">${line.text}</p>
      ${said.length ? html`<details><summary>${t('What says so')}</summary><ul>${said.map((each) => html`<li><blockquote dir="auto">${each.words}</blockquote><p class="from"><bdi>${each.ref}</bdi></p></li>`)}</ul></details>` : nothing}</li>`;
  }
}

customElements.define('mind-brief', Brief);
