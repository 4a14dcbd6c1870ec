// @ts-check
// Something done in the world, or asked: the effect in words, where it goes, each value with where it came from, and the
// person's word about it. What came from outside is marked by brackets and a line, not by colour alone.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import { key, rich, t } from '../lang.js';
import { day, travels, when } from '../words.js';
import './send-preview.js';

/** @typedef {import('../types.js').Action} Acted */

const STATES = {
  waiting: key('Waits for you'), allowed: key('Allowed'), running: key('Under way'), done: key('Done'), failed: key('Did not happen'),
  unknown: key('Nobody knows whether it happened'), denied: key('Denied'), expired: key('Expired: nobody answered in time'), undone: key('Undone'),
};
const REMOTE = 'ask_remote'; // the tool that sends a text to a model elsewhere: shown as exactly what would leave
const LONG = 400; // characters of a value that get a window of their own to scroll in

class ActionCard extends Asking {
  static properties = { action: { attribute: false }, mind: { attribute: false }, preview: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Acted | null} */
    this.action = null;
    /** Of a text that waits to be sent. @type {import('../types.js').Preview | null} */
    this.preview = null;
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
  }

  /** @param {import('../vendor/reactive-element/reactive-element.js').Changes} changed */
  updated(changed) {
    const [before, now] = [/** @type {Acted | null | undefined} */ (changed.get('action')), this.action];
    if (!changed.has('action') || !now || now.tool !== REMOTE || now.state !== 'waiting' || before?.id === now.id) return;
    super.run(async () => { this.preview = await api.actionPreview(now.id); });
  }

  render() {
    const action = this.action;
    if (!action) return nothing;
    const waits = action.state === 'waiting';
    return html`<article class="deed ${action.state}" aria-label="${t(STATES[action.state])}: ${action.words}" aria-busy=${this.busy}>
      <p class="state" tabindex="-1">${t(STATES[action.state])} <span class="from">${action.id} · ${when(action.ended_at ?? action.asked_at)}${waits && action.expires_at ? ` · ${t('until {day}', { day: day(action.expires_at) })}` : ''}</span></p>
      <p class="effect" dir="auto">${action.words}</p>
      ${waits ? (action.tool === REMOTE ? this.sending(action) : this.details(action)) : html`${action.outcome ? html`<p class="outcome" dir="auto">${action.tool === REMOTE && action.state === 'done' ? t('Its answer stands in the conversation.') : action.outcome}</p>` : nothing}
        <details><summary>${t('What exactly')}</summary>${this.details(action)}</details>`}
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${this.choices(action)}
    </article>`;
  }

  /** What would leave, to the byte. @param {Acted} action */
  sending(action) {
    return html`${this.preview ? html`<mind-send-preview .preview=${this.preview}></mind-send-preview>` : html`<p class="aside" role="status">${this.busy ? t('Looking at what would leave …') : ''}</p>`}
      ${action.reasons.map((reason) => html`<p class="aside" dir="auto">${reason}</p>`)}`;
  }

  /** @param {Acted} action */
  details(action) {
    return html`<dl>
        <div><dt>${t('Goes to')}</dt><dd dir="auto">${action.destination || t('nowhere: it stays on this machine')}</dd></div>
        ${action.arguments.map((each) => value(each))}
      </dl>
      ${action.arguments.some((each) => each.pieces.some((piece) => piece.outside))
        ? html`<p class="aside">${rich('{marks} came from outside: nobody vouches for it.', { marks: html`<span class="outside">⟦ ⟧</span>` })}</p>` : nothing}
      ${action.reasons.map((reason) => html`<p class="aside" dir="auto">${reason}</p>`)}`;
  }

  /** @param {Acted} action */
  choices(action) {
    if (action.state === 'waiting' && action.tool === REMOTE) return this.sendingChoices();
    if (action.state === 'waiting') {
      const vouched = [...action.needed.map((each) => each.value), ...(action.needed.length ? [] : [action.destination])];
      return html`<div class="choices">
          ${this.choice(t('Allow once'), 'strong', () => this.mind?.allow(action, false))}
          ${action.can_vouch ? this.choice(t('Allow this value'), 'quiet', () => this.mind?.allow(action, true)) : nothing}
          ${this.choice(t('Deny'), 'quiet', () => this.mind?.deny(action))}
        </div>
        ${action.can_vouch ? html`<p class="from" dir="auto">${t('“Allow this value” remembers {values}: just that, nothing wider. You can take it back under Privacy.', { values: vouched.join(', ') })}</p>` : nothing}`;
    }
    return action.can_undo ? html`<div class="choices">${this.choice(t('Undo'), 'quiet', () => this.mind?.undo(action))}</div>` : nothing;
  }

  /** Nothing can be allowed that was not shown. */
  sendingChoices() {
    const action = this.action;
    if (!action) return nothing;
    const lasting = () => {
      const said = /** @type {HTMLInputElement} */ (this.find('input[name=cap]')).value.trim();
      return this.mind?.allow(action, true, said ? Number(said) : null);
    };
    return html`<div class="choices">
        ${this.preview ? this.choice(t('Allow once'), 'strong', () => this.mind?.allow(action, false)) : nothing}
        ${this.choice(t('Not now'), 'quiet', () => this.mind?.deny(action))}</div>
      ${this.preview ? html`<details class="lasting"><summary>${t('Allow until I revoke it')}</summary>
        <p class="aside" dir="auto">${t('Then I ask {place} without showing you each time. Secrets stay here, names stay hidden, everything is in the ledger, and you can take it back under Privacy.', { place: action.destination })}</p>
        <div class="fields"><label>${t('At most so much may be spent in all (empty: no cap)')}${this.preview.price ? ` ${this.preview.price.currency}` : ''} <input name="cap" type="number" min="0" step="any" inputmode="decimal"></label></div>
        <div class="choices">${this.choice(t('Allow until I revoke it'), 'quiet', lasting)}</div></details>` : nothing}`;
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
    ? html`<span class="outside" dir="auto"><span class="unseen">${t('From outside')}: </span><span aria-hidden="true">⟦</span>${text}<span aria-hidden="true">⟧</span><span class="unseen"> ${t('End of what is from outside.')} </span></span>`
    : html`<span dir="auto">${text}</span>`));
  const shown = argument.value.length > LONG
    ? html`<dd class="value long" tabindex="0">${said}</dd>`
    : html`<dd class="value">${said.length ? said : t('(empty)')}</dd>`;
  return html`<div><dt>${argument.name.replaceAll('_', ' ')}</dt>${shown}<dd class="from" dir="auto">${argument.origin}${travels(argument.label)}</dd></div>`;
}

customElements.define('mind-action', ActionCard);
