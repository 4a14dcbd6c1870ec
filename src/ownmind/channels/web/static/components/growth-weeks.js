// @ts-check
// What each week brought, as a table: counts of rows, each share with how many it is of.

import { Element, html, nothing } from '../element.js';
import { t } from '../lang.js';
import { day, plain } from '../words.js';

/** @typedef {import('../types-growth.js').Week} Week */

class GrowthWeeks extends Element {
  static properties = { weeks: { attribute: false } };

  constructor() {
    super();
    /** @type {Week[]} */
    this.weeks = [];
  }

  render() {
    const begun = this.weeks.findIndex((week) => week.replies || week.learnt || week.put_right || week.confirmed);
    if (begun < 0) return nothing;
    const weeks = this.weeks.slice(begun).reverse();
    /** @type {[string, (week: Week) => string][]} */
    const lines = [
      [t('Replies'), (week) => plain(week.replies)],
      [t('Good, of those you rated'), (week) => share(week.good, week.good + week.bad)],
      [t('I said that I did not know'), (week) => share(week.unknown, week.replies)],
      [t('Corrections I remember, of those you gave'), (week) => share(week.remembered, week.corrections)],
      [t('Facts learnt'), (week) => plain(week.learnt)],
      [t('Facts you confirmed'), (week) => plain(week.confirmed)],
      [t('Facts you put right'), (week) => plain(week.put_right)],
    ];
    return html`<h3 id="growth-weeks">${t('Week by week')}</h3>
      <div class="scroll" tabindex="0" role="region" aria-labelledby="growth-weeks"><table><thead><tr><td></td>${weeks.map((week, n) => html`<th scope="col">${n ? t('from {day}', { day: day(week.start) }) : t('This week')}</th>`)}</tr></thead>
        <tbody>${lines.map(([name, value]) => html`<tr><th scope="row">${name}</th>${weeks.map((week) => html`<td>${value(week)}</td>`)}</tr>`)}</tbody></table></div>
      <p class="aside">${t('These are counts of what happened here. Few ratings prove little, and no figure here proves that I got better.')}</p>`;
  }
}

/** How many of how many; nothing where there is none to count. @param {number} n @param {number} of */
const share = (n, of) => (of ? t('{n} of {of}', { n, of }) : '–');

customElements.define('mind-growth-weeks', GrowthWeeks);
