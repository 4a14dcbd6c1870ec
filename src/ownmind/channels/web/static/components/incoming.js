// @ts-check
// Giving files and folders to read: dropped or chosen, with how far each is, what was left out and why, and how to undo it.

import { Element, html, nothing, repeat } from '../element.js';
import { chosen, dropped, imports, isUnderWay } from '../imports.js';
import { key, plural, t } from '../lang.js';
import { far } from '../words.js';

/** @typedef {import('../types-library.js').Incoming} Incoming */

const SHOWN = 100; // files; of the others only how many
const ORDER = ['sending', 'reading', 'failed', 'out', 'stopped', 'done', 'waiting'];
const SOON = 0.05; // minutes; before, a guess would be wild
const WAITS = key('waits for its turn');

class IncomingFiles extends Element {
  static properties = { over: { state: true } };

  constructor() {
    super();
    this.over = false;
    this.heard = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    imports.addEventListener('change', this.heard);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    imports.removeEventListener('change', this.heard);
  }

  /** Drops are the library's while it is open. @param {DragEvent} event */
  async drag(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.stopPropagation();
    this.over = event.type === 'dragenter' || event.type === 'dragover';
    if (event.type === 'drop') imports.add(await dropped(event.dataTransfer));
  }

  /** @param {Event} event */
  choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    imports.add(chosen(input.files ?? []));
    input.value = '';
  }

  render() {
    const { files } = imports;
    return html`<div class="dropzone ${this.over ? 'over' : ''}" @dragenter=${this.drag} @dragover=${this.drag} @dragleave=${this.drag} @drop=${this.drag}>
        <p>${t('Drop files or a folder here, or choose them.')}</p>
        <div class="choices"><button type="button" class="strong" @click=${() => this.find('#bring-files').click()}>${t('Choose files')}</button>
          <button type="button" class="quiet" @click=${() => this.find('#bring-folder').click()}>${t('Choose a folder')}</button></div>
        <input id="bring-files" type="file" multiple hidden @change=${this.choose}><input id="bring-folder" type="file" webkitdirectory hidden @change=${this.choose}>
      </div>
      <p class="aside">${t('Text, Markdown, web pages, PDF, Word, mail, calendars, address books and exported chats, up to 512 MB each. Nothing of it leaves this machine. What a file asks for is never done.')}</p>
      ${files.length ? this.progress(files) : nothing}`;
  }

  /** @param {Incoming[]} files */
  progress(files) {
    const over = files.filter((each) => ['done', 'out', 'failed'].includes(each.state)).length;
    const stopped = files.some((each) => each.state === 'stopped');
    const working = files.some((each) => each.state === 'waiting' || isUnderWay(each));
    const sorted = [...files].sort((a, b) => place(a) - place(b) || b.key - a.key);
    return html`<div class="spent"><p role="status">${t('{done} of {all} files.', { done: over, all: files.length })} ${sums(files)}</p>
        ${working ? html`<progress aria-label=${t('Files read')} max=${files.length} value=${over}></progress><button type="button" class="quiet" @click=${() => imports.stopAll()}>${t('Stop')}</button>` : nothing}
        ${stopped ? html`<button type="button" class="quiet" @click=${() => imports.resumeAll()}>${t('Go on')}</button>` : nothing}
        ${over ? html`<button type="button" class="quiet" @click=${() => imports.clear()}>${t('Hide what is done')}</button>` : nothing}</div>
      ${imports.isLost ? html`<p class="trouble" role="status"><strong>${t('Ownmind does not answer.')}</strong> ${t('This goes on by itself when it is back.')}</p>` : nothing}
      <ul class="rows">${repeat(sorted.slice(0, SHOWN), (each) => each.key, (each) => this.file(each))}</ul>
      ${sorted.length > SHOWN ? html`<p class="aside">${plural(sorted.length - SHOWN, 'and {n} more', 'and {n} more')}</p>` : nothing}`;
  }

  /** @param {Incoming} one */
  file(one) {
    const act = (/** @type {string} */ words, /** @type {string} */ label, /** @type {() => unknown} */ then) => html`<button type="button" class="quiet" aria-label=${label} @click=${then}>${words}</button>`;
    const ref = one.imported?.refs?.[0];
    return html`<li><span class="name" dir="auto">${one.name}</span> ${said(one)}
      ${isUnderWay(one) ? html`<progress aria-label=${t('Reading {name}', { name: one.name })} max=${one.file.size || 1} value=${one.state === 'sending' ? one.sent / 2 : (one.file.size * (1 + share(one))) / 2}></progress>` : nothing}
      ${left(one)}
      <div class="choices">
        ${isUnderWay(one) || one.state === 'waiting' ? act(t('Stop'), t('Stop: {name}', { name: one.name }), () => imports.stop(one)) : nothing}
        ${one.state === 'stopped' || one.state === 'failed' ? act(t('Go on'), t('Go on: {name}', { name: one.name }), () => imports.resume(one)) : nothing}
        ${ref ? html`${act(t('Read'), t('Read: {title}', { title: one.name }), () => this.ask('read-source', { source: ref }))}${act(t('Undo …'), t('Undo: {name}', { name: one.name }), () => this.ask('forget-source', ref))}` : nothing}</div></li>`;
  }
}

/** Where a file stands in the list: what was left out comes before what was read. @param {Incoming} one */
const place = (one) => ORDER.indexOf(one.state === 'done' && one.imported?.skipped.length && !one.imported.items ? 'out' : one.state);

/** How much of a file has been read, from 0 to 1. @param {Incoming} one */
const share = ({ progress }) => (progress?.total ? Math.min(1, progress.done / progress.total) : 0);

/** How long it will still take, once that can be said. @param {Incoming} one */
function remaining(one) {
  const done = share(one);
  const took = one.began ? (Date.now() - one.began) / 60000 : 0; // minutes
  if (!done || took < SOON) return '';
  const minutes = Math.ceil((took / done) * (1 - done));
  return `: ${plural(minutes, 'about {n} minute left', 'about {n} minutes left')}`;
}

/** How a file is. @param {Incoming} one */
function said(one) {
  const { imported } = one;
  if (one.state === 'waiting') return html`<span class="from">${t(WAITS)}</span>`;
  if (one.state === 'sending') return html`<span class="from">${t('on its way')}: ${far({ done: one.sent, total: one.file.size, unit: 'bytes' })}</span>`;
  if (one.state === 'reading') return html`<span class="from">${t('is being read')}${remaining(one)}</span>`;
  if (one.state === 'stopped') return html`<span class="from">${t('stopped; what was read of it is kept')}</span>`;
  if (one.state === 'out') return html`<span class="from">${t('left out')}: ${one.trouble?.message}</span>`;
  if (one.trouble) return html`<p class="trouble"><strong>${one.trouble.message}</strong> ${one.trouble.hint}</p>`;
  if (!imported) return nothing;
  if (imported.items) return html`<span class="from">${plural(imported.items, '{n} passage remembered', '{n} passages remembered')}${imported.already_known ? `, ${plural(imported.already_known, '{n} known before', '{n} known before')}` : ''}</span>`;
  if (imported.already_known) return html`<span class="from">${t('all of it was known before')}</span>`;
  return imported.skipped.length ? nothing : html`<span class="from">${t('nothing in it to remember')}</span>`;
}

/** What of a file was left out, why, and what to do. @param {Incoming} one */
function left({ imported, file }) {
  if (!imported?.skipped.length) return nothing;
  const line = (/** @type {import('../types.js').Skipped} */ each) => html`${each.where.endsWith(file.name) ? nothing : html`<b dir="auto">${each.where}</b>: `}${each.reason}${each.hint ? html` → ${each.hint}` : nothing}`;
  if (imported.skipped.length === 1) return html`<p class="trouble">${t('Left out')}: ${line(imported.skipped[0])}</p>`;
  return html`<details><summary>${plural(imported.skipped.length, '{n} thing was left out', '{n} things were left out')}</summary><ul class="from">${imported.skipped.map((each) => html`<li>${line(each)}</li>`)}</ul></details>`;
}

/** @param {Incoming[]} files */
function sums(files) {
  const all = (/** @type {(each: import('../types.js').Imported) => number} */ of) => files.reduce((sum, each) => sum + (each.imported ? of(each.imported) : 0), 0);
  const [items, known] = [all((each) => each.items), all((each) => each.already_known)];
  const out = files.filter((each) => each.state === 'out' || each.state === 'failed').length + all((each) => each.skipped.length);
  return [
    items ? plural(items, '{n} passage remembered.', '{n} passages remembered.') : '',
    known ? plural(known, '{n} known before.', '{n} known before.') : '',
    out ? plural(out, '{n} left out.', '{n} left out.') : '',
  ].filter(Boolean).join(' ');
}

customElements.define('mind-incoming', IncomingFiles);
