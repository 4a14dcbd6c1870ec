// @ts-check
// The shapes of the library and of connections (memory/library.py, agent/connections.py), for the type checker alone.

/** @typedef {{source: string, title: string, kind: string, state: 'whole' | 'unfinished' | 'unused', items: number, added_at: string | null, at: string | null, media_type: string, has_original: boolean, is_there: boolean | null}} Shelved */
/** @typedef {{sources: Shelved[], total: number, kinds: Record<string, number>}} Shelf */
/** @typedef {{id: string, text: string, page: number | null, speaker: string, at: string | null, kind: string}} Passage */
/** @typedef {{source: Shelved, passages: Passage[], before: number, after: number}} Reading */
/** @typedef {{item: string, page: number | null, times: number, excerpt: string}} Hit */
/** A place that is cited: words of an item; `source`: where it is from, when it is known. @typedef {{item: string, quote: string, source?: string}} Place */
/** What the reader is to show; `places`: what is stepped through, `at` the one of them that is shown. @typedef {{source?: string, places?: Place[], at?: number}} Wanted */
/** @typedef {{id: string, kind: string, title: string, where: string, state: 'on' | 'asks' | 'off' | 'new' | 'wrong', last: string | null, next: string, wrong: string, hint: string, can_check: boolean, can_switch: boolean}} Connection */

/**
 * A file on its way in. `sent`: bytes of it that the house has; `tries`: how often in a row it broke off; `began`: when reading did, by this browser's clock.
 * @typedef {{key: number, name: string, file: File, state: 'waiting' | 'sending' | 'reading' | 'done' | 'out' | 'failed' | 'stopped', sent: number, tries: number, began?: number,
 *            progress: import('./types.js').Progress | null, imported: import('./types.js').Imported | null, trouble: import('./types.js').Trouble | null}} Incoming
 */

export {};
