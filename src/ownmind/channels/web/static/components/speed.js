// @ts-check
// Where the time of turns goes: counts and times, never words.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { read } from '../rooms.js';
import { lasted, percent, when } from '../words.js';
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
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${summary ? summary.turns ? html`<p>${plural(summary.turns, '{n} turn in the last seven days.', '{n} turns in the last seven days.')} ${t('Half of them took {all}; of that Ownmind itself needed {ours}, the model the rest. The first word came after {first}.', { all: lasted(summary.total.p50_ms), ours: lasted(summary.ours.p50_ms), first: lasted(summary.first.p50_ms) })}</p>
        <div class="scroll" tabindex="0" role="region" aria-label=${t('Parts of a turn')}><table><thead><tr><th scope="col">${t('Part')}</th><th scope="col">${t('Half take less than')}</th><th scope="col">${t('Nearly all')}</th><th scope="col">${t('Share')}</th></tr></thead>
        <tbody>${summary.parts.map((each) => html`<tr><th scope="row">${each.name}</th><td>${lasted(each.p50_ms)}</td><td>${lasted(each.p95_ms)}</td><td>${percent(each.share)}</td></tr>`)}</tbody></table></div>` : html`<p class="aside">${t('No turn was timed yet. Say something, and look again.')}</p>` : nothing}
      ${this.recent.length ? html`<h3>${t('The latest')}</h3><ul class="rows">${this.recent.map((each) => html`<li><button type="button" class="quiet" aria-expanded=${this.shown?.turn.id === each.id} @click=${() => this.show(each)}>${when(each.at)}: ${lasted(each.ms)}${each.stopped ? ` · ${t('stopped')}` : ''}</button>
        <span class="from">${each.model ? html`<bdi>${each.model}</bdi> · ${plural(each.input_tokens, '{n} token read ({cached} of them before), {said} said', '{n} tokens read ({cached} of them before), {said} said', { cached: each.cached_tokens, said: each.output_tokens })}` : t('without a model')}</span>
        ${this.shown?.turn.id === each.id ? html`<mind-bars .parts=${this.shown.parts}></mind-bars>` : nothing}</li>`)}</ul>` : nothing}
      <p class="aside">${t('These are counts and times, kept in your encrypted store and nowhere else. No words are among them.')}</p>`;
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

customElements.define('mind-speed', Speed);
