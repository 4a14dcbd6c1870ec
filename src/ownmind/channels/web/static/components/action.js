// @ts-check
// Something done in the world, or asked: the effect in words, where it goes, each value with where it came from, and the
// person's word about it. What came from outside is marked by brackets and a line, not by colour alone.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { when } from '../words.js';

/** @typedef {import('../types.js').Action} Acted */

const STATES = {
  waiting: 'Waits for you', allowed: 'Allowed', running: 'Under way', done: 'Done', failed: 'Did not happen',
  unknown: 'Nobody knows whether it happened', denied: 'Denied', expired: 'Expired: nobody answered in time', undone: 'Undone',
};
const LONG = 400; // characters of a value that get a window of their own to scroll in

class ActionCard extends Asking {
  static properties = { action: { attribute: false }, mind: { attribute: false }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Acted | null} */
    this.action = null;
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
  }

  render() {
    const action = this.action;
    if (!action) return nothing;
    const waits = action.state === 'waiting';
    return html`<article class="deed ${action.state}" aria-label="${STATES[action.state]}: ${action.words}" aria-busy=${this.busy}>
      <p class="state" tabindex="-1">${STATES[action.state]} <span class="from">${action.id} · ${when(action.ended_at ?? action.asked_at)}</span></p>
      <p class="effect" dir="auto">${action.words}</p>
      ${waits ? this.details(action) : html`${action.outcome ? html`<p class="outcome" dir="auto">${action.outcome}</p>` : nothing}
        <details><summary>What exactly</summary>${this.details(action)}</details>`}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${this.choices(action)}
    </article>`;
  }

  /** @param {Acted} action */
  details(action) {
    return html`<dl>
        <div><dt>Goes to</dt><dd dir="auto">${action.destination || 'nowhere: it stays on this machine'}</dd></div>
        ${action.arguments.map((each) => value(each))}
      </dl>
      ${action.arguments.some((each) => each.pieces.some((piece) => piece.outside))
        ? html`<p class="aside"><span class="outside">⟦ ⟧</span> came from outside: nobody vouches for it.</p>` : nothing}
      ${action.reasons.map((reason) => html`<p class="aside" dir="auto">${reason}</p>`)}`;
  }

  /** @param {Acted} action */
  choices(action) {
    if (action.state === 'waiting') {
      const vouched = [...action.needed.map((each) => each.value), ...(action.needed.length ? [] : [action.destination])];
      return html`<div class="choices">
          ${this.choice('Allow once', 'strong', () => this.mind?.allow(action, false))}
          ${action.can_vouch ? this.choice('Allow this value', 'quiet', () => this.mind?.allow(action, true)) : nothing}
          ${this.choice('Deny', 'quiet', () => this.mind?.deny(action))}
        </div>
        ${action.can_vouch ? html`<p class="from" dir="auto">“Allow this value” remembers ${vouched.join(', ')}: just that, nothing wider. You can take it back under Privacy.</p>` : nothing}`;
    }
    return action.can_undo ? html`<div class="choices">${this.choice('Undo', 'quiet', () => this.mind?.undo(action))}</div>` : nothing;
  }

  /** @param {string} name @param {string} look @param {() => Promise<void> | undefined} work */
  choice(name, look, work) {
    return html`<button type="button" class=${look} aria-label="${name}: ${this.action?.words}" ?disabled=${this.busy} @click=${() => this.run(work)}>${name}</button>`;
  }

  /** Does it, and leaves the focus where the outcome is: the button is gone by then. @param {() => Promise<void> | undefined} work */
  async run(work) {
    const went = await super.run(work);
    await this.updateComplete;
    this.find('.state')?.focus();
    return went;
  }
}

/** One value: its name, its words in pieces, and where they came from. @param {import('../types.js').Argument} argument */
function value(argument) {
  const said = argument.pieces.map(({ text, outside }) => (outside
    ? html`<span class="outside" dir="auto"><span class="unseen">From outside: </span><span aria-hidden="true">⟦</span>${text}<span aria-hidden="true">⟧</span><span class="unseen"> End of what is from outside. </span></span>`
    : html`<span dir="auto">${text}</span>`));
  const shown = argument.value.length > LONG
    ? html`<dd class="value long" tabindex="0">${said}</dd>`
    : html`<dd class="value">${said.length ? said : '(empty)'}</dd>`;
  return html`<div><dt>${argument.name.replaceAll('_', ' ')}</dt>${shown}<dd class="from" dir="auto">${argument.origin}</dd></div>`;
}

customElements.define('mind-action', ActionCard);
