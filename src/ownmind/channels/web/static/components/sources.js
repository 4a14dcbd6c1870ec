// @ts-check
// The sources under an answer: small numbered chips, each of which opens to the words it rests on, and leads to where they stand.

import { Element, html, nothing } from '../element.js';
import { t } from '../lang.js';
import { travels, when } from '../words.js';

class Sources extends Element {
  static properties = { sources: { attribute: false }, of: { attribute: false }, chosen: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Cited[]} */
    this.sources = [];
    this.of = 0;
    this.chosen = -1;
  }

  render() {
    const chosen = this.sources[this.chosen];
    return html`
      <ul class="chips" aria-label=${t('Sources')}>
        ${this.sources.map((source, n) => html`<li><button type="button" class="chip" aria-expanded=${n === this.chosen} aria-controls="source-${this.of}"
            @click=${() => { this.chosen = n === this.chosen ? -1 : n; }}>
            <span class="unseen">${t('Source')} </span><b>${n + 1}</b> <span dir="auto">${name(source)}</span></button></li>`)}
      </ul>
      <div id="source-${this.of}" class="source" ?hidden=${!chosen}>${chosen ? html`${quote(chosen)}${this.way(chosen)}` : nothing}</div>`;
  }

  /** Leads to where the words stand: in a talk, or in their document, with the other sources to step to. @param {import('../types.js').Cited} chosen */
  way(chosen) {
    if (isSaid(chosen)) {
      return html`<button type="button" class="quiet" @click=${() => this.ask('mind-open', { conversation: chosen.source.slice('conversation:'.length), item: chosen.item_id })}>${t('Open the conversation')}</button>`;
    }
    const places = this.sources.filter((each) => !isSaid(each)).map((each) => ({ item: each.item_id, quote: each.quote }));
    return html`<button type="button" class="quiet" @click=${() => this.ask('read-source', { places, at: places.findIndex((each) => each.item === chosen.item_id && each.quote === chosen.quote) })}>${t('Read it there')}</button>`;
  }
}

/** @param {import('../types.js').Cited} source */
function quote(source) {
  const outside = source.label?.integrity === 'untrusted' ? `${t('From outside')}: ` : '';
  const told = [source.speaker && t('said by {name}', { name: source.speaker }), when(source.at), source.page !== null && t('page {page}', { page: source.page })].filter(Boolean);
  const at = source.quote ? source.text.indexOf(source.quote) : -1;
  return html`
    <blockquote dir="auto">${at < 0
      ? source.quote || source.text
      : html`${source.text.slice(0, at)}<mark>${source.quote}</mark>${source.text.slice(at + source.quote.length)}`}</blockquote>
    <p class="from">${outside}<span dir="auto">${source.title || source.source}</span>${told.map((part) => html` · ${part}`)}${travels(source.label)}</p>`;
}

/** Whether the words were said in a talk with Ownmind. @param {import('../types.js').Cited} source */
const isSaid = (source) => source.source.startsWith('conversation:');

/** What a chip says. @param {import('../types.js').Cited} source */
function name(source) {
  if (source.title && !isSaid(source)) return source.title;
  return when(source.at) || source.speaker || source.source;
}

customElements.define('mind-sources', Sources);
