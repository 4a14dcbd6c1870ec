// @ts-check
// Numbers and times as words.

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const COUNT = new Intl.NumberFormat('en');

/** A moment as the person would say it: the time today, else the day. @param {string | null | undefined} iso @returns {string} */
export function when(iso) {
  if (!iso) return '';
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return at.toDateString() === new Date().toDateString() ? `today, ${TIME.format(at)}` : DAY.format(at);
}

const MOMENT = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

/** A moment to the minute. @param {string} iso */
export const moment = (iso) => MOMENT.format(new Date(iso));

/** A day ("2026-12-24" or a whole moment) in words. @param {string} iso @returns {string} */
export const day = (iso) => DAY.format(new Date(iso.length > 10 ? iso : `${iso}T00:00`));

/** "1 fact", "3 facts". @param {number} n @param {string} one @param {string} [many] */
export const counted = (n, one, many = `${one}s`) => `${COUNT.format(n)} ${n === 1 ? one : many}`;

/** "a, b and c". @param {string[]} parts */
export const listed = (parts) => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`);

/** " · secret" where a text may not travel like any other. @param {import('./types.js').Label | undefined} label */
export const travels = (label) => (label && ['sensitive', 'secret'].includes(label.confidentiality) ? ` · ${label.confidentiality}` : '');

/** How sure memory is to hold an answer: "Memory probably holds this (64 %)". @param {number} holds 0..1 */
export function surety(holds) {
  const how = holds >= 0.75 ? 'holds' : holds >= 0.65 ? 'probably holds' : 'hardly holds';
  return `Memory ${how} this (${Math.round(100 * holds)} %)`;
}

/** How far, in the unit's own measure. @param {import('./types.js').Far} progress */
export function far({ done, total, unit }) {
  if (unit === 'bytes') return total ? `${megabytes(done)} of ${megabytes(total)}` : megabytes(done);
  return total ? `${COUNT.format(done)} of ${COUNT.format(total)} ${unit}` : `${COUNT.format(done)} ${unit}`;
}

/** @param {number} bytes */
const megabytes = (bytes) => `${COUNT.format(Math.round(bytes / 1e6))} MB`;

/** @param {number} n */
export const plain = (n) => COUNT.format(n);
