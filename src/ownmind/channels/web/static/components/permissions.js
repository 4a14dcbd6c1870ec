// @ts-check
// What the person allowed to leave: how long, how much of its cap is spent, and what is over. Each can be taken back, and given again.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import * as api from '../api.js';
import { plural, t } from '../lang.js';
import { day, when } from '../words.js';

/** @typedef {import('../types.js').Permission} Permission */

class Permissions extends Asking {
  static properties = {
    offline: { attribute: false }, permissions: { state: true }, values: { state: true }, rules: { state: true }, providers: { state: true }, capping: { state: true }, revoked: { state: true }, said: { state: true },
    busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    this.offline = false;
    /** @type {Permission[] | null} */
    this.permissions = null;
    /** @type {import('../types.js').Vouched[]} */
    this.values = [];
    /** @type {import('../types.js').Rules | null} */
    this.rules = null;
    /** @type {import('../types.js').Provider[]} */
    this.providers = [];
    /** The id of the one whose cap is being changed. */
    this.capping = '';
    /** The one just revoked, to be given again with a press. @type {Permission | null} */
    this.revoked = null;
    /** What was done last, for a screen reader too. */
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
  }

  async read() {
    [this.permissions, this.values, this.rules, this.providers] = await Promise.all([api.permissions(), api.vouched(), api.rules(), api.providers()]);
  }

  /** Does what changes something, says it, and reads everything anew. @param {string} said @param {() => Promise<unknown>} work */
  async change(said, work) {
    this.revoked = null;
    const went = await this.run(async () => {
      await work();
      await this.read();
    });
    this.said = went ? said : '';
    this.capping = went ? '' : this.capping;
    await this.updateComplete;
    if (!this.contains(document.activeElement)) this.find('.done')?.focus();
    return went;
  }

  /** @param {Permission} each */
  async revoke(each) {
    if (await this.change(t('Revoked: nothing more goes to {place} to {purpose}.', { place: place(each), purpose: each.purpose }), () => api.revoke(each.id))) this.revoked = each;
  }

  /** @param {Permission} each */
  again(each) {
    const given = { destination: each.destination, purpose: each.purpose, once: each.uses_left !== null, spend_cap: each.spend_cap };
    this.change(t('Allowed again: {place}, to {purpose}.', { place: place(each), purpose: each.purpose }), () => api.permit(given));
  }

  /** @param {Permission} each @param {Event} event */
  save(each, event) {
    event.preventDefault();
    const said = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('cap') ?? '').trim();
    const amount = said ? Number(said) : null;
    this.change(amount === null ? t('The cap was taken away.') : t('At most {amount} may be spent now.', { amount }), () => api.cap(each.id, amount));
  }

  render() {
    const every = this.permissions ?? [];
    const [holding, over] = [every.filter((each) => !ended(each)), every.filter((each) => ended(each)).reverse()];
    const again = this.revoked;
    return html`
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="done aside" role="status" tabindex="-1">${this.said}</p>
      ${again ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.again(again)}>${t('Allow it again')}</button>` : nothing}
      ${this.who()}
      <h3>${t('May leave now')}</h3>
      ${this.offline ? html`<p class="aside">${t('Offline: nothing leaves this machine.')}</p>` : this.permissions && !holding.length ? html`<p class="aside">${t('Nothing of yours. Only the files that Ownmind runs on may be fetched.')}</p>` : nothing}
      <ul class="rows">${repeat(holding, (each) => each.id, (each) => this.permission(each))}</ul>
      ${this.values.length ? html`<h3>${t('Values you vouched for')}</h3>` : nothing}
      <ul class="rows">${this.values.map((each) => html`<li><p><bdi>${each.value}</bdi> <span class="from">${t('{type}, to be {effect}', { type: each.type, effect: each.effect })}</span></p>
        <div class="choices"><button type="button" class="quiet" aria-label="${t('Revoke')} ${each.id}: ${each.value}" ?disabled=${this.busy}
          @click=${() => this.change(t('From now on you are asked about {value} again.', { value: each.value }), () => api.unvouch(each.id))}>${t('Revoke')}</button></div></li>`)}</ul>
      ${over.length ? html`<details class="over"><summary>${t('What is over')} (${over.length})</summary>
        <ul class="rows">${repeat(over, (each) => each.id, (each) => html`<li><p dir="auto">${goes(each)}</p>
          <p class="from">${each.id} · ${t('given {when}', { when: when(each.given_at) })} · ${ended(each)}${each.spent ? ` · ${spent(each)}` : ''}</p>
          <div class="choices"><button type="button" class="quiet" aria-label="${t('Allow again')} ${each.id}: ${goes(each)}" ?disabled=${this.busy} @click=${() => this.again(each)}>${t('Allow again')}</button></div></li>`)}</ul></details>` : nothing}`;
  }

  /** Who answers, where there is a choice. */
  who() {
    const { rules, providers } = this;
    if (!rules || !providers.length) return nothing;
    const why = rules.is_offline ? ` ${t('You are offline: the model on this computer answers everything.')}` : rules.wrong ? ` ${rules.wrong}` : '';
    return html`<h3>${t('Who answers')}</h3>
      ${rules.lines.length ? html`<ol class="rows">${rules.lines.map((each) => html`<li dir="auto">${each.line}</li>`)}</ol>` : nothing}
      <p dir="auto">${rules.lines.length ? t('Everything else is answered by the model on this computer.') : t('The model on this computer.')}${why}</p>
      <div class="choices">${rules.lines.length
        ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.change(t('The model on this computer answers.'), () => api.useProvider('local'))}>${t('Answer here')}</button>`
        : providers.map((each) => html`<button type="button" class="quiet" ?disabled=${this.busy}
            @click=${() => this.change(t('{model} at {place} answers from now on, after your yes.', { model: each.model, place: each.destination }), () => api.useProvider(each.name))}>${t('Let {model} answer', { model: each.model })}</button>`)}</div>`;
  }

  /** @param {Permission} each */
  permission(each) {
    const how = each.uses_left === null ? (each.until ? t('until {day}', { day: day(each.until) }) : t('until you revoke it'))
      : `${each.uses_left === 1 ? t('once') : plural(each.uses_left, '{n} time', '{n} times')}${each.until ? ` · ${t('until {day}', { day: day(each.until) })}` : ''}`;
    return html`<li><p dir="auto">${goes(each)}</p>
      <p class="from">${each.id} · ${t('given {when}', { when: when(each.given_at) })} · ${how}</p>
      ${each.spend_cap === null && !each.spent ? nothing : html`<p class="spent">${each.spend_cap ? html`<progress aria-hidden="true" max=${each.spend_cap} value=${Math.min(each.spent, each.spend_cap)}></progress>` : nothing} ${spent(each)}</p>`}
      ${this.capping === each.id ? this.form(each) : html`<div class="choices">
        <button type="button" class="quiet" aria-label="${t('Revoke')} ${each.id}: ${goes(each)}" ?disabled=${this.busy} @click=${() => this.revoke(each)}>${t('Revoke')}</button>
        <button type="button" class="quiet" aria-label="${each.spend_cap === null ? t('Set a cap') : t('Change the cap')}: ${each.id}" ?disabled=${this.busy} @click=${() => this.begin(each.id)}>${each.spend_cap === null ? t('Set a cap') : t('Change the cap')}</button></div>`}</li>`;
  }

  /** @param {Permission} each */
  form(each) {
    return html`<form class="fields" @submit=${(/** @type {Event} */ event) => this.save(each, event)}>
      <label>${t('At most so much may be spent in all (empty: no cap)')} <input name="cap" type="number" min="0" step="any" inputmode="decimal" .value=${String(each.spend_cap ?? '')}></label>
      <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Save')}</button>
        <button type="button" class="quiet" @click=${() => { this.capping = ''; }}>${t('Cancel')}</button></div></form>`;
  }

  /** @param {string} id */
  async begin(id) {
    this.capping = id;
    await this.updateComplete;
    this.find('form input')?.focus();
  }
}

/** @param {Permission} each */
const place = (each) => (each.destination === '*' ? t('Any public address') : each.destination);

/** Where to and what for. @param {Permission} each */
const goes = (each) => t('{place}, to {purpose}', { place: place(each), purpose: each.purpose });

/** @param {Permission} each */
const spent = (each) => (each.spend_cap === null ? t('{spent} spent, no cap', { spent: each.spent }) : t('{spent} of {cap} spent', { spent: each.spent, cap: each.spend_cap }));

/** Why it holds no more; "" while it does. @param {Permission} each */
function ended(each) {
  if (each.revoked_at) return t('revoked {when}', { when: when(each.revoked_at) });
  if (each.until && new Date(each.until) <= new Date()) return t('ran out {when}', { when: when(each.until) });
  if (each.uses_left === 0) return t('used up');
  return each.spend_cap !== null && each.spent >= each.spend_cap ? t('its cap is spent') : '';
}

customElements.define('mind-permissions', Permissions);
