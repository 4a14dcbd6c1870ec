// @ts-check
// Where the person writes. Enter sends, Shift+Enter begins a line, Escape stops (page.js).

import { attach, detach, readAttached } from '../attached.js';
import { Element, html, nothing } from '../element.js';
import { t } from '../lang.js';
import { far, size } from '../words.js';

export class Composer extends Element {
  static properties = { busy: { attribute: false }, attached: { attribute: false }, mind: { attribute: false }, reading: { state: true } };

  constructor() {
    super();
    this.busy = false;
    /** @type {import('../types.js').Attached[]} */
    this.attached = [];
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    /** Whether the files are being read that go with the message. */
    this.reading = false;
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

  /** Sends the message. Files that go with it are read first: where one cannot be, nothing is sent and nothing is lost. Files without words are read. @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const { mind } = this;
    if (!mind || this.busy || this.reading || !(this.text.value.trim() || this.attached.length)) return;
    if (!this.text.value.trim()) {
      const files = this.attached.map((each) => each.file);
      mind.change({ attached: [] });
      this.ask('give', files);
      return;
    }
    this.reading = true;
    const isRead = await readAttached(mind).finally(() => { this.reading = false; });
    const text = this.text.value.trim();
    if (!isRead || !text || mind.turning) return;
    const files = mind.attached.flatMap((each) => each.sources ?? []);
    mind.change({ attached: [] });
    this.text.value = '';
    this.grow();
    this.ask('say', { text, files });
  }

  /** @param {Event} event */
  chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    this.take(input.files);
    input.value = '';
  }

  /** @param {FileList | null | undefined} files */
  take(files) {
    if (!files?.length || !this.mind) return;
    attach(this.mind, files);
    this.focusText();
  }

  /** Files and pictures in the clipboard go with the message; words are pasted as words. @param {ClipboardEvent} event */
  paste(event) {
    if (!event.clipboardData?.files.length || event.clipboardData.getData('text/plain')) return;
    event.preventDefault();
    this.take(event.clipboardData.files);
  }

  /** @param {import('../types.js').Attached} one */
  async takeOff(one) {
    const at = this.attached.indexOf(one);
    if (this.mind) detach(this.mind, one);
    await this.updateComplete;
    const left = /** @type {NodeListOf<HTMLButtonElement>} */ (this.querySelectorAll('.attached button'));
    (left[Math.min(at, left.length - 1)] ?? this.text).focus();
  }

  /** @param {import('../types.js').Attached} one */
  chip(one) {
    const { file, progress, sources, trouble } = one;
    return html`<li class=${trouble ? 'failed' : ''}>
      <span class="name" dir="auto" title=${file.name}>${file.name}</span>
      <span class="size">${sources ? t('read') : this.reading && progress ? far(progress) : size(file.size)}</span>
      ${this.reading && !sources && !trouble ? html`<progress aria-label=${t('Reading {name}', { name: file.name })} max=${progress?.total || nothing} value=${progress?.total ? progress.done : nothing}></progress>` : nothing}
      <button type="button" class="tool" aria-label=${t('Take off {name}', { name: file.name })} ?disabled=${this.reading} @click=${() => this.takeOff(one)}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m7 7 10 10M17 7 7 17"/></svg></button>
      ${trouble ? html`<span class="trouble" role="alert"><strong>${trouble.message}</strong> ${trouble.hint}</span>` : nothing}
    </li>`;
  }

  render() {
    return html`${this.attached.length ? html`<ul class="attached" aria-label=${t('Goes with your message')}>${this.attached.map((each) => this.chip(each))}</ul>` : nothing}
      <form class="composer" @submit=${this.submit} aria-label=${t('Your message')}>
      <input type="file" id="file" class="unseen" tabindex="-1" aria-hidden="true" multiple @change=${this.chosen}>
      <button type="button" class="round" aria-label=${t('Give a file to read')} title=${t('Give a file to read')} @click=${() => this.find('input').click()}>
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="m20 11-8.2 8.2a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.1a1.7 1.7 0 0 1-2.4-2.4L14.5 7.3"/></svg>
      </button>
      <label for="text" class="unseen">${t('Your message')}</label>
      <textarea id="text" rows="1" dir="auto" enterkeyhint="send" autocapitalize="sentences" placeholder=${t('Say something')} aria-describedby="keys"
        @keydown=${this.key} @input=${this.grow} @paste=${this.paste}></textarea>
      <span id="keys" class="unseen">${t('Enter sends, Shift and Enter begins a new line, Escape stops the answer.')}</span>
      ${this.busy
        ? html`<button type="button" class="round stop" aria-label=${t('Stop')} title=${t('Stop (Esc)')} @click=${() => this.ask('stop')}><svg viewBox="0 0 24 24" aria-hidden="true"><rect x="7" y="7" width="10" height="10" rx="2"/></svg></button>`
        : html`<button type="submit" class="round send" aria-label=${t('Send')} title=${t('Send (Enter)')}><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V5m-6 6 6-6 6 6"/></svg></button>`}
    </form>`;
  }
}

customElements.define('mind-composer', Composer);
