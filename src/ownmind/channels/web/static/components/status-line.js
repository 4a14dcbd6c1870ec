// @ts-check
// The live line: what has left this machine, in exactly these words, and which brain speaks.

import { Element, html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { kilobytes } from '../words.js';
import { about } from './brain-note.js';
import './offline.js';

class StatusLine extends Element {
  static properties = { status: { attribute: false }, about: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Status | null} */
    this.status = null;
    this.about = false;
  }

  render() {
    if (!this.status) return nothing;
    const { egress: left, brain } = this.status;
    const ready = brain.state === 'ready' && about(brain);
    return html`
      <div class="status">
        <p><span class="left">${plural(left.bytes, '{n} byte has left this machine', '{n} bytes have left this machine')}</span>${left.setup_requests
          ? html` <span class="setup">· ${plural(left.setup_requests, 'besides {n} request for the model files ({size} kB, nothing of yours in them)', 'besides {n} requests for the model files ({size} kB, nothing of yours in them)', { size: kilobytes(left.setup_bytes) })}</span>`
          : nothing}</p>
        <mind-offline .offline=${left.offline ?? false}></mind-offline>
        ${ready ? html`<button type="button" class="quiet" aria-expanded=${this.about} aria-controls="about-brain" @click=${() => { this.about = !this.about; }}>${t('About this brain')}</button>` : nothing}
      </div>
      <p id="about-brain" class="aside" ?hidden=${!this.about || !ready}>${about(brain)} <button type="button" class="quiet" @click=${() => this.ask('view', 'mind-brain')}>${t('What this computer could run')}</button></p>`;
  }
}

customElements.define('mind-status-line', StatusLine);
