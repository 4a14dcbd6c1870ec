// @ts-check
// The measure against the plan, day by day: two lines (uPlot, loaded with the first chart), and the same as a table for whoever does not
// see lines. Colours are the page's own and change with its theme.

import { Element, html, nothing } from '../element.js';
import { locale, t } from '../lang.js';
import { sheet } from '../sheet.js';
import { day, plain } from '../words.js';

const HIGH = 200;
const DARK = matchMedia('(prefers-color-scheme: dark)');

class Chart extends Element {
  static properties = { points: { attribute: false }, unit: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Point[]} */
    this.points = [];
    this.unit = '';
    /** @type {import('../vendor/uplot/uPlot.esm.js').default | null} */
    this.plot = null;
    /** What is drawn: the same is not drawn again. */
    this.drawn = '';
    this.wide = new ResizeObserver(() => this.fit());
    this.anew = () => { this.drawn = ''; this.draw(); };
  }

  connectedCallback() {
    super.connectedCallback();
    DARK.addEventListener('change', this.anew);
    this.themed = new MutationObserver(this.anew);
    this.themed.observe(document.documentElement, { attributeFilter: ['data-theme', 'dir', 'lang'] });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    DARK.removeEventListener('change', this.anew);
    this.themed?.disconnect();
    this.wide.disconnect();
    this.plot?.destroy();
    this.plot = null;
    this.drawn = '';
  }

  /** The days something is known of. */
  get known() {
    return this.points.filter((each) => each.planned !== null || each.actual !== null);
  }

  render() {
    const points = this.known;
    if (points.length < 2) return html`<p class="aside">${t('Here your measure is drawn against the plan, day by day, as soon as there are two days to draw.')}</p>`;
    const values = points.flatMap((each) => [each.planned, each.actual]).filter((each) => each !== null);
    const [from, to] = [day(points[0]?.day ?? ''), day(points.at(-1)?.day ?? '')];
    return html`<figure class="chart">
      <div class="plot" role="img" aria-label=${t('The plan as a dashed line, what was done as a full one; the table below has the numbers')}></div>
      <figcaption class="from"><span class="line-of"><span class="planned"></span>${t('Planned')}</span> <span class="line-of"><span class="actual"></span>${t('Done')}</span>
        ${t('{from} to {to}, {least} to {most} {unit}', { from, to, least: Math.min(...values), most: Math.max(...values), unit: this.unit })}</figcaption>
      <details><summary>${t('As a table')}</summary><div class="scroll" tabindex="0" role="region" aria-label=${t('The measure day by day')}><table><thead><tr><th scope="col">${t('Day')}</th><th scope="col">${t('Planned')}</th><th scope="col">${t('Done')}</th></tr></thead>
        <tbody>${points.map((each) => html`<tr><th scope="row">${day(each.day)}</th><td>${each.planned === null ? '' : plain(each.planned)}</td><td>${each.actual === null ? '' : plain(each.actual)}</td></tr>`)}</tbody></table></div></details>
    </figure>`;
  }

  updated() {
    this.draw();
  }

  async draw() {
    const [points, at] = [this.known, JSON.stringify([this.known, this.unit, locale()])];
    if (points.length < 2 || at === this.drawn) return;
    this.drawn = at;
    const [{ default: uPlot }] = await Promise.all([import('../vendor/uplot/uPlot.esm.js'), sheet('/vendor/uplot/uPlot.min.css')]);
    const into = this.find('.plot');
    if (!this.isConnected || !into || this.drawn !== at) return;
    this.plot?.destroy();
    const style = getComputedStyle(into);
    const [ink, line, leaf, edge] = ['--soft', '--line', '--leaf', '--edge'].map((name) => colour(into, style.getPropertyValue(name)));
    const days = new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const grid = { stroke: line, width: 1 };
    const axis = { stroke: ink, font: ['13px', style.fontFamily].join(' '), grid, ticks: { ...grid, size: 4 } };
    this.plot = new uPlot({
      width: Math.max(120, into.clientWidth), height: HIGH, tzDate: (/** @type {number} */ seconds) => new Date(1000 * (seconds + 60 * new Date(1000 * seconds).getTimezoneOffset())),
      legend: { show: false }, cursor: { show: false }, scales: { x: { time: true } },
      series: [{}, { stroke: edge, width: 2, dash: [6, 5], points: { show: false }, spanGaps: true }, { stroke: leaf, width: 3, spanGaps: true, points: { show: points.length < 40, size: 6, fill: leaf } }],
      axes: [
        { ...axis, space: 70, size: 34, values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((each) => days.format(new Date(1000 * each))), incrs: [1, 2, 7, 14, 30, 60, 90, 180, 365].map((each) => each * 86400) },
        { ...axis, size: 56, values: (/** @type {unknown} */ _, /** @type {number[]} */ at) => at.map((each) => plain(each)) },
      ],
    }, [points.map((each) => Date.parse(each.day) / 1000), points.map((each) => each.planned), points.map((each) => each.actual)], into);
    this.wide.disconnect();
    this.wide.observe(into);
  }

  fit() {
    const into = this.querySelector('.plot');
    if (into && this.plot && into.clientWidth > 0) this.plot.setSize({ width: into.clientWidth, height: HIGH });
  }
}

/** A colour a canvas can take: the browser says what light-dark() comes to here. @param {HTMLElement} within @param {string} value */
function colour(within, value) {
  const probe = document.createElement('span');
  probe.style.color = value;
  within.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

customElements.define('mind-chart', Chart);
