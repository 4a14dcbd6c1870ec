// @ts-check
// Forgetting, step by step: what is meant, what would go and what may say the same, the receipt; and what was forgotten before.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import * as api from '../api.js';
import { plural, t } from '../lang.js';
import { alsoGone } from '../mind.js';
import { day } from '../words.js';
import './forget-plan.js';
import './forget-target.js';
import './forgotten.js';

/** @typedef {'target' | 'plan' | 'done' | 'before'} Step */

export class Forget extends Asking {
  static properties = {
    conversations: { attribute: false },
    step: { state: true },
    fact: { state: true },
    plan: { state: true },
    chosen: { state: true },
    deed: { state: true },
    receipt: { state: true },
    told: { state: true },
    trouble: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../types.js').Conversation[]} */
    this.conversations = [];
    /** @type {string | import('../types.js').Target} */
    this.target = '';
    /** Ids taken along, in the plan already. @type {string[]} */
    this.also = [];
    /** Offers with a tick, not in the plan yet. @type {string[]} */
    this.chosen = [];
    /** @type {import('../types.js').Deed} */
    this.deed = { how: 'forget', on: '' };
    this.clear();
  }

  clear() {
    /** @type {Step} */
    this.step = 'target';
    /** @type {import('../types.js').Fact | null} */
    this.fact = null;
    this.target = '';
    /** @type {import('../types.js').Forgetting | null} */
    this.plan = null;
    this.also = [];
    this.chosen = [];
    this.deed = { how: 'forget', on: '' };
    /** @type {import('../types.js').Receipt | null} */
    this.receipt = null;
    this.told = '';
    this.trouble = null;
    this.busy = false;
  }

  /** Shows what forgetting `fact`, or a whole source by its ref, would remove; without either, asks what is meant. @param {import('../types.js').Fact | null} fact @param {string} source */
  async open(fact = null, source = '') {
    this.clear();
    this.fact = fact;
    await this.updateComplete;
    this.dialog.showModal();
    if (fact || source) await this.look(fact?.id ?? source);
  }

  /** @returns {HTMLDialogElement} */
  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.find('dialog'));
  }

  /** What would go. @param {string | import('../types.js').Target} target @param {string[]} [also] */
  async look(target, also = []) {
    this.target = target;
    const anew = this.step !== 'plan';
    await this.run(async () => {
      this.plan = await api.planForget(target, also);
      this.also = also;
      this.chosen = [];
      if (this.deed.how === 'cut' || anew) this.deed = { how: this.plan.cut ? 'cut' : 'forget', on: '' };
      this.step = 'plan';
    });
    if (anew && !this.fact && this.step === 'plan') await this.focusTitle();
  }

  async act() {
    const { plan, deed } = this;
    if (!plan) return;
    await this.run(async () => {
      if (deed.how === 'cut' && plan.cut) {
        this.gone(await api.redact(plan.cut.item, plan.cut.words), plan);
      } else if (deed.how === 'forget') {
        this.gone(await api.forget(this.target, this.also, [...plan.ids, ...plan.facts.map((each) => each.id)]), plan);
      } else if (deed.how === 'later') {
        const { changed } = await api.expire(plan.ids, new Date(`${deed.on}T00:00`).toISOString());
        this.finish(plural(changed, '{n} message will be forgotten on {day}.', '{n} messages will be forgotten on {day}.', { day: day(deed.on) }));
      } else {
        const { changed } = await api.withhold(plan.ids);
        this.finish(plural(changed, '{n} message is kept and not used any more.', '{n} messages are kept and not used any more.'));
      }
    });
  }

  /** @param {import('../types.js').Redaction} redaction */
  async redact({ item, words }) {
    const { plan } = this;
    if (!plan) return;
    await this.run(async () => this.gone(await api.redact(item, words), { ...plan, items: plan.items.filter((each) => each.id === item) }));
  }

  /** @param {import('../types.js').Receipt} receipt @param {import('../types.js').Forgetting} plan */
  gone(receipt, plan) {
    this.receipt = receipt;
    this.ask('forgotten', { receipt, plan });
    this.finish('');
  }

  /** @param {string} told */
  async finish(told) {
    this.told = told;
    this.step = 'done';
    if (told) this.ask('changed');
    await this.updateComplete;
    this.find('.close')?.focus();
  }

  /** @param {Step} step */
  async go(step) {
    this.step = step;
    this.trouble = null;
    await this.focusTitle();
  }

  async focusTitle() {
    await this.updateComplete;
    this.find('#forget-title')?.focus();
  }

  /** The card may be gone by now, so the focus goes to the view or the list it was in. */
  closed() {
    if (this.receipt) /** @type {HTMLElement | null} */ (document.querySelector('dialog[open] h2') ?? document.getElementById('cards-title'))?.focus();
    this.clear();
  }

  render() {
    return html`<dialog class="forget" aria-labelledby="forget-title" @close=${this.closed}>
      <h2 id="forget-title" tabindex="-1">${this.heading()}</h2>
      ${this.content()}
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <div class="choices">${this.choices()}</div>
    </dialog>`;
  }

  heading() {
    if (this.step === 'before') return t('Forgotten before');
    if (this.step === 'done') return this.receipt ? (this.receipt.mode === 'redacted' ? t('Cut out') : t('Forgotten')) : t('Done');
    return this.fact || this.step === 'plan' ? t('Forget this?') : t('Forget');
  }

  content() {
    if (this.step === 'before') return html`<mind-forgotten @look-for=${(/** @type {CustomEvent} */ event) => this.look(event.detail)}></mind-forgotten>`;
    if (this.step === 'done') return this.receipt ? this.outcome(this.receipt) : html`<p role="status">${this.told}</p>`;
    if (this.step === 'target' && !this.fact) {
      return html`<mind-forget-target .conversations=${this.conversations} .busy=${this.busy}
        @look-for=${(/** @type {CustomEvent} */ event) => this.look(event.detail)}></mind-forget-target>`;
    }
    return html`${this.fact ? html`<blockquote dir="auto">${this.fact.text}</blockquote>` : nothing}
      ${this.plan ? this.planned(this.plan) : html`<p>${this.busy ? t('Looking for every place it is in …') : ''}</p>`}`;
  }

  /** @param {import('../types.js').Forgetting} plan */
  planned(plan) {
    const cut = this.deed.how === 'cut' ? plan.cut : null;
    const also = this.fact ? alsoGone(cut ? { items: cut.replies, facts: cut.facts } : plan, this.fact.id) : '';
    return html`${this.fact ? html`<p>${also ? t('This will also remove {what}.', { what: also }) : t('Nothing else goes with it.')} ${t('It cannot be undone.')}</p>` : nothing}
      <mind-forget-plan .plan=${plan} .fact=${this.fact} .chosen=${this.chosen} .deed=${this.deed} .busy=${this.busy}
        @choose=${(/** @type {CustomEvent} */ event) => { this.chosen = event.detail; }}
        @deed=${(/** @type {CustomEvent} */ event) => { this.deed = event.detail; }}
        @cut=${(/** @type {CustomEvent} */ event) => this.redact(event.detail)}></mind-forget-plan>`;
  }

  choices() {
    if (this.step === 'done') return html`<button type="button" class="strong close" @click=${() => this.dialog.close()}>${t('Close')}</button>`;
    const leave = html`<button type="button" class="quiet" autofocus @click=${() => this.dialog.close()}>${this.step === 'before' ? t('Close') : t('Cancel')}</button>`;
    if (this.step === 'before') return html`<button type="button" class="quiet back" @click=${() => this.go('target')}>${t('Back')}</button>${leave}`;
    if (this.step === 'target' && !this.fact) {
      return html`<button type="button" class="quiet back" @click=${() => this.go('before')}>${t('Forgotten before')}</button>${leave}
        <button type="submit" form="forget-target" class="strong" ?disabled=${this.busy}>${t('Show what would go')}</button>`;
    }
    return html`${this.fact ? nothing : html`<button type="button" class="quiet back" @click=${() => this.go('target')}>${t('Back')}</button>`}${leave}${this.decision()}`;
  }

  decision() {
    if (this.trouble || this.chosen.length) {
      const also = [...this.also, ...this.chosen];
      return html`<button type="button" class="strong" ?disabled=${this.busy} @click=${() => this.look(this.target || (this.fact?.id ?? ''), also)}>
        ${this.chosen.length ? plural(this.chosen.length, 'Take {n} more along', 'Take {n} more along') : t('Look again')}</button>`;
    }
    const { how, on } = this.deed;
    const name = how === 'forget' || how === 'cut' ? t('Forget') : how === 'later' ? t('Forget then') : t('Stop using it');
    return html`<button type="button" class="strong ${how === 'forget' || how === 'cut' ? 'danger' : ''}" ?disabled=${this.busy || !this.plan || (how === 'later' && !on)}
      @click=${this.act}>${name}</button>`;
  }

  /** @param {import('../types.js').Receipt} receipt */
  outcome(receipt) {
    const places = Object.values(receipt.removed).filter((count) => count > 0).length;
    return html`<p role="status">${receipt.verified ? plural(places, 'Gone from {n} place, verified.', 'Gone from {n} places, verified.') : plural(places, 'Gone from {n} place.', 'Gone from {n} places.')}
      ${receipt.verified ? '' : t('A trace may be left: run `ownmind doctor`.')}</p>
      <p class="aside">${t('Receipt {id}. It stays gone also when it is imported again; under “Forgotten before” you can check it again or let it come back.', { id: receipt.id })}</p>`;
  }
}

customElements.define('mind-forget', Forget);
