// @ts-check
// A component that asks the house for something: busy while it waits, and what went wrong in words.

import { words } from './api.js';
import { Element } from './element.js';

export class Asking extends Element {
  constructor() {
    super();
    this.busy = false;
    /** @type {import('./types.js').Trouble | null} */
    this.trouble = null;
  }

  /** Does it, and says whether it went well. @param {() => Promise<unknown> | undefined} work @returns {Promise<boolean>} */
  async run(work) {
    this.busy = true;
    this.trouble = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.trouble = words(error);
      this.updateComplete.then(() => this.find('.trouble[role=alert]')?.scrollIntoView({ block: 'nearest' })); // the button may be a screen below it
      return false;
    } finally {
      this.busy = false;
    }
  }
}
