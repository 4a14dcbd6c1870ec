// @ts-check
// How the person's days are shaped and when they may be spoken to: one field a preference, kept as soon as it is left.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { key, t } from '../lang.js';
import { change, read } from '../rooms.js';

/** @type {{name: string, words: string, kind: 'clock' | 'number' | 'text' | 'switch'}[]} */
const FIELDS = [
  { name: 'quiet_from', words: key('Quiet from'), kind: 'clock' }, { name: 'quiet_to', words: key('Quiet until'), kind: 'clock' },
  { name: 'briefing', words: key('Briefing at'), kind: 'clock' }, { name: 'review', words: key('Review of the week at'), kind: 'clock' },
  { name: 'nudges_a_day', words: key('At most so many nudges a day'), kind: 'number' }, { name: 'most_minutes', words: key('Minutes of goals a day, at most'), kind: 'number' },
  { name: 'most_sittings', words: key('Steps a day, at most'), kind: 'number' }, { name: 'zone', words: key('Time zone, such as Europe/Lisbon; empty for this computer’s'), kind: 'text' },
  { name: 'desktop', words: key('Notifications on the desktop'), kind: 'switch' }, { name: 'silent', words: key('Silent: nothing is shown and nothing is spent'), kind: 'switch' },
];

class Days extends Asking {
  static properties = { held: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Record<string, any> | null} */
    this.held = null;
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => { this.held = await read('today', 'preferences'); });
  }

  render() {
    const held = this.held;
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${held ? html`<div @change=${this.keep}><div class="fields"><div class="pair">${FIELDS.filter((each) => each.kind !== 'switch').map((each) => html`<label>${t(each.words)}
        <input name=${each.name} type=${each.kind === 'clock' ? 'time' : each.kind} .value=${shown(each.kind, held[each.name])} min="0"></label>`)}</div></div>
        ${FIELDS.filter((each) => each.kind === 'switch').map((each) => html`<label class="switch"><input name=${each.name} type="checkbox" role="switch" .checked=${held[each.name]}>${t(each.words)}</label>`)}</div>` : nothing}
      ${'Notification' in window ? this.telling() : nothing}
      <p class="aside" role="status">${this.said}</p>`;
  }

  /** Whether this browser may say that something is due, and how that is changed: the page may ask once. */
  telling() {
    if (Notification.permission === 'granted') return html`<p class="aside">${t('This browser tells you when something is due. Its own settings take that back.')}</p>`;
    if (Notification.permission === 'denied') return html`<p class="aside">${t('This browser was told not to show notifications of Ownmind. To change that, press the sign beside the address, allow notifications there, and load the page again.')}</p>`;
    return html`<button type="button" class="quiet" @click=${this.permit}>${t('Let this browser tell me while the page is open')}</button>`;
  }

  async permit() {
    this.said = (await Notification.requestPermission()) === 'default' ? t('This browser stays silent.') : '';
    this.requestUpdate();
  }

  /** @param {Event} event */
  async keep(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const value = field.type === 'checkbox' ? String(field.checked) : field.value;
    const went = await this.run(async () => { this.held = await change('today', 'set', { name: field.name, value }); });
    this.said = went ? t('Kept.') : '';
  }
}

/** Minutes since midnight as a clock's text; -1 is never. @param {string} kind @param {any} value */
function shown(kind, value) {
  if (kind !== 'clock') return String(value ?? '');
  return value < 0 ? '' : `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`;
}

customElements.define('mind-days', Days);
