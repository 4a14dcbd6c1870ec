// @ts-check
// Who is in this person's life: one card each, promises that wait for a word, and who may be one and the same.

import { html, nothing, repeat } from '../element.js';
import { plural, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { day, when } from '../words.js';
import './person.js';
import { Room } from './room.js';
import { nothingYet } from './nothing-yet.js';

const MOST = 60; // names listed at once

export class People extends Room {
  static properties = { ...Room.properties, people: { state: true }, links: { state: true }, promises: { state: true }, waiting: { state: true }, words: { state: true }, card: { state: true }, said: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Person[] | null} */
    this.people = null;
    /** @type {import('../types-goals.js').Link[]} */
    this.links = [];
    /** @type {import('../types-goals.js').Promised[]} */
    this.promises = [];
    /** @type {{person: string, name: string, since: string, ref: string, words: string}[]} */
    this.waiting = [];
    this.words = '';
    /** @type {import('../types-goals.js').Card | null} */
    this.card = null;
    this.said = '';
  }

  get heading() {
    return this.card ? this.card.person.name : t('People');
  }

  async read() {
    if (this.card) this.card = await read('people', 'card', { person: this.card.person.id });
    else [this.people, this.links, this.promises, this.waiting] = await Promise.all([read('people', 'all', this.words ? { query: this.words } : {}), read('people', 'links', { state: 'proposed' }), read('people', 'promises'), read('people', 'waiting')]);
  }

  content() {
    if (this.card) return html`<button type="button" class="quiet" @click=${this.back}>‹ ${t('All people')}</button><mind-person .card=${this.card} @person-changed=${() => this.changed()}></mind-person>`;
    const people = /** @type {import('../types-goals.js').Person[]} */ (this.people ?? []);
    const open = this.promises.filter((each) => ['found', 'open'].includes(each.state));
    return html`
      <form class="fields" @submit=${this.look}><label>${t('Find somebody')} <input name="q" type="search" dir="auto" autocomplete="off"></label></form>
      <p class="aside" role="status" dir="auto">${this.said}</p>
      ${this.waiting.length ? html`<section class="section"><h3>${t('Waiting for an answer from you')}</h3><ul class="lines">${this.waiting.map((each) => html`<li><p dir="auto">${each.name}: <q>${each.words}</q></p><p class="from">${when(each.since)} · <bdi>${each.ref}</bdi></p></li>`)}</ul></section>` : nothing}
      ${open.length ? html`<section class="section"><h3>${t('Promises')}</h3><ul class="rows">${repeat(open, (each) => each.id, (each) => this.promise(each))}</ul></section>` : nothing}
      ${this.links.length ? html`<section class="section"><h3>${t('One and the same?')}</h3><ul class="rows">${repeat(this.links, (each) => each.id, (each) => this.link(each))}</ul></section>` : nothing}
      ${this.people && !people.length ? (this.words ? nothingYet(t('I know nobody by that name.')) : nothingYet(t('Nobody yet. Give me an address book (.vcf), mails (.mbox, .eml) or chats, or tell me about somebody.'), t('Tell me about somebody'), t('My friend '))) : nothing}
      <ul class="people">${repeat(people.filter((each) => !each.is_you).slice(0, MOST), (each) => each.id, (each) => html`<li><button type="button" class="quiet" @click=${() => this.show(each.id)}><span dir="auto">${each.name}</span>
        <span class="from">${[each.relation, each.last ? t('last in touch {when}', { when: when(each.last) }) : ''].filter(Boolean).join(' · ')}</span></button></li>`)}</ul>
      ${people.length && !this.words ? html`<p class="aside">${t('Tell me about somebody in our talk, and they appear here.')}</p>` : nothing}
      ${people.length > MOST ? html`<p class="aside">${plural(people.length - MOST, 'And {n} more: find one by its name.', 'And {n} more: find one by its name.')}</p>` : nothing}`;
  }

  /** @param {import('../types-goals.js').Promised} each */
  promise(each) {
    return html`<li><p dir="auto"><strong>${vow(each)}</strong>: ${each.due ? t('{what}, by {day}', { what: each.what, day: day(each.due) }) : each.what}</p>
      <blockquote dir="auto">${each.sentence}</blockquote><p class="from">${when(each.said_at)} · <bdi>${each.item_id}</bdi></p>
      <div class="choices">${each.state === 'found' ? this.choice(t('It is a promise'), 'confirm', each.id, each.what) : this.choice(t('It was kept'), 'keep', each.id, each.what)}${this.choice(each.state === 'found' ? t('It is none') : t('No longer'), 'drop', each.id, each.what)}</div></li>`;
  }

  /** @param {import('../types-goals.js').Link} each */
  link(each) {
    const both = t('{first} and {second}', { first: each.first, second: each.second });
    return html`<li><p dir="auto">${both}</p><ul class="lines">${each.evidence.map(([words, ref]) => html`<li class="from"><span dir="auto">${words}</span> · <bdi>${ref}</bdi></li>`)}</ul>
      <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('One person')}: ${both}" @click=${() => this.have('join', { link: each.id })}>${t('One person')}</button>
        <button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('Two people')}: ${both}" @click=${() => this.have('refuse', { link: each.id })}>${t('Two people')}</button></div></li>`;
  }

  /** @param {string} name @param {string} call @param {string} promise @param {string} what */
  choice(name, call, promise, what) {
    return html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${name}: ${what}" @click=${() => this.have(call, { promise })}>${name}</button>`;
  }

  /** @param {string} call @param {Record<string, unknown>} named */
  async have(call, named) {
    const went = await this.run(async () => {
      await change('people', call, named);
      await this.read();
    });
    this.said = went ? t('Noted.') : '';
  }

  /** @param {SubmitEvent} event */
  look(event) {
    event.preventDefault();
    this.words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('q') ?? '').trim();
    this.run(() => this.read());
  }

  /** @param {string} id */
  async show(id) {
    await this.run(async () => { this.card = await read('people', 'card', { person: id }); });
    await this.updateComplete;
    this.find('h2')?.focus();
  }

  async back() {
    this.card = null;
    await this.run(() => this.read());
    await this.updateComplete;
    this.find('h2')?.focus();
  }
}

/** Who promised whom. @param {import('../types-goals.js').Promised} each */
function vow({ by, to }) {
  const who = by === 'you' ? t('You') : by;
  if (to === 'you') return t('{who} to you', { who });
  return to ? t('{who} to {whom}', { who, whom: to }) : who;
}

customElements.define('mind-people', People);
