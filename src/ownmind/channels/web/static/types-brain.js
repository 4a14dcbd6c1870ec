// @ts-check
// The values of models, providers, skills, tool servers and traces, as they come over the wire.

/** @typedef {{name: string, right: number, of: number}} Score */
/** @typedef {{id: string, at: string, prompt_speed: number, speed: number, first_word: number, memory: number, scores: Score[], seconds: number, note: string}} Checked */
/** @typedef {{id: string, title: string, role: string, about: string, licence: string, languages: string, context: number, tools: string, parameters: number, bytes: number, origin: string, runs: boolean, here: boolean, in_use: boolean, pinned: boolean, verdict: string, why: string, needs: number, measured: string, checked: Checked | null}} Model */
/** @typedef {{system: string, cores: number, memory: number, available: number, folder: string, disk_free: number, gpus: {name: string, memory: number}[], unused_gpu: string}} Machine */
/** @typedef {{id: string, title: string, state: string, note: string, chosen: string, memory: number, embedder: string}} Using */
/** What takes long, and how far it is. @typedef {{what: string, id: string, state: 'idle' | 'running' | 'done' | 'failed' | 'stopped', done: number, total: number, unit: string, detail: string, note: string, hint: string}} Underway */
/** @typedef {{kind: string, url: string, models: string[], note: string}} Found */

/** @typedef {{kind: string, title: string, url: string, key_at: string, models: string[]}} Preset */
/** @typedef {{name: string, kind: string, title: string, url: string, model: string, destination: string, has_key: boolean, may_answer: boolean, is_used: boolean, price_in: number | null, price_out: number | null, priced_by: string, currency: string, cap: number | null, spent: number, rests_until: string | null, wrong: string}} Provider */
/** @typedef {{number: number, task: string, to: string, when: string, model: string, line: string}} Rule */
/** @typedef {{lines: Rule[], local: string, is_offline: boolean, wrong: string}} Rules */
/** @typedef {{task: string, whens: string[], to: string, model: string, line: string, may_answer: boolean, why: string}} Explained */

/** @typedef {{sort: string, name: string, says: string, given: boolean}} Asked */
/** @typedef {{name: string, description: string, state: 'builtin' | 'active' | 'waiting', is_on: boolean, asks: Asked[], license: string, version: string, author: string, came_from: string, weak: string, example: string, body: string, files: [string, number][]}} Skill */
/** @typedef {{skill: string, text: string, sources: import('./types.js').Cited[], warnings: string[], known: boolean}} Ran */

/** @typedef {{id: string, kind: string, at: string, ms: number, ours_ms: number, model_ms: number, first_ms: number, reply: string, model: string, input_tokens: number, cached_tokens: number, output_tokens: number, stopped: boolean, failed: string, set_aside: number}} Recorded */
/** @typedef {{name: string, depth: number, start_ms: number, ms: number, own_ms: number, share: number, is_model: boolean, counts: Record<string, string | number | boolean>, words: string}} Timed */
/** @typedef {{name: string, n: number, p50_ms: number, p95_ms: number, share: number}} Spread */
/** @typedef {{days: number, turns: number, total: Spread, ours: Spread, model: Spread, first: Spread, parts: Spread[]}} Summary */
/** @typedef {{purpose: string, model: string, messages: {role: string, text: string}[], input_tokens: number, cached_tokens: number, output_tokens: number, ms: number}} Sent */

export {};
