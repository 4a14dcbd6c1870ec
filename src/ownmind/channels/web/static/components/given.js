// @ts-check
// Files given to read: how far each is, and what came of it.

import { Element, html, nothing } from '../element.js';
import { plural, t } from '../lang.js';
import { far } from '../words.js';

class GivenFiles extends Element {
  static properties = { given: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Given[]} */
    this.given = [];
  }

  render() {
    if (!this.given.length) return nothing;
    return html`<ul class="given" aria-label=${t('Files given to read')}>${this.given.map((each) => html`<li>
      <span class="name" dir="auto">${each.name}</span>
      ${each.imported || each.trouble
        ? html`${this.outcome(each)}<button type="button" class="quiet" aria-label="${t('Dismiss')}: ${each.name}" @click=${() => this.ask('dismiss', each)}>${t('Dismiss')}</button>${skipped(each)}`
        : html`<progress aria-label="${t('Reading')} ${each.name}" max=${each.progress?.total || nothing} value=${each.progress?.total ? each.progress.done : nothing}></progress>
            <span>${each.waits ? t('waits for Ownmind and goes on by itself') : each.progress ? far(each.progress) : t('Reading')}</span>`}
    </li>`)}</ul>`;
  }

  /** @param {import('../types.js').Given} given */
  outcome({ imported, trouble }) {
    if (trouble) return html`<span class="trouble"><strong>${trouble.message}</strong> ${trouble.hint}</span>`;
    if (!imported) return nothing;
    return html`<span>${result(imported)}</span>`;
  }
}

/** What could not be read, each with its reason. @param {import('../types.js').Given} given */
function skipped({ imported }) {
  if (!imported?.skipped.length) return nothing;
  return html`<details><summary>${plural(imported.skipped.length, '{n} thing was skipped', '{n} things were skipped')}</summary>
    <ul>${imported.skipped.map((each) => html`<li><b dir="auto">${each.where}</b>: ${each.reason}</li>`)}</ul></details>`;
}

/** @param {import('../types.js').Imported} imported */
function result({ items, already_known, skipped }) {
  if (items) return plural(items, 'I read it and remember {n} passage.', 'I read it and remember {n} passages.');
  if (already_known) return t('I knew all of it already.');
  return skipped.length ? t('I could not read it.') : t('There was nothing in it to remember.');
}

customElements.define('mind-given', GivenFiles);
