// @ts-check
// Who answers: the models this machine can run, those elsewhere, and where a turn's time goes.

import { html } from '../element.js';
import './models.js';
import './providers.js';
import './speed.js';
import { Tabbed } from './tabbed.js';

export class Brain extends Tabbed {
  get heading() {
    return 'Brain';
  }

  get views() {
    return [
      { id: 'here', name: 'On this machine', show: () => html`<mind-models></mind-models>` },
      { id: 'elsewhere', name: 'Elsewhere', show: () => html`<mind-providers></mind-providers>` },
      { id: 'speed', name: 'Where the time goes', show: () => html`<mind-speed></mind-speed>` },
    ];
  }

  changed() {
    super.changed();
    /** @type {{reread?: () => void} | null} */ (this.querySelector('[role=tabpanel] > *'))?.reread?.();
  }
}

customElements.define('mind-brain', Brain);
