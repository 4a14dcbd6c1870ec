// @ts-check
// A check-in in two taps: whether it was done, which is kept at once; then, if the person likes, how it went or how much it was.
// Each can be taken back.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { key, t } from '../lang.js';
import { change } from '../rooms.js';
import { sheet } from '../sheet.js';
import { placed } from '../words.js';

await sheet('/week.css');

/** An answer, and how it is said: the house reads the English, the person their own. @type {Record<string, string>} */
const ANSWERS = { done: key('Done'), half: key('Did half'), not_done: key('Not today'), not_this_week: key('Not this week'), later: key('Later today') };
const WENT = [key('It was easy'), key('It went well'), key('It was hard')];

export class CheckIn extends Asking {
  static properties = {
    subject: { attribute: false }, name: { attribute: false }, state: { attribute: false }, choices: { attribute: false }, amount: { attribute: false }, unit: { attribute: false },
    told: { state: true }, taps: { state: true }, answer: { state: true }, busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    /** The id of a step, or of a goal. */
    this.subject = '';
    this.name = '';
    /** What became of the step before. */
    this.state = 'open';
    /** What may be tapped. */
    this.choices = ['done', 'half', 'not_done', 'not_this_week'];
    /** What was planned of the measure. @type {number | null} */
    this.amount = null;
    this.unit = '';
    /** What came of the answer. */
    this.told = '';
    /** How many answers were kept here, and can be taken back. */
    this.taps = 0;
    /** The first answer. */
    this.answer = '';
  }

  render() {
    return html`<div class="check-in" aria-busy=${this.busy}>
      ${this.told ? html`<p role="status" tabindex="-1" class="told" dir="auto">${this.told}</p>` : nothing}
      ${this.taps ? this.after() : this.state === 'open' ? this.before() : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}</div>`;
  }

  before() {
    return html`${this.choices.includes('value') ? this.measured(t('Where are you now?'), ['I', 'am', 'at']) : nothing}
      <div class="choices">${Object.entries(ANSWERS).filter(([each]) => this.choices.includes(each)).map(([each, words]) => html`<button type="button" class=${each === 'done' ? 'strong' : 'quiet'}
      ?disabled=${this.busy} aria-label="${t(words)}: ${this.name}" @click=${() => this.say(words, each)}>${t(words)}</button>`)}</div>${this.own(t('Or in your own words'))}`;
  }

  after() {
    const isDone = this.answer === 'done' || this.answer === 'half';
    const undo = html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${t('Undo')}: ${this.name}" @click=${this.undo}>${t('Undo')}</button>`;
    if (!isDone || this.taps > 1) return html`<div class="choices">${undo}</div>`;
    return html`<div class="choices" role="group" aria-label=${t('How did it go?')}>
        ${this.answer === 'done' ? WENT.map((words) => html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${() => this.say(['Done', words].join(', '))}>${t(words)}</button>`) : nothing}${undo}</div>
      ${this.amount !== null && this.unit ? this.measured(t('How much was it?'), ['Did']) : nothing}`;
  }

  /** A number of the measure. @param {string} question @param {string[]} lead  what the house reads before it */
  measured(question, lead) {
    return html`<form class="own measured" @submit=${(/** @type {SubmitEvent} */ event) => this.measure(event, lead)}><label>${question} <span class="unit"><input name="amount" type="number" inputmode="decimal" min="0" step="any" required .value=${String(this.amount ?? '')}> ${this.unit}</span></label>
      <button type="submit" class="quiet" ?disabled=${this.busy}>${t('Keep')}</button></form>`;
  }

  /** @param {string} words */
  own(words) {
    return html`<form class="own" @submit=${this.submit}><label><span class="unseen">${words}: ${this.name}</span><input name="words" dir="auto" autocomplete="off" maxlength="2000" placeholder=${words}></label></form>`;
  }

  /** @param {SubmitEvent} event */
  submit(event) {
    event.preventDefault();
    const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('words') ?? '').trim();
    if (words) this.say(words);
  }

  /** @param {SubmitEvent} event @param {string[]} lead */
  measure(event, lead) {
    event.preventDefault();
    const amount = new FormData(/** @type {HTMLFormElement} */ (event.target)).get('amount');
    this.say([...lead, amount, this.unit].join(' '));
  }

  /** Says it to the house and leaves the focus where the outcome is said. @param {string} words @param {string} [answer]  which of the taps it was */
  async say(words, answer) {
    const went = await this.run(async () => {
      const checked = await change('goals', 'check_in', { step_or_goal: this.subject, words });
      if (!checked.answer) {
        this.told = checked.question || t('I did not understand that; nothing was changed.');
        return;
      }
      const moved = /** @type {import('../types-goals.js').Moved[]} */ (checked.moved ?? []);
      this.told = [checked.words || t('Noted.'), ...moved.map((each) => `${each.title}: ${each.now ? t('now {time}', { time: placed(each.now) }) : t('no longer planned')}, ${each.why}`)].join('\n');
      this.answer ||= answer ?? checked.answer;
      this.taps += checked.answer === 'later' ? 0 : 1;
    });
    if (went) await this.done();
  }

  /** Takes back what was said here. */
  async undo() {
    const went = await this.run(async () => {
      for (; this.taps; this.taps -= 1) await change('goals', 'undo');
      this.answer = '';
      this.state = 'open';
      this.told = t('Taken back.');
    });
    if (went) await this.done();
  }

  async done() {
    await this.updateComplete;
    this.find('.told')?.focus();
    this.dispatchEvent(new CustomEvent('checked', { bubbles: true }));
    this.ask('rooms-changed');
  }
}

customElements.define('mind-check-in', CheckIn);
