// @ts-check
// The models of this machine: what runs, what could run and how well, fetching, choosing, checking and removing them.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, plural, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { far, listed, size } from '../words.js';

/** @typedef {import('../types-brain.js').Model} Model */
/** @typedef {import('../types-brain.js').Underway} Underway */

const NAMES = /** @type {Record<string, string>} */ ({
  chat: key('To talk with'), embedding: key('To find by meaning'), vision: key('To see'), reranker: key('To rank'),
  speech: key('To hear'), voice: key('To speak'), translation: key('To translate'), image: key('To draw'),
});
const DOING = /** @type {Record<string, string>} */ ({ fetch: key('Fetching {model}'), use: key('Changing to {model}'), check: key('Checking {model}') });
const VERDICTS = /** @type {Record<string, string>} */ ({ fits: key('Runs here.'), tight: key('Runs here, with little room left.'), 'too large': key('Too large for this machine.') });
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
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${using ? html`<p>${using.state === 'ready' ? rich('{model} answers, on this machine; it sends nothing to anybody.', { model: html`<bdi><strong>${using.title}</strong></bdi>` }) : html`<bdi><strong>${using.title}</strong> ${using.note}</bdi>`}
        ${using.memory ? t('It uses {size} of memory.', { size: size(using.memory) }) : nothing}</p>` : nothing}
      ${machine ? html`<p class="aside">${has(machine)} <bdi>${machine.unused_gpu}</bdi></p>` : nothing}
      ${this.working()}
      <p class="aside" role="status" dir="auto">${this.said}</p>
      ${kinds.map((kind) => this.section(kind, (models ?? []).filter((each) => kindOf(each) === kind)))}
      <form class="fields" @submit=${this.add}><label>${t('Another model')} <input name="what" autocomplete="off" spellcheck="false" required maxlength="1000" placeholder=${t('owner/name, or a .gguf file on this machine')}></label>
        <p class="hint">${t('A name is looked up on the hub; what it says the file’s hash is, is kept and checked from then on.')}</p>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Add it')}</button>
        <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.find_servers}>${t('Look for model servers on this machine')}</button></div></form>
      ${this.servers ? this.found() : nothing}`;
  }

  /** What is under way, or how the last of it ended. */
  working() {
    const now = this.underway;
    if (!now || now.state === 'idle') return nothing;
    const title = this.models?.find((each) => each.id === now.id)?.title ?? now.id;
    const words = t(DOING[now.what] ?? key('Under way: {model}'), { model: title });
    if (now.state !== 'running') return html`<p class=${now.state === 'failed' ? 'trouble' : 'aside'} role="status" dir="auto">${now.note} ${now.hint}</p>`;
    return html`<div class="brain"><p role="status">${words}${now.detail ? html`: <bdi>${now.detail}</bdi>` : nothing}</p>
      <progress aria-label=${words} max=${now.total || nothing} value=${now.total ? now.done : nothing}></progress>
      ${now.total ? html`<span>${far(now)}</span>` : nothing}<button type="button" class="quiet" @click=${this.stop}>${t('Stop')}</button></div>`;
  }

  /** @param {string} kind @param {Model[]} models */
  section(kind, models) {
    const list = html`<ul class="rows">${repeat(models, (each) => each.id, (each) => this.model(each))}</ul>`;
    const name = NAMES[kind] ? t(NAMES[kind]) : kind;
    return kind === 'chat' ? html`<h3>${name}</h3>${list}` : html`<details><summary>${name}: ${models.length}</summary>${list}</details>`;
  }

  /** @param {Model} model */
  model(model) {
    const running = this.underway?.state === 'running';
    const act = (/** @type {string} */ name, /** @type {string} */ words) => html`<button type="button" class="quiet" ?disabled=${this.busy || running} aria-label="${words}: ${model.title}" @click=${() => this.begin(name, model)}>${words}</button>`;
    return html`<li><bdi><strong>${model.title}</strong></bdi> <span class="from">${facts(model).join(' · ')}</span>
      <p class="from" dir="auto">${model.about}</p>
      <p>${VERDICTS[model.verdict] ? t(VERDICTS[model.verdict] ?? '') : nothing}${model.why ? html` <bdi class="from">${model.why}</bdi>` : nothing}</p>
      ${model.measured ? html`<p class="from">${t('Measured here: {figures}', { figures: model.measured })}</p>` : nothing}
      <div class="choices">${model.runs && !model.in_use && model.here ? act('use', t('Use')) : nothing}
        ${model.here ? nothing : act('fetch', model.pinned ? t('Fetch') : t('Look up and fetch'))}
        ${model.here && kindOf(model) === 'chat' ? act('check', t('Check it here (two minutes)')) : nothing}
        ${model.here && !model.in_use ? act('remove', t('Remove')) : nothing}</div></li>`;
  }

  found() {
    const servers = /** @type {import('../types-brain.js').Found[]} */ (this.servers ?? []);
    return html`<div role="status">${servers.length ? nothing : html`<p class="aside">${t('No model server answers on this machine. Ollama, LM Studio, llama-server and vLLM are looked for where they usually listen.')}</p>`}
      <ul class="rows">${servers.map((each) => html`<li><strong>${each.kind}</strong> <bdi class="from">${each.url} ${each.note}</bdi>
        <div class="choices">${each.models.map((name) => html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.connect(each.url, name)}>${t('Set {model} up', { model: name })}</button>`)}</div></li>`)}</ul></div>`;
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

/** Size, licence and whether it is here. @param {Model} model */
const facts = (model) => [
  model.bytes ? size(model.bytes) : t('size not known yet'), model.licence || t('licence not known'),
  ...(model.in_use ? [t('in use')] : model.here ? [t('here')] : []),
];

/** What this machine has to compute with. @param {import('../types-brain.js').Machine} machine */
function has({ memory, available, cores, gpus, disk_free }) {
  return t('This machine: {memory} of memory, {free} free; {cores}; {graphics}; {disk} of disk free.', {
    memory: size(memory), free: size(available), disk: size(disk_free), cores: plural(cores, '{n} core', '{n} cores'),
    graphics: gpus.length ? listed(gpus.map((each) => each.name)) : t('no graphics processor to compute with'),
  });
}

customElements.define('mind-models', Models);
