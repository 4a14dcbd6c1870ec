// @ts-check
// Search across everything, from the keyboard: a field and what it finds, grouped, with the words marked (the combobox with a list of the
// ARIA practices guide: the focus stays in the field, arrows choose, Enter opens, Escape leaves).

import { Element, html, nothing } from '../element.js';
import * as api from '../api.js';
import { key, t } from '../lang.js';
import { when } from '../words.js';

/** @typedef {import('../types.js').Found} Found */
/** One line of the list: a thing that was found, or a room of the page. @typedef {{group: string, text: string, marks: {start: number, end: number}[], from: string, open: () => void}} Line */

const GROUPS = /** @type {const} */ ([
  ['room', key('Rooms')], ['conversation', key('Conversations')], ['message', key('Messages')], ['fact', key('Facts')], ['memory', key('Memories')],
  ['document', key('Documents')], ['goal', key('Goals')], ['person', key('People')],
]);
const ROOMS = /** @type {const} */ ([
  ['mind-today', key('Today')], ['mind-goals', key('Goals')], ['mind-people', key('People')], ['mind-memory', key('Memory')], ['mind-library', key('Library')], ['mind-conversations', key('Earlier')],
  ['mind-activity', key('Activity')], ['mind-brain', key('Brain')], ['mind-tools', key('Tools')], ['mind-privacy', key('Privacy')], ['mind-settings', key('Settings')],
]);
const EACH = 5; // of every kind
const PAUSE = 60; // ms after the last key before it is looked for

class Find extends Element {
  static properties = { mind: { attribute: false }, shown: { state: true }, found: { state: true }, words: { state: true }, at: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    this.shown = false;
    /** @type {Found[]} */
    this.found = [];
    this.words = '';
    this.at = 0;
    /** @type {import('../types.js').Trouble | null} */
    this.trouble = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.soon = undefined;
    this.asked = 0;
  }

  async open() {
    if (this.shown) return;
    [this.shown, this.found, this.words, this.at, this.trouble] = [true, [], '', 0, null];
    await this.updateComplete;
    /** @type {HTMLDialogElement} */ (this.find('dialog')).showModal();
    this.find('input').focus();
  }

  close() {
    /** @type {HTMLDialogElement} */ (this.find('dialog')).close();
  }

  /** @param {Event} event */
  type(event) {
    this.words = /** @type {HTMLInputElement} */ (event.target).value;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const asked = (this.asked += 1);
    try {
      const found = this.words.trim() ? await api.find(this.words, EACH) : [];
      if (asked !== this.asked) return; // an earlier question that was answered later
      [this.found, this.at, this.trouble] = [found, 0, null];
    } catch (error) {
      this.trouble = api.words(error);
    }
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const last = this.lines.length - 1;
    const to = { ArrowDown: this.at < last ? this.at + 1 : 0, ArrowUp: this.at ? this.at - 1 : last }[event.key];
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      this.choose(this.lines[this.at]);
    } else if (to !== undefined && last >= 0) {
      event.preventDefault();
      this.at = to;
      this.updateComplete.then(() => this.find('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
    }
  }

  /** @param {Line | undefined} line */
  choose(line) {
    if (!line) return;
    this.close();
    line.open();
  }

  /** Everything that can be chosen, in the order it is shown. @returns {Line[]} */
  get lines() {
    const words = this.words.trim().toLowerCase();
    const rooms = ROOMS.filter(([, name]) => words && t(name).toLowerCase().startsWith(words))
      .map(([room, name]) => ({ group: 'room', text: t(name), marks: [{ start: 0, end: words.length }], from: '', open: () => this.ask('view', room) }));
    const found = this.found.map((each) => ({ group: each.kind, text: each.text || t('A conversation'), marks: each.marks, from: [each.title, when(each.at)].filter(Boolean).join(' · '), open: () => this.show(each) }));
    const all = [...rooms, ...found];
    return GROUPS.flatMap(([group]) => all.filter((line) => line.group === group));
  }

  /** Opens a thing where it is. @param {Found} found */
  show(found) {
    if (found.kind === 'message') this.mind?.show(found.conversation, { around: found.id });
    else if (found.kind === 'conversation') this.ask('show', found.conversation);
    else if (found.kind === 'goal') this.ask('show-goal', found.id);
    else if (found.kind === 'person') this.ask('show-person', found.id);
    else if (found.kind === 'fact') this.ask('show-item', found.item);
    else if (found.kind === 'document') this.ask('read-source', { source: found.id });
    else this.ask('show-place', found);
  }

  render() {
    const lines = this.lines;
    return html`<dialog class="view finding" aria-label=${t('Search everything')} @close=${() => { this.shown = false; }}>${this.shown ? html`
      <input type="search" role="combobox" aria-expanded=${lines.length > 0} aria-controls="found" aria-autocomplete="list" aria-activedescendant=${lines.length ? `found-${this.at}` : nothing}
        aria-label=${t('Search everything')} placeholder=${t('Search everything')} dir="auto" autocomplete="off" spellcheck="false" @input=${this.type} @keydown=${this.key}>
      ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside" role="status">${this.words.trim() && !lines.length ? t('Nothing holds these words.') : ''}</p>
      <div id="found" role="listbox" aria-label=${t('What was found')}>${GROUPS.map(([group, name]) => this.group(group, t(name), lines))}</div>` : nothing}
    </dialog>`;
  }

  /** @param {string} group @param {string} name @param {Line[]} lines */
  group(group, name, lines) {
    if (!lines.some((line) => line.group === group)) return nothing;
    return html`<div role="group" aria-label=${name}><p class="from" aria-hidden="true">${name}</p>
      ${lines.map((line, n) => (line.group === group ? html`<div role="option" id="found-${n}" aria-selected=${n === this.at} @click=${() => this.choose(line)}>
        <span dir="auto">${pieces(line)}</span>${line.from ? html`<span class="from" dir="auto">${line.from}</span>` : nothing}</div>` : nothing))}</div>`;
  }
}

/** The text of a line with its words marked. @param {Line} line */
function pieces({ text, marks }) {
  const said = [];
  let end = 0;
  for (const mark of marks) {
    said.push(text.slice(end, mark.start), html`<mark>${text.slice(mark.start, mark.end)}</mark>`);
    end = mark.end;
  }
  return [...said, text.slice(end)];
}

customElements.define('mind-find', Find);
