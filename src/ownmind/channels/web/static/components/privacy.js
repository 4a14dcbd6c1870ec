// @ts-check
// What may leave, what left, how it is kept here, and taking it away: one switch for everything, and a view for each question.

import { html } from '../element.js';
import * as api from '../api.js';
import { t } from '../lang.js';
import './devices.js';
import './encrypted.js';
import './ledger.js';
import { KEYS } from './offline.js';
import './permissions.js';
import { Tabbed } from './tabbed.js';
import './trust.js';
import './wipe.js';
import './would-leave.js';

/** @typedef {import('../types.js').Fact} Fact */

export class Privacy extends Tabbed {
  static properties = { ...Tabbed.properties, facts: { attribute: false }, offline: { attribute: false } };

  constructor() {
    super();
    /** Those that have a card. @type {Fact[]} */
    this.facts = [];
    this.offline = false;
  }

  get heading() {
    return t('Privacy');
  }

  get views() {
    return [
      { id: 'permissions', name: t('May leave'), show: () => html`<mind-permissions .offline=${this.offline}></mind-permissions>` },
      { id: 'ledger', name: t('What left'), show: () => html`<mind-ledger .facts=${this.facts}></mind-ledger>` },
      { id: 'trust', name: t('Sources'), show: () => html`<mind-trust></mind-trust>` },
      { id: 'devices', name: t('Devices'), show: () => html`<mind-devices></mind-devices>` },
      { id: 'would', name: t('Try it'), show: () => html`<mind-would-leave></mind-would-leave>` },
      { id: 'kept', name: t('How it is kept'), show: () => html`<mind-encrypted></mind-encrypted>` },
      { id: 'taken', name: t('Backup and wipe'), show: () => html`<mind-wipe></mind-wipe>` },
    ];
  }

  async read() {
    this.offline = await api.offline();
  }

  changed() {
    super.changed();
    /** @type {import('./devices.js').Devices | null} */ (this.querySelector('mind-devices'))?.reread();
  }

  above() {
    return html`<label class="switch"><input type="checkbox" role="switch" .checked=${this.offline} ?disabled=${this.busy} @change=${this.turn}><span>${t('Offline: nothing leaves this machine, whatever is allowed below')} <kbd class="from">${KEYS}</kbd></span></label>`;
  }

  /** @param {Event} event */
  turn(event) {
    const wanted = /** @type {HTMLInputElement} */ (event.target).checked;
    this.run(async () => {
      await api.setOffline(wanted);
      await this.read();
    });
  }
}

customElements.define('mind-privacy', Privacy);
