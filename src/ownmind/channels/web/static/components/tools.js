// @ts-check
// What Ownmind can use and who can use it: skills, searching the web, tool servers, and programs with a key.

import { html } from '../element.js';
import { t } from '../lang.js';
import './programs.js';
import './search.js';
import './servers.js';
import './skills.js';
import { Tabbed } from './tabbed.js';

export class Tools extends Tabbed {
  get heading() {
    return t('Tools');
  }

  get views() {
    return [
      { id: 'skills', name: t('Skills'), show: () => html`<mind-skills></mind-skills>` },
      { id: 'search', name: t('Web search'), show: () => html`<mind-search></mind-search>` },
      { id: 'servers', name: t('Tool servers'), show: () => html`<mind-servers></mind-servers>` },
      { id: 'programs', name: t('Programs'), show: () => html`<mind-programs></mind-programs>` },
    ];
  }

  changed() {
    super.changed();
    /** @type {{reread?: () => void} | null} */ (this.querySelector('[role=tabpanel] > *'))?.reread?.();
  }
}

customElements.define('mind-tools', Tools);
