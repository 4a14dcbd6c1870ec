// @ts-check
// Files that go with the next message: put there, taken off again, and read before it is sent.

import { t } from './lang.js';

/** @typedef {import('./mind.js').Mind} Mind */
/** @typedef {import('./types.js').Attached} Attached */

/** Puts files beside the next message. @param {Mind} mind @param {Iterable<File>} files */
export function attach(mind, files) {
  const added = [...files].map((file) => ({ file, progress: null, sources: null, trouble: null }));
  mind.change({ attached: [...mind.attached, ...added], announcement: added.map(({ file }) => t('{name} goes with your message.', { name: file.name })).join(' ') });
}

/** @param {Mind} mind @param {Attached} one */
export function detach(mind, one) {
  mind.change({ attached: mind.attached.filter((each) => each !== one), announcement: t('{name} was taken off.', { name: one.file.name }) });
}

/** Reads what is not read yet, one after another; whether all of it could be. What could not says why, and stays. @param {Mind} mind */
export async function readAttached(mind) {
  for (const one of mind.attached) if (!one.sources) await readOne(mind, one);
  return mind.attached.every((each) => each.sources);
}

/** @param {Mind} mind @param {Attached} one */
async function readOne(mind, one) {
  let held = one;
  /** @param {Partial<Attached>} part */
  const update = (part) => {
    const next = { ...held, ...part };
    mind.change({ attached: mind.attached.map((each) => (each === held ? next : each)) });
    held = next;
  };
  update({ trouble: null });
  await mind.takeIn(one.file, ({ imported, ...part }) => update({ ...part, ...(imported ? outcome(imported, one.file.name) : {}) }));
  update({ progress: null, waits: false });
  if (held.trouble) mind.change({ announcement: `${one.file.name}: ${held.trouble.message}` });
}

/** What became of a file. @param {import('./types.js').Imported} imported @param {string} name @returns {Partial<Attached>} */
function outcome({ refs = [], skipped }, name) {
  if (refs.length) return { sources: refs.map((source) => ({ source, name })) };
  const { reason = '', hint = '' } = skipped[0] ?? {};
  return { trouble: { message: reason ? t('I could not read it: {reason}.', { reason }) : t('There was nothing in it to remember.'), hint: hint || t('Take it off, or give it as text, PDF or Word. Your message waits.') } };
}
