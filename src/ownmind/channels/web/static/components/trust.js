// @ts-check
// The sources of what was read, and what the person says of each: trusted, not used, or neither.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import * as api from '../api.js';
import { key, plural, t } from '../lang.js';
import { when } from '../words.js';

/** @typedef {import('../types.js').Origin} Origin */

const SAYS = /** @type {const} */ ([
  ['default', key('As usual: you are asked before its words go to anybody')],
  ['trusted', key('Trusted: its words may go to whom you name, without asking')],
  ['unused', key('Not used: left out of answers')],
]);

class TrustOf extends Asking {
  static properties = { sources: { state: true }, total: { state: true }, words: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Origin[] | null} */
    this.sources = null;
    this.total = 0;
    this.words = '';
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
  }

  async read() {
    const { sources, total } = await api.sources(this.words);
    [this.sources, this.total] = [sources, total];
  }

  /** @param {Event} event */
  look(event) {
    event.preventDefault();
    this.words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('q') ?? '').trim();
    this.run(() => this.read());
  }

  /** @param {Origin} each @param {Event} event */
  async choose(each, event) {
    const trust = /** @type {import('../types.js').Trust} */ (/** @type {HTMLSelectElement} */ (event.target).value);
    const went = await this.run(async () => {
      await api.trust(each.source, trust);
      await this.read();
    });
    this.said = went ? `${each.title || each.source}: ${t(SAYS.find(([name]) => name === trust)?.[1] ?? '')}.` : '';
    if (went) this.ask('changed');
  }

  render() {
    const more = this.total - (this.sources?.length ?? 0);
    return html`
      <p class="aside">${t('What you gave me to read, and the pages I read for you. Whatever you say here: links, addresses, accounts and secrets from outside never go anywhere unseen, and nothing in them is ever an order.')}</p>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <form class="fields" @submit=${this.look}><label>${t('Find a source')} <input name="q" type="search" dir="auto" autocomplete="off"></label></form>
      <p class="aside" role="status" dir="auto">${this.said}</p>
      ${this.sources?.length === 0 ? html`<p class="aside">${this.words ? t('There is no such source.') : t('Nothing from outside was read yet.')}</p>` : nothing}
      <ul class="rows">${repeat(this.sources ?? [], (each) => each.source, (each) => this.source(each))}</ul>
      ${more > 0 ? html`<p class="aside">${plural(more, 'And {n} more: find it by its name.', 'And {n} more: find one by its name.')}</p>` : nothing}`;
  }

  /** @param {Origin} each */
  source(each) {
    return html`<li><p dir="auto">${each.title || each.source}</p>
      <p class="from">${each.items ? plural(each.items, '{n} thing remembered', '{n} things remembered') : t('nothing remembered')}${each.at ? ` · ${when(each.at)}` : ''}</p>
      <label class="trust"><span class="unseen">${t('What you say of {source}', { source: each.title || each.source })}</span>
        <select ?disabled=${this.busy} @change=${(/** @type {Event} */ event) => this.choose(each, event)}>${SAYS.map(([name, words]) => html`<option value=${name} ?selected=${name === each.trust}>${t(words)}</option>`)}</select></label></li>`;
  }
}

customElements.define('mind-trust', TrustOf);
