// @ts-check
// What Ownmind is connected with: when each was last contacted, what went wrong and what to do, and its switch.

import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, rich, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { moment } from '../words.js';

/** @typedef {import('../types-library.js').Connection} Connection */

/** @type {Record<string, string>} */
const KINDS = { calendar: key('Calendar'), server: key('Tool server'), provider: key('Model elsewhere'), search: key('Search server') };
/** @type {Record<string, string>} */
const STATES = { on: key('on'), asks: key('asks you each time'), off: key('switched off'), new: key('never tried'), wrong: key('something is wrong') };
/** @type {Record<string, string>} */
const CHECKS = { calendar: key('Read it now'), server: key('Ask it now'), provider: key('Test it now') };

class ConnectionsOf extends Asking {
  static properties = { connections: { state: true }, said: { state: true }, busy: { state: true }, trouble: { state: true } };

  constructor() {
    super();
    /** @type {Connection[] | null} */
    this.connections = null;
    this.said = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.reread();
  }

  reread() {
    this.run(async () => { this.connections = await read('connections', 'all'); });
  }

  render() {
    return html`${this.trouble ? html`<p class="trouble" role="alert" dir="auto"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing}
      <p class="aside">${t('Nothing is contacted by itself, only when you ask for it or use it. What was read stays when you switch something off.')}</p>
      <p class="aside" role="status" dir="auto">${this.said}</p>
      ${this.connections?.length === 0 ? this.empty() : nothing}
      <ul class="rows">${repeat(this.connections ?? [], (each) => each.id, (each) => this.row(each))}</ul>
      <p class="aside">${t('Files, mail and chats are read when you give them; no folder is watched.')} <button type="button" class="quiet" @click=${() => this.ask('shelf')}>${t('What was taken in')}</button></p>`;
  }

  empty() {
    return html`<p>${t('Ownmind is connected with nothing. All it does, it does on this machine.')}</p>
      <p class="aside">${t('You need none. A calendar saved as a file can be given under “Give more”. Web search is under Tools, larger models of others under Brain.')}</p>`;
  }

  /** @param {Connection} each */
  row(each) {
    const isOn = each.state === 'on' || each.state === 'wrong';
    const switches = each.can_switch && (isOn || (each.state === 'off' && ['calendar', 'server'].includes(each.kind)));
    return html`<li><strong dir="auto">${each.title}</strong> <span class="state ${each.state}">${t(STATES[each.state])}</span>
      <p class="from">${t(KINDS[each.kind])} · <bdi>${each.where}</bdi></p>
      <p class="from">${each.last ? t('Last contact: {moment}.', { moment: moment(each.last) }) : t('Not contacted yet.')} ${t('Next: {when}.', { when: each.next })}</p>
      ${each.wrong ? html`<p class="trouble"><strong>${each.wrong}</strong> ${each.hint}</p>` : nothing}
      <div class="choices">
        ${each.can_check ? html`<button type="button" class="quiet" ?disabled=${this.busy || each.state === 'off'} aria-label="${t(CHECKS[each.kind])}: ${each.title}" @click=${() => this.check(each)}>${t(CHECKS[each.kind])}</button>` : nothing}
        ${switches ? html`<button type="button" class="quiet" ?disabled=${this.busy} aria-label="${isOn ? t('Switch off') : t('Switch on')}: ${each.title}" @click=${() => this.turn(each, !isOn)}>${isOn ? t('Switch off') : t('Switch on')}</button>` : nothing}</div></li>`;
  }

  /** @param {Connection} one */
  async check(one) {
    const went = await this.run(() => change('connections', 'check', { connection: one.id }));
    const trouble = this.trouble;
    await this.run(async () => { this.connections = await read('connections', 'all'); });
    this.trouble ??= trouble;
    this.said = went ? t('{name} answered.', { name: one.title }) : '';
  }

  /** @param {Connection} one @param {boolean} on */
  async turn(one, on) {
    const went = await this.run(async () => {
      await change('connections', 'switch', { connection: one.id, on });
      this.connections = await read('connections', 'all');
    });
    this.said = !went ? '' : on ? t('{name} is switched on.', { name: one.title }) : t('{name} is switched off. What was read stays.', { name: one.title });
  }
}

customElements.define('mind-connections', ConnectionsOf);
