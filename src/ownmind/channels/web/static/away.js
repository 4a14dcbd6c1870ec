// @ts-check
// What the browser shows while Ownmind is away (worker.js). It goes on by itself as soon as Ownmind answers.

import { t } from './lang.js';

const EVERY = 3000; // milliseconds between two looks

/** @param {keyof HTMLElementTagNameMap} name @param {string} text @param {string} [look] */
function element(name, text, look = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = look;
  return made;
}

document.getElementById('away')?.replaceChildren(
  element('h1', t('Ownmind is not running.')), element('p', t('Start it in a terminal on this computer with')), element('code', 'ownmind', 'command'),
  element('p', t('Nothing you said is lost. This page goes on by itself when it is back.')));

setInterval(() => fetch('/api/session', { cache: 'no-store' }).then(() => location.reload(), () => undefined), EVERY);
