// @ts-check
// The models of this machine: what runs, what could run and how well, fetching, choosing, checking and removing them.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { change, read } from '../rooms.js';
import { counted, far, plain } from '../words.js';

/** @typedef {import('../types-brain.js').Model} Model */
/** @typedef {import('../types-brain.js').Underway} Underway */

const NAMES = { chat: 'To talk with', embedding: 'To find by meaning', vision: 'To see', reranker: 'To rank', speech: 'To hear', voice: 'To speak', translation: 'To translate', image: 'To draw' };
const DOING = { fetch: 'Fetching', use: 'Changing to', check: 'Checking' };
const EVERY = 1000; // milliseconds between two looks at what is under way

class Models extends Asking {
  static properties = { models: { state: true }, machine: { state: true }, using: { state: true }, underway: { state: true }, servers: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Model[] | null} */
    this.models = null;
    /** @type {import('../types-brain.js').Machine | null} */
    this.machine = null;
    /** @type {import('../types-brain.js').Using | null} */
    this.using = null;
    /** @type {Underway | null} */
    this.underway = null;
    /** null: not looked for. @type {import('../types-brain.js').Found[] | null} */
    this.servers = null;
    this.said = '';
    this.timer = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
    this.timer = window.setInterval(() => this.look(), EVERY);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  async read() {
    [this.models, this.using, this.underway] = await Promise.all([read('models', 'all'), read('models', 'using'), read('models', 'progress')]);
    this.machine = await read('models', 'machine');
  }

  reread() {
    this.look();
  }

  /** While something is under way: how far it is, and everything anew when it has ended. */
  async look() {
    if (this.busy || (this.underway?.state !== 'running' && this.using?.state === 'ready')) return;
    try {
      const [now, using] = await Promise.all([read('models', 'progress'), read('models', 'using')]);
      const ended = this.underway?.state === 'running' && now.state !== 'running';
      const other = using.id !== this.using?.id || using.state !== this.using?.state;
      this.underway = now;
      this.using = using;
      if (ended || other) this.models = await read('models', 'all');
    } catch {
      return; // the page itself says that Ownmind does not answer
    }
  }

  render() {
    const { models, machine, using } = this;
    const kinds = [...new Set((models ?? []).map((each) => kindOf(each)))];
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${using ? html`<p><strong>${using.title}</strong> ${using.state === 'ready' ? 'answers.' : using.note}${using.memory ? ` It uses ${giga(using.memory)} of memory.` : ''}</p>` : nothing}
      ${machine ? html`<p class="aside">This machine: ${giga(machine.memory)} of memory, ${giga(machine.available)} free; ${counted(machine.cores, 'core')}; ${machine.gpus.length ? machine.gpus.map((each) => each.name).join(', ') : 'no graphics processor to compute with'}; ${giga(machine.disk_free)} of disk free. ${machine.unused_gpu}</p>` : nothing}
      ${this.working()}
      <p class="aside" role="status">${this.said}</p>
      ${kinds.map((kind) => this.section(kind, (models ?? []).filter((each) => kindOf(each) === kind)))}
      <form class="fields" @submit=${this.add}><label>Another model <input name="what" autocomplete="off" spellcheck="false" required maxlength="1000" placeholder="owner/name, or a .gguf file on this machine"></label>
        <p class="hint">A name is looked up on the hub; what it says the file’s hash is, is kept and checked from then on.</p>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>Add it</button>
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.find_servers}>Look for model servers on this machine</button></div></form>
      ${this.servers ? this.found() : nothing}`;
  }

  /** What is under way, or how the last of it ended. */
  working() {
    const now = this.underway;
    if (!now || now.state === 'idle') return nothing;
    const title = this.models?.find((each) => each.id === now.id)?.title ?? now.id;
    const words = `${DOING[/** @type {keyof typeof DOING} */ (now.what)] ?? now.what} ${title}`;
    if (now.state !== 'running') return html`<p class=${now.state === 'failed' ? 'trouble' : 'aside'} role="status">${now.note} ${now.hint}</p>`;
    return html`<div class="brain"><p role="status">${words}${now.detail ? html`: <span>${now.detail}</span>` : nothing}</p>
      <progress aria-label=${words} max=${now.total || nothing} value=${now.total ? now.done : nothing}></progress>
      ${now.total ? html`<span>${far(now)}</span>` : nothing}<button type="button" class="quiet" @click=${this.stop}>Stop</button></div>`;
  }

  /** @param {string} kind @param {Model[]} models */
  section(kind, models) {
    const list = html`<ul class="rows">${repeat(models, (each) => each.id, (each) => this.model(each))}</ul>`;
    const name = NAMES[/** @type {keyof typeof NAMES} */ (kind)] ?? kind;
    return kind === 'chat' ? html`<h3>${name}</h3>${list}` : html`<details><summary>${name}: ${models.length}</summary>${list}</details>`;
  }

  /** @param {Model} model */
  model(model) {
    const running = this.underway?.state === 'running';
    const act = (/** @type {string} */ name, /** @type {string} */ words) => html`<button type="button" class="quiet" ?disabled=${this.busy || running} aria-label="${words}: ${model.title}" @click=${() => this.begin(name, model)}>${words}</button>`;
    return html`<li><strong>${model.title}</strong> <span class="from">${model.bytes ? giga(model.bytes) : 'size not known yet'} · ${model.licence || 'licence not known'}${model.in_use ? ' · in use' : model.here ? ' · here' : ''}</span>
      <p class="from">${model.about}</p>
      <p>${verdict(model)}${model.why ? html` <span class="from">${model.why}</span>` : nothing}</p>
      ${model.measured ? html`<p class="from">Measured here: ${model.measured}</p>` : nothing}
      <div class="choices">${model.runs && !model.in_use && model.here ? act('use', 'Use') : nothing}
        ${model.here ? nothing : act('fetch', model.pinned ? 'Fetch' : 'Look up and fetch')}
        ${model.here && kindOf(model) === 'chat' ? act('check', 'Check it here (two minutes)') : nothing}
        ${model.here && !model.in_use ? act('remove', 'Remove') : nothing}</div></li>`;
  }

  found() {
    const servers = /** @type {import('../types-brain.js').Found[]} */ (this.servers ?? []);
    return html`<div role="status">${servers.length ? nothing : html`<p class="aside">No model server answers on this machine. Ollama, LM Studio, llama-server and vLLM are looked for where they usually listen.</p>`}
      <ul class="rows">${servers.map((each) => html`<li><strong>${each.kind}</strong> <span class="from">${each.url} ${each.note}</span>
        <div class="choices">${each.models.map((name) => html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.connect(each.url, name)}>Set ${name} up</button>`)}</div></li>`)}</ul></div>`;
  }

  /** @param {string} name @param {Model} model */
  begin(name, model) {
    this.said = '';
    this.run(async () => {
      const began = await change('models', name, { id: model.id });
      if (name === 'remove') this.said = began.note;
      else this.underway = began;
      await this.read();
    });
  }

  stop() {
    this.run(async () => { this.underway = await change('models', 'stop'); });
  }

  /** @param {SubmitEvent} event */
  add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    this.run(async () => {
      const added = await change('models', 'add', { what: String(new FormData(form).get('what')).trim() });
      this.said = added.note;
      form.reset();
      await this.read();
    });
  }

  find_servers() {
    this.run(async () => { this.servers = await change('models', 'servers'); });
  }

  /** @param {string} url @param {string} model */
  connect(url, model) {
    this.run(async () => { this.said = await change('models', 'connect', { url, model }); });
  }
}

/** @param {Model} model */
const kindOf = (model) => model.role.split('-')[0] ?? model.role;

/** @param {Model} model */
function verdict(model) {
  return { fits: 'Runs here.', tight: 'Runs here, with little room left.', 'too large': 'Too large for this machine.' }[model.verdict] ?? nothing;
}

/** @param {number} bytes */
const giga = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${plain(Math.round(bytes / 1e6))} MB`);

customElements.define('mind-models', Models);
