// @ts-check
// Where the time of turns goes: counts and times, never words.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { read } from '../rooms.js';
import { counted, when } from '../words.js';
import './bars.js';

/** @typedef {import('../types-brain.js').Recorded} Recorded */

class Speed extends Asking {
  static properties = { summary: { state: true }, recent: { state: true }, shown: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-brain.js').Summary | null} */
    this.summary = null;
    /** @type {Recorded[]} */
    this.recent = [];
    /** The turn whose parts are shown. @type {{turn: Recorded, parts: import('../types-brain.js').Timed[]} | null} */
    this.shown = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => {
      [this.summary, this.recent] = await Promise.all([read('traces', 'summary', { days: 7 }), read('traces', 'recent', { limit: 20 })]);
    });
  }

  render() {
    const { summary } = this;
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${summary ? summary.turns ? html`<p>${counted(summary.turns, 'turn')} in the last seven days. Half of them took ${seconds(summary.total.p50_ms)}; of that Ownmind itself needed ${seconds(summary.ours.p50_ms)}, the model the rest. The first word came after ${seconds(summary.first.p50_ms)}.</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Parts of a turn"><table><thead><tr><th scope="col">Part</th><th scope="col">Half take less than</th><th scope="col">Nearly all</th><th scope="col">Share</th></tr></thead>
        <tbody>${summary.parts.map((each) => html`<tr><th scope="row">${each.name}</th><td>${seconds(each.p50_ms)}</td><td>${seconds(each.p95_ms)}</td><td>${Math.round(100 * each.share)} %</td></tr>`)}</tbody></table></div>` : html`<p class="aside">No turn was timed yet. Say something, and look again.</p>` : nothing}
      ${this.recent.length ? html`<h3>The latest</h3><ul class="rows">${this.recent.map((each) => html`<li><button type="button" class="quiet" aria-expanded=${this.shown?.turn.id === each.id} @click=${() => this.show(each)}>${when(each.at)}: ${seconds(each.ms)}${each.stopped ? ', stopped' : ''}</button>
        <span class="from">${each.model ? html`<bdi>${each.model}</bdi>, ${counted(each.input_tokens, 'token')} read (${each.cached_tokens} of them before), ${each.output_tokens} said` : 'without a model'}</span>
        ${this.shown?.turn.id === each.id ? html`<mind-bars .parts=${this.shown.parts}></mind-bars>` : nothing}</li>`)}</ul>` : nothing}
      <p class="aside">These are counts and times, kept in your encrypted store and nowhere else. No words are among them.</p>`;
  }

  /** @param {Recorded} one */
  show(one) {
    if (this.shown?.turn.id === one.id) {
      this.shown = null;
      return;
    }
    this.run(async () => { this.shown = await read('traces', 'turn', { reply: one.reply }); });
  }
}

/** @param {number} ms */
export const seconds = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`);

customElements.define('mind-speed', Speed);
