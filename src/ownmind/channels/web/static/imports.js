// @ts-check
// Files given to read, whatever view is open: each is sent in pieces and then read, one after another. A broken connection or a
// stopped Ownmind costs at most a piece: it goes on by itself when Ownmind answers again.

import { Trouble, ask, hasSession, lines, post, words } from './api.js';
import { key, t } from './lang.js';

/** @typedef {import('./types-library.js').Incoming} Incoming */

const PIECE = 4 << 20; // bytes
const MOST_TRIES = 8;
const PAUSE = 1500; // milliseconds before Ownmind is asked again
const BROKE_OFF = key('Reading it broke off again and again.');

export class Imports extends EventTarget {
  constructor() {
    super();
    /** In the order they were given. @type {Incoming[]} */
    this.files = [];
    /** Ownmind does not answer just now. */
    this.isLost = false;
    this.count = 0;
    this.isRunning = false;
    /** @type {AbortController | null} */
    this.abort = null;
  }

  /** @param {{name: string, file: File}[]} given  a file of a folder is named with its path in it */
  add(given) {
    this.files = [...this.files, ...given.map(({ name, file }) => {
      this.count += 1;
      return /** @type {Incoming} */ ({ key: this.count, name, file, state: 'waiting', sent: 0, tries: 0, progress: null, imported: null, trouble: null });
    })];
    this.changed();
    this.run();
  }

  /** Stops one; what was read of it stays. @param {Incoming} one */
  stop(one) {
    if (one.state === 'waiting') this.update(one, { state: 'stopped' });
    else if (isUnderWay(one)) this.abort?.abort();
  }

  stopAll() {
    this.files = this.files.map((each) => (each.state === 'waiting' ? { ...each, state: 'stopped' } : each));
    this.abort?.abort();
    this.changed();
  }

  /** Goes on with one that was stopped or failed. @param {Incoming} one */
  resume(one) {
    this.update(one, { state: 'waiting', tries: 0, trouble: null });
    this.run();
  }

  resumeAll() {
    this.files = this.files.map((each) => (each.state === 'stopped' ? { ...each, state: 'waiting', tries: 0 } : each));
    this.changed();
    this.run();
  }

  /** Takes what is over off the list. */
  clear() {
    this.files = this.files.filter((each) => each.state === 'waiting' || isUnderWay(each));
    this.changed();
  }

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    for (let next = this.next(); next; next = this.next()) await this.one(next);
    this.isRunning = false;
    this.dispatchEvent(new Event('over'));
  }

  next() {
    return this.files.find((each) => each.state === 'waiting');
  }

  /** @param {Incoming} one */
  async one(one) {
    this.abort = new AbortController();
    const { signal } = this.abort;
    try {
      this.update(one, { state: 'sending' });
      const begun = await (await post('/api/given', { name: one.name, size: one.file.size, mark: `${one.name} ${one.file.size} ${one.file.lastModified}` }, signal)).json();
      if (begun.left_out) this.update(one, { state: 'out', trouble: { message: begun.left_out, hint: '' } });
      else {
        await this.send(one, begun, signal);
        await this.read(one, begun.id, signal);
      }
      this.isLost = false;
      this.changed();
    } catch (error) {
      if (signal.aborted) this.update(one, { state: 'stopped' });
      else await this.broken(one, error);
    }
  }

  /** @param {Incoming} one @param {{id: string, received: number}} begun @param {AbortSignal} signal */
  async send(one, begun, signal) {
    for (let at = begun.received; at < one.file.size;) {
      this.update(one, { sent: at });
      const answer = await ask(`/api/pieces/${begun.id}?at=${at}`, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: one.file.slice(at, at + PIECE), signal });
      const { received } = await answer.json();
      if (received > at) this.update(one, { tries: 0 });
      at = received;
    }
    this.update(one, { state: 'reading', sent: one.file.size, began: Date.now(), progress: null });
  }

  /** @param {Incoming} one @param {string} id @param {AbortSignal} signal */
  async read(one, id, signal) {
    for await (const said of lines(await post(`/api/given/${id}/read`, {}, signal))) {
      if (said.error) throw new Trouble(said.error.message, said.error.hint, 507);
      if (said.type === 'progress') this.update(one, { progress: said });
      else if (said.type === 'done') {
        this.update(one, { state: 'done', imported: said.imported });
        return;
      }
    }
    throw new Trouble(t('Reading it stopped in the middle.'), '', 0);
  }

  /** What broke off goes on by itself; what was refused says why. @param {Incoming} one @param {unknown} error */
  async broken(one, error) {
    const status = error instanceof Trouble ? error.status : -1;
    const tries = (this.files.find((each) => each.key === one.key)?.tries ?? 0) + 1;
    if (![0, 404, 503].includes(status) || tries > MOST_TRIES) {
      this.update(one, { state: 'failed', trouble: tries > MOST_TRIES ? { message: t(BROKE_OFF), hint: t('Go on with it, or leave it out.') } : words(error) });
      return;
    }
    this.update(one, { state: 'waiting', tries });
    this.isLost = status === 0;
    this.changed();
    do await new Promise((resolve) => setTimeout(resolve, PAUSE));
    while (this.isLost && this.files.some((each) => each.key === one.key && each.state === 'waiting') && !(await hasSession().catch(() => false)));
  }

  /** @param {Incoming} one @param {Partial<Incoming>} part */
  update(one, part) {
    this.files = this.files.map((each) => (each.key === one.key ? { ...each, ...part } : each));
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {Incoming} one */
export const isUnderWay = (one) => one.state === 'sending' || one.state === 'reading';

/** The files of a choice; of a folder with their paths in it. @param {Iterable<File>} files */
export const chosen = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

/** The files of a drop, those in folders too. @param {DataTransfer} dropped @returns {Promise<{name: string, file: File}[]>} */
export async function dropped(dropped) {
  const entries = [...dropped.items].map((each) => each.webkitGetAsEntry()).filter((each) => each !== null); // at once: the items are gone after the event
  const found = [];
  for (const entry of entries) found.push(...(await inside(entry)));
  return found;
}

/** @param {FileSystemEntry} entry @returns {Promise<{name: string, file: File}[]>} */
async function inside(entry) {
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!some.length) return found;
    for (const each of some) found.push(...(await inside(each)));
  }
}

/** The one of this page. */
export const imports = new Imports();
