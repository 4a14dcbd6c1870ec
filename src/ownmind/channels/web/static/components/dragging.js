// @ts-check
// A step taken in hand on the week: by pointer or finger, or by the arrow keys. What is in hand is shown where it would stand; only
// when it is set down is anything asked for. Escape, or looking away, leaves everything as it was.

import { isRightToLeft } from '../lang.js';

const [QUARTER, DAY, FAR] = [15, 24 * 60, 6]; // minutes, minutes, and pixels before a press is a drag
const [EDGE, ROLL] = [56, 14]; // pixels from the edge of the view at which it rolls along, and by how many

/** Where something would stand. @typedef {{day: string, minute: number}} Place */
/** What is in hand: `id` of the step, its length, and where it would stand. @typedef {Place & {id: string, minutes: number}} Hand */

export class Dragging {
  /**
   * `days`: the days that are shown, in order; `show`: draw what is in hand (null: nothing); `drop`: it was set down.
   * @param {{days: () => string[], range: () => {first: number, last: number}, show: (hand: Hand | null) => void, drop: (hand: Hand) => void}} week
   */
  constructor(week) {
    this.week = week;
    /** @type {Hand | null} */
    this.hand = null;
    /** Where the pointer went down, until it is a drag. @type {{x: number, y: number, within: number, hand: Hand} | null} */
    this.pressed = null;
    this.dragged = false;
  }

  /** @param {PointerEvent} event @param {Hand} hand */
  press(event, hand) {
    if (event.button !== 0 || !event.isPrimary) return;
    const block = /** @type {HTMLElement} */ (event.currentTarget);
    this.dragged = false;
    this.pressed = { x: event.clientX, y: event.clientY, within: event.clientY - block.getBoundingClientRect().top, hand };
    block.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  pull(event) {
    const pressed = this.pressed;
    if (!pressed) return;
    if (!this.hand && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < FAR) return;
    const place = this.under(event, pressed.within, pressed.hand.minutes);
    this.dragged = true;
    roll(/** @type {HTMLElement} */ (event.currentTarget).closest('dialog'), event.clientY);
    this.take({ ...pressed.hand, ...place });
  }

  /** The day whose column is nearest, and the quarter of an hour at that height. @param {PointerEvent} event @param {number} within @param {number} minutes @returns {Place} */
  under(event, within, minutes) {
    const week = /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.currentTarget).closest('.week'));
    const tracks = /** @type {HTMLElement[]} */ ([...week.querySelectorAll('.track')]);
    const away = tracks.map((each) => {
      const { left, right } = each.getBoundingClientRect();
      return Math.max(left - event.clientX, event.clientX - right, 0);
    });
    const track = /** @type {HTMLElement} */ (tracks[away.indexOf(Math.min(...away))]);
    const { first, last } = this.week.range();
    const { top, height } = track.getBoundingClientRect();
    const minute = first + ((event.clientY - within - top) / height) * (last - first);
    return { day: track.dataset.day ?? '', minute: bounded(Math.round(minute / QUARTER) * QUARTER, minutes) };
  }

  /** The pointer was let go. */
  release() {
    this.pressed = null;
    this.set();
  }

  /** Whether the click that follows was the end of a drag. */
  get wasDragged() {
    const was = this.dragged;
    this.dragged = false;
    return was;
  }

  /** Arrows take it in hand and move it; Enter or Space sets it down. @param {KeyboardEvent} event @param {Hand} hand */
  key(event, hand) {
    const at = this.hand?.id === hand.id ? this.hand : null;
    this.dragged = false;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (at && (event.key === 'Enter' || event.key === ' ')) this.set();
    else if (at && event.key === 'Escape') this.leave();
    else {
      const from = at ?? hand;
      const to = step(event.key, from, this.week.days());
      if (!to) return;
      this.take({ ...from, ...to });
    }
    event.preventDefault();
    event.stopPropagation(); // Escape would close the view, and an arrow scroll it
  }

  /** @param {Hand} hand */
  take(hand) {
    this.hand = hand;
    this.week.show(hand);
  }

  set() {
    const hand = this.hand;
    this.leave();
    if (hand) this.week.drop(hand);
  }

  leave() {
    this.pressed = null;
    if (!this.hand) return;
    this.hand = null;
    this.week.show(null);
  }
}

/** Rolls the view along when what is in hand comes near its edge. @param {HTMLElement | null} view @param {number} y */
function roll(view, y) {
  if (!view) return;
  const { top, bottom } = view.getBoundingClientRect();
  if (y < top + EDGE) view.scrollBy(0, -ROLL);
  if (y > bottom - EDGE) view.scrollBy(0, ROLL);
}

/** Where an arrow leads; null for another key, and past the days that are shown. @param {string} key @param {Hand} from @param {string[]} days @returns {Place | null} */
function step(key, from, days) {
  const later = isRightToLeft() ? 'ArrowLeft' : 'ArrowRight';
  const up = { ArrowUp: -QUARTER, ArrowDown: QUARTER, PageUp: -60, PageDown: 60 }[key];
  if (up !== undefined) return { day: from.day, minute: bounded(Math.floor(from.minute / QUARTER) * QUARTER + up, from.minutes) };
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return null;
  const day = days[days.indexOf(from.day) + (key === later ? 1 : -1)];
  return { day: day ?? from.day, minute: from.minute };
}

/** @param {number} minute @param {number} minutes */
const bounded = (minute, minutes) => Math.max(0, Math.min(minute, Math.floor((DAY - minutes) / QUARTER) * QUARTER));
