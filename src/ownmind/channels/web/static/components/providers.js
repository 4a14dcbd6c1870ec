// @ts-check
// Models elsewhere: providers by key, what each may cost, and the rule that says who answers what. Without a rule everything stays here.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { change, read } from '../rooms.js';
import { moment } from '../words.js';

/** @typedef {import('../types-brain.js').Provider} Provider */

class Providers extends Asking {
  static properties = { providers: { state: true }, presets: { state: true }, rules: { state: true }, costs: { state: true }, kind: { state: true }, explained: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Provider[] | null} */
    this.providers = null;
    /** @type {import('../types-brain.js').Preset[]} */
    this.presets = [];
    /** @type {import('../types-brain.js').Rules | null} */
    this.rules = null;
    /** @type {{month: string, currency: string, total: number, cap: number | null} | null} */
    this.costs = null;
    this.kind = '';
    /** @type {import('../types-brain.js').Explained | null} */
    this.explained = null;
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => {
      this.presets = await read('providers', 'presets');
      this.kind = this.presets[0]?.kind ?? '';
      await this.read();
    });
  }

  async read() {
    [this.providers, this.rules, this.costs] = await Promise.all([read('providers', 'all'), read('providers', 'rules'), read('providers', 'costs')]);
  }

  reread() {
    this.run(() => this.read());
  }

  render() {
    const { providers, rules, costs } = this;
    const preset = this.presets.find((each) => each.kind === this.kind);
    return html`${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${rules ? html`<p>${rules.lines.length ? 'The rule below says who answers what.' : html`<strong>Everything is answered on this machine.</strong> Nothing is asked of anybody else unless a line of the rule says so.`} ${rules.wrong}</p>` : nothing}
      ${costs?.total ? html`<p class="aside">${costs.month}: ${amount(costs.total, costs.currency)}${costs.cap === null ? '' : ` of ${amount(costs.cap, costs.currency)}`}</p>` : nothing}
      <ul class="rows">${repeat(providers ?? [], (each) => each.name, (each) => this.provider(each))}</ul>
      ${rules && providers?.length ? this.rule(rules, providers) : nothing}
      ${providers ? html`<details ?open=${!providers.length}><summary>Add a provider</summary><form class="fields" @submit=${this.add}>
        <div class="pair"><label>Which <select name="kind" @change=${(/** @type {Event} */ event) => { this.kind = /** @type {HTMLSelectElement} */ (event.target).value; }}>${this.presets.map((each) => html`<option value=${each.kind} ?selected=${each.kind === this.kind}>${each.title}</option>`)}</select></label>
        <label>Its model <input name="model" autocomplete="off" spellcheck="false" .value=${preset?.models[0] ?? ''} ?required=${!preset?.models.length}></label></div>
        ${preset?.url ? nothing : html`<label>Its address <input name="url" inputmode="url" autocomplete="off" spellcheck="false" required placeholder="https://api.example.org/v1"></label>`}
        <label>Its key, if it wants one <input name="key" type="password" autocomplete="off" spellcheck="false"></label>
        <p class="hint">${preset?.key_at ? html`Keys are given at <bdi>${preset.key_at}</bdi>. ` : nothing}It is kept in the encrypted store, sent to that address alone, and shown nowhere.</p>
        <label>At most a month, in ${'USD'} (empty: no end) <input name="cap" type="number" min="0" step="0.01" inputmode="decimal"></label>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>Add it</button></div></form></details>` : nothing}
      <p class="aside" role="status">${this.said}</p>`;
  }

  /** @param {Provider} one */
  provider(one) {
    const act = (/** @type {string} */ words, /** @type {() => unknown} */ then) => html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${words}: ${one.name}" @click=${then}>${words}</button>`;
    const price = one.price_in === null || one.price_out === null ? 'price not known' : `${one.price_in} and ${one.price_out} ${one.currency} a million tokens${one.priced_by === 'you' ? '' : ` (${one.priced_by})`}`;
    return html`<li><strong>${one.name}</strong> <span class="from"><bdi>${one.model}</bdi> at ${one.destination || one.url} · ${one.has_key ? 'its key is kept' : 'no key'} · ${price}</span>
      <p class="from">${amount(one.spent, one.currency)} this month${one.cap === null ? ', no cap' : ` of at most ${amount(one.cap, one.currency)}`}. ${one.may_answer ? 'It is asked at once where the rule says so.' : 'You are shown each text before it goes.'}${one.rests_until ? ` Not asked before ${moment(one.rests_until)}: it said so.` : ''}</p>
      ${one.wrong ? html`<p class="trouble">${one.wrong}</p>` : nothing}
      <div class="choices">${act('Try it', () => this.test(one))}${act('Have it answer everything', () => this.use(one.name))}${act('Take it away', () => this.forget(one))}</div></li>`;
  }

  /** @param {import('../types-brain.js').Rules} rules @param {Provider[]} providers */
  rule(rules, providers) {
    return html`<h3>Who answers what</h3>
      <form class="fields" @submit=${this.keep}><label>One line each, the first that fits decides <textarea name="lines" rows=${Math.max(3, rules.lines.length + 1)} spellcheck="false" .value=${rules.lines.map((each) => each.line).join('\n')}></textarea></label>
        <p class="hint">Such as “write to ${providers[0]?.name}”, “code when long to ${providers[0]?.name}”, “remembered to local”, “everything to local”. Tasks: talk, remembered, write, summarise, translate, explain, code, plan. Empty: everything is answered here.</p>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>Keep the rule</button>${rules.lines.length ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.use('local')}>Answer everything here</button>` : nothing}</div></form>
      <form class="fields" @submit=${this.explain}><label>Who would answer this? <input name="text" dir="auto" autocomplete="off" required maxlength="4000"></label><div class="choices"><button type="submit" class="quiet" ?disabled=${this.busy}>Say, without sending</button></div></form>
      ${this.explained ? html`<p role="status">${this.explained.to === 'local' ? 'The brain here' : html`<bdi>${this.explained.model} at ${this.explained.to}</bdi>`}: a task of the kind “${this.explained.task}”${this.explained.line ? html`, by “${this.explained.line}”` : nothing}. ${this.explained.why}</p>` : nothing}`;
  }

  /** @param {SubmitEvent} event */
  add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    const name = this.providers?.some((each) => each.name === given.kind) ? `${given.kind}-${(this.providers?.length ?? 0) + 1}` : given.kind;
    this.run(async () => {
      await change('providers', 'set', { name, kind: given.kind, model: given.model, ...(given.url ? { url: given.url } : {}) });
      if (given.key) await change('providers', 'key', { name, key: given.key });
      if (given.cap) await change('providers', 'cap', { name, amount: Number(given.cap) });
      form.reset();
      this.said = `${name} is set up. Nothing is asked of it until a line of the rule names it.`;
      await this.read();
    });
  }

  /** @param {Provider} one */
  test(one) {
    this.run(async () => {
      this.said = (await change('providers', 'test', { name: one.name })).said;
      await this.read();
    });
  }

  /** @param {string} name */
  use(name) {
    this.run(async () => {
      this.rules = await change('providers', 'use', { name });
      await this.read();
    });
  }

  /** @param {Provider} one */
  forget(one) {
    this.run(async () => {
      await change('providers', 'forget', { name: one.name });
      await this.read();
    });
  }

  /** @param {SubmitEvent} event */
  keep(event) {
    event.preventDefault();
    const lines = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('lines')).split('\n').map((each) => each.trim()).filter(Boolean);
    this.run(async () => {
      this.rules = await change('providers', 'set_rules', { lines });
      this.said = 'The rule is kept.';
      await this.read();
    });
  }

  /** @param {SubmitEvent} event */
  explain(event) {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('text'));
    this.run(async () => { this.explained = await change('providers', 'explain', { text }); });
  }
}

/** @param {number} value @param {string} currency */
const amount = (value, currency) => `${value < 0.01 && value > 0 ? value.toFixed(4) : value.toFixed(2)} ${currency}`.trim();

customElements.define('mind-providers', Providers);
