// @ts-check
// Models elsewhere: providers by key, what each may cost, and the rule that says who answers what. Without a rule everything stays here.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { rich, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { moment, money } from '../words.js';

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
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${rules ? html`<p>${rules.lines.length ? t('The rule below says who answers what.') : html`<strong>${t('Everything is answered on this machine.')}</strong> ${t('Nothing is asked of anybody else until you choose it here.')}`} <bdi>${rules.wrong}</bdi></p>` : nothing}
      ${costs?.total ? html`<p class="aside">${costs.month}: ${costs.cap === null ? money(costs.total, costs.currency) : t('{spent} of {cap} spent', { spent: money(costs.total, costs.currency), cap: money(costs.cap, costs.currency) })}</p>` : nothing}
      <ul class="rows">${repeat(providers ?? [], (each) => each.name, (each) => this.provider(each))}</ul>
      ${rules && providers?.length ? this.rule(rules, providers) : nothing}
      ${providers ? html`<details ?open=${!providers.length}><summary>${t('Add a provider')}</summary><p class="aside">${t('A company’s larger model answers harder questions. It costs money, and what you ask it leaves this machine; you see the text before it goes.')}</p><form class="fields" @submit=${this.add}>
        <div class="pair"><label>${t('Which')} <select name="kind" @change=${(/** @type {Event} */ event) => { this.kind = /** @type {HTMLSelectElement} */ (event.target).value; }}>${this.presets.map((each) => html`<option value=${each.kind} ?selected=${each.kind === this.kind}>${each.title}</option>`)}</select></label>
        <label>${t('Its model')} <input name="model" autocomplete="off" spellcheck="false" .value=${preset?.models[0] ?? ''} ?required=${!preset?.models.length}></label></div>
        ${preset?.url ? nothing : html`<label>${t('Its address')} <input name="url" inputmode="url" autocomplete="off" spellcheck="false" required placeholder="https://api.example.org/v1"></label>`}
        <label>${preset?.key_at ? t('Its key') : t('Its key, if it wants one')} <input name="key" type="password" autocomplete="off" spellcheck="false" ?required=${Boolean(preset?.key_at)}></label>
        <p class="hint">${preset?.key_at ? rich('Keys are given at {place}.', { place: html`<bdi>${preset.key_at}</bdi>` }) : nothing} ${t('It is kept in the encrypted store, sent to that address alone, and shown nowhere.')}</p>
        <label>${t('At most a month, in {currency} (empty: no end)', { currency: 'USD' })} <input name="cap" type="number" min="0" step="0.01" inputmode="decimal"></label>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Add it')}</button></div></form></details>` : nothing}
      <p class="aside" role="status" dir="auto">${this.said}</p>`;
  }

  /** @param {Provider} one */
  provider(one) {
    const act = (/** @type {string} */ words, /** @type {() => unknown} */ then) => html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${words}: ${one.name}" @click=${then}>${words}</button>`;
        return html`<li><bdi><strong>${one.name}</strong></bdi> <span class="from">${t('{model} at {place}', { model: one.model, place: one.destination || one.url })} · ${one.has_key ? t('its key is kept') : t('no key')} · ${price(one)}</span>
      <p class="from">${spent(one)} ${one.may_answer ? t('It is asked at once where the rule says so.') : t('You are shown each text before it goes.')}
        ${one.rests_until ? t('Not asked before {moment}: it said so.', { moment: moment(one.rests_until) }) : nothing}</p>
      ${one.wrong ? html`<p class="trouble" dir="auto">${one.wrong}</p>` : nothing}
      <div class="choices">${act(t('Try it'), () => this.test(one))}${act(t('Have it answer everything'), () => this.use(one.name))}${act(t('Take it away'), () => this.forget(one))}</div></li>`;
  }

  /** @param {import('../types-brain.js').Rules} rules @param {Provider[]} providers */
  rule(rules, providers) {
    return html`<h3>${t('Who answers what')}</h3>
      <form class="fields" @submit=${this.keep}><label>${t('One line each, the first that fits decides')} <textarea name="lines" rows=${Math.max(3, rules.lines.length + 1)} spellcheck="false" .value=${rules.lines.map((each) => each.line).join('\n')}></textarea></label>
        <p class="hint">${rich('Such as {lines}. Tasks: {tasks}. Empty: everything is answered here.', { lines: html`<code>write to ${providers[0]?.name}</code>, <code>code when long to ${providers[0]?.name}</code>, <code>remembered to local</code>, <code>everything to local</code>`, tasks: html`<code>talk, remembered, write, summarise, translate, explain, code, plan</code>` })}</p>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Keep the rule')}</button>${rules.lines.length ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.use('local')}>${t('Answer everything here')}</button>` : nothing}</div></form>
      <form class="fields" @submit=${this.explain}><label>${t('Who would answer this?')} <input name="text" dir="auto" autocomplete="off" required maxlength="4000"></label><div class="choices"><button type="submit" class="quiet" ?disabled=${this.busy}>${t('Say, without sending')}</button></div></form>
      ${this.explained ? html`<p role="status">${answers(this.explained)} <bdi>${this.explained.why}</bdi></p>` : nothing}`;
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
      this.said = t('{name} is set up. Nothing is asked of it until you let it answer.', { name });
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
      this.said = t('The rule is kept.');
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

/** What a million tokens cost, and who says so. @param {Provider} one */
function price(one) {
  if (one.price_in === null || one.price_out === null) return t('price not known');
  const said = t('{read} and {written} {currency} a million tokens', { read: one.price_in, written: one.price_out, currency: one.currency });
  return one.priced_by === 'you' ? said : `${said} (${one.priced_by})`;
}

/** What it cost this month. @param {Provider} one */
function spent(one) {
  const amount = money(one.spent, one.currency);
  return one.cap === null ? t('{amount} this month, no cap.', { amount }) : t('{amount} this month, of at most {cap}.', { amount, cap: money(one.cap, one.currency) });
}

/** Who would answer a text, by which line. @param {import('../types-brain.js').Explained} explained */
function answers({ to, model, task, line }) {
  const who = to === 'local' ? t('The brain here') : t('{model} at {place}', { model, place: to });
  return line ? t('{who}: a task of the kind “{task}”, by “{line}”.', { who, task, line }) : t('{who}: a task of the kind “{task}”.', { who, task });
}

customElements.define('mind-providers', Providers);
