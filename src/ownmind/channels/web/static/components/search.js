// @ts-check
// Where searches of the web go: one server the person names, or none.

import { Asking } from '../asking.js';
import { html, nothing } from '../element.js';
import { key, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';

/** @typedef {{url: string, results: string, title: string, link: string, words: string, header: string}} Engine */

/** The fields of an answer, and what each is called where a SearXNG answers. @type {{name: keyof Engine, words: string, usual: string}[]} */
const FIELDS = [
  { name: 'results', words: key('The list of results'), usual: 'results' }, { name: 'title', words: key('A result’s title'), usual: 'title' },
  { name: 'link', words: key('Its address'), usual: 'url' }, { name: 'words', words: key('Words of the page'), usual: 'content' },
  { name: 'header', words: key('The header of its key, if it wants one'), usual: '' },
];

class Search extends Asking {
  static properties = { engine: { state: true }, found: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** undefined: not read yet. @type {Engine | null | undefined} */
    this.engine = undefined;
    /** What became of a search. */
    this.found = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.run(async () => { this.engine = await read('search', 'engine'); });
  }

  render() {
    const { engine } = this;
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      ${engine === undefined ? nothing : engine ? this.set(engine) : html`<p class="aside">${t('No search server is set, so nothing is searched. None is built in: each wants an account, a key, or its visitors.')}</p>`}
      ${engine === undefined ? nothing : html`<form class="fields" @submit=${this.keep}>
        <label>${engine ? t('Another server') : t('The address of a search server')} <input name="url" type="text" inputmode="url" autocomplete="off" spellcheck="false" required maxlength="2000" placeholder="https://searx.example.org"></label>
        <p class="hint">${rich('A SearXNG of yours or of somebody you trust; or any server that answers with JSON, with {query} where the words go.', { query: html`<code>{query}</code>` })}</p>
        <details><summary>${t('How its answers are made')}</summary><div class="pair">${FIELDS.map((each) => html`<label>${t(each.words)} <input name=${each.name} autocomplete="off" spellcheck="false" .value=${each.usual}></label>`)}</div>
        <p class="hint">${rich('A key is given in the terminal: {command}', { command: html`<code>ownmind search key</code>` })}</p></details>
        <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Use this server')}</button></div></form>`}`;
  }

  /** @param {Engine} engine */
  set(engine) {
    return html`<p>${rich('Searches go to {place}. The first one asks you; what is found is kept as words from outside.', { place: html`<bdi><strong>${engine.url}</strong></bdi>` })}</p>
      <form class="fields" @submit=${this.look}><label>${t('Search for')} <input name="words" dir="auto" autocomplete="off" maxlength="400" required></label>
      <div class="choices"><button type="submit" class="strong" ?disabled=${this.busy}>${t('Search')}</button>
      <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.off}>${t('Search nowhere')}</button></div></form>
      <p role="status" class="found" dir="auto">${this.found}</p>`;
  }

  /** @param {SubmitEvent} event */
  keep(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    this.run(async () => {
      this.engine = await change('search', 'set', given);
      form.reset();
    });
  }

  /** @param {SubmitEvent} event */
  look(event) {
    event.preventDefault();
    const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('words'));
    this.run(async () => {
      const action = await change('search', 'ask', { words });
      this.found = action.state === 'waiting' ? t('It waits for your yes: see Activity.') : action.outcome;
      this.ask('changed');
    });
  }

  off() {
    this.run(async () => {
      await change('search', 'forget');
      this.engine = null;
    });
  }
}

customElements.define('mind-search', Search);
