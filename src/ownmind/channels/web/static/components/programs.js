// @ts-check
// Programs that may ask something of this Ownmind: a key each, what it may be used for, and its end.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, plural, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { when } from '../words.js';

/** @typedef {{id: string, name: string, scopes: string[], created: string, last_used: string | null, calls: number, footnotes: boolean}} Client */

/** What a key may be used for, and which of them a new one is offered with. @type {{scope: string, words: string, usual?: boolean}[]} */
const SCOPES = [
  { scope: 'talk', words: key('Speak with the companion, which answers from what it remembers'), usual: true },
  { scope: 'own_words', words: key('Speak as you: what it sends is remembered and learnt from as your own words') },
  { scope: 'model', words: key('Use the model alone, without memory') },
  { scope: 'embeddings', words: key('Turn text into vectors') },
  { scope: 'memory_read', words: key('Search what is remembered') },
  { scope: 'memory_write', words: key('Add to what is remembered, as text from outside') },
  { scope: 'goals_read', words: key('See goals and plans') },
  { scope: 'goals_write', words: key('Propose changes to goals') },
  { scope: 'people_read', words: key('See people, promises and birthdays') },
  { scope: 'people_write', words: key('Propose changes to people') },
];

class Programs extends Asking {
  static properties = { clients: { state: true }, added: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Client[] | null} */
    this.clients = null;
    /** The key that was just made: it is shown once. @type {{client: Client, key: string} | null} */
    this.added = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
  }

  async read() {
    this.clients = await read('clients', 'all');
  }

  render() {
    const { clients, added } = this;
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside">${t('Most people need none of this.')} ${rich('Programs on this machine can talk to Ownmind as they talk to OpenAI: at {openai} with a key from here. Programs that speak MCP use {mcp}.', { openai: html`<code>${location.origin}/v1</code>`, mcp: html`<code>${location.origin}/mcp</code>` })}</p>
      ${added ? html`<div class="deed waiting" role="status"><p class="effect">${t('The key of {name}', { name: added.client.name })}</p><p><code class="key">${added.key}</code></p>
        <p class="aside">${t('It is shown once. Put it into the program now; a lost one is replaced, not found.')}</p>
        <div class="choices"><button type="button" class="strong" @click=${this.copy}>${t('Copy')}</button><button type="button" class="quiet" @click=${() => { this.added = null; }}>${t('I have it')}</button></div></div>` : nothing}
      <ul class="rows">${repeat(clients ?? [], (each) => each.id, (each) => this.client(each))}</ul>
      ${clients && !clients.length && !added ? html`<p class="aside">${t('No program has a key.')}</p>` : nothing}
      <form class="fields" @submit=${this.add}><label>${t('A key for')} <input name="name" autocomplete="off" maxlength="60" required placeholder=${t('my editor')}></label>
        <fieldset><legend>${t('It may')}</legend>${SCOPES.map((each) => html`<label class="tickable"><input type="checkbox" name="scopes" value=${each.scope} .checked=${each.usual ?? false}>${t(each.words)}</label>`)}</fieldset>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Make a key')}</button></div></form>`;
  }

  /** @param {Client} client */
  client(client) {
    const may = client.scopes.map((scope) => t(SCOPES.find((each) => each.scope === scope)?.words ?? scope));
    return html`<li><strong dir="auto">${client.name}</strong> <span class="from">${client.id}</span>
      <p class="from">${client.calls ? plural(client.calls, '{n} call, last {when}', '{n} calls, last {when}', { when: when(client.last_used) }) : t('Not used yet')}</p>
      <ul class="from">${may.map((each) => html`<li>${each}</li>`)}</ul>
      <button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('End this key')}: ${client.name}" @click=${() => this.end(client)}>${t('End this key')}</button></li>`;
  }

  /** @param {SubmitEvent} event */
  add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    this.run(async () => {
      this.added = await change('clients', 'add', { name: given.get('name'), scopes: given.getAll('scopes') });
      form.reset();
      await this.read();
    });
  }

  /** @param {Client} client */
  end(client) {
    this.run(async () => {
      await change('clients', 'revoke', { client: client.id });
      await this.read();
    });
  }

  copy() {
    if (this.added) this.run(() => navigator.clipboard.writeText(this.added?.key ?? ''));
  }
}

customElements.define('mind-programs', Programs);
