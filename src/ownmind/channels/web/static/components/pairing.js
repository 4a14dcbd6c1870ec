// @ts-check
// What a phone shows while it is paired: it brings the code of its address, gets a number, and waits until that was compared.

import { ask, post } from '../api.js';
import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';

const LOOK_EVERY = 1500; // milliseconds between looks at whether the person has said yes
const UNHEARD = 4; // looks in a row that nobody answered: where no device is paired, nobody listens any more after a no

class Pairing extends Asking {
  static properties = { code: { attribute: false }, number: { state: true }, ended: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** The code of the address; "" when the page was opened without one. */
    this.code = '';
    /** What to compare. */
    this.number = '';
    /** Looks in a row that nobody answered. */
    this.unheard = 0;
    /** The person said no, or it took too long. */
    this.ended = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    if (!this.code) this.look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** Asks how far it is, again and again while it waits. */
  async look() {
    const said = await ask('/api/pairing').then((response) => response.json()).catch(() => null);
    this.unheard = said ? 0 : this.unheard + 1;
    if (said?.state === 'open') {
      this.ask('paired');
      return;
    }
    const was = this.ended || Boolean(this.number);
    if (said) this.number = said.number;
    else if (this.unheard >= UNHEARD) this.number = '';
    this.ended = was && !this.number;
    if ((was || this.number) && said?.state !== 'closed') this.timer = setTimeout(() => this.look(), LOOK_EVERY); // a network that fails for a while is no no
  }

  render() {
    return html`<main class="closed">
      <img src="/icon.svg" alt="" width="56" height="56">
      ${this.number ? this.compare() : this.code && !this.ended ? this.named() : this.how()}
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
    </main>`;
  }

  named() {
    return html`<h1>${t('Pair this device')}</h1>
      <form class="fields" @submit=${this.claim}><label>${t('What should it be called?')} <input name="name" autocomplete="off" maxlength="60" required placeholder=${t('My phone')}></label>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Go on')}</button></div></form>`;
  }

  compare() {
    return html`<h1>${t('Is this number on your computer too?')}</h1>
      <p role="status"><code class="command" dir="ltr">${`${this.number.slice(0, 3)} ${this.number.slice(3)}`}</code></p>
      <p>${t('Say yes there. This page then opens by itself.')}</p>`;
  }

  how() {
    return html`<h1>${this.ended ? t('This device was not let in.') : t('This is somebody’s own mind.')}</h1>
      <p>${t('If it is yours: on the computer that runs it, open Privacy, Devices, and choose “Pair a device”. Then scan the code.')}</p>`;
  }

  /** @param {SubmitEvent} event */
  claim(event) {
    event.preventDefault();
    const name = new FormData(/** @type {HTMLFormElement} */ (event.target)).get('name');
    return this.run(async () => {
      const code = this.code;
      this.number = (await (await post('/api/pairing', { code, name })).json()).number;
      this.code = '';
      await this.look();
    });
  }
}

customElements.define('mind-pairing', Pairing);
