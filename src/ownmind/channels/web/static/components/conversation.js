// @ts-check
// The conversation: a window of it in the page, moved as the person scrolls, so that ten thousand messages are as quick as sixty. Messages
// stand in the normal flow at their own heights; what the person reads stays where it is while others come and go above and below (the
// page's own scroll anchoring is off: not every browser has it, and two would be one too many). Find-in-page finds what is in the
// window; the rest is found by the search (find.js). A screen reader hears each message's place among all.

import { Element, html, nothing, repeat } from '../element.js';
import { plural, t } from '../lang.js';
import './action.js';
import './empty.js';
import './message.js';

const OPENED = 40; // messages shown at first
const MORE = 20; // when somebody asks for more
const STEP = 8; // and with each move of the window: one frame's work, far less than 50 ms of it
const MOST = 120;
const AHEAD = 1.5; // windows of the browser that are kept ready above and below
const NEAR = 140; // px from the bottom that still count as being there

/** @typedef {import('../types.js').Message} Message */

class Conversation extends Element {
  static properties = {
    messages: { attribute: false },
    brain: { attribute: false },
    facts: { attribute: false },
    actions: { attribute: false },
    mind: { attribute: false },
    from: { state: true },
    to: { state: true },
    away: { state: true },
  };

  constructor() {
    super();
    /** @type {Message[]} */
    this.messages = [];
    /** @type {import('../types.js').Brain | null} */
    this.brain = null;
    this.facts = 0;
    /** @type {import('../types.js').Action[]} */
    this.actions = [];
    /** @type {import('../mind.js').Mind | null} */
    this.mind = null;
    /** The window: places in the whole conversation, the second excluded; Infinity: with whatever is said next. */
    this.from = 0;
    this.to = Infinity;
    this.opened = 0;
    this.away = false;
    this.follow = true;
    this.moves = false;
    /** What is being read and where it stood, while the window moves. @type {{anchor: HTMLElement | undefined, top: number} | null} */
    this.anchored = null;
    this.reading = false;
    /** The message to go to, once it is shown. @type {string | null} */
    this.sought = null;
    this.at = 0; // where the page was put last: less than that, and the person has scrolled up
    this.onScroll = () => {
      if (this.follow && Math.abs(scrollY - this.at) <= 1) { // put there by us; what was rendered since has made it taller
        this.keepBottom();
        return;
      }
      this.follow = this.to === Infinity && !this.mind?.later && isNearBottom();
      if (this.follow) this.at = Math.min(this.at, scrollY);
      this.away = !this.follow;
      this.look();
    };
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('scroll', this.onScroll, { passive: true });
    // Whatever makes the page taller or the window shorter (a card, a phone's keyboard) must not leave the bottom behind.
    new ResizeObserver(() => {
      this.settle();
      this.keepBottom();
    }).observe(document.body);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('scroll', this.onScroll);
  }

  /** The place of the first message that is held, and the one behind the last. */
  get held() {
    const first = this.mind?.first ?? 0;
    return { first, end: first + this.messages.length };
  }

  /** @param {import('../vendor/reactive-element/reactive-element.js').Changes} changed */
  willUpdate(changed) {
    const { first, end } = this.held;
    const before = /** @type {Message[] | undefined} */ (changed.get('messages'));
    const last = this.messages[this.messages.length - 1];
    if (this.mind && this.mind.opened !== this.opened) this.begin(this.mind);
    else if (before && last?.live && last.key !== before[before.length - 1]?.key) this.goOn(); // the person just spoke
    this.from = Math.min(Math.max(this.from, first), end);
    if (this.follow && this.to === Infinity && end - this.from > MOST) [this.from, this.at] = [end - MOST + MORE, 0];
  }

  /** Another conversation, or another place in it. @param {import('../mind.js').Mind} mind */
  begin(mind) {
    const { first, end } = this.held;
    const aimed = mind.aim ? this.messages.findIndex((each) => each.id === mind.aim) : -1;
    this.opened = mind.opened;
    this.sought = aimed < 0 ? null : mind.aim;
    if (aimed < 0) this.goOn(end - OPENED);
    else [this.from, this.to, this.follow, this.away] = [Math.max(first, first + aimed - OPENED / 2), Math.min(end, first + aimed + OPENED / 2), false, true];
  }

  /** To the end, and along with it. @param {number} [from] */
  goOn(from = this.from) {
    [this.from, this.to, this.follow, this.away, this.at] = [from, Infinity, true, false, 0];
  }

  /** @param {import('../vendor/reactive-element/reactive-element.js').Changes} changed */
  updated(changed) {
    if (changed.has('messages') && !this.messages.length) scrollTo({ top: 0, behavior: 'instant' });
    if (this.sought) requestAnimationFrame(() => this.seek());
    this.keepBottom();
  }

  /** Shows the message that was looked for, in the middle of the window. */
  seek() {
    const message = this.sought && this.querySelector(`[data-id="${CSS.escape(this.sought)}"]`);
    this.sought = null;
    const article = /** @type {HTMLElement | null} */ (message && message.querySelector('article'));
    if (!article) return;
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'center', behavior: 'instant' });
  }

  /** The scroll event comes a frame late, so where the page stands now is looked at too. */
  keepBottom() {
    if (scrollY < this.at - 4) this.follow = false;
    if (this.follow && this.messages.length) this.atBottom();
  }

  atBottom() {
    scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
    this.at = scrollY;
    this.follow = true;
  }

  async toBottom() {
    if (this.mind?.later && this.mind.conversation) await this.mind.load(this.mind.conversation);
    this.goOn(this.held.end - OPENED);
  }

  /** Moves the window where its end comes near, and reads on where the end of what is held does. */
  look() {
    const list = this.querySelector('.said');
    if (!list || this.moves || !this.mind) return;
    const { top, bottom } = list.getBoundingClientRect();
    const [ahead, { first, end }] = [AHEAD * innerHeight, this.held];
    if (-top < ahead && this.from > first) this.move(-STEP);
    else if (bottom - innerHeight < ahead && this.to < end) this.move(STEP);
    if (this.from - first < MOST && first) this.read(() => this.mind?.readEarlier());
    else if (end - this.to < MOST && this.mind.later) this.read(() => this.mind?.readLater());
  }

  /** One page at a time. @param {() => Promise<void> | undefined} work */
  async read(work) {
    if (this.reading) return;
    this.reading = true;
    const before = this.messages;
    await work()?.catch(() => undefined); // the bar says that Ownmind does not answer; the next scroll tries again
    await this.updateComplete;
    this.reading = false;
    if (this.messages !== before) requestAnimationFrame(() => this.look());
  }

  /** Moves the window by so many messages; what is being read stays in its place. @param {number} by */
  move(by) {
    const { first, end } = this.held;
    const rows = [.../** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('.said > li'))];
    const anchor = rows.find((each) => each.getBoundingClientRect().bottom > 0);
    const top = anchor?.getBoundingClientRect().top ?? 0;
    const isLast = !this.mind?.later;
    if (by < 0) {
      this.from = Math.max(first, this.from + by);
      if (Math.min(this.to, end) - this.from > MOST) this.to = this.from + MOST;
    } else {
      this.to = this.to + by >= end && isLast ? Infinity : Math.min(end, this.to + by);
      this.from = Math.max(this.from, Math.min(this.to, end) - MOST);
    }
    this.moves = true;
    this.anchored = { anchor, top };
    requestAnimationFrame(() => this.settle());
  }

  /**
   * Puts what is being read back in its place, once everything inside is rendered and before that is painted. A move made while the page
   * handles a scroll is settled by the frame's own callbacks, one made in those by the size that has changed (connectedCallback).
   */
  settle() {
    if (!this.anchored) return;
    const { anchor, top } = this.anchored;
    this.anchored = null;
    if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: 'instant' });
    this.moves = false;
    requestAnimationFrame(() => this.look());
  }

  async showMore() {
    this.follow = false;
    if (this.from <= this.held.first) await this.mind?.readEarlier();
    this.move(-MORE);
  }

  /** @param {Event} event */
  toDay(event) {
    const on = /** @type {HTMLInputElement} */ (event.target).value;
    if (on && this.mind?.conversation) this.mind.show(this.mind.conversation, { on });
  }

  /** The actions of a message, as they are now. @param {Message} message */
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
    const { first, end } = this.held;
    const all = end + (this.mind?.later ?? 0);
    const shown = this.messages.slice(this.from - first, this.to - first);
    return html`
      ${this.from ? html`<button type="button" class="quiet more" @click=${this.showMore}>${plural(this.from, 'Show {n} earlier message', 'Show {n} earlier messages')}</button>` : nothing}
      <ol class="said">
        ${repeat(shown, (message) => message.key, (message, n) => html`<li class="${message.live ? 'live' : ''} ${message.id && message.id === this.mind?.aim ? 'aimed' : ''}" data-id=${message.id ?? nothing} aria-setsize=${all} aria-posinset=${this.from + n + 1}><mind-message .message=${message} .actions=${this.of(message)} .mind=${this.mind}></mind-message></li>`)}
      </ol>
      ${this.waiting()}
      ${this.away ? html`<div class="jump">${all > OPENED ? html`<label>${t('Go to')} <input type="date" aria-label=${t('Go to a day of this conversation')} @change=${this.toDay}></label>` : nothing}
        <button type="button" class="quiet" @click=${this.toBottom}>${t('Latest')} ↓</button></div>` : nothing}`;
  }
}

function isNearBottom() {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight - clientHeight - scrollY < NEAR;
}

customElements.define('mind-conversation', Conversation);
