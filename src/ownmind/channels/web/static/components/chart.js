// @ts-check
// The measure against the plan, day by day: a line for each, and the same as a table for whoever does not see lines.

import { Element, html, nothing } from '../element.js';
import { day, plain } from '../words.js';

const [WIDE, HIGH, EDGE] = [600, 160, 8];

class Chart extends Element {
  static properties = { points: { attribute: false }, unit: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Point[]} */
    this.points = [];
    this.unit = '';
  }

  render() {
    const points = this.points.filter((each) => each.planned !== null || each.actual !== null);
    if (points.length < 2) return nothing;
    const values = points.flatMap((each) => [each.planned, each.actual]).filter((each) => each !== null);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const [first, last] = [Date.parse(points[0]?.day ?? ''), Date.parse(points.at(-1)?.day ?? '')];
    /** @param {'planned' | 'actual'} which */
    const line = (which) => points.filter((each) => each[which] !== null)
      .map((each) => `${EDGE + (WIDE - 2 * EDGE) * (Date.parse(each.day) - first) / (last - first || 1)},${HIGH - EDGE - (HIGH - 2 * EDGE) * (Number(each[which]) - least) / (most - least || 1)}`).join(' ');
    return html`<figure class="chart">
      <svg viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label="The plan as a dashed line, what was done as a full one; the table below has the numbers" preserveAspectRatio="none">
        <polyline class="planned" points=${line('planned')}></polyline><polyline class="actual" points=${line('actual')}></polyline></svg>
      <figcaption class="from">${day(points[0]?.day ?? '')} to ${day(points.at(-1)?.day ?? '')}, ${plain(least)} to ${plain(most)} ${this.unit}: planned dashed, done full</figcaption>
      <details><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label="The measure day by day"><table><thead><tr><th scope="col">Day</th><th scope="col">Planned</th><th scope="col">Done</th></tr></thead>
        <tbody>${points.map((each) => html`<tr><th scope="row">${day(each.day)}</th><td>${each.planned === null ? '' : plain(each.planned)}</td><td>${each.actual === null ? '' : plain(each.actual)}</td></tr>`)}</tbody></table></div></details>
    </figure>`;
  }
}

customElements.define('mind-chart', Chart);
