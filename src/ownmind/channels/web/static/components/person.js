// @ts-check
// One person on one card, each line with where it is from; and why several names are taken for one.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { t } from '../lang.js';
import { change } from '../rooms.js';
import { day, when } from '../words.js';

const NO_YEAR = '1604'; // of a birthday whose year nobody knows

class PersonCard extends Asking {
  static properties = { card: { attribute: false }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Card | null} */
    this.card = null;
  }

  render() {
    const card = this.card;
    if (!card) return nothing;
    const { person } = card;
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="from">${[person.relation, birthday(person.birthday, card.next_birthday), touch(person)].filter(Boolean).join(' · ')}</p>
      ${card.reconnect ? html`<p dir="auto">${card.reconnect}</p>` : nothing}
      ${said(t('Ask about'), card.ask)}${said(t('What matters to them'), card.matters)}${said(t('Gift ideas'), card.gifts)}
      ${promised(t('You promised'), card.promised)}${promised(t('They promised'), card.promises)}
      ${person.is_you ? nothing : html`<div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.me(person.id)}>${t('This is me')}</button></div>`}
      <details><summary>${t('Names and addresses')}</summary><ul class="lines">${person.handles.map((each) => html`<li><span dir="auto">${each.value}</span> <span class="from">${each.kind} · <bdi>${each.ref}</bdi></span></li>`)}</ul></details>
      ${card.links.length ? html`<details><summary>${t('Why these are one person')}</summary><ul class="rows">${card.links.map((each) => html`<li><p dir="auto">${both(each)}</p>
        <ul class="lines">${each.evidence.map(([words, ref]) => html`<li class="from"><span dir="auto">${words}</span> · <bdi>${ref}</bdi></li>`)}</ul>
        <div class="choices"><button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('They are two')}: ${both(each)}" @click=${() => this.split(each.id)}>${t('They are two')}</button></div></li>`)}</ul></details>` : nothing}`;
  }

  /** @param {string} person */
  me(person) {
    this.run(async () => {
      await change('people', 'me', { person });
      this.dispatchEvent(new CustomEvent('person-changed'));
    });
  }

  /** @param {string} link */
  split(link) {
    this.run(async () => {
      await change('people', 'split', { link });
      this.dispatchEvent(new CustomEvent('person-changed'));
    });
  }
}

/** @param {string | null} born @param {string | null} next */
function birthday(born, next) {
  if (!born) return '';
  const noYear = born.startsWith(NO_YEAR);
  if (!next) return noYear ? t('birthday {day}', { day: born.slice(5) }) : t('born {day}', { day: day(born) });
  return noYear ? t('birthday on {next}', { next: day(next) }) : t('born {day}, next birthday on {next}', { day: day(born), next: day(next) });
}

/** When they were last in touch, and how. @param {import('../types-goals.js').Person} person */
function touch({ last, last_how: how }) {
  if (!last) return '';
  return how ? t('last in touch {when} ({how})', { when: when(last), how }) : t('last in touch {when}', { when: when(last) });
}

/** @param {import('../types-goals.js').Link} link */
const both = ({ first, second }) => t('{first} and {second}', { first, second });

/** @param {string} name @param {import('../types-goals.js').Said[]} lines */
function said(name, lines) {
  if (!lines.length) return nothing;
  return html`<section class="section"><h3>${name}</h3><ul class="lines">${lines.map((each) => html`<li><p dir="auto">${each.text}</p><p class="from">${each.at ? `${when(each.at)} · ` : ''}<bdi>${each.ref}</bdi></p></li>`)}</ul></section>`;
}

/** @param {string} name @param {import('../types-goals.js').Promised[]} promises */
function promised(name, promises) {
  if (!promises.length) return nothing;
  return html`<section class="section"><h3>${name}</h3><ul class="lines">${promises.map((each) => html`<li><p dir="auto">${each.due ? t('{what}, by {day}', { what: each.what, day: day(each.due) }) : each.what}${each.state === 'found' ? html` <span class="from">${t('read in this sentence; you have not said that it is one')}</span>` : nothing}</p><blockquote dir="auto">${each.sentence}</blockquote></li>`)}</ul></section>`;
}

customElements.define('mind-person', PersonCard);
