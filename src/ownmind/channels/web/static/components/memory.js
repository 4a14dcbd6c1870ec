// @ts-check
// What is known: to be looked through, and along the time it tells of.

import { html } from '../element.js';
import { t } from '../lang.js';
import './memory-list.js';
import './memory-timeline.js';
import { Tabbed } from './tabbed.js';

class Memory extends Tabbed {
  get heading() {
    return t('Memory');
  }

  get views() {
    return [
      { id: 'known', name: t('What I know'), show: () => html`<mind-memory-list></mind-memory-list>` },
      { id: 'timeline', name: t('Timeline'), show: () => html`<mind-memory-timeline></mind-memory-timeline>` },
    ];
  }

  changed() {
    super.changed();
    /** @type {{reread?: () => void} | null} */ (this.querySelector('[role=tabpanel] > *'))?.reread?.();
  }
}

customElements.define('mind-memory', Memory);
