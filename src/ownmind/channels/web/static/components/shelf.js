// @ts-check
// The sources of what is remembered: narrowed by kind, state and words, each to be read, and to be taken away again.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, plural, t } from '../lang.js';
import { read } from '../rooms.js';
import { when, whence } from '../words.js';

/** @typedef {import('../types-library.js').Shelved} Shelved */

const AT_ONCE = 50;
/** @type {Record<string, string>} */
const KINDS = {
  document: key('documents'), page: key('pages of the web'), transcript: key('talks'), letters: key('mail'),
  calendar: key('calendars'), contacts: key('contacts'), note: key('notes'), program: key('from programs'),
};
/** @type {Record<string, string>} */
const KIND = {
  document: key('Document'), page: key('Page of the web'), transcript: key('Talk'), letters: key('Mail'),
  calendar: key('Calendar'), contacts: key('Contacts'), note: key('Notes'), program: key('From a program'),
};
/** @type {Record<string, string>} */
const SORTS = { latest: key('the latest first'), oldest: key('the oldest first'), name: key('by name'), size: key('the largest first') };
/** @type {Record<string, string>} */
const STATES = { '': key('in any state'), whole: key('read to the end'), unfinished: key('not read to the end'), unused: key('not used in answers') };

class ShelfOf extends Asking {
  static properties = { shelf: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {import('../types-library.js').Shelf | null} */
    this.shelf = null;
    this.wanted = { kind: '', state: '', sort: 'latest', words: '' };
    this.limit = AT_ONCE;
  }

  connectedCallback() {
    super.connectedCallback();
    this.reread();
  }

  reread() {
    this.run(async () => {
      const wanted = this.wanted;
      const shelf = await read('library', 'sources', { ...wanted, limit: this.limit });
      if (wanted === this.wanted) this.shelf = shelf; // another answer is on its way
    });
  }

  /** @param {Event} event */
  narrow(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (/** @type {HTMLElement} */ (event.target).closest('form')));
    /** @param {string} name */
    const said = (name) => String(form.get(name) ?? '').trim();
    this.wanted = { kind: said('kind'), state: said('state'), sort: said('sort'), words: said('words') };
    this.limit = AT_ONCE;
    this.reread();
  }

  more() {
    this.limit += AT_ONCE;
    this.reread();
  }

  render() {
    const shelf = this.shelf;
    const all = Object.values(shelf?.kinds ?? {}).reduce((sum, n) => sum + n, 0);
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${shelf && !all ? this.empty() : html`
        <form class="fields narrow" @submit=${this.narrow} @change=${this.narrow}>
          <label>${t('Find by name')} <input name="words" type="search" dir="auto" autocomplete="off"></label>
          <div class="pair"><label>${t('Kind')} <select name="kind"><option value="">${t('all kinds')}</option>${Object.entries(KINDS).map(([kind, name]) => html`<option value=${kind} ?disabled=${!shelf?.kinds[kind]}>${t(name)} (${shelf?.kinds[kind] ?? 0})</option>`)}</select></label>
            <label>${t('State')} <select name="state">${Object.entries(STATES).map(([state, name]) => html`<option value=${state}>${t(name)}</option>`)}</select></label>
            <label>${t('Order')} <select name="sort">${Object.entries(SORTS).map(([sort, name]) => html`<option value=${sort}>${t(name)}</option>`)}</select></label></div>
        </form>
        <p class="aside" role="status">${shelf ? plural(shelf.total, '{n} source', '{n} sources') : t('Reading …')}</p>
        <ul class="rows">${repeat(shelf?.sources ?? [], (each) => each.source, (each) => this.row(each))}</ul>
        ${shelf && shelf.total > shelf.sources.length ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${this.more}>${t('Show more')}</button>` : nothing}`}`;
  }

  empty() {
    return html`<p>${t('Nothing was taken in yet. What you give to be read stands here: documents, mail, calendars, address books, exported chats.')}</p>
      <div class="choices"><button type="button" class="strong" @click=${() => this.ask('add')}>${t('Give something to read')}</button></div>`;
  }

  /** @param {Shelved} each */
  row(each) {
    return html`<li><strong dir="auto">${each.title}</strong>
      <p class="from">${t(KIND[each.kind] ?? each.kind)} · ${plural(each.items, '{n} passage', '{n} passages')} · ${when(each.at)}</p>${whence(each) ? html`<p class="from"><bdi>${whence(each)}</bdi></p>` : nothing}
      ${note(each)}
      <div class="choices"><button type="button" class="quiet" aria-label=${t('Read: {title}', { title: each.title })} @click=${() => this.ask('read-source', { source: each.source })}>${t('Read')}</button>
        <button type="button" class="quiet" aria-label=${t('Take away: {title}', { title: each.title })} @click=${() => this.ask('forget-source', each.source)}>${t('Take away …')}</button></div></li>`;
  }
}

/** What is not as one would think. @param {Shelved} source */
export function note(source) {
  const said = [
    source.state === 'unfinished' ? t('It was not read to its end: give it again, and it goes on there.') : '',
    source.state === 'unused' ? t('It is kept and not used in answers: see Privacy, Sources.') : '',
    source.is_there === false ? (source.has_original ? t('Its file is gone from where it was. Its text is here, and the original is kept, encrypted.') : t('Its file is gone from where it was. Its text is here.')) : '',
  ].filter(Boolean);
  return said.length ? html`<p class="aside">${said.join(' ')}</p>` : nothing;
}

customElements.define('mind-shelf', ShelfOf);
