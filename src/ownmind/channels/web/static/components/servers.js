// @ts-check
// Tool servers that speak MCP: programs in a jail and servers elsewhere, and what each of their tools is taken for.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, plural, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';

/** @typedef {{name: string, kind: string, where: string, state: string, wrong: string, tools: number, allowed: number, waiting: number, refused: string[], is_set: boolean, has_key: boolean}} Server */
/** @typedef {{server: string, name: string, title: string, description: string, state: string, effect: string, claims: string[], changed: string, action: string}} Tool */

const EXAMPLE = 'calendar'; // a name as the field wants it, whatever the language
const EFFECTS = { reads: key('it only reads'), writes: key('it writes'), sends: key('it sends (the most careful)') };
const STATES = /** @type {Record<string, string>} */ ({ allowed: key('allowed'), waiting: key('waits for your yes: see Activity'), offered: key('offered') });

class Servers extends Asking {
  static properties = { servers: { state: true }, tools: { state: true }, of: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Server[] | null} */
    this.servers = null;
    /** The tools of one server. @type {Tool[]} */
    this.tools = [];
    this.of = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
  }

  async read() {
    this.servers = await read('mcp', 'servers');
    if (this.of) this.tools = await read('mcp', 'tools', { server: this.of });
  }

  reread() {
    this.run(() => this.read());
  }

  render() {
    const { servers } = this;
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside">${t('Most people need none of this.')} ${t('A server of tools can be a program on this machine, which runs locked in without a network, or one at an address, which is asked after your yes. None of its tools is there before you allowed it, word for word.')}</p>
      <ul class="rows">${repeat(servers ?? [], (each) => each.name, (each) => this.server(each))}</ul>
      ${servers && !servers.length ? html`<p class="aside">${rich('No tool server is set. A program is added in the terminal: {command}', { command: html`<code>ownmind mcp add NAME -- COMMAND</code>` })}</p>` : nothing}
      <form class="fields" @submit=${this.add}><div class="pair"><label>${t('Your name for it')} <input name="name" autocomplete="off" required pattern="[a-z][a-z0-9\\-]{0,30}" placeholder=${EXAMPLE}></label>
        <label>${t('Its address')} <input name="url" inputmode="url" autocomplete="off" spellcheck="false" required placeholder="https://tools.example.org/mcp"></label></div>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Add this server')}</button></div></form>`;
  }

  /** @param {Server} server */
  server(server) {
    const act = (/** @type {string} */ words, /** @type {() => unknown} */ then) => html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${words}: ${server.name}" @click=${then}>${words}</button>`;
    return html`<li><strong>${server.name}</strong> <span class="from"><bdi>${server.where}</bdi> · ${counts(server).join(' · ')}</span>
      ${server.state === 'changed' ? html`<p class="trouble">${t('Its files are not those you allowed. It does not run before you say yes to them.')}</p>` : nothing}
      ${server.wrong ? html`<p class="trouble" dir="auto">${server.wrong}</p>` : nothing}
      ${server.refused.length ? html`<details><summary>${plural(server.refused.length, '{n} tool cannot be used', '{n} tools cannot be used')}</summary><ul class="from">${server.refused.map((each) => html`<li dir="auto">${each}</li>`)}</ul></details>` : nothing}
      <div class="choices"><button type="button" class="quiet" aria-expanded=${this.of === server.name} aria-label="${t('Its tools')}: ${server.name}" @click=${() => this.show(server.name)}>${t('Its tools')}</button>${act(t('Ask it again'), () => this.refresh(server.name))}${server.is_set ? nothing : act(t('Take it away'), () => this.drop(server.name))}</div>
      ${this.of === server.name ? html`<ul class="rows">${this.tools.map((each) => this.tool(each))}</ul>` : nothing}</li>`;
  }

  /** @param {Tool} tool */
  tool(tool) {
    return html`<li><strong>${tool.name}</strong> <span class="from">${STATES[tool.state] ? t(STATES[tool.state] ?? '') : tool.state}</span>
      <p>${rich('It says: {words}', { words: html`<q class="outside" dir="auto">${tool.description}</q>` })}</p>
      ${tool.claims.length ? html`<p class="from">${t('It claims: {claims}. That decides nothing.', { claims: tool.claims.join(', ') })}</p>` : nothing}
      ${tool.changed ? html`<p>${t('What changed since you allowed it:')}</p><pre>${tool.changed}</pre>` : nothing}
      <div class="fields"><label>${t('I take it that')} <select @change=${(/** @type {Event} */ event) => this.take(tool, /** @type {HTMLSelectElement} */ (event.target).value)}>${Object.entries(EFFECTS).map(([effect, words]) => html`<option value=${effect} ?selected=${effect === tool.effect}>${t(words)}</option>`)}</select></label></div>
      ${tool.state === 'allowed' ? html`<div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.disallow(tool)}>${t('Allow it no more')}</button></div>` : nothing}</li>`;
  }

  /** @param {string} name */
  show(name) {
    this.of = this.of === name ? '' : name;
    this.tools = [];
    this.run(() => this.read());
  }

  /** @param {SubmitEvent} event */
  add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    this.does('add', Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()])), form);
  }

  /** @param {string} call @param {Record<string, unknown>} named @param {HTMLFormElement} [form] */
  does(call, named, form) {
    this.run(async () => {
      await change('mcp', call, named);
      form?.reset();
      this.ask('changed');
      await this.read();
    });
  }

  /** @param {string} name */
  refresh(name) {
    this.does('refresh', { name });
  }

  /** @param {string} name */
  drop(name) {
    if (this.of === name) this.of = '';
    this.does('remove', { name });
  }

  /** @param {Tool} tool @param {string} effect */
  take(tool, effect) {
    this.does('set_effect', { server: tool.server, tool: tool.name, effect });
  }

  /** @param {Tool} tool */
  disallow(tool) {
    this.does('disallow', { server: tool.server, tool: tool.name });
  }
}

/** How many tools it has, and what was said of them. @param {Server} server */
const counts = ({ tools, allowed, waiting }) => [
  plural(tools, '{n} tool', '{n} tools'), plural(allowed, '{n} allowed', '{n} are allowed'),
  ...(waiting ? [plural(waiting, '{n} waits for your yes', '{n} wait for your yes')] : []),
];

customElements.define('mind-servers', Servers);
