// @ts-check
// What would leave if this were asked of a remote model: shown before anything is allowed, and nothing is sent.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import { t } from '../lang.js';
import './send-preview.js';

class WouldLeave extends Asking {
  static properties = { preview: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Preview | null} */
    this.preview = null;
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const [text, destination] = [String(said.get('text') ?? ''), String(said.get('destination') ?? '')];
    this.preview = null;
    if (text.trim() && destination.trim()) await this.run(async () => { this.preview = await api.preview(text, destination); });
  }

  render() {
    return html`<p class="aside">${t('See what would leave if you asked this of a model somewhere else, with what I would add from your memory. Nothing is sent, whatever is allowed.')}</p>
      <form class="fields" @submit=${this.submit}>
        <label>${t('What you would ask')} <textarea name="text" rows="3" dir="auto" required></textarea></label>
        <label>${t('Where it would go')} <input name="destination" autocomplete="off" spellcheck="false" required placeholder="api.example.org"></label>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Show what would leave')}</button></div>
      </form>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside" role="status">${this.busy ? t('Looking …') : this.preview ? t('Nothing has been sent.') : ''}</p>
      <mind-send-preview .preview=${this.preview}></mind-send-preview>`;
  }
}

customElements.define('mind-would-leave', WouldLeave);
