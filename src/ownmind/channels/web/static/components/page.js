// @ts-check
// The whole page: what is shown where, and the only place that turns what components ask into what is done.

import { Element, html, nothing } from '../element.js';
import { Mind } from '../mind.js';
import { words } from '../api.js';
import { notify, settle, takeBack } from '../app.js';
import { rich, t } from '../lang.js';
import './closed.js';
import './conversation.js';
import './composer.js';
import './brain-note.js';
import './cards.js';
import './given.js';
import { isSwitch } from './offline.js';
import './status-line.js';
import './top.js';
import './tour.js';

/** What is not the talk is loaded when it is first opened: element -> its module. A constant each, so that nothing else can be named. */
const VIEWS = /** @type {const} */ ({
  'mind-activity': () => import('./activity.js'),
  'mind-brain': () => import('./brain.js'),
  'mind-conversations': () => import('./conversations.js'),
  'mind-find': () => import('./find.js'),
  'mind-forget': () => import('./forget-dialog.js'),
  'mind-goals': () => import('./goals.js'),
  'mind-library': () => import('./library.js'),
  'mind-memory': () => import('./memory.js'),
  'mind-people': () => import('./people.js'),
  'mind-privacy': () => import('./privacy.js'),
  'mind-reader': () => import('./reader.js'),
  'mind-settings': () => import('./settings.js'),
  'mind-today': () => import('./today.js'),
  'mind-tools': () => import('./tools.js'),
});

class Page extends Element {
  static properties = { dragging: { state: true }, trouble: { state: true }, due: { state: true } };

  constructor() {
    super();
    this.mind = new Mind();
    this.dragging = false;
    /** @type {import('../types.js').Trouble | null} */
    this.trouble = null;
    /** How many things are due. */
    this.due = 0;
    /** What was due when that was last asked, by its keys. @type {Set<string>} */
    this.said = new Set();
    /** The bar at the foot, once its height is followed. @type {HTMLElement | null} */
    this.bar = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.mind.addEventListener('change', () => this.requestUpdate());
    this.mind.addEventListener('unkept', (event) => { this.trouble = /** @type {CustomEvent} */ (event).detail; });
    this.mind.addEventListener('rooms', () => this.reread());
    this.mind.addEventListener('learned', () => this.knows());
    this.mind.addEventListener('forgotten', () => {
      /** @type {{letGo?: () => unknown} | null} */ (this.querySelector('mind-growth'))?.letGo?.();
      this.knows();
    });
    this.hear();
    document.addEventListener('keydown', (event) => this.key(event));
    for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
      document.addEventListener(name, (event) => this.drag(/** @type {DragEvent} */ (event)));
    }
    this.mind.open().then(() => settle(() => { if (this.mind.session === 'open') this.room('mind-today'); }));
  }

  /** Something was given to read: that need not be offered any more. */
  given() {
    /** @type {import('./tour.js').Tour | null} */ (this.querySelector('mind-tour'))?.put('import');
  }

  /** Tells the style how high the bar at the foot is: what floats above it must not cover it. */
  updated() {
    const bar = /** @type {HTMLElement | null} */ (this.querySelector('footer.bar'));
    if (!bar || this.bar === bar) return;
    this.bar = bar;
    new ResizeObserver(([entry]) => document.documentElement.style.setProperty('--bar', `${Math.ceil(entry?.borderBoxSize[0]?.blockSize ?? 0)}px`)).observe(bar);
  }

  /** What components ask for. */
  hear() {
    /** @param {string} name @param {(detail: any) => unknown} then */
    const on = (name, then) =>
      this.addEventListener(name, async (event) => {
        try {
          this.trouble = null;
          await then(/** @type {CustomEvent} */ (event).detail);
        } catch (error) {
          this.trouble = words(error);
        }
      });
    on('say', (said) => {
      /** @type {import('./cards.js').Cards} */ (this.find('mind-cards')).open = false; // on a phone they lie between the answer and the field
      if (said.files?.length) this.given();
      return typeof said === 'string' ? this.mind.send(said) : this.mind.send(said.text, said);
    });
    on('say-instead', ({ text, ...place }) => {
      if (matchMedia('(pointer: fine)').matches) this.composer.focusText(); // what had the focus is on the branch that is left
      return this.mind.send(text, place);
    });
    on('stop', () => this.mind.stop());
    on('protected', () => /** @type {import('./tour.js').Tour | null} */ (this.querySelector('mind-tour'))?.reread());
    on('paired', () => this.mind.open());
    on('begin', (text) => this.composer.begin(text));
    on('give', (files) => {
      this.given();
      return this.mind.give(files);
    });
    on('dismiss', (given) => this.mind.dismiss(given));
    on('forget', (fact) => this.room('mind-forget', fact));
    on('forget-more', () => this.room('mind-forget'));
    on('show-item', (id) => this.showItem(id));
    on('changed', () => this.mind.reread());
    on('forget-source', (source) => this.room('mind-forget', null, source));
    on('read-source', (wanted) => this.room('mind-reader', wanted));
    on('mind-open', ({ conversation }) => this.mind.show(conversation));
    on('forgotten', ({ receipt, plan }) => {
      this.mind.forgotten(receipt, plan);
      this.reread();
    });
    on('show', (id) => this.mind.show(id));
    on('due', (count) => { this.due = count; });
    on('view', (name) => this.room(name));
    on('show-goal', async (id) => {
      await VIEWS['mind-goals']();
      return /** @type {import('./goals.js').Goals} */ (this.find('mind-goals')).show(id);
    });
    on('show-person', async (id) => {
      await this.room('mind-people');
      return /** @type {import('./people.js').People} */ (this.find('mind-people')).show(id);
    });
    on('show-place', (found) => (found.conversation ? this.mind.show(found.conversation, { around: found.item }) : this.showItem(found.item)));
    on('rooms-changed', () => this.reread());
    on('anew', () => {
      this.mind.startAnew();
      this.composer.focusText();
    });
  }

  /** Closes what is open and goes to the card that rests on a remembered item. @param {string} id */
  showItem(id) {
    /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog[open]'))?.close();
    return /** @type {import('./cards.js').Cards} */ (this.find('mind-cards')).show(id);
  }

  /** Opens a room, loaded when it is wanted for the first time. @param {keyof typeof VIEWS} name @param {any[]} what */
  async room(name, ...what) {
    await VIEWS[name]();
    await /** @type {{open: (...what: any[]) => unknown}} */ (/** @type {unknown} */ (this.find(name))).open(...what);
  }

  /** Goals, people or today changed: whichever is open reads again. */
  reread() {
    for (const room of ['mind-today', 'mind-goals', 'mind-people', 'mind-brain', 'mind-tools', 'mind-privacy', 'mind-library', 'mind-memory']) /** @type {Partial<import('./room.js').Room> | null} */ (this.querySelector(room))?.changed?.();
    this.mind.due().then((keys) => {
      if (!keys) return;
      if (keys.some((each) => !this.said.has(each))) notify(keys);
      if (!keys.length) takeBack();
      [this.said, this.due] = [new Set(keys), keys.length];
    });
  }

  /** What is known changed: whichever view of it is open reads again. */
  knows() {
    for (const room of ['mind-memory', 'mind-brain']) /** @type {Partial<import('./room.js').Room> | null} */ (this.querySelector(room))?.changed?.();
  }

  /** @returns {import('./composer.js').Composer} */
  get composer() {
    return /** @type {import('./composer.js').Composer} */ (this.find('mind-composer'));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (isSwitch(event)) {
      event.preventDefault();
      /** @type {import('./offline.js').Offline | null} */ (this.querySelector('mind-offline'))?.turn();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k' && this.mind.session === 'open' && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      this.ask('view', 'mind-find');
      return;
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable]');
    if (event.key === 'Escape' && this.mind.turning && !event.defaultPrevented) {
      this.mind.stop();
    } else if (event.key === '/' && !typing && this.composer) {
      event.preventDefault();
      this.composer.focusText();
    }
  }

  /** A file dragged anywhere over the page can be dropped anywhere. @param {DragEvent} event */
  drag(event) {
    if (this.mind.session !== 'open' || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (event.type === 'drop') this.composer.take(event.dataTransfer.files);
    this.dragging = event.type === 'dragover' || event.type === 'dragenter' || (event.type === 'dragleave' && event.relatedTarget !== null);
  }

  /** What index.html shows until there is something to show. */
  willUpdate() {
    if (this.mind.session !== 'opening') this.querySelector(':scope > .shell')?.remove();
  }

  render() {
    const mind = this.mind;
    const waiting = mind.actions.filter((each) => each.state === 'waiting').length;
    if (mind.session === 'opening') return nothing;
    if (mind.session === 'pairing') {
      import('./pairing.js');
      return html`<mind-pairing .code=${mind.code}></mind-pairing>`;
    }
    if (mind.session === 'locked') {
      import('./unlock.js');
      return html`<mind-unlock></mind-unlock>`;
    }
    if (mind.session === 'closed') return html`<mind-closed .trouble=${mind.trouble}></mind-closed>`;
    return html`
      <a class="skip" href="#text" @click=${(/** @type {Event} */ event) => { event.preventDefault(); this.composer.focusText(); }}>${t('Skip to your message')}</a>
      <header class="top">
        <mind-top .due=${this.due} .waiting=${waiting} .canBegin=${mind.messages.length > 0}></mind-top>
      </header>
      <div class="rooms">
        <main id="talk">
          <h1 class="unseen">${t('Your conversation with Ownmind')}</h1>
          <mind-conversation .messages=${mind.messages} .brain=${mind.status?.brain ?? null} .facts=${mind.facts.length} .actions=${mind.actions} .mind=${mind}></mind-conversation>
        </main>
        <mind-cards .facts=${mind.facts} .fresh=${mind.fresh} .mind=${mind}></mind-cards>
        <footer class="bar">
          ${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
          ${mind.connected ? nothing : html`<p class="trouble" role="status"><strong>${t('Ownmind does not answer.')}</strong> ${rich('This page goes on by itself when it is back: run {command} in a terminal.', { command: html`<code>ownmind</code>` })}</p>`}
          <mind-tour .messages=${mind.messages} .facts=${mind.facts} .turning=${mind.turning !== null}></mind-tour>
          <mind-given .given=${mind.given}></mind-given>
          <mind-brain-note .brain=${mind.status?.brain ?? null}></mind-brain-note>
          <mind-composer .busy=${mind.turning !== null} .attached=${mind.attached} .mind=${mind}></mind-composer>
          <mind-status-line .status=${mind.status}></mind-status-line>
        </footer>
      </div>
      <mind-conversations .conversations=${mind.conversations} .current=${mind.conversation}></mind-conversations>
      <mind-activity .actions=${mind.actions} .mind=${mind}></mind-activity>
      <mind-find .mind=${mind}></mind-find>
      <mind-today></mind-today>
      <mind-goals></mind-goals>
      <mind-people></mind-people>
      <mind-brain></mind-brain>
      <mind-tools></mind-tools>
      <mind-memory></mind-memory>
      <mind-library></mind-library>
      <mind-reader></mind-reader>
      <mind-privacy .facts=${mind.facts} .offline=${mind.status?.egress.offline ?? false}></mind-privacy>
      <mind-settings></mind-settings>
      <mind-forget .conversations=${mind.conversations}></mind-forget>
      <div class="unseen" role="status" aria-live="polite">${mind.announcement}</div>
      ${this.dragging ? html`<div class="drop" aria-hidden="true"><p>${t('Let go, and I read it.')}</p></div>` : nothing}`;
  }
}

customElements.define('mind-page', Page);
