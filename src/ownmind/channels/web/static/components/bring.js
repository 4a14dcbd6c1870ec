// @ts-check
// What is worth giving first, as chips: each opens the browser's own picker.

import { Element, html, nothing } from '../element.js';
import { key, t } from '../lang.js';

/** `folder`: everything in one; `accept`: which files are offered. */
const SORTS = [
  { name: key('A calendar'), accept: '.ics', folder: false },
  { name: key('A chat export'), accept: '.json,.jsonl,.txt,.html', folder: false },
  { name: key('A folder of documents'), accept: '', folder: true },
  { name: key('Contacts'), accept: '.vcf', folder: false },
];

class Bring extends Element {
  render() {
    return html`<ul class="bring" aria-label=${t('Give me something to read')}>${SORTS.map(({ name, accept, folder }) => html`<li>
      <button type="button" class="quiet" @click=${this.pick}>${t(name)}</button><input type="file" hidden tabindex="-1" multiple accept=${accept || nothing} ?webkitdirectory=${folder} @change=${this.give}></li>`)}</ul>`;
  }

  /** @param {Event} event */
  pick(event) {
    /** @type {HTMLInputElement} */ (/** @type {HTMLElement} */ (event.currentTarget).nextElementSibling).click();
  }

  /** @param {Event} event */
  give(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length) this.ask('give', files);
  }
}

customElements.define('mind-bring', Bring);
