// @ts-check
// Skills: what each is for, what it may do, running one, and those that wait for a yes.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { rich, t } from '../lang.js';
import { blocks } from '../markdown.js';
import { change, read } from '../rooms.js';

/** @typedef {import('../types-brain.js').Skill} Skill */

class Skills extends Asking {
  static properties = { skills: { state: true }, looked: { state: true }, ran: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Skill[] | null} */
    this.skills = null;
    /** One that was looked at before installing it. @type {{path: string, skill: Skill, change: any, is_known: boolean} | null} */
    this.looked = null;
    /** @type {import('../types-brain.js').Ran | null} */
    this.ran = null;
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(() => this.read());
  }

  async read() {
    this.skills = await read('skills', 'all');
  }

  reread() {
    this.run(() => this.read());
  }

  render() {
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside">${t('A skill is something I know how to do step by step. Ask for it in a talk, in your own words, or use it here.')}</p>
      <ul class="rows">${repeat(this.skills ?? [], (each) => each.name, (each) => this.skill(each))}</ul>
      <details><summary>${t('Install one')}</summary><form class="fields" @submit=${this.look}><label>${t('A folder, .zip or .tar.gz on this machine')} <input name="path" autocomplete="off" spellcheck="false" required maxlength="2000" placeholder="~/Downloads/some-skill.zip"></label>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('See what it may do')}</button></div></form>
        ${this.looked ? this.shown(this.looked) : nothing}</details>
      <p class="aside" role="status" dir="auto">${this.said}</p>`;
  }

  /** @param {Skill} skill */
  skill(skill) {
    const mine = skill.state !== 'builtin';
    const other = skill.is_on ? t('Switch off') : t('Switch on');
    return html`<li><strong>${skill.name}</strong> <span class="from">${mine ? (skill.state === 'waiting' ? t('waits for your yes') : html`<bdi>${skill.came_from}</bdi>`) : t('built in')}${skill.is_on || skill.state === 'waiting' ? nothing : ` · ${t('off')}`}</span>
      <p dir="auto">${skill.description}</p>
      ${skill.weak ? html`<p class="from" dir="auto">${skill.weak}</p>` : nothing}
      <details><summary>${t('What it may do')}</summary>${asks(skill)}</details>
      ${skill.is_on ? html`<details><summary>${t('Use it now')}</summary><form class="fields" @submit=${(/** @type {SubmitEvent} */ event) => this.use(event, skill)}><label>${t('What for')} <input name="request" dir="auto" autocomplete="off" maxlength="2000" placeholder=${skill.example}></label>
        <label>${t('Text to work on, if any')} <textarea name="text" rows="3" dir="auto"></textarea></label><div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Use it')}</button></div></form>
        ${this.ran?.skill === skill.name ? html`<div class="words" role="status">${blocks(this.ran.text)}</div>${this.ran.warnings.map((each) => html`<p class="aside" dir="auto">${each}</p>`)}` : nothing}</details>` : nothing}
      <div class="choices">${skill.state === 'waiting' ? nothing : html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${other}: ${skill.name}" @click=${() => this.enable(skill)}>${other}</button>`}
        ${mine ? html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('Remove')}: ${skill.name}" @click=${() => this.remove_one(skill)}>${t('Remove')}</button>` : nothing}</div></li>`;
  }

  /** @param {NonNullable<Skills['looked']>} looked */
  shown(looked) {
    const { skill, change: other } = looked;
    return html`<div class="deed"><p class="effect">${skill.name}</p><p dir="auto">${skill.description}</p>${asks(skill)}
      ${other ? html`<p>${other.more.length ? t('It may do more than the version you approved: {more}.', { more: other.more.map((/** @type {any} */ each) => each.says).join('; ') }) : t('It may do no more than the version you approved.')}</p>${other.text ? html`<pre class="exactly">${other.text}</pre>` : nothing}` : nothing}
      <div class="choices">${looked.is_known ? html`<p class="aside">${t('Exactly this is installed already.')}</p>` : html`<button type="button" class="strong" ?disabled=${this.busy} @click=${this.install}>${other ? t('Ask me about the update') : t('Ask me about it')}</button>`}</div></div>`;
  }

  /** @param {SubmitEvent} event */
  look(event) {
    event.preventDefault();
    const path = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('path')).trim();
    this.run(async () => { this.looked = { path, ...(await read('skills', 'look', { path })) }; });
  }

  install() {
    const { looked } = this;
    if (!looked) return;
    this.run(async () => {
      await change('skills', looked.change ? 'update' : 'install', { path: looked.path });
      this.looked = null;
      this.said = t('It waits for your yes: see Activity.');
      this.ask('changed');
      await this.read();
    });
  }

  /** @param {SubmitEvent} event @param {Skill} skill */
  use(event, skill) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    this.run(async () => { this.ran = await change('skills', 'run', { name: skill.name, request: String(given.get('request')), text: String(given.get('text')) }); });
  }

  /** @param {Skill} skill */
  enable(skill) {
    this.run(async () => {
      await change('skills', 'enable', { name: skill.name, on: !skill.is_on });
      await this.read();
    });
  }

  /** @param {Skill} skill */
  remove_one(skill) {
    this.run(async () => {
      await change('skills', 'remove', { name: skill.name });
      await this.read();
    });
  }
}

/** What a skill asks for. @param {Skill} skill */
function asks(skill) {
  if (!skill.asks.length) return html`<p class="from">${t('No more than your request and what you give it: nothing is read, nothing is done, nothing leaves.')}</p>`;
  return html`<ul class="from">${skill.asks.map((each) => html`<li><bdi>${each.says}</bdi>${each.given ? nothing : ` (${t('not given')})`}</li>`)}</ul>`;
}

customElements.define('mind-skills', Skills);
