// @ts-check
// The library: what was taken in, giving more, and what Ownmind is connected with.

import { html } from '../element.js';
import { t } from '../lang.js';
import { imports } from '../imports.js';
import './incoming.js';
import './connections.js';
import './shelf.js';
import { Tabbed } from './tabbed.js';

class Library extends Tabbed {
  constructor() {
    super();
    imports.addEventListener('over', () => this.changed());
  }

  get heading() {
    return t('Library');
  }

  get views() {
    return [
      { id: 'shelf', name: t('Taken in'), show: () => html`<mind-shelf @add=${() => { this.view = 1; }}></mind-shelf>` },
      { id: 'bring', name: t('Give more'), show: () => html`<mind-incoming></mind-incoming>` },
      { id: 'connections', name: t('Connections'), show: () => html`<mind-connections @shelf=${() => { this.view = 0; }}></mind-connections>` },
    ];
  }

  changed() {
    super.changed();
    /** @type {{reread?: () => void} | null} */ (this.querySelector('[role=tabpanel] > *'))?.reread?.();
  }
}

customElements.define('mind-library', Library);
