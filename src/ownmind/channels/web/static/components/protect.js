// @ts-check
// The key of this home: a passphrase or the computer's keychain, and recovery words, shown once and said back in part.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { key, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';

/** @typedef {{kind: string, has_recovery: boolean, says: string, hint: string, has_keychain: boolean}} Protected */
/** @typedef {{words: string[], letters: string, asked: number[]}} Recovery */
/** '' nothing is being done; set, remove: a passphrase; know: it is asked for before words are shown @typedef {'' | 'set' | 'remove' | 'know'} Doing */

const KINDS = /** @type {Record<string, string>} */ ({
  passphrase: key('The key is wrapped by your passphrase. Nobody opens this memory without it while Ownmind is stopped.'),
  keyring: key('The key is in this computer’s keychain. Programs running as you can ask for it.'),
  file: key('The key lies in a file that you alone can read. Whoever has this disk, or a copy of that file, can read everything.'),
});
const SHORT = 8;

export class Protect extends Asking {
  static properties = { how: { state: true }, doing: { state: true }, made: { state: true }, done: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Protected | null} */
    this.how = null;
    /** @type {Doing} */
    this.doing = '';
    /** Words that were just made; they are shown once. @type {Recovery | null} */
    this.made = null;
    this.done = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => { this.how = await read('privacy', 'protection'); });
  }

  render() {
    const how = this.how;
    if (!how) return nothing;
    return html`<section class="protect" aria-label=${t('The key of this memory')}>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p>${t(KINDS[how.kind] ?? '')}</p>
      ${this.done ? html`<p role="status"><strong>${this.done}</strong></p>` : nothing}
      ${this.made ? this.words(this.made) : this.doing ? this.form(how) : this.choices(how)}
    </section>`;
  }

  /** @param {Protected} how */
  choices(how) {
    const closed = how.kind === 'passphrase';
    return html`<div class="choices">
        <button type="button" class="strong" @click=${() => this.begin('set')}>${closed ? t('Change the passphrase') : t('Set a passphrase')}</button>
        ${closed ? html`<button type="button" class="quiet" @click=${() => this.begin('remove')}>${t('Remove the passphrase')}</button>` : nothing}
        ${how.kind === 'file' && how.has_keychain ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.takeAway('')}>${t('Use this computer’s keychain')}</button>` : nothing}
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${() => (closed ? this.begin('know') : this.show(''))}>${how.has_recovery ? t('Make new recovery words') : t('Make recovery words')}</button>
      </div>
      ${how.kind === 'file' && !how.has_keychain ? html`<p class="aside">${t('This computer offers no keychain here, so a passphrase is the way to close it.')}</p>` : nothing}
      ${closed && !how.has_recovery ? html`<p class="aside"><strong>${t('There are no recovery words: a forgotten passphrase would lose everything.')}</strong></p>` : nothing}`;
  }

  /** @param {Protected} how */
  form(how) {
    const closed = how.kind === 'passphrase';
    return html`<form class="fields" @submit=${this.submit}>
      ${closed ? html`<label>${t('The passphrase it has now')}<input type="password" name="current" autocomplete="current-password" required></label>` : nothing}
      ${this.doing === 'set' ? html`<label>${t('New passphrase')}<input type="password" name="passphrase" autocomplete="new-password" minlength=${SHORT} required></label>
        <label>${t('Once more')}<input type="password" name="again" autocomplete="new-password" required></label>
        <p class="hint">${t('A few words that only you would put together. It is asked for when Ownmind starts; nobody can reset it.')}</p>` : nothing}
      ${this.doing === 'remove' ? html`<p class="hint">${how.has_keychain ? t('The computer’s keychain keeps the key then.') : t('The key lies in a readable file then: whoever has this disk can read everything.')}</p>` : nothing}
      <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${this.doing === 'remove' ? t('Remove the passphrase') : this.doing === 'know' ? t('Show new words') : t('Set the passphrase')}</button>
        <button type="button" class="quiet" @click=${() => { this.doing = ''; this.trouble = null; }}>${t('Cancel')}</button></div>
    </form>`;
  }

  /** @param {Recovery} made */
  words(made) {
    return html`<div class="recovery">
      <p>${t('Write these fifteen words down, in this order, and keep them away from this computer. They open this memory when the passphrase is forgotten, and your backups on another computer. Whoever has them can read it. They are shown this once.')}</p>
      <ol class="words-once" translate="no">${made.words.map((word) => html`<li>${word}</li>`)}</ol>
      <p class="from">${rich('The same as letters: {letters}', { letters: html`<code>${made.letters}</code>` })}</p>
      <div class="choices"><button type="button" class="quiet" @click=${() => print()}>${t('Print')}</button></div>
      <form class="fields" @submit=${this.confirm}>
        <div class="pair">${made.asked.map((number) => html`<label>${t('Word {n}', { n: number })}<input name="word" autocomplete="off" autocapitalize="none" spellcheck="false" required></label>`)}</div>
        <p class="hint">${t('Type these two from your paper. Until then nothing has changed.')}</p>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('I have written them down')}</button>
          <button type="button" class="quiet" @click=${() => { this.made = null; this.trouble = null; }}>${t('Not now')}</button></div>
      </form></div>`;
  }

  /** @param {Doing} doing */
  async begin(doing) {
    [this.doing, this.done, this.trouble] = [doing, '', null];
    await this.updateComplete;
    this.find('input')?.focus();
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [current, passphrase] = [String(given.get('current') ?? ''), String(given.get('passphrase') ?? '')];
    if (this.doing === 'remove') return this.takeAway(current);
    if (this.doing === 'know') return this.show(current);
    if (passphrase !== given.get('again')) {
      this.trouble = { message: t('The two are not the same.'), hint: t('Nothing was changed.') };
      return false;
    }
    if (!(await this.run(async () => { this.how = await change('privacy', 'protect', { passphrase, current }); }))) return false;
    [this.doing, this.done] = ['', t('The passphrase is set.')];
    this.ask('protected');
    return this.how?.has_recovery ? true : this.show(passphrase);
  }

  /** @param {string} current */
  async takeAway(current) {
    if (!(await this.run(async () => { this.how = await change('privacy', 'unprotect', { current }); }))) return false;
    [this.doing, this.done] = ['', this.how?.kind === 'keyring' ? t('The computer’s keychain keeps the key now.') : t('The passphrase is removed.')];
    this.ask('protected');
    return true;
  }

  /** @param {string} current */
  async show(current) {
    const went = await this.run(async () => { this.made = await change('privacy', 'recovery', { current }); });
    if (went) this.doing = '';
    return went;
  }

  /** @param {SubmitEvent} event */
  async confirm(event) {
    event.preventDefault();
    const words = new FormData(/** @type {HTMLFormElement} */ (event.target)).getAll('word').map(String);
    const isFirst = !this.how?.has_recovery;
    if (!(await this.run(async () => { this.how = await change('privacy', 'confirm', { words }); }))) return;
    [this.made, this.done] = [null, isFirst ? t('The recovery words hold from now on.') : t('The recovery words hold from now on; older ones open nothing any more.')];
    this.ask('protected');
  }
}

customElements.define('mind-protect', Protect);
