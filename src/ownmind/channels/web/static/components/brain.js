// @ts-check
// Who answers: the models this machine can run, those elsewhere, and where a turn's time goes.

import { html } from '../element.js';
import { t } from '../lang.js';
import './models.js';
import './providers.js';
import './speed.js';
import { Tabbed } from './tabbed.js';

export class Brain extends Tabbed {
  get heading() {
    return t('Brain');
  }

  get views() {
    return [
      { id: 'here', name: t('On this machine'), show: () => html`<mind-models></mind-models>` },
      { id: 'elsewhere', name: t('Elsewhere'), show: () => html`<mind-providers></mind-providers>` },
      { id: 'speed', name: t('Where the time goes'), show: () => html`<mind-speed></mind-speed>` },
    ];
  }

  changed() {
    super.changed();
    /** @type {{reread?: () => void} | null} */ (this.querySelector('[role=tabpanel] > *'))?.reread?.();
  }
}

customElements.define('mind-brain', Brain);
