// @ts-check
// One message: the person's words as they wrote them, or the companion's with what they rest on.

import { Element, html, nothing } from '../element.js';
import { rich, t } from '../lang.js';
import { blocks } from '../markdown.js';
import { surety, travels, when } from '../words.js';
import './action.js';
import './behind.js';
import './sources.js';

const FEW = 3; // sources named under a reply

class Message extends Element {
  static properties = { message: { attribute: false }, actions: { attribute: false }, mind: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Message | null} */
    this.message = null;
    /** Those of this message, as they are now. @type {import('../types.js').Action[]} */
    this.actions = [];
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
  }

  render() {
    const message = this.message;
    if (!message) return nothing;
    return message.who === 'person' ? this.person(message) : this.companion(message);
  }

  /** @param {import('../types.js').Message} message */
  person(message) {
    return html`<article class="message person" aria-label=${t('You')} title=${when(message.at)}><p dir="auto">${message.text}</p></article>`;
  }

  /** @param {import('../types.js').Message} message */
  companion(message) {
    const { text, state, sources, holds, trouble } = message;
    return html`<article class="message companion ${state}" aria-label="Ownmind" aria-busy=${state === 'streaming'}>
      ${text ? html`<div class="words">${blocks(text)}</div>` : nothing}
      ${state === 'streaming' && !text ? html`<p class="thinking"><span class="unseen">${t('Thinking')}</span><i></i><i></i><i></i></p>` : nothing}
      ${state === 'stopped' ? html`<p class="aside">${t('Stopped here. What you said is remembered.')}</p>` : nothing}
      ${state === 'waiting' ? html`<p class="aside" role="status">${t('The connection is cut. The answer goes on and is shown here when Ownmind is back.')}</p>` : nothing}
      ${state === 'cut' ? html`<p class="aside" role="status">${t('This was not answered to its end: Ownmind was stopped meanwhile. What you said is kept.')}</p>` : nothing}
      ${trouble ? html`<p class="trouble" role="alert"><strong>${trouble.message}</strong> ${trouble.hint}</p>` : nothing}
      ${message.again && state !== 'done' ? html`<div class="choices"><button type="button" class="quiet" @click=${() => this.ask('say', message.again)}>${t('Send again')}</button></div>` : nothing}
      ${holds === null ? nothing : html`<p class="aside">${surety(holds)}</p>`}
      ${message.label?.integrity === 'untrusted' ? html`<p class="aside">${outside(message.label)}${travels(message.label)}</p>` : nothing}
      ${sources.length ? html`<mind-sources .sources=${sources} .of=${message.key}></mind-sources>` : nothing}
      ${message.goals?.length ? html`<div class="choices">${message.goals.map((each) => html`<button type="button" class="quiet" aria-label="${t('Show the goal')} ${each}" @click=${() => this.ask('show-goal', each)}>${t('Show the goal')}</button>`)}</div>` : nothing}
      ${message.id && state === 'done' ? html`<mind-behind .reply=${message.id} .aside=${message.aside ?? false}></mind-behind>` : nothing}
      ${this.actions.map((action) => html`<mind-action .action=${action} .mind=${this.mind}></mind-action>`)}
    </article>`;
  }
}

/** "Rests on words from outside: example.org/page and 2 more": the sources that are no conversation. @param {import('../types.js').Label} label */
function outside(label) {
  const named = (label.sources ?? []).filter((each) => !/^(conversation|note|correction):/.test(each)).map((each) => each.replace(/^(page:https?:\/\/|file:)/, ''));
  if (!named.length) return t('Rests on words from outside');
  const more = named.length - FEW;
  const few = html`<bdi>${named.slice(0, FEW).join(', ')}</bdi>`;
  return more > 0 ? rich('Rests on words from outside: {sources} and {more} more', { sources: few, more }) : rich('Rests on words from outside: {sources}', { sources: few });
}

customElements.define('mind-message', Message);
