// @ts-check
// The week as a calendar: sleep, work and what is in the calendar drawn quietly, the steps of all goals in front. A step is put elsewhere
// by hand, by the arrow keys or by a day and a time; the solver says whether the plan holds, and what does not hold changes nothing.

import { words } from '../api.js';
import { Asking } from '../asking.js';
import { html, nothing, repeat } from '../element.js';
import { key, plural, t } from '../lang.js';
import { change, read } from '../rooms.js';
import { sheet } from '../sheet.js';
import { clock, day, hour, minuteOf, placed, span, weekday } from '../words.js';
import { Dragging } from './dragging.js';
import './step.js';

await sheet('/week.css');

/** @typedef {import('../types-goals.js').Step} Step */
/** @typedef {import('../types-goals.js').DayShown} DayShown */
/** @typedef {import('../types-goals.js').Stretch} Stretch */

/** @type {Record<string, string>} */
const STATES = { done: key('done'), half: key('half done'), missed: key('not done'), skipped: key('left out') };
const NAMED = 6; // steps that wait and are named
const LEAST = 56; // minutes a step takes up on the page, so that it can be read and met by a finger
const [THREE, ONE] = [matchMedia('(max-width: 45rem)'), matchMedia('(max-width: 21rem)')];

export class Week extends Asking {
  static properties = {
    goals: { attribute: false }, first: { state: true }, days: { state: true }, hand: { state: true }, chosen: { state: true }, move: { state: true },
    said: { state: true }, waiting: { state: true }, busy: { state: true }, trouble: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../types-goals.js').Goal[]} */
    this.goals = [];
    /** The first day that is shown. */
    this.first = '';
    /** Every day that was read. @type {Map<string, DayShown>} */
    this.days = new Map();
    /** Open steps of the week that have no place. @type {Step[]} */
    this.waiting = [];
    this.now = '';
    /** @type {import('./dragging.js').Hand | null} */
    this.hand = null;
    /** The step whose card is open. */
    this.chosen = '';
    /** What came of the last move. @type {import('../types-goals.js').Move | null} */
    this.move = null;
    /** What a screen reader is told. */
    this.said = '';
    this.dragging = new Dragging({
      days: () => this.shown, range: () => this.range,
      show: (hand) => this.take(hand), drop: (hand) => this.put(hand.id, hand.day, hand.minute),
    });
    this.turned = () => { this.place(); };
  }

  connectedCallback() {
    super.connectedCallback();
    for (const each of [THREE, ONE]) each.addEventListener('change', this.turned);
    this.place();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const each of [THREE, ONE]) each.removeEventListener('change', this.turned);
  }

  /** How many days stand side by side. */
  get span() {
    return ONE.matches ? 1 : THREE.matches ? 3 : 7;
  }

  /** The days that are shown. */
  get shown() {
    return Array.from({ length: this.span }, (_, n) => after(this.first, n));
  }

  /** From which minute to which the days are drawn: the waking hours of all, an hour around them, and whatever stands outside. */
  get range() {
    const days = this.shown.map((each) => this.days.get(each)).filter((each) => !!each);
    const starts = days.flatMap((each) => [...each.awake, ...each.taken].map((one) => one.start).concat(each.steps.map(from)));
    const ends = days.flatMap((each) => [...each.awake, ...each.taken].map((one) => one.end).concat(each.steps.map((one) => from(one) + one.minutes)));
    return { first: Math.max(0, Math.floor(Math.min(480, ...starts) / 60) * 60 - 60), last: Math.min(1440, Math.ceil(Math.max(1200, ...ends) / 60) * 60 + 60) };
  }

  /** Reads the weeks again that are shown; quietly, as a button that is off for a moment would lose the focus. */
  async reread() {
    try {
      const first = this.first || undefined;
      const weeks = [await read('goals', 'week', first ? { day: first } : {})];
      this.now = weeks[0].now;
      if (!this.first) this.first = this.span === 7 ? weeks[0].days[0].day : this.now.slice(0, 10);
      const last = after(this.first, this.span - 1);
      if (!weeks[0].days.some((/** @type {DayShown} */ each) => each.day === last)) weeks.push(await read('goals', 'week', { day: last }));
      this.days = new Map(weeks.flatMap((each) => each.days.map((/** @type {DayShown} */ one) => [one.day, one])));
      this.waiting = weeks[0].waiting;
    } catch (error) {
      this.trouble = words(error);
    }
  }

  /** Shows the right days for this width. */
  place() {
    if (this.first && this.span === 7) this.first = monday(this.first);
    return this.reread();
  }

  /** @param {number} by  days */
  async go(by) {
    this.first = by ? after(this.first, by) : this.span === 7 ? monday(this.now.slice(0, 10)) : this.now.slice(0, 10);
    await this.reread();
    this.said = span(this.first, after(this.first, this.span - 1));
  }

  render() {
    if (!this.days.size) return this.trouble ? this.wrong() : nothing;
    const { first, last } = this.range;
    const hours = Array.from({ length: (last - first) / 60 }, (_, n) => first + 60 * n);
    return html`<section class="week" aria-label=${t('Your week')} aria-busy=${this.busy}>
      <div class="head"><h3 id="week-title">${span(this.first, after(this.first, this.span - 1))}</h3>
        <div class="choices"><button type="button" class="quiet turn" aria-label=${t('Earlier days')} @click=${() => this.go(-this.span)}>‹</button>
          <button type="button" class="quiet" @click=${() => this.go(0)}>${t('Today')}</button>
          <button type="button" class="quiet turn" aria-label=${t('Later days')} @click=${() => this.go(this.span)}>›</button></div></div>
      <p class="unseen" id="week-how">${t('Arrow keys take a step in hand: up and down by a quarter of an hour, left and right by a day. Enter sets it down, Escape leaves it. Enter alone opens it.')}</p>
      <div class="days" .style=${`--days: ${this.span}; --hours: ${hours.length}`}>
        <div class="scale" aria-hidden="true">${hours.slice(1).map((each) => html`<span .style=${`--at: ${(each - first) / 60}`}>${hour(each)}</span>`)}</div>
        ${repeat(this.shown, (each) => each, (each) => this.day(each, first, last))}
      </div>
      <p class="legend from">${t('Hatched: sleep. Grey: work, and what is in your calendar.')}</p>
      <p class="unseen" role="status">${this.said}</p>
      ${this.wrong()}${this.outcome()}${this.card()}${this.list()}
    </section>`;
  }

  wrong() {
    return this.trouble ? html`<p class="trouble" role="alert"><strong>${this.trouble.message}</strong> ${this.trouble.hint}</p>` : nothing;
  }

  /** @param {string} name @param {number} first @param {number} last */
  day(name, first, last) {
    const its = this.days.get(name);
    if (!its) return nothing;
    const isToday = this.now.slice(0, 10) === name;
    /** @param {Stretch} one @param {string} look @param {string} [what] */
    const stretch = (one, look, what = '') => html`<div class=${look} .style=${at(one.start - first, one.end - one.start)}>${what ? html`<span dir="auto">${what}</span>` : nothing}</div>`;
    const hand = this.hand;
    return html`<section class="day ${isToday ? 'today' : ''}" aria-label=${day(name)}>
      <h4 aria-hidden="true">${weekday(name, 'short')}</h4>
      <div class="whole" dir="auto">${its.whole.join(', ')}</div>
      <div class="track" data-day=${name}>
        ${asleep(its.awake, first, last).map((each) => stretch(each, 'asleep'))}
        ${its.work.map((each) => stretch(each, 'taken'))}
        ${its.taken.map((each) => stretch(each, 'event', each.what))}
        ${isToday ? html`<div class="now" .style=${at(minuteOf(this.now) - first, 0)}></div>` : nothing}
        <ul>${repeat(lanes(its.steps), ({ step }) => step.id, (each) => this.step(each, name, first))}</ul>
        ${hand?.day === name ? html`<div class="in-hand" aria-hidden="true" .style=${at(hand.minute - first, Math.max(LEAST, hand.minutes))}>${clock(hand.minute)}</div>` : nothing}
      </div></section>`;
  }

  /** @param {{step: Step, lane: number, of: number}} one @param {string} name @param {number} first */
  step({ step, lane, of }, name, first) {
    const isOpen = step.state === 'open';
    const [start, end] = [from(step), from(step) + step.minutes];
    const hand = { id: step.id, minutes: step.minutes, day: name, minute: start };
    const more = [day(name), t('until {time}', { time: clock(end) }), isOpen ? (step.pinned ? t('put there by you') : '') : t(STATES[step.state] ?? step.state)].filter(Boolean).join(', ');
    const look = ['step', step.state, step.pinned && isOpen ? 'pinned' : '', this.hand?.id === step.id ? 'lifted' : '', step.minutes < 1.5 * LEAST ? 'short' : ''].filter(Boolean).join(' ');
    return html`<li .style=${`${at(start - first, Math.max(LEAST, step.minutes))}; --lane: ${lane}; --lanes: ${of}`}>
      <button type="button" id="block-${step.id}" class=${look} aria-describedby=${isOpen ? 'week-how' : nothing} aria-expanded=${this.chosen === step.id}
        @pointerdown=${(/** @type {PointerEvent} */ event) => isOpen && this.dragging.press(event, hand)} @pointermove=${(/** @type {PointerEvent} */ event) => this.dragging.pull(event)}
        @pointerup=${() => this.dragging.release()} @pointercancel=${() => this.dragging.leave()} @blur=${() => this.dragging.leave()}
        @keydown=${(/** @type {KeyboardEvent} */ event) => isOpen && this.dragging.key(event, hand)} @click=${() => this.dragging.wasDragged || this.choose(step.id)}>
        <span class="clock">${step.state === 'done' ? '✓ ' : ''}${clock(start)}</span> <span class="name" dir="auto">${step.title}</span><span class="unseen">, ${more}</span></button></li>`;
  }

  /** What came of a move: what made room, or why not and the nearest time that fits. */
  outcome() {
    const move = this.move;
    if (!move) return nothing;
    const near = move.nearest;
    return html`<div class="deed ${move.fits ? '' : 'waiting'}" role="group" aria-label=${t('What came of it')}>
      <p class="effect" dir="auto">${move.words}</p>${move.missing ? html`<p class="aside" dir="auto">${move.missing}</p>` : nothing}
      ${move.moved.length ? html`<ul class="lines">${move.moved.map((each) => html`<li dir="auto">${each.title}: ${each.now ? t('now {time}', { time: placed(each.now) }) : t('no longer planned')}. ${each.why}</li>`)}</ul>` : nothing}
      <div class="choices">${near ? html`<button type="button" class="strong" ?disabled=${this.busy} @click=${() => this.put(move.step, near.slice(0, 10), minuteOf(near))}>${t('Put it on {time}', { time: placed(near) })}</button>` : nothing}
        ${move.fits ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${this.undo}>${t('Undo')}</button>` : nothing}
        <button type="button" class="quiet" @click=${() => { this.move = null; }}>${move.fits ? t('Good') : t('Leave it where it was')}</button></div></div>`;
  }

  /** The step that was chosen: how it went, and another time for it. */
  card() {
    const step = this.every.find((each) => each.id === this.chosen);
    if (!step) return nothing;
    const goal = this.goals.find((each) => each.id === step.goal);
    return html`<mind-step .step=${step} .goal=${goal ?? null} @put=${(/** @type {CustomEvent} */ event) => this.put(step.id, event.detail.day, event.detail.minute)}
      @unpin=${() => this.unpin(step.id)} @shut=${() => this.choose('')} @checked=${() => this.reread()}></mind-step>`;
  }

  /** The same without a picture. */
  list() {
    const rows = this.shown.flatMap((name) => this.days.get(name)?.steps ?? []);
    const waiting = this.waiting.length ? html`<p class="aside">${plural(this.waiting.length, '{n} step of this week waits for a place:', '{n} steps of this week wait for a place:')}
      <button type="button" class="quiet" ?disabled=${this.busy} @click=${this.plan}>${t('Plan these days')}</button></p>
      <ul class="rows">${this.waiting.slice(0, NAMED).map((each) => html`<li class="line"><span dir="auto">${each.title}</span> ${this.mover(each)}</li>`)}</ul>` : nothing;
    return html`${waiting}<details class="as-list"><summary>${t('These days as a list')}</summary>
      ${rows.length ? html`<ul class="rows">${repeat(rows, (each) => each.id, (each) => html`<li class="line"><span class="clock">${placed(each.start)}</span> <span dir="auto">${each.title}</span>
        ${each.state === 'open' ? this.mover(each) : html`<span class="from">${t(STATES[each.state] ?? each.state)}</span>`}</li>`)}</ul>` : html`<p class="aside">${t('No step stands on these days.')}</p>`}</details>`;
  }

  /** @param {Step} step */
  mover(step) {
    return html`<button type="button" class="quiet" aria-label=${t('Move: {title}', { title: step.title })} @click=${() => this.choose(step.id)}>${t('Move …')}</button>`;
  }

  /** Every step that is shown or waits. */
  get every() {
    return [...this.shown.flatMap((name) => this.days.get(name)?.steps ?? []), ...this.waiting];
  }

  /** @param {string} id  "" closes the card */
  async choose(id) {
    const was = this.chosen;
    this.chosen = id === was ? '' : id;
    await this.updateComplete;
    if (this.chosen) this.find('mind-step h4')?.focus();
    else this.find(`#block-${CSS.escape(was)}`)?.focus();
  }

  /** Has everything planned until the end of these days. */
  plan() {
    const days = (Date.parse(after(this.first, this.span - 1)) - Date.parse(this.now.slice(0, 10))) / 86_400_000 + 1;
    this.dispatchEvent(new CustomEvent('plan', { detail: Math.min(26, Math.max(1, Math.ceil(days / 7))) }));
  }

  /** @param {import('./dragging.js').Hand | null} hand */
  take(hand) {
    this.hand = hand;
    this.said = hand ? `${day(hand.day)}, ${clock(hand.minute)}` : '';
  }

  /** Asks for the step at this place. @param {string} step @param {string} name @param {number} minute */
  async put(step, name, minute) {
    const before = this.every.find((each) => each.id === step);
    if (before?.start && before.start.slice(0, 10) === name && from(before) === minute) return;
    this.move = null;
    this.said = t('Asking whether the plan holds …');
    /** @type {import('../types-goals.js').Move[]} */
    const came = [];
    await this.run(async () => { came.push(await change('goals', 'move', { step, day: name, clock: digits(minute) })); });
    const [move] = came;
    this.move = move ?? null;
    this.said = move ? `${move.words} ${move.missing}` : '';
    if (!move) return;
    if (move.fits) {
      this.chosen = '';
      if (!this.shown.includes(name)) this.first = this.span === 7 ? monday(name) : name;
      await this.reread();
      this.ask('rooms-changed');
    }
    await this.updateComplete;
    if (move.fits) this.find(`#block-${CSS.escape(move.step)}`)?.focus();
    else this.find('.deed').querySelector('button')?.focus();
  }

  /** @param {string} step */
  async unpin(step) {
    await this.run(async () => { await change('goals', 'unpin', { step }); });
    this.chosen = '';
    await this.reread();
    this.said = t('Its time is left to the plan again.');
    this.ask('rooms-changed');
  }

  async undo() {
    await this.run(async () => { await change('goals', 'undo'); });
    this.move = null;
    await this.reread();
    this.said = t('Taken back.');
    this.ask('rooms-changed');
  }
}

/** @param {Step} step */
const from = (step) => minuteOf(step.start ?? '');

/** "18:05", as the house reads it. @param {number} minute */
const digits = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** @param {number} start @param {number} length  minutes */
const at = (start, length) => `--at: ${start / 60}; --long: ${length / 60}`;

/** The day so many days later. @param {string} name @param {number} n */
function after(name, n) {
  const found = new Date(`${name}T12:00Z`);
  found.setUTCDate(found.getUTCDate() + n);
  return found.toISOString().slice(0, 10);
}

/** @param {string} name */
const monday = (name) => after(name, -((new Date(`${name}T12:00Z`).getUTCDay() + 6) % 7));

/** What of the range is not a waking hour. @param {Stretch[]} awake @param {number} first @param {number} last @returns {Stretch[]} */
function asleep(awake, first, last) {
  const edges = [first, ...awake.toSorted((a, b) => a.start - b.start).flatMap((each) => [each.start, each.end]), last];
  return edges.flatMap((start, n) => (n % 2 || (edges[n + 1] ?? start) <= start ? [] : [{ start, end: edges[n + 1] ?? last, what: '' }]));
}

/** Steps side by side where they would cover each other. @param {Step[]} steps */
function lanes(steps) {
  /** @type {{step: Step, lane: number, of: number}[]} */
  const found = [];
  /** @type {typeof found} */
  let group = [];
  let until = 0;
  for (const step of steps) {
    if (from(step) >= until) group = [];
    const taken = new Set(group.filter((each) => from(each.step) + Math.max(LEAST, each.step.minutes) > from(step)).map((each) => each.lane));
    const lane = [...Array(taken.size + 1).keys()].find((n) => !taken.has(n)) ?? 0;
    const one = { step, lane, of: 1 };
    group.push(one);
    found.push(one);
    for (const each of group) each.of = Math.max(...group.map((other) => other.lane)) + 1;
    until = Math.max(until, from(step) + Math.max(LEAST, step.minutes));
  }
  return found;
}

customElements.define('mind-week', Week);
