// @ts-check
// A quiet line while the brain is on its way. Memory does not wait for it, and the line says so.

import { Element, html, nothing } from '../element.js';
import { t } from '../lang.js';
import { far } from '../words.js';

/** What the person should know about the brain that speaks. @param {import('../types.js').Brain} brain */
export function about(brain) {
  if (brain.note && brain.state === 'ready') return brain.note;
  return brain.starter
    ? t('This is the starter brain: small enough for any computer. It answers from what you told it and gave it to read, in short plain sentences. It does not know the news, loses its way in long reasoning, and speaks English best.')
    : '';
}

/** What is going on, in words. @param {import('../types.js').Brain} brain */
function words({ state, note }) {
  if (state === 'fetching') return html`${t('Fetching the brain.')} <strong>${t('Your memory already works.')}</strong>`;
  if (state === 'loading') return html`${t('The brain is waking up.')} <strong>${t('Your memory already works.')}</strong>`;
  return html`${note} ${/memory/i.test(note) ? nothing : html`<strong>${t('Your memory works without it.')}</strong>`}`;
}

class BrainNote extends Element {
  static properties = { brain: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Brain | null} */
    this.brain = null;
  }

  render() {
    const brain = this.brain;
    if (!brain || brain.state === 'ready') return nothing;
    const { progress, state } = brain;
    const coming = state === 'fetching' || state === 'loading';
    return html`<div class="brain ${state}" role=${state === 'failed' ? 'alert' : nothing}>
      <p>${words(brain)}</p>
      ${coming ? html`<progress aria-label=${t('The brain on its way')} max=${progress?.total || nothing} value=${progress?.total ? progress.done : nothing}></progress>` : nothing}
      ${coming && progress ? html`<span>${far(progress)}</span>` : nothing}
    </div>`;
  }
}

customElements.define('mind-brain-note', BrainNote);
