// @ts-check
// The parts of one turn as bars along its time.

import { Element, html, nothing } from '../element.js';
import { t } from '../lang.js';
import { lasted } from '../words.js';

class Bars extends Element {
  static properties = { parts: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types-brain.js').Timed[]} */
    this.parts = [];
  }

  render() {
    const whole = Math.max(1, ...this.parts.map((each) => each.start_ms + each.ms));
    return html`<ol class="bars">${this.parts.map((each) => html`<li><span class="name depth-${Math.min(each.depth, 4)}">${each.name}</span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class=${each.is_model ? 'model' : 'ours'} x=${(100 * each.start_ms) / whole} y="0" width=${Math.max(0.4, (100 * each.ms) / whole)} height="4"></rect></svg>
      <span class="clock">${lasted(each.ms)}</span></li>`)}</ol>${this.parts.length ? nothing : html`<p class="aside">${t('Nothing was recorded.')}</p>`}`;
  }
}

customElements.define('mind-bars', Bars);
