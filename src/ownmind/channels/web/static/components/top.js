// @ts-check
// The top of the page: the rooms of every day where there is room for their words, and everything else in one menu.

import { Element, html, nothing } from '../element.js';
import { icon } from '../icons.js';
import { plural, t } from '../lang.js';

/** @typedef {{name: string, icon: import('../icons.js').Icon, event?: string, view?: string, count?: number}} Way  a view that is opened, or an event */

class Top extends Element {
  static properties = { due: { attribute: false }, waiting: { attribute: false }, canBegin: { attribute: false } };

  constructor() {
    super();
    /** How many things are due. */
    this.due = 0;
    /** How many actions wait for a yes or no. */
    this.waiting = 0;
    /** Whether there is a talk to leave for a new one. */
    this.canBegin = false;
  }

  /** @returns {Way[]} */
  get daily() {
    return [
      { name: t('Today'), icon: 'today', view: 'mind-today', count: this.due },
      { name: t('Goals'), icon: 'goals', view: 'mind-goals' },
      { name: t('People'), icon: 'people', view: 'mind-people' },
      { name: t('Memory'), icon: 'memory', view: 'mind-memory' },
      { name: t('Library'), icon: 'library', view: 'mind-library' },
      { name: t('Earlier'), icon: 'earlier', view: 'mind-conversations' },
    ];
  }

  /** @returns {Way[]} */
  get rest() {
    return [
      { name: t('Activity'), icon: 'activity', view: 'mind-activity', count: this.waiting },
      { name: t('Forget …'), icon: 'forget', event: 'forget-more' },
      { name: t('Brain'), icon: 'brain', view: 'mind-brain' },
      { name: t('Tools'), icon: 'tools', view: 'mind-tools' },
      { name: t('Privacy'), icon: 'privacy', view: 'mind-privacy' },
      { name: t('Settings'), icon: 'settings', view: 'mind-settings' },
    ];
  }

  /** @param {Way} way */
  go({ event, view }) {
    const menu = this.find('#menu');
    if (menu.matches(':popover-open')) menu.hidePopover(); // the focus goes back to the menu's button, and so it does when the view is closed
    if (event) this.ask(event);
    else this.ask('view', view);
  }

  /** @param {Way} way */
  words({ name, count }) {
    return count ? `${name} (${count})` : name;
  }

  /** @param {Way[]} ways */
  list(ways) {
    return html`<ul>${ways.map((way) => html`<li><button type="button" class="way" @click=${() => this.go(way)}>${icon(way.icon)}<span>${this.words(way)}</span></button></li>`)}</ul>`;
  }

  render() {
    const waiting = this.due + this.waiting;
    return html`
      <p class="brand"><img src="/icon.svg" alt="" width="26" height="26">Ownmind</p>
      <nav aria-label=${t('Goals, people, conversations and memory')}>
        <div class="daily">${this.daily.map((way) => html`<button type="button" class="quiet" @click=${() => this.go(way)}>${this.words(way)}</button>`)}
          ${this.waiting ? html`<button type="button" class="quiet waits" @click=${() => this.go(this.rest[0])}>${this.words(this.rest[0])}</button>` : nothing}</div>
        <button type="button" class="tool" aria-label=${t('Search')} title=${t('Search')} aria-keyshortcuts="Control+K Meta+K" @click=${() => this.ask('view', 'mind-find')}>${icon('search')}</button>
        <button type="button" class="tool" aria-label=${t('New')} title=${t('Begin a new conversation')} ?disabled=${!this.canBegin} @click=${() => this.ask('anew')}>${icon('new')}</button>
        <button type="button" class="tool menu" popovertarget="menu" aria-label=${waiting ? plural(waiting, 'Menu, {n} thing waits', 'Menu, {n} things wait') : t('Menu')} title=${t('Menu')}>${icon('menu')}${waiting ? html`<i class="dot"></i>` : nothing}</button>
        <div id="menu" popover>${this.list(this.daily)}${this.list(this.rest)}</div>
      </nav>`;
  }
}

customElements.define('mind-top', Top);
