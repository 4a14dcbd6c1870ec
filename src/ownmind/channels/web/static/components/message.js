// @ts-check
// One message: the person's words as they wrote them, or the companion's with what they rest on.

import { Element, html, nothing } from '../element.js';
import { icon } from '../icons.js';
import { rich, t } from '../lang.js';
import { blocks } from '../markdown.js';
import { surety, travels, when } from '../words.js';
import './action.js';
import './behind.js';
import './sources.js';
import './thumbs.js';
import './versions.js';

const FEW = 3; // sources named under a reply

class Message extends Element {
  static properties = { message: { attribute: false }, actions: { attribute: false }, mind: { attribute: false }, editing: { state: true }, isEarly: { state: true } };

  constructor() {
    super();
    /** @type {import('../types.js').Message | null} */
    this.message = null;
    /** Those of this message, as they are now. @type {import('../types.js').Action[]} */
    this.actions = [];
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    this.editing = false;
    /** Whether something was asked for while an answer is on its way. */
    this.isEarly = false;
  }

  render() {
    const message = this.message;
    if (!message) return nothing;
    return message.who === 'person' ? this.person(message) : this.companion(message);
  }

  /** @param {import('../types.js').Message} message */
  person(message) {
    const { id, files = [] } = message;
    return html`<div class="mine"><article class="message person ${message.state}" aria-label=${t('You')} title=${when(message.at)}>${this.editing ? this.form(message) : html`<p dir="auto">${message.text}</p>`}
        ${files.length ? html`<ul class="files" aria-label=${t('Sent with it')}>${files.map((each) => html`<li dir="auto">${each.name}</li>`)}</ul>` : nothing}</article>
      ${id && !this.editing ? tool('edit', t('Edit your message'), () => this.edit()) : nothing}</div>
      ${id && !this.editing ? html`<mind-versions class="end" .message=${message} .mind=${this.mind}></mind-versions>` : nothing}`;
  }

  /** @param {import('../types.js').Message} message */
  form(message) {
    return html`<form class="fixing" @submit=${this.submit} @keydown=${this.key}>
      <label for="edit-${message.id}">${t('Say it in other words. What was said after it stays, beside the new words.')}</label>
      <textarea id="edit-${message.id}" dir="auto" rows="3" .value=${message.text}></textarea>
      <div class="choices">
        <button type="submit" class="strong">${t('Send')}</button>
        <button type="button" class="quiet" @click=${() => this.stopEditing()}>${t('Cancel')}</button>
      </div>
      ${this.early()}
    </form>`;
  }

  async edit() {
    this.editing = true;
    await this.updateComplete;
    const text = /** @type {HTMLTextAreaElement} */ (this.find('textarea'));
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }

  async stopEditing() {
    this.editing = false;
    await this.updateComplete;
    this.find('.edit')?.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      this.stopEditing();
    } else if (event.key === 'Enter' && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
      this.submit(event);
    }
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const text = /** @type {HTMLTextAreaElement} */ (this.find('textarea')).value.trim();
    if (!text || !this.message?.id) return;
    const isSame = text === this.message.text;
    if (isSame || this.say({ text, insteadOf: this.message.id, files: this.message.files })) this.stopEditing();
  }

  /** Says it in place of what stands here; not while another answer is on its way. @param {{text: string} & import('../types.js').Place} said @returns {boolean} */
  say(said) {
    this.isEarly = Boolean(this.mind?.turning);
    if (!this.isEarly) this.ask('say-instead', said);
    return !this.isEarly;
  }

  /** @param {import('../types.js').Message} message */
  companion(message) {
    const { text, state, sources, holds, trouble } = message;
    return html`<article class="message companion ${state}" aria-label="Ownmind" aria-busy=${state === 'streaming'}>
      ${text ? html`<div class="words">${blocks(text)}</div>` : nothing}
      ${state === 'streaming' && !text ? html`<p class="thinking"><span class="unseen">${t('Thinking')}</span><i></i><i></i><i></i></p>` : nothing}
      ${state === 'stopped' ? html`<p class="aside">${t('Stopped here. What you said is remembered.')}</p>` : nothing}
      ${state === 'waiting' ? html`<p class="aside" role="status">${t('The connection is cut. The answer goes on and is shown here when Ownmind is back.')}</p>` : nothing}
      ${state === 'cut' ? html`<p class="aside" role="status">${t('There is no answer to this: Ownmind was stopped before it was done, or the answer was forgotten. What you said is kept.')}</p>` : nothing}
      ${trouble ? html`<p class="trouble" role="alert"><strong>${trouble.message}</strong> ${trouble.hint}</p>` : nothing}
      ${message.again && state !== 'done' ? html`<div class="choices"><button type="button" class="quiet" @click=${() => this.ask('say', { text: message.again, ...message.place })}>${t('Send again')}</button></div>` : nothing}
      ${holds !== null && surety(holds) ? html`<p class="aside">${surety(holds)}</p>` : nothing}
      ${message.label?.integrity === 'untrusted' ? html`<p class="aside">${outside(message.label)}${travels(message.label)}</p>` : nothing}
      ${sources.length ? html`<mind-sources .sources=${sources} .of=${message.key}></mind-sources>` : nothing}
      ${message.goals?.length ? html`<div class="choices">${message.goals.map((each) => html`<button type="button" class="quiet" aria-label="${t('Show the goal')} ${each}" @click=${() => this.ask('show-goal', each)}>${t('Show the goal')}</button>`)}</div>` : nothing}
      ${message.id && ['done', 'stopped'].includes(state) ? this.under(message) : nothing}
      ${this.actions.map((action) => html`<mind-action .action=${action} .mind=${this.mind}></mind-action>`)}
    </article>`;
  }

  early() {
    return this.isEarly ? html`<p class="trouble" role="alert">${t('An answer is on its way. Stop it first (Escape), or wait for it.')}</p>` : nothing;
  }

  /** What can be done with a reply. One that did something is not given anew: it would do it again. @param {import('../types.js').Message} message */
  under(message) {
    const isAgain = !message.actions.length && !message.goals?.length;
    return html`<div class="under">
      <mind-versions .message=${message} .mind=${this.mind}></mind-versions>
      ${isAgain ? tool('again', t('Answer again'), () => this.say({ text: '', insteadOf: message.id })) : nothing}
      ${this.early()}
      <mind-thumbs .reply=${message.id} .feedback=${message.feedback ?? null} .mind=${this.mind}></mind-thumbs>
      ${message.state === 'done' ? html`<mind-behind .reply=${message.id} .aside=${message.aside ?? false}></mind-behind>` : nothing}
    </div>`;
  }
}

/** A small button with a picture. @param {'again' | 'edit'} look @param {string} name @param {() => void} work */
function tool(look, name, work) {
  return html`<button type="button" class="tool ${look}" aria-label=${name} title=${name} @click=${work}>${icon(look)}</button>`;
}

/** "Rests on words from outside: example.org/page and 2 more": the sources that are no conversation. @param {import('../types.js').Label} label */
function outside(label) {
  const named = (label.sources ?? []).filter((each) => !/^(conversation|note|correction):/.test(each)).map((each) => each.replace(/^(page:https?:\/\/|file:|given:)/, '').replace(/~[0-9a-f]{8}$/, ''));
  if (!named.length) return t('Rests on words from outside');
  const more = named.length - FEW;
  const few = html`<bdi>${named.slice(0, FEW).join(', ')}</bdi>`;
  return more > 0 ? rich('Rests on words from outside: {sources} and {more} more', { sources: few, more }) : rich('Rests on words from outside: {sources}', { sources: few });
}

customElements.define('mind-message', Message);
