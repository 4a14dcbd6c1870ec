// @ts-check
// "Why do you know this?": the words it rests on with who said them, when, and how they were read; what it was before; what is against it.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { key, plural, t } from '../lang.js';
import { read } from '../rooms.js';
import { moment, travels } from '../words.js';
import { standing } from './memory-standing.js';
import { way } from './memory-way.js';

/** @typedef {import('../types-memory.js').Reading} Reading */

/** @type {Record<string, string>} */
const HOW = {
  rule: key('I read it so from a plain statement.'),
  model: key('I understood it so by myself, and I misread at times: look at the words.'),
  correction: key('You wrote it so yourself.'),
  '': key('How I came to read it so is not kept.'),
};
const FEW = 3;

class MemoryWhy extends Asking {
  static properties = { fact: { attribute: false }, why: { state: true }, all: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    this.fact = '';
    /** @type {import('../types-memory.js').Why | null} */
    this.why = null;
    this.all = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => { this.why = await read('memories', 'why', { fact: this.fact }); });
  }

  render() {
    const { why } = this;
    if (this.trouble) return html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>`;
    if (!why) return html`<p class="aside" role="status">${t('Reading …')}</p>`;
    const shown = this.all ? why.readings : why.readings.slice(0, FEW);
    const others = why.history.filter((each) => each.fact.id !== why.memory.fact.id);
    return html`<div class="why"><h5>${t('Why I know this')}</h5><ul class="lines">${shown.map((each) => html`<li>${this.reading(each)}</li>`)}</ul>
      ${why.readings.length > shown.length ? html`<button type="button" class="quiet" @click=${() => { this.all = true; }}>${plural(why.readings.length, 'Show all {n} places', 'Show all {n} places')}</button>` : nothing}
      ${why.against.length ? html`<p class="trouble"><strong>${t('Something else is said as well, and I cannot decide:')}</strong> ${why.against.map((text) => html`<span dir="auto">${text}.</span> `)}</p>` : nothing}
      ${others.length ? html`<h5>${t('What was said of this, in order of time')}</h5><ol class="lines">${why.history.map((each) => html`<li><span dir="auto">${each.state === 'past' || each.state === 'wrong' ? html`<s>${each.fact.text}</s>` : each.fact.text}</span>${standing({ ...each, instead: '' })}</li>`)}</ol>` : nothing}</div>`;
  }

  /** @param {Reading} each */
  reading({ fact, told, how }) {
    const outside = fact.label.integrity === 'untrusted' ? t('from outside') : fact.label.integrity === 'endorsed' ? t('from outside, and you vouch for it') : '';
    const who = told.kind === 'message' || (told.kind === 'note' && fact.label.integrity === 'person' && !told.speaker) ? t('You said it') : told.speaker ? t('{name} said it', { name: told.speaker }) : t('It stands there');
    const where = [told.title, told.page === null ? '' : t('page {page}', { page: told.page }), outside].filter(Boolean).join(' · ');
    return html`<blockquote dir="auto">${told.before}<mark>${told.quote}</mark>${told.after}</blockquote>
      <p class="from">${who}${told.at ? `, ${moment(told.at)}` : ''}${where ? html` · <span dir="auto">${where}</span>` : nothing}${travels(fact.label)} · ${t('learnt {at}', { at: moment(fact.learned_at) })}</p>
      <p class="from">${t(HOW[how] ?? HOW[''])}</p>
      ${way(this, { source: fact.source, item: fact.item_id, quote: told.quote })}`;
  }
}

customElements.define('mind-memory-why', MemoryWhy);
