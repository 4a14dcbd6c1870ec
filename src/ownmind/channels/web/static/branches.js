// @ts-check
// What a talk looks like where it branches: a pure function of its messages.

/** @typedef {import('./types.js').Message} Message */

/**
 * The talk with what is said now: at its end, or in place of a message (an edit) or of a reply (given anew), with what came after that gone.
 * `versions` gives the ids of what was said in that place, with the new one behind.
 * @param {Message[]} messages @param {string | undefined} insteadOf @param {Message} question @param {Message} reply
 */
export function branched(messages, insteadOf, question, reply) {
  const at = insteadOf ? messages.findIndex((each) => each.id === insteadOf) : -1;
  const old = messages[at];
  const isEdit = old?.who === 'person';
  const kept = old ? messages.slice(0, at) : messages;
  return {
    messages: old && !isEdit ? [...kept, reply] : [...kept, question, reply],
    isEdit,
    isFound: Boolean(old),
    /** @param {string} id @param {Message['who']} who */
    versions: (id, who) => (old && old.who === who ? [...(old.versions?.length ? old.versions : [old.id ?? '']), id] : []),
  };
}
