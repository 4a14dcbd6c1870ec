// @ts-check
// What is meant: words, a person, a time, a conversation, a source. Everything that is filled in must hold.

import { Element, html, nothing } from '../element.js';
import { key, t } from '../lang.js';

const PARTS = [
  ['', key('what they said, and what is said about them')],
  ['by', key('only what they said')],
  ['about', key('only what is said about them')],
];

class ForgetTarget extends Element {
  static properties = { conversations: { attribute: false }, busy: { attribute: false }, empty: { state: true }, person: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Conversation[]} */
    this.conversations = [];
    this.busy = false;
    this.empty = false;
    this.person = '';
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    /** @param {string} name */
    const said = (name) => String(form.get(name) ?? '').trim();
    const first = said('from') || said('until');
    const during = first ? `${first}..${said('until') || first}` : said('during');
    const target = { topic: said('topic'), person: said('person'), part: said('person') ? said('part') : '', during, conversation: said('conversation'), source: said('source') };
    this.empty = !Object.values(target).some(Boolean);
    if (this.empty) this.find('input').focus();
    else this.ask('look-for', target);
  }

  render() {
    return html`<form id="forget-target" class="fields" @submit=${this.submit}>
      <p class="aside">${t('Say what you mean; everything you fill in must hold. Nothing goes before you have seen it.')}</p>
      <label>${t('Words that stand in it')} <input name="topic" dir="auto" autocomplete="off" aria-invalid=${this.empty ? 'true' : nothing} aria-describedby=${this.empty ? 'forget-empty' : nothing}></label>
      ${this.empty ? html`<p id="forget-empty" class="trouble" role="alert">${t('Fill in at least one of these.')}</p>` : nothing}
      <label>${t('A person')} <input name="person" dir="auto" autocomplete="off" aria-describedby="forget-person"
        @input=${(/** @type {InputEvent} */ event) => { this.person = /** @type {HTMLInputElement} */ (event.target).value.trim(); }}></label>
      <p id="forget-person" class="hint">${t('A name, or “my sister”.')}</p>
      ${this.person ? html`<label>${t('Of this person')} <select name="part">${PARTS.map(([value, name]) => html`<option value=${value}>${t(name ?? '')}</option>`)}</select></label>` : nothing}
      <label>${t('A conversation')} <select name="conversation"><option value="">${t('any')}</option>
        ${this.conversations.map((each) => html`<option value=${each.id}>${each.title || t('A conversation')}</option>`)}</select></label>
      <details><summary>${t('A time or a document')}</summary>
        <div class="fields">
          <div class="pair"><label>${t('From')} <input type="date" name="from"></label><label>${t('Until, included')} <input type="date" name="until"></label></div>
          <label>${t('Or a time in words')} <input name="during" autocomplete="off" aria-describedby="forget-during"></label>
          <p id="forget-during" class="hint">${t('March 2023, last week, 2019.')}</p>
          <label>${t('A document or another source')} <input name="source" dir="auto" autocomplete="off" aria-describedby="forget-source"></label>
          <p id="forget-source" class="hint">${t('A file by its name, or a source as a card names it.')}</p>
        </div></details>
    </form>`;
  }
}

customElements.define('mind-forget-target', ForgetTarget);
