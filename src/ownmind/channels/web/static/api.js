// @ts-check
// The server, as functions. Every failure is a Trouble: what happened, and what to do.
import { t } from './lang.js';

/** @typedef {import('./types.js').Trouble} TroubleWords */

export class Trouble extends Error {
  /**
   * @param {string} message
   * @param {string} hint
   * @param {number} status  of HTTP; 0 when nothing answered
   */
  constructor(message, hint, status) {
    super(message);
    this.hint = hint;
    this.status = status;
  }
}

/** Any error as words for the person. @param {unknown} error @returns {TroubleWords} */
export function words(error) {
  if (error instanceof Trouble) return { message: error.message, hint: error.hint };
  return { message: t('Something went wrong on this page.'), hint: t('Reload it; nothing you said is lost.') };
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...options });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Trouble(t('Ownmind does not answer.'), t('It may have been stopped: run `ownmind` in a terminal.'), 0);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => null);
  throw new Trouble(said?.error?.message ?? t('Ownmind answered {status}.', { status: String(response.status) }), said?.error?.hint ?? '', response.status);
}

/** @param {string} path @param {object} body @param {AbortSignal} [signal] */
export function post(path, body, signal) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal });
}

/**
 * Values of an NDJSON answer as they come.
 * @param {Response} response
 * @returns {AsyncGenerator<any>}
 */
export async function* lines(response) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const parts = (rest + value).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part) yield JSON.parse(part);
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Trouble(t('Ownmind stopped in the middle of this.'), t('Run `ownmind` in a terminal, then try again.'), 0);
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Exchanges the token of the address for a session. @param {string} token */
export const openSession = (token) => post('/api/session', { token });

/** Opens a locked store; gives the token to enter with. @param {string} secret @returns {Promise<string>} */
export const unlock = async (secret) => (await (await post('/api/unlock', { secret })).json()).token;

/** Whether this browser has a session already. @returns {Promise<boolean>} */
export const hasSession = async () => (await (await ask('/api/session')).json()).open;

/** @returns {Promise<import('./types.js').Status>} */
export const status = async () => (await ask('/api/status')).json();

/**
 * A turn that goes on when the connection breaks: its id comes first.
 * @param {string} text
 * @param {string | null} conversation
 * @param {AbortSignal} signal
 * @param {import('./types.js').Place} [place]
 * @returns {AsyncGenerator<import('./types.js').TurnEvent | import('./types.js').Begun>}
 */
export async function* turn(text, conversation, signal, { insteadOf, files } = {}) {
  const placed = { ...(insteadOf ? { instead_of: insteadOf } : {}), ...(files?.length ? { files: files.map((each) => each.source) } : {}) };
  yield* lines(await post('/api/turn', { text, goes_on: true, ...(conversation ? { conversation } : {}), ...placed }, signal));
}

/** What goes on under this id, from the line behind the first `after` on. @param {string} id @param {number} after @param {AbortSignal} [signal] @returns {AsyncGenerator<any>} */
export async function* ongoing(id, after, signal) {
  for await (const said of lines(await ask(`/api/ongoing/${encodeURIComponent(id)}?after=${after}`, { signal }))) yield plainly(said);
}

/** Ends what goes on under this id. @param {string} id */
export const stop = (id) => post(`/api/ongoing/${encodeURIComponent(id)}/stop`, {});

/** An error of an import as an event like the others. @param {any} said */
const plainly = (said) => (said.error ? { type: 'error', error: said.error } : said);

/** Whether nothing answered, or it broke off: it may have arrived, or not. @param {unknown} error */
export const isCut = (error) => error instanceof Trouble && error.status === 0;

/** Whether the server answered, and knows of no such thing. @param {unknown} error */
export const isGone = (error) => error instanceof Trouble && error.status === 404;

/** @returns {Promise<import('./types.js').Conversation[]>} */
export const conversations = async () => (await (await ask('/api/conversations')).json()).conversations;

/** Where a page of a conversation stands: right before or after a message, around one, or from a day on; the newest without. @typedef {{before?: string, after?: string, around?: string, on?: string}} Where */

/**
 * A page of a conversation: `first` is the place of its first message, `ongoing` the id of a turn under way.
 * @param {string} id @param {number} k @param {Where} [where] @returns {Promise<{messages: any[], first: number, total: number, ongoing: string | null}>}
 */
export const page = async (id, k, where = {}) => (await ask(`/api/conversations/${encodeURIComponent(id)}?${new URLSearchParams({ k: String(k), ...where })}`)).json();

/** What holds these words, of the last one the beginning: at most `k` of each kind. @param {string} words @param {number} k @returns {Promise<import('./types.js').Found[]>} */
export const find = async (words, k) => (await (await ask(`/api/find?${new URLSearchParams({ q: words, k: String(k) })}`)).json()).found;

/** The newest `k` facts; with `everything`, also what was superseded. @param {number} k @param {boolean} [everything] @returns {Promise<import('./types.js').Fact[]>} */
export const facts = async (k, everything = false) => (await (await ask(`/api/facts?k=${k}${everything ? '&all=1' : ''}`)).json()).facts;

/** @param {string} id @returns {Promise<import('./types.js').Fact>} */
export const keep = async (id) => (await (await post(`/api/facts/${encodeURIComponent(id)}/keep`, {})).json()).fact;

/** @param {string} id @param {string} text @returns {Promise<import('./types.js').Fact>} */
export const fix = async (id, text) => (await (await post(`/api/facts/${encodeURIComponent(id)}/fix`, { text })).json()).fact;

/** @typedef {string | import('./types.js').Target} Meant  an id, or everything that must hold */

/** What forgetting would remove, and what may say the same. @param {Meant} target @param {string[]} also @returns {Promise<import('./types.js').Forgetting>} */
export const planForget = async (target, also) => (await post('/api/forget', { target, also, near: true, dry_run: true })).json();

/** Forgets exactly what was shown. @param {Meant} target @param {string[]} also @param {string[]} expect @returns {Promise<import('./types.js').Receipt>} */
export const forget = async (target, also, expect) => (await post('/api/forget', { target, also, dry_run: false, expect })).json();

/** Cuts words out of an item. @param {string} item @param {string} words @returns {Promise<import('./types.js').Receipt>} */
export const redact = async (item, words) => (await post('/api/redact', { item, words })).json();

/** Keeps items without using them; `undo` uses them again. @param {string[]} ids @param {boolean} [undo] @returns {Promise<{changed: number}>} */
export const withhold = async (ids, undo = false) => (await post('/api/withhold', { ids, undo })).json();

/** @returns {Promise<import('./types.js').Item[]>} */
export const withheld = async () => (await (await ask('/api/withheld')).json()).items;

/** Says when items are to be forgotten. @param {string[]} ids @param {string} at @returns {Promise<{changed: number}>} */
export const expire = async (ids, at) => (await post('/api/expire', { ids, at })).json();

/** @returns {Promise<import('./types.js').Receipt[]>} */
export const receipts = async () => (await (await ask('/api/receipts')).json()).receipts;

/** Where anything still says these words, or what a receipt (r3) removed. @param {string} said @returns {Promise<import('./types.js').Checked>} */
export const verify = async (said) => (await post('/api/verify', { said })).json();

/** Lets the same be remembered again. @param {string} which  a receipt's id */
export const allowAgain = async (which) => (await post('/api/allow-again', { which })).json();

/** What was done, waits or was refused, the latest first. @returns {Promise<import('./types.js').Action[]>} */
export const actions = async () => (await (await ask('/api/actions?k=200')).json()).actions;

/**
 * The person's word on an action. @param {string} id @param {'allow' | 'deny' | 'undo'} word @param {object} [body]
 * @returns {Promise<import('./types.js').Action>}
 */
export const decide = async (id, word, body = {}) => (await (await post(`/api/actions/${encodeURIComponent(id)}/${word}`, body)).json()).action;

/** What outside text asked for, and did not get. @returns {Promise<import('./types.js').Tried[]>} */
export const tried = async () => (await (await ask('/api/tried')).json()).tried;

/** The values the person vouched for. @returns {Promise<import('./types.js').Vouched[]>} */
export const vouched = async () => (await (await ask('/api/vouched')).json()).values;

/** @param {string} id */
export const unvouch = (id) => post(`/api/vouched/${encodeURIComponent(id)}/revoke`, {});

/** What may leave, and what once might. @returns {Promise<import('./types.js').Permission[]>} */
export const permissions = async () => (await (await ask('/api/permissions?all=1')).json()).permissions;

/** @param {{destination: string, purpose: string, once?: boolean, spend_cap?: number | null}} given @returns {Promise<import('./types.js').Permission>} */
export const permit = async (given) => (await post('/api/permissions', given)).json();

/** @param {string} id */
export const revoke = (id) => post('/api/permissions/revoke', { id });

/** Says how much may be spent under a permission in all; null: without an end. @param {string} id @param {number | null} amount */
export const cap = (id, amount) => post('/api/permissions/cap', { id, cap: amount });

/** Where words from outside came from, the latest first. @param {string} words @returns {Promise<{sources: import('./types.js').Origin[], total: number}>} */
export const sources = async (words) => (await ask(`/api/sources?k=100&q=${encodeURIComponent(words)}`)).json();

/** @param {string} source @param {import('./types.js').Trust} said */
export const trust = (source, said) => post('/api/sources', { source, trust: said });

/** @returns {Promise<import('./types.js').Provider[]>} */
export const providers = async () => (await (await ask('/api/providers/all')).json()).result;

/** The rule that says who answers what. @returns {Promise<import('./types.js').Rules>} */
export const rules = async () => (await (await ask('/api/providers/rules')).json()).result;

/** Who answers everything from now on. @param {string} name of a provider, or local */
export const useProvider = (name) => post('/api/providers/use', { name });

/** What would leave if this were asked there. Nothing is sent. @param {string} text @param {string} destination @returns {Promise<import('./types.js').Preview>} */
export const preview = async (text, destination) => (await post('/api/preview', { text, destination, purpose: 'answer' })).json();

/** What a send that waits would send. @param {string} id @returns {Promise<import('./types.js').Preview>} */
export const actionPreview = async (id) => (await ask(`/api/actions/${encodeURIComponent(id)}/preview`)).json();

/** @returns {Promise<boolean>} */
export const offline = async () => (await (await ask('/api/offline')).json()).offline;

/**
 * Everything as one archive, saved by the browser; `far` hears how many bytes of how many have come.
 * @param {(done: number, total: number) => void} far
 */
export async function exported(far) {
  const response = await ask('/api/export/archive');
  const total = Number(response.headers.get('content-length') ?? 0);
  const pieces = /** @type {BlobPart[]} */ ([]);
  let done = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    pieces.push(read.value);
    far((done += read.value.length), total);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(pieces, { type: 'application/zip' }));
  link.download = 'ownmind-export.zip';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {boolean} value */
export const setOffline = (value) => post('/api/offline', { offline: value });

/**
 * The newest `k` rows of what left before the newest `skip`, oldest first, and how many there are.
 * @param {import('./types.js').Wanted} wanted @param {number} k @param {number} skip
 * @returns {Promise<{rows: import('./types.js').Sent[], total: number}>}
 */
export const ledger = async (wanted, k, skip) => (await ask(`/api/ledger?${new URLSearchParams({ ...wanted, k: String(k), skip: String(skip) })}`)).json();

/** Every destination and purpose in the ledger. @returns {Promise<{destinations: string[], purposes: string[]}>} */
export const ledgerNamed = async () => (await ask('/api/ledger/named')).json();

/** The address of those rows as a file. @param {import('./types.js').Wanted} wanted @param {'csv' | 'json'} format */
export const ledgerFile = (wanted, format) => `/api/ledger/export?${new URLSearchParams({ ...wanted, format })}`;

/** @param {number} days @returns {Promise<string>} */
export const leftInWords = async (days) => (await (await ask(`/api/ledger/words?days=${days}`)).json()).words;

/** @returns {Promise<string[]>} */
export const verifyLedger = async () => (await (await ask('/api/ledger/verify')).json()).wrong;

/** Exactly what left under one row. @param {number} row @returns {Promise<string>} */
export const exactly = async (row) => (await (await ask(`/api/ledger/${row}`)).json()).text;

/**
 * @param {File} file
 * @returns {AsyncGenerator<import('./types.js').ImportEvent | import('./types.js').Begun>}
 */
export async function* give(file) {
  const headers = { 'content-type': 'application/octet-stream' };
  for await (const said of lines(await ask(`/api/import/${encodeURIComponent(file.name)}?goes_on=1`, { method: 'PUT', headers, body: file }))) yield plainly(said);
}
