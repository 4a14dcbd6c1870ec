// @ts-check
// What else was said in one place of a talk: small arrows under a message lead there.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { isRightToLeft, t } from '../lang.js';

class Versions extends Asking {
  static properties = { message: { attribute: false }, mind: { attribute: false }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Message | null} */
    this.message = null;
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
  }

  render() {
    const { id = '', versions = [] } = this.message ?? {};
    const at = versions.indexOf(id);
    if (versions.length < 2 || at < 0) return nothing;
    return html`<div class="versions" role="group" aria-label=${t('Versions')} id="versions-${id}" @keydown=${this.key}>
      <button type="button" class="quiet" aria-label=${t('Version before')} ?disabled=${at === 0} @click=${() => this.go(-1)}><span aria-hidden="true">‹</span></button>
      <span>${t('{n} of {of}', { n: at + 1, of: versions.length })}</span>
      <button type="button" class="quiet" aria-label=${t('Next version')} ?disabled=${at === versions.length - 1} @click=${() => this.go(1)}><span aria-hidden="true">›</span></button>
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
    </div>`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    this.go((event.key === 'ArrowRight') === isRightToLeft() ? -1 : 1);
  }

  /** Goes to a version, and leaves the focus on the arrows there. @param {-1 | 1} by */
  async go(by) {
    const { id = '', versions = [] } = this.message ?? {};
    const to = versions[versions.indexOf(id) + by];
    if (!to || this.busy || this.mind?.turning) return;
    await this.run(() => this.mind?.choose(to));
    await new Promise((shown) => { requestAnimationFrame(() => requestAnimationFrame(shown)); });
    const arrows = [.../** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(`#versions-${to} button`))];
    const same = arrows[by < 0 ? 0 : 1];
    (same?.disabled ? arrows.find((each) => !each.disabled) : same)?.focus();
  }
}

customElements.define('mind-versions', Versions);
