// @ts-check
// What was done, what waits and what was refused, and what text from outside tried and did not get.

import { Element, html, nothing, repeat } from '../element.js';
import * as api from '../api.js';
import { key, rich, t } from '../lang.js';
import { when } from '../words.js';
import './action.js';
import { nothingYet } from './nothing-yet.js';

/** What an order is after, by its effect. @type {Record<string, string>} */
const AFTER = { sends: key('{source} tried to have something sent: {words}'), spends: key('{source} tried to have something paid: {words}'), writes: key('{source} tried to have something changed: {words}') };

/** @param {string} source */
const kind = (source) => (source.startsWith('page:') ? t('The page') : source.startsWith('transcript:') ? t('The conversation') : t('The document'));

/** @param {import('../types.js').Tried} each */
function tried(each) {
  const parts = { source: html`${kind(each.source)} <bdi>${each.title || each.source}</bdi>`, words: html`<q dir="auto">${each.words}</q>` };
  return AFTER[each.action] ? rich(AFTER[each.action], parts) : rich('{source} tried to give me orders: {words}', parts);
}

export class Activity extends Element {
  static properties = { actions: { attribute: false }, mind: { attribute: false }, tried: { state: true }, trouble: { state: true }, shown: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Action[]} */
    this.actions = [];
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    /** @type {import('../types.js').Tried[] | null} */
    this.tried = null;
    /** @type {import('../types.js').Trouble | null} */
    this.trouble = null;
    this.shown = false;
  }

  async open() {
    this.shown = true;
    await this.updateComplete;
    /** @type {HTMLDialogElement} */ (this.find('dialog')).showModal();
    this.find('h2')?.focus();
    try {
      this.trouble = null;
      [this.tried] = await Promise.all([api.tried(), this.mind?.rereadActions()]);
    } catch (error) {
      this.trouble = api.words(error);
    }
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find('dialog')).close();
  }

  render() {
    const waiting = this.actions.filter((each) => each.state === 'waiting');
    const past = this.actions.filter((each) => each.state !== 'waiting');
    return html`<dialog class="view" aria-labelledby="activity-title" @close=${() => { this.shown = false; }}>
      ${this.shown ? html`<div class="title"><h2 id="activity-title" tabindex="-1">${t('Activity')}</h2><button type="button" class="quiet" @click=${() => this.close()}>${t('Close')}</button></div>
        ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
        <h3>${t('Waiting')}</h3>
        ${waiting.length ? this.list(waiting) : html`<p class="aside">${t('Nothing waits for you.')}</p>`}
        <h3>${t('Done and refused')}</h3>
        ${past.length ? this.list(past) : nothingYet(t('Nothing yet. Pages I read for you, files I save and what I refuse stand here.'), t('Have me read a page'), t('Read https://'))}
        <h3>${t('Tried by what I read')}</h3>
        ${this.tried?.length === 0 ? html`<p class="aside">${t('Nothing that I used for an answer has tried to make me do something.')}</p>` : nothing}
        <ul class="rows">${(this.tried ?? []).map((each) => html`<li>
          <p>${tried(each)}</p>
          <p class="from">${t('Ignored: nothing was done')} · ${when(each.at)} · <bdi>${each.source}</bdi></p></li>`)}</ul>` : nothing}
    </dialog>`;
  }

  /** @param {import('../types.js').Action[]} actions */
  list(actions) {
    return html`<ul class="deeds">${repeat(actions, (each) => each.id, (each) => html`<li><mind-action .action=${each} .mind=${this.mind}></mind-action></li>`)}</ul>`;
  }
}

customElements.define('mind-activity', Activity);
