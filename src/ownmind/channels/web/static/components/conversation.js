// @ts-check
// The conversation: the newest messages, more on request, and a bottom that holds only while the person is there.

import { Element, html, nothing, repeat } from '../element.js';
import { plural, t } from '../lang.js';
import './action.js';
import './empty.js';
import './message.js';

const WINDOW = 60; // messages shown at once: a long conversation stays as quick as a short one
const NEAR = 140; // px from the bottom that still count as being there

class Conversation extends Element {
  static properties = {
    messages: { attribute: false },
    brain: { attribute: false },
    facts: { attribute: false },
    actions: { attribute: false },
    mind: { attribute: false },
    shown: { state: true },
    away: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../types.js').Message[]} */
    this.messages = [];
    /** @type {import('../types.js').Brain | null} */
    this.brain = null;
    this.facts = 0;
    /** @type {import('../types.js').Action[]} */
    this.actions = [];
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    this.shown = WINDOW;
    this.away = false;
    this.follow = true;
    this.at = 0; // where the page was put last: less than that, and the person has scrolled up
    this.onScroll = () => {
      this.follow = isNearBottom();
      if (this.follow) this.at = Math.min(this.at, scrollY);
      this.away = !this.follow;
    };
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('scroll', this.onScroll, { passive: true });
    // Whatever makes the page taller or the window shorter (a card, a phone's keyboard) must not leave the bottom behind.
    new ResizeObserver(() => this.keepBottom()).observe(document.body);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('scroll', this.onScroll);
  }

  /** @param {import('../vendor/reactive-element/reactive-element.js').Changes} changed */
  willUpdate(changed) {
    const before = /** @type {import('../types.js').Message[] | undefined} */ (changed.get('messages'));
    if (!before) return;
    const isNew = !before.length || before[0]?.key !== this.messages[0]?.key;
    if (isNew) this.shown = WINDOW;
    if (isNew || this.messages.length > before.length) {
      this.follow = true; // the person just spoke, or opened it
      this.at = 0;
    }
  }

  /** @param {import('../vendor/reactive-element/reactive-element.js').Changes} changed */
  updated(changed) {
    if (changed.has('messages') && !this.messages.length) scrollTo({ top: 0, behavior: 'instant' });
    this.keepBottom();
  }

  /** The scroll event comes a frame late, so where the page stands now is looked at too. */
  keepBottom() {
    if (scrollY < this.at - 4) this.follow = false;
    if (this.follow && this.messages.length) this.toBottom();
  }

  toBottom() {
    scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
    this.at = scrollY;
    this.follow = true;
  }

  async showMore() {
    const height = document.documentElement.scrollHeight;
    this.follow = false;
    this.shown += WINDOW;
    await this.updateComplete;
    scrollBy({ top: document.documentElement.scrollHeight - height, behavior: 'instant' });
  }

  /** The actions of a message, as they are now. @param {import('../types.js').Message} message */
  of(message) {
    return message.actions.flatMap((id) => this.actions.filter((each) => each.id === id));
  }

  /** What waits and stands under no message here: asked before the page was opened. Of other conversations only while none is shown. */
  waiting() {
    const shown = new Set(this.messages.flatMap((message) => message.actions));
    const left = this.actions.filter((each) => each.state === 'waiting' && !shown.has(each.id) && (!this.messages.length || each.conversation === this.mind?.conversation));
    if (!left.length) return nothing;
    return html`<section class="waits" aria-label=${t('Waiting for you')}><ul class="deeds">${repeat(left, (each) => each.id, (each) => html`<li><mind-action .action=${each} .mind=${this.mind}></mind-action></li>`)}</ul></section>`;
  }

  render() {
    if (!this.messages.length) return html`${this.waiting()}<mind-empty .brain=${this.brain} .facts=${this.facts} .brief=${this.mind?.brief ?? null}></mind-empty>`;
    const hidden = Math.max(0, this.messages.length - this.shown);
    return html`
      ${hidden ? html`<button type="button" class="quiet more" @click=${this.showMore}>${plural(hidden, 'Show {n} earlier message', 'Show {n} earlier messages')}</button>` : nothing}
      <ol class="said">
        ${repeat(this.messages.slice(hidden), (message) => message.key, (message) => html`<li><mind-message .message=${message} .actions=${this.of(message)} .mind=${this.mind}></mind-message></li>`)}
      </ol>
      ${this.waiting()}
      ${this.away ? html`<button type="button" class="latest" @click=${this.toBottom}>${t('Latest')} ↓</button>` : nothing}`;
  }
}

function isNearBottom() {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight - clientHeight - scrollY < NEAR;
}

customElements.define('mind-conversation', Conversation);
