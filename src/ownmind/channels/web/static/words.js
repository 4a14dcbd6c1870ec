// @ts-check
// Numbers and times as words, in the page's language.

import { apart, locale, plural, t } from './lang.js';

/** @type {Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.ListFormat | Intl.RelativeTimeFormat>} */
const made = new Map();

/** What Intl makes for the language that holds now; making one takes long, so it is kept. @template {Intl.DateTimeFormat | Intl.NumberFormat | Intl.ListFormat | Intl.RelativeTimeFormat} T @param {string} name @param {(locale: string) => T} make @returns {T} */
function format(name, make) {
  const at = `${locale()} ${name}`;
  const found = made.get(at) ?? make(locale());
  made.set(at, found);
  return /** @type {T} */ (found);
}

const time = () => format('time', (at) => new Intl.DateTimeFormat(at, { hour: '2-digit', minute: '2-digit' }));
const date = () => format('date', (at) => new Intl.DateTimeFormat(at, { day: 'numeric', month: 'short', year: 'numeric' }));
const both = () => format('both', (at) => new Intl.DateTimeFormat(at, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }));
const number = () => format('number', (at) => new Intl.NumberFormat(at));
const list = () => format('list', (at) => new Intl.ListFormat(at, { type: 'conjunction' }));

/** A moment as the person would say it: the time today, else the day. @param {string | null | undefined} iso @returns {string} */
export function when(iso) {
  if (!iso) return '';
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return at.toDateString() === new Date().toDateString() ? t('today, {time}', { time: time().format(at) }) : date().format(at);
}

/** A moment to the minute. @param {string} iso */
export const moment = (iso) => both().format(new Date(iso));

/** A day ("2026-12-24" or a whole moment) in words. @param {string} iso @returns {string} */
export const day = (iso) => date().format(new Date(iso.length > 10 ? iso : `${iso}T00:00`));

/** A time of the day. @param {number} minute  since midnight */
export const clock = (minute) => time().format(new Date(2000, 0, 1, 0, minute));

/** A whole hour of the day, short: "7 AM", "07:00". @param {number} minute  since midnight */
export const hour = (minute) => {
  const twelve = /** @type {Intl.DateTimeFormat} */ (time()).resolvedOptions().hour12;
  return twelve ? format('hour', (at) => new Intl.DateTimeFormat(at, { hour: 'numeric' })).format(new Date(2000, 0, 1, 0, minute)) : clock(minute);
};

/** A day with its weekday: "Tue 24". @param {string} iso @param {'short' | 'long'} width */
export const weekday = (iso, width) => format(width, (at) => new Intl.DateTimeFormat(at, { weekday: width, day: 'numeric', ...(width === 'long' ? { month: 'long' } : {}) })).format(new Date(`${iso}T12:00`));

/** The minute of its day that a moment of the house has, by the person's own clock, wherever this browser thinks it is. @param {string} iso */
export const minuteOf = (iso) => 60 * Number(iso.slice(11, 13)) + Number(iso.slice(14, 16));

/** When something is planned: "Tue 24, 18:00", by the person's own clock. @param {string | null} iso */
export const placed = (iso) => (iso ? t('{day}, {time}', { day: weekday(iso.slice(0, 10), 'short'), time: clock(minuteOf(iso)) }) : '');

/** From one day to another: "23–29 Nov 2026". @param {string} first @param {string} last */
export const span = (first, last) => /** @type {Intl.DateTimeFormat} */ (date()).formatRange(new Date(`${first}T12:00`), new Date(`${last}T12:00`));

/** The day of a moment where the person is, as "2026-12-24". @param {Date} at */
export const dayOf = (at) => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;

/** Time in words: 0.4 ms, 41 ms, 3.9 s. @param {number} ms */
export const lasted = (ms) => apart(ms >= 1000 ? `${tenths(ms / 1000)} s` : `${ms < 10 ? tenths(ms) : plain(Math.round(ms))} ms`);

/** A share as the language writes it: 14 %. @param {number} part 0..1 */
export const percent = (part) => format('percent', (at) => new Intl.NumberFormat(at, { style: 'percent' })).format(part);

/** The size of a file or a memory: 340 kB, 880 MB, 1.5 GB. @param {number} bytes */
export function size(bytes) {
  if (bytes >= 1e9) return t('{done} GB', { done: tenths(bytes / 1e9) });
  return bytes < 1e6 ? t('{done} kB', { done: Math.max(1, Math.round(bytes / 1e3)) }) : t('{done} MB', { done: megabytes(bytes) });
}

/** "a, b and c". @param {string[]} parts */
export const listed = (parts) => list().format(parts);

/** " · secret" where a text may not travel like any other. @param {import('./types.js').Label | undefined} label */
export function travels(label) {
  if (label?.confidentiality === 'sensitive') return ` · ${t('sensitive')}`;
  return label?.confidentiality === 'secret' ? ` · ${t('secret')}` : '';
}

/** How sure an answer is, where there is a doubt to name; "" where there is none. @param {number} holds the probability that memory holds it */
export function surety(holds) {
  if (holds >= 0.75) return '';
  return holds >= 0.65 ? t('I am fairly sure of this.') : t('I am not sure of this.');
}

/** How far, in the unit's own measure. @param {import('./types.js').Far} progress */
export function far({ done, total, unit }) {
  if (unit === 'bytes') return total ? t('{done} of {total} MB', { done: megabytes(done), total: megabytes(total) }) : t('{done} MB', { done: megabytes(done) });
  return total ? `${t('{done} of {total}', { done, total })} ${unit}` : `${plain(done)} ${unit}`;
}

/** @param {number} bytes */
const megabytes = (bytes) => Math.round(bytes / 1e6);

/** An amount of money, to a hundredth of a cent while it is less than one. @param {number} value @param {string} currency */
export function money(value, currency) {
  const digits = value > 0 && value < 0.01 ? 4 : 2;
  const amount = format(`money:${digits}`, (at) => new Intl.NumberFormat(at, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value);
  return apart(`${amount} ${currency}`.trim());
}

/** @param {number} n */
export const plain = (n) => number().format(n);

/** Thousands of bytes, to a tenth while they are few. @param {number} bytes */
export const kilobytes = (bytes) => (bytes < 9500 ? tenths(bytes / 1000) : plain(Math.round(bytes / 1000)));

/** @param {number} n */
const tenths = (n) => format('tenths', (at) => new Intl.NumberFormat(at, { minimumFractionDigits: 1, maximumFractionDigits: 1 })).format(n);

/** The mark that tells files of one name apart, and where they came in: nothing a person gave it. */
const MARKS = /(?:given:|~[0-9a-f]{8}(?![0-9a-f]))/g;

/** What names a source, as the person gave it. @param {string} ref */
export const plainly = (ref) => ref.replace(MARKS, '');

/** Where a source lies, when that says more than its title; "" else. @param {{source: string, title: string}} of */
export function whence({ source, title }) {
  const said = plainly(source);
  return said === title ? '' : said;
}
