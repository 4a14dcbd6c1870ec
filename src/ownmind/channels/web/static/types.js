// The shapes the server sends (channels/wire.py, channels/web/told.py) and the page's own, for the type checker alone.

/**
 * Where a fact was told: the words around its quote.
 * @typedef {{before: string, quote: string, after: string, at: string | null, speaker: string, title: string, kind: string, page: number | null}} Told
 */
/**
 * @typedef {object} Fact
 * @property {string} id
 * @property {string} text
 * @property {string} kind  fact, preference, instruction or need
 * @property {boolean} stated
 * @property {number} confidence
 * @property {boolean} kept
 * @property {string} item_id
 * @property {string} quote
 * @property {string} source
 * @property {string} learned_at
 * @property {Label} label
 * @property {Told | null} [told]
 * @property {string | null} [superseded_by]
 * @property {'superseded' | 'forgotten'} [ended]  what became of it while the page was open; the words of a forgotten one are not kept
 * @property {string} [instead]  the words of what superseded it
 */
/** Who vouches for a text, and how far it may travel. @typedef {{integrity: string, confidentiality: string, sources?: string[]}} Label */
/** @typedef {{item_id: string, text: string, source: string, title: string, at: string | null, speaker: string, quote: string, page: number | null, label?: Label}} Cited */
/** @typedef {{id: string, text: string, sources: Cited[], learned: Fact[], conversation: string, known: boolean, brain: string, holds?: number | null, actions?: Action[], label?: Label, goals?: string[], cost?: Cost | null, set_aside?: number}} Reply */
/** @typedef {{id: string, text: string, kind: string, at: string | null, speaker?: string}} Item */
/** What is meant: everything that is given must hold. @typedef {{what?: string, topic?: string, person?: string, part?: string, during?: string, conversation?: string, source?: string}} Target */
/** `near`: may say the same, the likeliest first, of which `first` are shown at once. `people`: who the target's person is.
 * @typedef {{items: Item[], facts: Fact[], counts: Record<string, number>, ids: string[], near: {item: Item, score: number}[], first: number, people: string[], cut: Cut | null}} Forgetting */
/** Less than forgetting a fact: its words cut out of `item`, what stays, and what goes along. @typedef {{item: string, words: string, rest: string, facts: Fact[], replies: Item[]}} Cut */
/** @typedef {'forgotten' | 'expired' | 'redacted' | 'restored'} Mode */
/** @typedef {{items: string[], facts: string[], removed: Record<string, number>, verified: boolean, at: string, id: string, mode: Mode, ended: boolean, lifted_at: string | null}} Receipt */
/** @typedef {{traces: {place: string, count: number, ids: string[]}[], looked: Record<string, number>}} Checked */
/** What to do with a plan; `on`: a day, for "later". @typedef {{how: 'cut' | 'forget' | 'later' | 'withhold', on: string}} Deed */
/** @typedef {{item: string, words: string}} Redaction */
/** @typedef {{task: string, done: number, total: number, unit: string, detail: string}} Progress */
/** `hint`: what to do, "" where there is nothing. @typedef {{where: string, reason: string, hint: string}} Skipped */
/** @typedef {{sources: number, items: number, already_known: number, skipped: Skipped[], seconds: number, refs: string[]}} Imported */
/** @typedef {{done: number, total: number, unit: string}} Far */
/** @typedef {{state: string, progress: Far | null, id: string, note: string, starter: boolean}} Brain */
/** @typedef {{bytes: number, requests: number, setup_bytes: number, setup_requests: number, offline?: boolean}} Left */
/** @typedef {{brain: Brain, egress: Left, memory: Record<string, number>}} Status */
/** @typedef {{id: string, title: string, at: string | null, messages: number}} Conversation */
/** Something a search found: `marks` are where in `text` the words stand. @typedef {{kind: string, id: string, title: string, text: string, marks: {start: number, end: number}[], at: string | null, item: string, conversation: string}} Found */

/** @typedef {{type: 'heard', item_id: string, conversation: string} | {type: 'words', text: string} | {type: 'done', reply: Reply} | {type: 'failed', message: string, hint: string}} TurnEvent */
/** The id under which a piece of work goes on when the connection breaks. @typedef {{type: 'begun', id: string}} Begun */
/** @typedef {({type: 'progress'} & Progress) | {type: 'done', imported: Imported} | {type: 'error', error: Trouble}} ImportEvent */

/** A stretch of a value; `outside`: nobody vouches for it. @typedef {{text: string, outside: boolean}} Piece */
/** @typedef {{name: string, value: string, type: string, origin: string, pieces: Piece[], label: Label}} Argument */
/** @typedef {{id: string, type: string, value: string, effect: string}} Vouched */
/** @typedef {'waiting' | 'allowed' | 'running' | 'done' | 'failed' | 'unknown' | 'denied' | 'expired' | 'undone'} ActionState */
/**
 * Something done in the world, or asked (channels/card.py).
 * @typedef {{id: string, tool: string, words: string, arguments: Argument[], state: ActionState, asked_at: string, expires_at: string | null, ended_at: string | null, destination: string,
 *            reasons: string[], outcome: string, can_undo: boolean, can_vouch: boolean, needed: Vouched[], conversation: string}} Action
 */
/** What outside text asked for; `action`: the effect it was after (sends, spends, writes), "" when nobody can tell. @typedef {{at: string, source: string, title: string, words: string, action: string}} Tried */
/** @typedef {{id: string, destination: string, purpose: string, given_at: string, until: string | null, uses_left: number | null, spend_cap: number | null, spent: number, revoked_at: string | null}} Permission */
/** A provider of models elsewhere; prices are of a million tokens, null where nobody knows. @typedef {{name: string, kind: string, title: string, url: string, model: string, destination: string, has_key: boolean, may_answer: boolean, is_used: boolean, price_in: number | null, price_out: number | null, priced_by: string, currency: string, cap: number | null, spent: number, most_tokens: number, rests_until: string | null, wrong: string}} Provider */
/** The rule that says who answers what. @typedef {{lines: {number: number, task: string, to: string, when: string, model: string, line: string}[], local: string, is_offline: boolean, wrong: string}} Rules */
/** What asking elsewhere cost. @typedef {{amount: number | null, currency: string, is_counted: boolean, sent: number | null, came: number | null, provider: string, model: string, calls: number}} Cost */
/** A memory in something that left; `begins` is null when it was forgotten since. @typedef {{id: string, begins: string | null}} Telling */
/** A row of the ledger; `by`: whose consent, in words. @typedef {{id: number, at: string, destination: string, purpose: string, by: string, bytes_out: number, wire_out: number | null, tells: Telling[], outcome: string, detail: string, is_kept: boolean}} Sent */
/** Which rows of the ledger are meant. @typedef {{from?: string, to?: string, destination?: string, purpose?: string}} Wanted */
/** @typedef {'default' | 'trusted' | 'unused'} Trust */
/** A site, a file or a transcript that was read. @typedef {{source: string, title: string, items: number, trust: Trust, at: string | null}} Origin */
/** A stretch of what would leave; `stands_for`: what a pseudonym hides, "" for plain words. @typedef {{text: string, stands_for: string, kind: string}} Going */
/**
 * What would leave (guard/preview.py): for the person's eyes.
 * @typedef {{purpose: string, destination: string, text: string, bytes: number, price: {amount: number, currency: string} | null, pieces: Going[],
 *            items: {item_id: string, what: string, begins: string, confidentiality: string, integrity: string}[], confidentiality: string,
 *            left_out: {what: string, item_id: string, characters: number}[], secrets: string[]}} Preview
 */

/** What went wrong and what to do, in words for the person. @typedef {{message: string, hint: string}} Trouble */

/**
 * One message on the page. `state` is streaming, done, stopped or failed; waiting while the connection is cut, cut when nothing will come.
 * @typedef {object} Message
 * @property {number | string} key
 * @property {string} [id] of what is stored
 * @property {string[]} [versions] ids of what was said in this place, itself too; empty where nothing else was
 * @property {{source: string, name: string}[]} [files] sent with a message
 * @property {Feedback | null} [feedback] what the person thought of a reply
 * @property {'person' | 'companion'} who
 * @property {string} text
 * @property {'streaming' | 'done' | 'stopped' | 'failed' | 'waiting' | 'cut'} state
 * @property {boolean} [live] was said while the page was open
 * @property {string} [again] the words to send again, where they were not answered
 * @property {Place} [place] where they belong then
 * @property {string | null} at
 * @property {Cited[]} sources
 * @property {number | null} holds how sure memory is to hold the answer, 0..1; null when nothing was asked of it
 * @property {Label | null} label of everything a reply rests on; null for the person's words
 * @property {string[]} [goals] ids of the goals a reply is about
 * @property {string[]} actions ids of what it did in the world, or asks leave to do
 * @property {boolean} [aside] whether earlier turns of the talk gave way just before this reply
 * @property {Trouble | null} trouble
 */

/** What the person thought of a reply; `word`: their correction. @typedef {{reply_id: string, is_good: boolean, word: string, word_id: string, is_remembered: boolean}} Feedback */
/** Where in a talk something is said: in place of what (an edit, or a reply given anew), and with which files. @typedef {{insteadOf?: string, files?: {source: string, name: string}[]}} Place */
/** A file that goes with the next message. `sources`: what it became once it was read. @typedef {{file: File, progress: Progress | null, sources: {source: string, name: string}[] | null, trouble: Trouble | null, waits?: boolean}} Attached */

/** A file being taken in, or what came of it. @typedef {{name: string, progress: Progress | null, imported: Imported | null, trouble: Trouble | null, waits?: boolean}} Given */

export {};
