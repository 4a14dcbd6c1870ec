// @ts-check
// The one stream of events: what happens in the house while the page is open. A connection that breaks is made again, soon at first
// and then less often, and goes on behind the last event that came (Last-Event-ID, said as `after`: only the browser's own
// reconnection may send the header). A laptop that slept has a connection that looks whole and is dead: silence tells.

const SOON = 400; // ms until the first try to connect again; each further one waits twice as long
const LATEST = 15_000;
const QUIET = 1_000; // ms of absence that nobody needs to hear of
const SILENCE = 40_000; // ms without a beat (one comes every 15 s) after which nobody is there
const LOOKED = 5_000;
const NAMES = [
  'status', 'beat', 'missed', 'learned', 'forgotten', 'actions', 'replied', 'words', 'progress',
  'goals', 'people', 'calendar', 'today', 'models', 'providers', 'mcp', 'skills', 'library', 'clients', 'devices',
];

/** @typedef {{event: (name: string, said: any) => void, lost: () => void, back: () => void}} Hear */

export class Live {
  /** @param {Hear} hear */
  constructor(hear) {
    this.hear = hear;
    /** The id of the last event that came. */
    this.last = '';
    this.tries = 0;
    this.heard = Date.now();
    this.isLost = false;
    /** @type {() => void} */
    this.begin = () => undefined;
    /** Kept once the first event has come: from then on nothing is missed. @type {Promise<void>} */
    this.begun = new Promise((resolve) => { this.begin = resolve; });
    /** @type {EventSource | null} */
    this.source = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
  }

  start() {
    this.connect();
    setInterval(() => this.look(), LOOKED);
    addEventListener('online', () => this.wake());
    addEventListener('offline', () => this.lose());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.wake(); });
  }

  connect() {
    clearTimeout(this.again);
    this.source?.close();
    const source = new EventSource(this.last ? `/api/events?after=${encodeURIComponent(this.last)}` : '/api/events');
    [this.source, this.heard] = [source, Date.now()];
    source.addEventListener('error', () => { if (this.source === source) this.lose(); });
    for (const name of NAMES) source.addEventListener(name, (event) => { if (this.source === source) this.came(name, event); });
  }

  /** @param {string} name @param {MessageEvent} event */
  came(name, event) {
    this.heard = Date.now();
    this.begin();
    if (event.lastEventId) this.last = event.lastEventId;
    this.found();
    if (name !== 'beat') this.hear.event(name, JSON.parse(event.data));
  }

  /** Tries again by and by; says so only when it takes a while. */
  lose() {
    this.source?.close();
    if (!this.isLost) {
      this.isLost = true;
      this.telling = setTimeout(() => this.hear.lost(), QUIET);
    }
    clearTimeout(this.again);
    this.again = setTimeout(() => this.connect(), Math.min(LATEST, SOON * 2 ** this.tries) * (0.75 + Math.random() / 2)); // apart, where many pages wait
    this.tries += 1;
  }

  found() {
    this.tries = 0;
    if (!this.isLost) return;
    this.isLost = false;
    clearTimeout(this.telling);
    this.hear.back();
  }

  /** The person is here again: no waiting. */
  wake() {
    this.tries = 0;
    if (this.isLost || Date.now() - this.heard > SILENCE) this.connect();
  }

  look() {
    const silence = Date.now() - this.heard;
    if (silence < 0) this.heard = Date.now(); // the clock was put back
    else if (!this.isLost && silence > SILENCE) this.lose();
  }
}
