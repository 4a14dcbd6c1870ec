// @ts-check
// Where the person writes. Enter sends, Shift+Enter begins a line, Escape stops (page.js).

import { Element, html } from '../element.js';
import { t } from '../lang.js';

export class Composer extends Element {
  static properties = { busy: { attribute: false } };

  constructor() {
    super();
    this.busy = false;
  }

  /** @returns {HTMLTextAreaElement} */
  get text() {
    return /** @type {HTMLTextAreaElement} */ (this.find('textarea'));
  }

  firstUpdated() {
    if (matchMedia('(pointer: fine)').matches) this.focusText(); // on a phone it would open the keyboard unasked
  }

  focusText() {
    this.text.focus();
  }

  /** Puts words in the field for the person to finish. @param {string} text */
  begin(text) {
    this.text.value = text;
    this.grow();
    this.focusText();
    this.text.setSelectionRange(text.length, text.length);
  }

  grow() {
    if (CSS.supports('field-sizing', 'content')) return;
    this.text.style.height = 'auto';
    this.text.style.height = `${this.text.scrollHeight}px`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    // isComposing: Enter also ends a word in Japanese, Chinese and Korean input; Safari says 229 instead.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.submit(event);
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text || this.busy) return;
    this.text.value = '';
    this.grow();
    this.ask('say', text);
  }

  /** @param {Event} event */
  chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.ask('give', [...(input.files ?? [])]);
    input.value = '';
  }

  render() {
    return html`<form class="composer" @submit=${this.submit} aria-label=${t('Your message')}>
      <input type="file" id="file" class="unseen" tabindex="-1" aria-hidden="true" multiple @change=${this.chosen}>
      <button type="button" class="round" aria-label=${t('Give a file to read')} title=${t('Give a file to read')} @click=${() => this.find('input').click()}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m20 11-8.2 8.2a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.1a1.7 1.7 0 0 1-2.4-2.4L14.5 7.3"/></svg>
      </button>
      <label for="text" class="unseen">${t('Your message')}</label>
      <textarea id="text" rows="1" dir="auto" enterkeyhint="send" autocapitalize="sentences" placeholder=${t('Say something')} aria-describedby="keys"
        @keydown=${this.key} @input=${this.grow}></textarea>
      <span id="keys" class="unseen">${t('Enter sends, Shift and Enter begins a new line, Escape stops the answer.')}</span>
      ${this.busy
        ? html`<button type="button" class="round stop" aria-label=${t('Stop')} title=${t('Stop (Esc)')} @click=${() => this.ask('stop')}><svg viewBox="0 0 24 24" aria-hidden="true"><rect x="7" y="7" width="10" height="10" rx="2"/></svg></button>`
        : html`<button type="submit" class="round send" aria-label=${t('Send')} title=${t('Send (Enter)')}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V5m-6 6 6-6 6 6"/></svg></button>`}
    </form>`;
  }
}

customElements.define('mind-composer', Composer);
