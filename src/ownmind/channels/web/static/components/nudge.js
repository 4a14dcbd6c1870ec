// @ts-check
// Something that is due: what, why now, the person's answer in one tap or in their own words, and how to have it stop.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { change } from '../rooms.js';
import { when } from '../words.js';

/** How an answer is said, and how it stands on the button. @type {Record<string, string>} */
const ANSWERS = { done: 'Done', half: 'Did half', not_done: 'Not done', not_this_week: 'Not this week', later: 'Later today' };

class NudgeCard extends Asking {
  static properties = { nudge: { attribute: false }, told: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Nudge | null} */
    this.nudge = null;
    /** What came of the answer. */
    this.told = '';
  }

  render() {
    const nudge = this.nudge;
    if (!nudge) return nothing;
    const answers = nudge.choices.filter((each) => ANSWERS[each]);
    return html`<article class="card" aria-label=${nudge.title} aria-busy=${this.busy}>
      <h3 dir="auto">${nudge.title}</h3>
      <p class="from">${when(nudge.due)}${nudge.why ? html` · <span dir="auto">${nudge.why}</span>` : nothing}</p>
      ${this.told ? html`<p role="status" tabindex="-1" class="told" dir="auto">${this.told}</p>` : html`
        ${answers.length ? html`<div class="choices">${answers.map((each) => html`<button type="button" class=${each === 'done' ? 'strong' : 'quiet'} ?disabled=${this.busy}
          aria-label="${ANSWERS[each]}: ${nudge.title}" @click=${() => this.answer(ANSWERS[each] ?? each)}>${ANSWERS[each]}</button>`)}</div>
        <form class="own" @submit=${this.submit}><label><span class="unseen">In your own words: ${nudge.title}</span><input name="words" dir="auto" autocomplete="off" maxlength="2000" placeholder="Or in your own words"></label></form>` : nothing}
        <details><summary>Stop this</summary><p class="aside">${nudge.stop}</p>
          <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.decline}>Leave me alone with this for a week</button></details>`}
      ${this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
    </article>`;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('words') ?? '').trim();
    if (words) this.answer(words);
  }

  /** @param {string} words */
  async answer(words) {
    const nudge = this.nudge;
    if (!nudge) return;
    await this.tell(async () => {
      const checked = await change('goals', 'check_in', { step_or_goal: nudge.subject, words });
      const moved = /** @type {import('../types-goals.js').Moved[]} */ (checked.moved ?? []);
      return [checked.words ?? 'Noted.', ...moved.map((each) => `${each.title}: ${each.now ? `now ${when(each.now)}` : 'no longer planned'}, ${each.why}`)].join('\n');
    });
  }

  decline() {
    const nudge = this.nudge;
    if (nudge) this.tell(async () => { await change('today', 'decline', { key: nudge.key }); return 'I stay quiet about this for a week.'; });
  }

  /** Does it and leaves the focus where the outcome is said. @param {() => Promise<string>} work */
  async tell(work) {
    if (!(await this.run(async () => { this.told = await work(); }))) return;
    await this.updateComplete;
    this.find('.told')?.focus();
    this.ask('rooms-changed');
  }
}

customElements.define('mind-nudge', NudgeCard);
