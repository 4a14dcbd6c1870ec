// @ts-check
// The live line: what has left this machine, in exactly these words, and which brain speaks.

import { Element, html, nothing } from '../element.js';
import { counted, plain } from '../words.js';
import { about } from './brain-note.js';

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
        <p><span class="left">${plain(left.bytes)} bytes have left this machine</span>${left.setup_requests
          ? html` <span class="setup">· besides ${counted(left.setup_requests, 'request')} for the model files (${kilobytes(left.setup_bytes)} kB, nothing of yours in them)</span>`
          : nothing}</p>
        ${ready ? html`<button type="button" class="quiet" aria-expanded=${this.about} aria-controls="about-brain" @click=${() => { this.about = !this.about; }}>About this brain</button>` : nothing}
      </div>
      <p id="about-brain" class="aside" ?hidden=${!this.about || !ready}>${about(brain)}</p>`;
  }
}

/** @param {number} bytes */
const kilobytes = (bytes) => (bytes < 9500 ? (bytes / 1000).toFixed(1) : plain(Math.round(bytes / 1000)));

customElements.define('mind-status-line', StatusLine);
