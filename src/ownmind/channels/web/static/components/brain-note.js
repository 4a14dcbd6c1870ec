// @ts-check
// A quiet line while the brain is on its way. Memory does not wait for it, and the line says so.

import { Element, html, nothing } from '../element.js';
import { far } from '../words.js';

/** @type {Record<string, string>} */
const WORDS = {
  absent: 'There is no brain on this computer yet.',
  fetching: 'Fetching the brain.',
  loading: 'The brain is waking up.',
  failed: 'The brain did not start.',
};

class BrainNote extends Element {
  static properties = { brain: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Brain | null} */
    this.brain = null;
  }

  render() {
    const brain = this.brain;
    if (!brain || !WORDS[brain.state]) return nothing;
    const { progress, state, note } = brain;
    return html`<div class="brain ${state}" role=${state === 'failed' ? 'alert' : nothing}>
      <p>${WORDS[state]} ${state === 'failed' || state === 'absent' ? note : ''} <strong>Your memory already works.</strong></p>
      ${progress && state !== 'failed'
        ? html`<progress aria-label=${WORDS[state]} max=${progress.total || nothing} .value=${progress.total ? progress.done : nothing}></progress><span>${far(progress)}</span>`
        : state === 'fetching' || state === 'loading' ? html`<progress aria-label=${WORDS[state]}></progress>` : nothing}
    </div>`;
  }
}

customElements.define('mind-brain-note', BrainNote);
