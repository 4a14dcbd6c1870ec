// @ts-check
// The page's words in the person's language. The English text in the code is the key; /lang/<code>.json holds the others, and a
// text that stands in none of them is shown in English. `{name}` are places for values. Changing the language shows at once.
//
//   t('Forget this')                                        a text
//   t('Asked on {day}', { day })                            with values; numbers are written as the language writes them
//   plural(n, '{n} fact', '{n} facts')                      the form that the number asks for (CLDR's categories)
//   rich('Run {command}.', { command: html`<code>…</code>` }) with parts of the page in it
//   key('Done')                                             says that t() will be given this text later, from a table
//
// tests/test_lang.py finds every text by these calls, so a text is always written out in one, in single quotes.

import { keep, kept } from './kept.js';

/** The languages of the page, each by its own name. @type {Readonly<Record<string, string>>} */
export const LANGUAGES = Object.freeze({
  en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', it: 'Italiano', pt: 'Português', nl: 'Nederlands', pl: 'Polski', tr: 'Türkçe', ar: 'العربية', ja: '日本語', zh: '简体中文',
});
const RIGHT_TO_LEFT = new Set(['ar']);
const TAGS = /** @type {Record<string, string>} */ ({ zh: 'zh-Hans' }); // where the tag of BCP 47 says more than the file's name
const [LRI, FSI, PDI] = ['\u2066', '\u2068', '\u2069']; // isolates, left to right and as their first letter is, and their end (UAX 9)

/** One text, or one for each plural category of the language. @typedef {string | Record<string, string>} Said */
/** @typedef {Record<string, string | number>} Values */

/** What holds now. */
const now = {
  code: 'en',
  locale: 'en',
  /** @type {Record<string, Said>} */
  said: {},
  plurals: new Intl.PluralRules('en'),
  numbers: new Intl.NumberFormat('en'),
};
const ENGLISH = new Intl.PluralRules('en');

/** Says `change` when the language was changed. */
export const changes = new EventTarget();

/** The language's code. */
export const code = () => now.code;

/** What Intl writes numbers and dates for: the language, with the person's own region where the browser names one. */
export const locale = () => now.locale;

/** Whether the language is written from right to left. */
export const isRightToLeft = () => RIGHT_TO_LEFT.has(now.code);

/** A text in the person's language. @param {string} text  in English @param {Values} [values] @returns {string} */
export function t(text, values = {}) {
  const said = now.said[text];
  return typeof said === 'string' ? fill(said, values) : english(fill(text, values));
}

/** The text for a number, which is `{n}` in it. @param {number} n @param {string} one @param {string} many  the key @param {Values} [values] @returns {string} */
export function plural(n, one, many, values = {}) {
  const said = now.said[many];
  const forms = typeof said === 'object' ? said : null;
  const form = forms?.[now.plurals.select(n)] ?? forms?.other;
  return form ? fill(form, { n, ...values }) : english(fill(ENGLISH.select(n) === 'one' ? one : many, { n, ...values }));
}

/** A text with parts of the page in its places. @param {string} text @param {Record<string, unknown>} parts @returns {unknown[]} */
export function rich(text, parts) {
  return t(text).split(/\{(\w+)\}/).map((piece, at) => (at % 2 ? (typeof parts[piece] === 'number' || typeof parts[piece] === 'string' ? shown(parts[piece]) : parts[piece]) : piece));
}

/** The text itself: t() is given it later. @param {string} text */
export const key = (text) => text;

/** The language of the setting, else the first of the browser's that the page has. @returns {string} */
export function chosen() {
  const set = kept('language');
  if (set && set in LANGUAGES) return set;
  for (const tag of navigator.languages ?? []) if (known(tag)) return known(tag);
  return 'en';
}

/** Shows the page in the language of this code from now on, and keeps that; "" leaves it to the browser again. @param {string} code */
export async function speak(code) {
  keep('language', code);
  await load();
  changes.dispatchEvent(new Event('change'));
}

/** Reads the messages of the chosen language. Without them the page is English rather than not there. */
async function load() {
  const language = chosen();
  const tag = TAGS[language] ?? language;
  try {
    now.said = language === 'en' ? {} : await (await fetch(`/lang/${language}.json`, { credentials: 'same-origin' })).json();
    now.code = language;
  } catch {
    return;
  }
  now.locale = (navigator.languages ?? []).find((each) => known(each) === language) ?? tag;
  now.plurals = new Intl.PluralRules(now.locale);
  now.numbers = new Intl.NumberFormat(now.locale);
  document.documentElement.lang = tag;
  document.documentElement.dir = isRightToLeft() ? 'rtl' : 'ltr';
}

/** The page's code for a tag of BCP 47; "" when the page does not have it. Traditional Chinese is not Simplified. @param {string} tag */
function known(tag) {
  const { language, script, region } = new Intl.Locale(tag).maximize();
  if (language === 'zh' && (script === 'Hant' || region === 'TW')) return '';
  return language in LANGUAGES ? language : '';
}

/** @param {string} text @param {Values} values */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? shown(values[name]) : whole));
}

/** @param {string | number} value */
const shown = (value) => (typeof value === 'number' ? now.numbers.format(value) : apart(value));

/** A value that must not turn the words around it. @param {string} value */
export const apart = (value) => (isRightToLeft() ? `${FSI}${value}${PDI}` : value);

/** A text that the language does not have: it ends where English ends. @param {string} text */
const english = (text) => (isRightToLeft() ? `${LRI}${text}${PDI}` : text);

await load();
