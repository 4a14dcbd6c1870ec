// @ts-check
// The shapes of what is known (memory/memories.py, memory/choices.py), for the type checker alone.

/** @typedef {import('./types.js').Fact & {confidence: number, subject: string, valid_from: string | null, valid_to: string | null, wrong: boolean}} Fact */
/** @typedef {import('./types.js').Told} Told */
/** `places`: how many remembered items say it; `instead`: what stands in its place. @typedef {{fact: Fact, told: Told, state: 'now' | 'ahead' | 'past' | 'wrong', is_guess: boolean, places: number, instead: string}} Known */
/** @typedef {{memories: Known[], next: string}} Page */
/** @typedef {{key: string, name: string, count: number}} Choice */
/** @typedef {{total: number, people: Choice[], topics: Choice[], sources: Choice[], times: Choice[], states: Choice[]}} Choices */
/** `how`: read by a rule, a model, written by the person, or "" where that is not kept. @typedef {{fact: Fact, told: Told, how: 'rule' | 'model' | 'correction' | ''}} Reading */
/** @typedef {{memory: Known, readings: Reading[], history: Known[], against: string[]}} Why */
/** @typedef {{start: string, end: string, precision: string, item_id: string, text: string, source: string, speaker: string, said_at: string | null, label: import('./types.js').Label}} Event */
/** What is narrowed by; `time`: a key of the choice, or "days" with the two days. @typedef {{about: string, topic: string, source: string, state: string, time: string, since: string, until: string, words: string}} Wanted */

export {};
