// @ts-check
// What memories are narrowed by: words as they are typed, and person, topic, source, time and state, each choice with its number.

import { Element, html, nothing } from '../element.js';
import { key, plural, t } from '../lang.js';
import { dayOf, plain } from '../words.js';

/** @typedef {import('../types-memory.js').Choice} Choice */
/** @typedef {import('../types-memory.js').Wanted} Wanted */

const PAUSE = 80; // ms after the last key
/** Nothing is narrowed. @type {Wanted} */
export const ANY = Object.freeze({ about: '', topic: '', source: '', state: 'now', time: '', since: '', until: '', words: '' });
const CHOICES = /** @type {const} */ (['about', 'topic', 'source', 'time', 'state']);
/** @type {Record<string, string>} */
const TOPICS = {
  home: key('Home and places'), work: key('Work and learning'), family: key('Family and friends'), food: key('Food'), health: key('Health'), tastes: key('Likes and dislikes'),
  things: key('Things and animals'), dates: key('Dates'), plans: key('Plans'), reach: key('How to reach somebody'), wishes: key('How I should answer'), other: key('Everything else'),
};
/** @type {Record<string, string>} */
const STATES = { now: key('what holds now'), guess: key('guesses'), kept: key('what you confirmed'), past: key('what is no longer so'), wrong: key('what never was so'), all: key('everything') };
/** @type {Record<string, string>} */
const TIMES = { today: key('today'), week: key('in the last 7 days'), month: key('in the last 30 days'), year: key('in the last year') };
/** @type {Record<string, number>} */
const BACK = { today: 0, week: 6, month: 29, year: 364 }; // days before today
/** @type {Record<string, string>} */
const SOURCES = { 'conversation:': key('Our talks'), 'correction:': key('Your corrections') };

class MemoryFilters extends Element {
  static properties = { choices: { attribute: false }, wanted: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types-memory.js').Choices | null} */
    this.choices = null;
    this.wanted = ANY;
    this.isWide = matchMedia('(min-width: 40rem)').matches; // on a phone the choices would fill the window
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
  }

  /** @param {Event} event */
  type(event) {
    const words = /** @type {HTMLInputElement} */ (event.target).value;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.ask('narrow', { words }), PAUSE);
  }

  /** @param {Event} event */
  choose(event) {
    const { name, value } = /** @type {HTMLSelectElement | HTMLInputElement} */ (event.target);
    if (name !== 'words') this.ask('narrow', { [name]: value });
  }

  async clear() {
    this.ask('narrow', ANY);
    await this.updateComplete;
    const words = /** @type {HTMLInputElement} */ (this.find('[name=words]'));
    words.value = '';
    words.focus();
  }

  render() {
    const { choices, wanted } = this;
    const chosen = CHOICES.filter((name) => wanted[name] !== ANY[name]).length;
    return html`<form class="fields narrow" role="search" aria-label=${t('Narrow what is shown')} @submit=${(/** @type {Event} */ event) => event.preventDefault()} @change=${this.choose}>
      <label>${t('Find words')} <input name="words" type="search" dir="auto" autocomplete="off" spellcheck="false" maxlength="200" @input=${this.type}></label>
      <details ?open=${this.isWide}><summary>${chosen ? plural(chosen, 'Narrow: {n} choice made', 'Narrow: {n} choices made') : t('By person, topic, source or time')}</summary><div class="pair">
        ${this.one('about', t('About'), t('everything'), choices?.people ?? [], (each) => (each.key === 'you' ? t('You') : each.name))}
        ${this.one('topic', t('Topic'), t('all topics'), choices?.topics ?? [], (each) => t(TOPICS[each.key] ?? each.name))}
        ${this.one('source', t('Source'), t('all sources'), choices?.sources ?? [], (each) => (SOURCES[each.key] ? t(SOURCES[each.key]) : each.name))}
        ${this.one('time', t('Learnt'), t('at any time'), choices?.times ?? [], (each) => t(TIMES[each.key] ?? each.name), html`<option value="days" .selected=${wanted.time === 'days'}>${t('between two days')}</option>`)}
        ${this.one('state', t('Show'), '', choices?.states ?? [], (each) => t(STATES[each.key] ?? each.name))}
        ${wanted.time === 'days' ? html`<label>${t('Learnt from')} <input name="since" type="date" .value=${wanted.since}></label><label>${t('Learnt until')} <input name="until" type="date" .value=${wanted.until}></label>` : nothing}
      </div></details>
      ${chosen || wanted.words ? html`<div class="choices"><button type="button" class="quiet" @click=${this.clear}>${t('Show everything again')}</button></div>` : nothing}
    </form>`;
  }

  /** One choice of several. @param {keyof Wanted} name @param {string} label @param {string} any @param {Choice[]} choices @param {(each: Choice) => string} called @param {unknown} [more] */
  one(name, label, any, choices, called, more = nothing) {
    const chosen = this.wanted[name];
    const known = choices.some((each) => each.key === chosen) || !chosen || chosen === 'days' ? choices : [...choices, { key: chosen, name: chosen, count: 0 }];
    return html`<label>${label} <select name=${name}>${any ? html`<option value="" .selected=${!chosen}>${any}</option>` : nothing}${known.map((each) => html`<option value=${each.key} .selected=${each.key === chosen}>${called(each)} (${plain(each.count)})</option>`)}${more}</select></label>`;
  }
}

/** What the house is asked for; what narrows nothing is left out. @param {Wanted} wanted @returns {Record<string, string>} */
export function named({ time, since, until, ...rest }) {
  const days = time === 'days' ? { since, until } : time ? { since: before(BACK[time] ?? 0) } : {};
  return Object.fromEntries(Object.entries({ ...rest, ...days }).filter(([, value]) => value));
}

/** The day so many days before today. @param {number} days */
function before(days) {
  const at = new Date();
  at.setDate(at.getDate() - days);
  return dayOf(at);
}

customElements.define('mind-memory-filters', MemoryFilters);
