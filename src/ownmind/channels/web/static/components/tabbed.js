// @ts-check
// A room with several views, one tab each (the tabs pattern of the ARIA practices guide: arrow keys go from view to view).

import { html, nothing } from '../element.js';
import { isRightToLeft } from '../lang.js';
import { Room } from './room.js';

/** @typedef {{id: string, name: string, show: () => unknown}} View */

export class Tabbed extends Room {
  static properties = { ...Room.properties, view: { state: true } };

  constructor() {
    super();
    this.view = 0;
  }

  /** The views, in the order of their tabs. @returns {View[]} */
  get views() {
    return [];
  }

  /** What stands above the tabs, for all views. @returns {unknown} */
  above() {
    return nothing;
  }

  content() {
    const view = this.views[this.view] ?? this.views[0];
    if (!view) return nothing;
    const panel = `${this.localName}-panel`;
    return html`${this.above()}
      <div class="tabs" role="tablist" aria-label=${this.heading} @keydown=${this.key}>${this.views.map((each, n) => html`<button type="button" role="tab" id="tab-${each.id}"
        aria-selected=${n === this.view} aria-controls=${panel} tabindex=${n === this.view ? 0 : -1} @click=${() => { this.view = n; }}>${each.name}</button>`)}</div>
      <section id=${panel} role="tabpanel" aria-labelledby="tab-${view.id}">${view.show()}</section>`;
  }

  /** @param {KeyboardEvent} event */
  async key(event) {
    const last = this.views.length - 1;
    const [next, before] = [(this.view + 1) % this.views.length, this.view ? this.view - 1 : last];
    const [right, left] = isRightToLeft() ? [before, next] : [next, before];
    const to = { ArrowRight: right, ArrowLeft: left, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.view = to;
    await this.updateComplete;
    this.find('[role=tab][aria-selected=true]')?.focus();
  }
}
