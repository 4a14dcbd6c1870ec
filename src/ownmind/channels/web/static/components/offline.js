// @ts-check
// The panic switch on the status line: one click closes the door to everything, one click opens it to what is allowed.

import { Asking } from '../asking.js';
import * as api from '../api.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';

const APPLE = /mac|iphone|ipad/i.test(navigator.userAgent);

/** The keys that go offline, as they are written on the person's keyboard. */
export const KEYS = APPLE ? '⌘⇧O' : 'Ctrl+Shift+O';

/** Whether these keys were pressed. @param {KeyboardEvent} event */
export const isSwitch = (event) => event.shiftKey && (APPLE ? event.metaKey : event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'o';

export class Offline extends Asking {
  static properties = { offline: { attribute: false }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    this.offline = false;
  }

  /** Closes the door, or opens it again. @param {boolean} [wanted] */
  async turn(wanted = !this.offline) {
    await this.run(async () => {
      await api.setOffline(wanted);
      this.offline = wanted;
    });
  }

  render() {
    return html`${this.trouble ? html`<span class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</span>` : nothing}
      <button type="button" class="quiet ${this.offline ? 'closed-door' : ''}" title=${this.offline ? nothing : t('Ends every open connection and refuses new ones ({keys})', { keys: KEYS })}
        ?disabled=${this.busy} @click=${() => this.turn()}>${this.offline ? t('Offline. Go online') : t('Go offline now')}</button>
      <span class="unseen" role="status">${this.offline ? t('Offline: nothing leaves this machine.') : nothing}</span>`;
  }
}

customElements.define('mind-offline', Offline);
