// @ts-check
// The values of goals, people and today, as they come over the wire (goals/goal.py, people/person.py).

/** @typedef {{start: number, end: number}} Span */
/** One part of a goal. @typedef {{slot: string, value: string, how: 'said' | 'answered' | 'changed' | 'assumed', item_id: string, span: Span | null}} Chip */
/** @typedef {{what: string, unit: string, baseline: number | null, target: number | null}} Measure */
/** @typedef {{title: string, due: string | null, done: string | null}} Milestone */
/** @typedef {{when: string, then: string}} Obstacle */
/** @typedef {'draft' | 'active' | 'paused' | 'reached' | 'dropped'} GoalState */
/** @typedef {{id: string, title: string, template: string, state: GoalState, created_at: string, why: string, measure: Measure | null, milestones: Milestone[], begins: string | null, deadline: string | null, person: string, obstacles: Obstacle[], chips: Chip[]}} Goal */
/** @typedef {{goal: Goal | null, slot: string, question: string, choices: string[], refused: string, remarks?: string[]}} Draft */
/** @typedef {{id: string, goal: string, title: string, minutes: number, amount: number | null, milestone: string, state: 'open' | 'done' | 'half' | 'missed' | 'skipped', start: string | null, end: string | null, earliest: string, latest: string, note: string, pinned: boolean}} Step */
/** @typedef {{step: string, title: string, was: string | null, now: string | null, why: string}} Moved */
/** Minutes of a day. @typedef {{start: number, end: number, what: string}} Stretch */
/** @typedef {{day: string, awake: Stretch[], work: Stretch[], taken: Stretch[], whole: string[], steps: Step[]}} DayShown */
/** What came of moving a step. @typedef {{step: string, title: string, start: string, fits: boolean, words: string, missing: string, nearest: string | null, moved: Moved[]}} Move */
/** @typedef {{id: string, words: string[], is_smallest: boolean}} Offer */
/** @typedef {{start: string, end: string, steps: Step[], fits: boolean, proof: string[], moved: Moved[], missing: string, offers: Offer[], notes?: string[]}} Week */
/** @typedef {{day: string, planned: number | null, actual: number | null}} Point */
/** @typedef {{goal: string, at: string, kind: string, ref: string, words: string, value: number | null, step: string}} Evidence */
/** @typedef {{goal: string, words: string, share: number | null, points: Point[], evidence: Evidence[], behind_by: number | null}} Progress */
/** @typedef {{key: string, kind: string, due: string, title: string, why: string, stop: string, subject: string, choices: string[]}} Nudge */
/** @typedef {{kind: string, ref: string, words: string}} Ref */
/** @typedef {{text: string, section: string, refs: Ref[]}} Line */
/** What the person's own words have in common. @typedef {{text: string, refs: Ref[]}} Pattern */
/** What worked, to take or leave. @typedef {{goal: string, slot: string, value: string, words: string, evidence: Ref[], n: number, low: number, high: number}} Suggestion */
/** `words`: what to say when there is nothing. @typedef {{day: string, lines: Line[], words: string}} Briefing */
/** @typedef {{goal: string, title: string, words: string, planned: number, done: number, missed: number, lines: Line[]}} GoalWeek */
/** @typedef {{goals: GoalWeek[], next_week: Line[], reflections: Pattern[], suggestions: Suggestion[], words: string}} Review */
/** @typedef {{kind: string, value: string, ref: string, count: number}} Handle */
/** @typedef {{id: string, name: string, handles: Handle[], birthday: string | null, relation: string, last: string | null, last_how: string, last_ref: string, letters: number, is_you: boolean}} Person */
/** @typedef {{text: string, ref: string, at: string | null}} Said */
/** @typedef {{id: string, by: string, to: string, what: string, sentence: string, item_id: string, said_at: string | null, due: string | null, due_words: string, state: 'found' | 'open' | 'kept' | 'dropped', person: string}} Promised */
/** @typedef {{id: string, first: string, second: string, score: number, evidence: [string, string][], state: string}} Link */
/** @typedef {{person: Person, matters: Said[], gifts: Said[], ask: Said[], promised: Promised[], promises: Promised[], links: Link[], next_birthday: string | null, reconnect: string}} Card */

export {};
