// @ts-check
// Yours to take away: backups, an export to read elsewhere, and the end of it all, said first and typed.

import { Asking } from '../asking.js';
import * as api from '../api.js';
import { html, nothing } from '../element.js';
import { plural, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { far, moment, when } from '../words.js';

/** @typedef {{name: string, where: string, at: string, bytes: number}} Backup */
/** @typedef {{phrase: string, goes: {what: string, where: string, files: number, bytes: number}[], stays: string[]}} Plan */
/** @typedef {{home: string, keys: number, keychain: boolean, backups: number, left_files: number, left_bytes: number, is_verified: boolean, by_hand: string[]}} Wiped */

class Wipe extends Asking {
  static properties = { backups: { state: true }, key: { state: true }, coming: { state: true }, plan: { state: true }, models: { state: true }, wiped: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Backup[] | null} */
    this.backups = null;
    /** The recovery key that a first backup made: shown once. */
    this.key = '';
    /** How far an export is. @type {import('../types.js').Far | null} */
    this.coming = null;
    /** @type {Plan | null} */
    this.plan = null;
    this.models = false;
    /** @type {Wiped | null} */
    this.wiped = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.again());
  }

  async again() {
    this.backups = await read('privacy', 'backups');
  }

  render() {
    if (this.wiped) return this.receipt(this.wiped);
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${this.copies()}${this.exporting()}${this.plan ? this.sure(this.plan) : this.end()}`;
  }

  copies() {
    const [last] = this.backups ?? [];
    return html`<h3>${t('Backups')}</h3>
      <p>${last ? html`${t('The last one was made {when}. Put a copy of the file on another disk: here it is lost together with this computer.', { when: when(last.at) })} <code>${last.where}</code>` : t('There is none yet. A backup is one encrypted file with everything; it opens with your passphrase or recovery words, on any computer.')}</p>
      ${this.key ? html`<div class="deed waiting" role="status"><p class="effect">${t('Only this recovery key opens the backup')}</p><p><code class="key">${this.key}</code></p>
        <p class="aside">${t('Write it down and keep it away from this computer. It is shown this once.')}</p>
        <div class="choices"><button type="button" class="quiet" @click=${() => { this.key = ''; }}>${t('I have it')}</button></div></div>` : nothing}
      <ul class="rows">${(this.backups ?? []).slice(0, 5).map((each) => html`<li>${moment(each.at)} <span class="from">${each.name} · ${far({ done: each.bytes, total: 0, unit: 'bytes' })}</span></li>`)}</ul>
      <div class="choices"><button type="button" class="strong" ?disabled=${this.busy} @click=${this.backUp}>${t('Back up now')}</button></div>`;
  }

  exporting() {
    return html`<h3>${t('Take everything with you')}</h3>
      <p>${rich('One archive of plain files: Markdown to read, JSON Lines for programs. {not}', { not: html`<strong>${t('It is not encrypted.')}</strong>` })}</p>
      ${this.coming ? html`<p role="status"><progress aria-label=${t('The export on its way')} max=${this.coming.total || nothing} value=${this.coming.total ? this.coming.done : nothing}></progress> ${this.coming.done ? far(this.coming) : t('Everything is being written down …')}</p>` : nothing}
      <div class="choices"><button type="button" class="strong" ?disabled=${this.busy} @click=${this.export}>${t('Download the export')}</button></div>`;
  }

  end() {
    return html`<h3>${t('Wipe everything')}</h3>
      <p>${t('Destroys the key and removes all of it from this computer. First you see what would go.')}</p>
      <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.look(false)}>${t('Show what would go')}</button></div>`;
  }

  /** @param {Plan} plan */
  sure(plan) {
    const files = plan.goes.reduce((sum, each) => sum + each.files, 0);
    return html`<h3 tabindex="-1" id="wipe-title">${plural(files, 'This would go: {n} file', 'This would go: {n} files')}</h3>
      <ul class="rows">${plan.goes.map((each) => html`<li>${each.what} <span class="from">${plural(each.files, '{n} file', '{n} files')}, ${far({ done: each.bytes, total: 0, unit: 'bytes' })}<br><code>${each.where}</code></span></li>`)}</ul>
      <label class="tickable"><input type="checkbox" .checked=${this.models} @change=${() => this.look(!this.models)}>${t('The model files too; they can be fetched again')}</label>
      <h3>${t('It cannot reach')}</h3><ul class="rows">${plan.stays.map((each) => html`<li>${each}</li>`)}</ul>
      <form class="fields" @submit=${this.wipe}>
        <label>${rich('There is no way back, and no recovery words help. Type {phrase} to go on.', { phrase: html`<strong translate="no">${plan.phrase}</strong>` })}<input name="typed" autocomplete="off" autocapitalize="none" required></label>
        <div class="choices"><button type="submit" class="danger" ?disabled=${this.busy}>${t('Wipe')}</button><button type="button" class="quiet" @click=${() => { this.plan = null; }}>${t('Keep everything')}</button></div>
      </form>`;
  }

  /** @param {Wiped} wiped */
  receipt(wiped) {
    return html`<div role="status"><h3 tabindex="-1" id="wiped-title">${wiped.is_verified ? t('The key is destroyed. Nobody can read it any more, not even you.') : t('A key file is still there: remove it by hand.')}</h3>
      <p>${plural(wiped.backups, '{n} backup is gone.', '{n} backups are gone.')} ${plural(wiped.left_files, 'Ownmind is ending, and removes the last file.', 'Ownmind is ending, and removes the remaining {n} files.')}</p>
      <p class="from"><code>${wiped.home}</code></p>
      <h3>${t('Left to do by hand')}</h3><ul class="rows">${wiped.by_hand.map((each) => html`<li>${each}</li>`)}</ul>
      <p>${t('You can close this page.')}</p></div>`;
  }

  backUp() {
    return this.run(async () => {
      this.key = (await change('privacy', 'back_up')).recovery_key;
      await this.again();
    });
  }

  async export() {
    this.coming = { done: 0, total: 0, unit: 'bytes' };
    await this.run(() => api.exported((done, total) => { this.coming = { done, total, unit: 'bytes' }; }));
    this.coming = null;
  }

  /** @param {boolean} models */
  async look(models) {
    const isFirst = !this.plan;
    const went = await this.run(async () => { this.plan = await read('privacy', 'wiping', { models }); });
    if (went) this.models = models;
    await this.updateComplete;
    if (went && isFirst) this.find('#wipe-title')?.focus();
  }

  /** @param {SubmitEvent} event */
  async wipe(event) {
    event.preventDefault();
    const typed = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('typed'));
    await this.run(async () => { this.wiped = await change('privacy', 'wipe', { typed, models: this.models }); });
    await this.updateComplete;
    if (this.wiped) this.find('#wiped-title')?.focus();
  }
}

customElements.define('mind-wipe', Wipe);
