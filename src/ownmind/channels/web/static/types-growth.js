// @ts-check
// The shapes of what changed because of the person (agent/grown.py, agent/growth.py), for the type checker alone.

/** @typedef {'fix' | 'correction' | 'confirmed' | 'updated' | 'wish' | 'people' | 'permission' | 'skill' | 'brain'} Kind */
/** @typedef {{item_id: string, source: string, told: import('./types.js').Told}} Evidence */
/** `now`: what holds since; `before`: what it took the place of. @typedef {{id: string, kind: Kind, at: string | null, now: string[], before: string[], detail: string, count: number, evidence: Evidence[], state: 'stands' | 'undone' | 'over', can_undo: boolean, can_redo: boolean, fact: import('./types.js').Fact | null}} Change */
/** @typedef {{changes: Change[], next: string}} Page */
/** @typedef {{start: string, replies: number, good: number, bad: number, unknown: number, corrections: number, remembered: number, learnt: number, confirmed: number, put_right: number}} Week */

export {};
