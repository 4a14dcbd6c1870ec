// @ts-check
// The phones and tablets that may open this page over the home network: pairing one, who waits, who is paired, and the end of it.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { t } from '../lang.js';
import { change, read } from '../rooms.js';
import { when } from '../words.js';

/** @typedef {{id: string, name: string, paired: string, last_seen: string | null}} Device */
/** @typedef {{id: string, name: string, number: string, until: string}} Waiting */
/** @typedef {{addresses: string[], fingerprint: string, authority: string, certificate: string}} Reach */
/** @typedef {{is_on: boolean, reach: Reach | null, waiting: Waiting[], trouble: string}} Listening */
/** @typedef {{url: string, qr: string[], until: string, reach: Reach}} Pairing */

const QUIET = 4; // modules around a QR code that stay white (ISO/IEC 18004)

export class Devices extends Asking {
  static properties = { devices: { state: true }, listening: { state: true }, pairing: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Device[] | null} */
    this.devices = null;
    /** @type {Listening | null} */
    this.listening = null;
    /** The code that is shown now. @type {Pairing | null} */
    this.pairing = null;
    /** Whether this page is open on a paired device itself. */
    this.isDevice = location.protocol === 'https:';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.reread());
  }

  async reread() {
    [this.devices, this.listening] = await Promise.all([read('devices', 'all'), read('devices', 'listening')]);
    if (this.listening?.waiting.length) this.pairing = null;
  }

  render() {
    const { devices, listening } = this;
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside">${t('Your phone can open this page at home, encrypted, while Ownmind runs here. Nothing goes over the internet.')}</p>
      ${repeat(listening?.waiting ?? [], (each) => each.id, (each) => this.waits(each))}
      ${this.pairing ? this.shown(this.pairing) : nothing}
      <ul class="rows">${repeat(devices ?? [], (each) => each.id, (each) => this.device(each))}</ul>
      ${devices && !devices.length ? html`<p class="aside">${t('No device is paired.')}</p>` : nothing}
      ${this.isDevice ? html`<p class="aside">${t('Devices are paired and ended on the computer that runs Ownmind.')}</p>` : this.choices()}`;
  }

  choices() {
    const { devices, listening } = this;
    return html`
      ${devices?.length ? html`<label class="switch"><input type="checkbox" role="switch" .checked=${listening?.is_on ?? false} ?disabled=${this.busy} @change=${this.turn}>${t('Paired devices may come while Ownmind runs')}</label>` : nothing}
      ${listening?.reach ? html`<p class="from">${t('Ownmind can be reached on your home network at {address}.', { address: listening.reach.addresses.join(', ') })}</p>` : nothing}
      ${listening?.trouble ? html`<p class="trouble" role="status">${listening.trouble}</p>` : nothing}
      <form class="fields" @submit=${this.pair}>
        <details><summary>${t('If this computer is not found')}</summary><label>${t('Its address in your home network')} <input name="address" autocomplete="off" inputmode="decimal" placeholder="192.168.1.5" dir="ltr"></label></details>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Pair a device')}</button></div></form>`;
  }

  /** @param {Pairing} pairing */
  shown(pairing) {
    const wide = pairing.qr.length + 2 * QUIET;
    const marks = pairing.qr.flatMap((row, y) => [...row].flatMap((each, x) => (each === '1' ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : []))).join('');
    return html`<section class="deed waiting" aria-label=${t('Pairing')}>
      <p class="effect">${t('Scan this with your phone’s camera')}</p>
      <p><svg role="img" aria-label=${t('QR code with the address to open')} width="264" height="264" viewBox="0 0 ${wide} ${wide}" shape-rendering="crispEdges"><rect width=${wide} height=${wide} fill="#fff"></rect><path d=${marks} fill="#000"></path></svg></p>
      <p class="aside">${t('Phone and computer must be on the same network. The code works once, until {time}.', { time: new Date(pairing.until).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) })}</p>
      <details><summary>${t('The phone’s browser warns: compare before you go on')}</summary>
        <p>${t('You made this certificate, so no browser knows who signed it. The fingerprint (SHA-256) that the phone shows must be this one:')}</p>
        <p><code class="key" dir="ltr">${pairing.reach.fingerprint}</code></p>
        <p>${t('Or let the phone trust your own authority; its fingerprint is:')}</p>
        <p><code class="key" dir="ltr">${pairing.reach.authority}</code></p></details>
      <details><summary>${t('Without a camera')}</summary><p><code class="key" dir="ltr">${pairing.url}</code></p></details>
      <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${this.cancel}>${t('Stop pairing')}</button></div></section>`;
  }

  /** @param {Waiting} waiting */
  waits(waiting) {
    return html`<section class="deed waiting" role="status">
      <p class="effect">${t('Does {name} show this number?', { name: waiting.name })}</p>
      <p><code class="command" dir="ltr">${spaced(waiting.number)}</code></p>
      <p class="aside">${t('If it is another one, somebody else used your code. A yes also means that Ownmind listens on your home network for paired devices while it runs.')}</p>
      <div class="choices"><button type="button" class="strong" ?disabled=${this.busy} @click=${() => this.decide('confirm', { waiting: waiting.id, number: waiting.number })}>${t('Yes, let it in')}</button>
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.decide('refuse', { waiting: waiting.id })}>${t('No, send it away')}</button></div></section>`;
  }

  /** @param {Device} device */
  device(device) {
    return html`<li><strong dir="auto">${device.name}</strong>
      <p class="from">${device.last_seen ? t('Last here {when}', { when: when(device.last_seen) }) : t('Not here yet')}</p>
      ${this.isDevice ? nothing : html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label=${t('End this device: {name}', { name: device.name })} @click=${() => this.decide('revoke', { device: device.id })}>${t('End this device')}</button>`}</li>`;
  }

  /** @param {SubmitEvent} event */
  pair(event) {
    event.preventDefault();
    const address = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('address') ?? '').trim();
    return this.run(async () => {
      this.pairing = await change('devices', 'pair', { address });
      await this.reread();
    });
  }

  cancel() {
    this.pairing = null;
    return this.decide('cancel');
  }

  /** @param {Event} event */
  turn(event) {
    return this.decide('listen', { on: /** @type {HTMLInputElement} */ (event.target).checked });
  }

  /** @param {string} call @param {Record<string, unknown>} [named] */
  decide(call, named = {}) {
    return this.run(async () => {
      try {
        await change('devices', call, named);
      } finally {
        await this.reread();
      }
    });
  }
}

/** Six digits as people read them. @param {string} number */
export const spaced = (number) => `${number.slice(0, 3)} ${number.slice(3)}`;

customElements.define('mind-devices', Devices);
