// @ts-check
// A locked store: one question, answered slowly by design, with the wrong tries said.

import { Asking } from '../asking.js';
import * as api from '../api.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';

const SOON = 300; // ms between two looks whether the house is up

class Unlock extends Asking {
  static properties = { shown: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    this.shown = false;
  }

  firstUpdated() {
    this.find('input')?.focus();
  }

  render() {
    return html`<main class="closed">
      <img src="/icon.svg" alt="" width="56" height="56">
      <h1>${t('This memory is locked.')}</h1>
      <form class="fields" @submit=${this.submit}>
        <label>${t('Passphrase, or recovery words')}<input name="secret" type=${this.shown ? 'text' : 'password'} autocomplete="current-password" autocapitalize="none" spellcheck="false" required></label>
        <label class="tickable"><input type="checkbox" @change=${(/** @type {Event} */ event) => { this.shown = /** @type {HTMLInputElement} */ (event.target).checked; }}>${t('Show what I type')}</label>
        ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${this.busy ? t('Opening …') : t('Unlock')}</button></div>
      </form>
      <p class="aside">${t('Checking takes a moment, so that guessing takes years. After three wrong tries each next one must wait.')}</p>
    </main>`;
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const secret = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('secret'));
    const went = await this.run(async () => {
      const token = await api.unlock(secret);
      await this.up();
      location.hash = token;
    });
    if (went) location.reload();
    else this.find('input')?.focus();
  }

  /** Returns once the house itself answers: its server takes the place of this one. */
  async up() {
    for (let tries = 0; tries < 200; tries += 1) {
      try {
        await api.hasSession();
        return;
      } catch {
        await new Promise((then) => { setTimeout(then, SOON); });
      }
    }
  }
}

customElements.define('mind-unlock', Unlock);
