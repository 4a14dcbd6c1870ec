// @ts-check
// How the page speaks and looks in this browser: language, colours, size of the text. Each holds at once and is kept here alone.

import { html, nothing } from '../element.js';
import { keep, kept } from '../kept.js';
import { LANGUAGES, speak, t } from '../lang.js';
import { percent } from '../words.js';
import { Room } from './room.js';

const SIZES = ['115', '130', '150', '200']; // percent

export class Settings extends Room {
  get heading() {
    return t('Settings');
  }

  content() {
    return html`<div class="fields">
      ${this.choice('language', t('Language'), [['', t('As the browser says')], ...Object.entries(LANGUAGES)])}
      ${this.choice('theme', t('Colours'), [['', t('As the system says')], ['light', t('Light')], ['dark', t('Dark')]])}
      ${this.choice('size', t('Size of the text'), [['', t('As the browser says')], ...SIZES.map((each) => /** @type {[string, string]} */ ([each, percent(Number(each) / 100)]))])}
      <p class="hint">${t('These hold in this browser. Some of what Ownmind writes, such as plans and messages about errors, is in English whatever is chosen here.')}</p>
    </div>`;
  }

  /** @param {import('../kept.js').Name} name @param {string} label @param {[string, string][]} all  values, each with its words */
  choice(name, label, all) {
    return html`<label>${label}<select name=${name} @change=${(/** @type {Event} */ event) => this.set(name, /** @type {HTMLSelectElement} */ (event.target).value)}>
      ${all.map(([value, words]) => html`<option value=${value} lang=${name === 'language' && value ? value : nothing} ?selected=${kept(name) === value}>${words}</option>`)}</select></label>`;
  }

  /** @param {import('../kept.js').Name} name @param {string} value */
  async set(name, value) {
    if (name === 'language') return this.run(() => speak(value));
    keep(name, value);
    document.documentElement.dataset[name] = value;
    return true;
  }
}

customElements.define('mind-settings', Settings);
