// @ts-check
// What the person thinks of a reply: a thumb, a word of correction where they have one, and the offer to remember that word.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { icon } from '../icons.js';
import { t } from '../lang.js';
import { change } from '../rooms.js';

class Thumbs extends Asking {
  static properties = {
    reply: {}, feedback: { attribute: false }, mind: { attribute: false }, asking: { state: true }, learnt: { state: true },
    busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    /** The id of the reply. */
    this.reply = '';
    /** @type {import('../types.js').Feedback | null} */
    this.feedback = null;
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    /** Whether a word of correction is being asked for. */
    this.asking = false;
  }

  render() {
    const { feedback } = this;
    return html`${this.thumb(true, t('A good reply'))}${this.thumb(false, t('Not a good reply'))}
      ${this.asking ? this.form() : feedback?.word ? this.word(feedback) : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}`;
  }

  /** @param {boolean} good @param {string} name */
  thumb(good, name) {
    return html`<button type="button" class="tool ${good ? 'up' : 'down'}" aria-label=${name} title=${name} aria-pressed=${this.feedback?.is_good === good} ?disabled=${this.busy}
      @click=${() => this.rate(good)}>${icon('thumb')}</button>`;
  }

  form() {
    return html`<form class="fixing" @submit=${this.submit} @keydown=${this.key}>
      <label for="word-${this.reply}">${t('What should it have said? You may leave this empty.')}</label>
      <textarea id="word-${this.reply}" dir="auto" rows="2" maxlength="2000"></textarea>
      <div class="choices">
        <button type="submit" class="strong" ?disabled=${this.busy}>${t('Save')}</button>
        <button type="button" class="quiet" @click=${() => this.close()}>${t('Cancel')}</button>
      </div>
    </form>`;
  }

  /** The word as it was given, and what can be done with it. @param {import('../types.js').Feedback} feedback */
  word(feedback) {
    return html`<div class="word"><p class="aside"><span>${t('You corrected this:')}</span> <q dir="auto">${feedback.word}</q></p>
      <div class="choices">
        ${feedback.is_remembered
          ? html`<span class="tick"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5 6.5 12 13 4.5"/></svg>${t('Remembered')}</span>`
          : html`<button type="button" class="quiet remember" ?disabled=${this.busy} @click=${() => this.remember()}>${t('Remember this')}</button>`}
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.undo()}>${t('Take it back')}</button>
      </div></div>`;
  }

  /** Sets a thumb; the same one again takes it back. @param {boolean} good */
  async rate(good) {
    if (this.feedback?.is_good === good) return this.undo();
    if (!(await this.run(async () => this.mind?.rated(this.reply, await change('talk', 'rate', { reply: this.reply, good }))))) return;
    this.asking = !good;
    this.mind?.change({ announcement: good ? t('Marked as a good reply.') : t('Marked as not a good reply.') });
    await this.updateComplete;
    if (this.asking) this.find('textarea').focus();
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const word = /** @type {HTMLTextAreaElement} */ (this.find('textarea')).value.trim();
    const went = !word || (await this.run(async () => this.mind?.rated(this.reply, await change('talk', 'rate', { reply: this.reply, good: false, word }))));
    if (!went) return;
    await this.close();
    this.find('.remember')?.focus();
  }

  /** Has the word remembered, as the person's own statement. */
  async remember() {
    const { feedback } = this;
    if (!feedback || !(await this.run(async () => { await change('talk', 'remember', { reply: this.reply }); }))) return;
    this.mind?.rated(this.reply, { ...feedback, is_remembered: true });
    this.mind?.change({ announcement: t('Remembered') });
    this.mind?.reread();
    this.find('.down').focus();
  }

  async undo() {
    if (!(await this.run(() => change('talk', 'undo', { reply: this.reply })))) return;
    this.mind?.rated(this.reply, null);
    this.mind?.change({ announcement: t('Taken back.') });
    await this.close();
  }

  async close() {
    this.asking = false;
    this.trouble = null;
    await this.updateComplete;
    this.find('.down')?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      this.close();
    } else if (event.key === 'Enter' && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
      this.submit(event);
    }
  }
}

customElements.define('mind-thumbs', Thumbs);
