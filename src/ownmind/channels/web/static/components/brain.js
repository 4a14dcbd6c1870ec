// @ts-check
// Who answers: the models this machine can run, those elsewhere, where a turn's time goes, and what changed because of the person.

import { html } from '../element.js';
import { t } from '../lang.js';
import './growth.js';
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
      { id: 'growth', name: t('Growth'), show: () => html`<mind-growth @choose-model=${this.choose}></mind-growth>` },
    ];
  }

  /** Goes to the view where a model is chosen. */
  async choose() {
    this.view = 0;
    await this.updateComplete;
    this.find('[role=tab][aria-selected=true]').focus();
  }

  changed() {
    super.changed();
    /** @type {{reread?: () => void} | null} */ (this.querySelector('[role=tabpanel] > *'))?.reread?.();
  }
}

customElements.define('mind-brain', Brain);
