// @ts-check
// Minute one: a greeting, the day's briefing where there is one, and ways to begin.

import { Element, html, nothing } from '../element.js';
import { key, t } from '../lang.js';
import { about } from './brain-note.js';
import './brief.js';
import './bring.js';

const EXAMPLES = [
  { label: key('Tell me about you'), text: key('My name is ') },
  { label: key('Have me remember something'), text: key('Remember that ') },
  { label: key('Reach a goal'), text: key('I want to ') },
  { label: key('Ask what I know'), text: key('What do you know about me?') },
];

class Empty extends Element {
  static properties = { brain: { attribute: false }, facts: { attribute: false }, brief: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../types.js').Brain | null} */
    this.brain = null;
    this.facts = 0;
    /** @type {import('../types-goals.js').Briefing | null} */
    this.brief = null;
  }

  /** Nothing is dropped by a finger; and whoever is known is not asked for their name. */
  render() {
    return html`<section class="empty">
      <p class="greeting">${greeting(new Date().getHours())}<br>${this.facts ? t('What is on your mind?') : t('I would like to get to know you.')}</p>
      ${this.brief?.lines.length ? html`<div class="morning"><mind-brief .lines=${this.brief.lines}></mind-brief></div>` : nothing}
      <p>${t('What you tell me, and what you give me to read, stays on this computer and is encrypted. I say where I know things from, and I forget when you ask.')}</p>
      <ul class="examples">${EXAMPLES.slice(this.facts ? 1 : 0).map(({ label, text }) => ({ label: t(label), text: t(text) })).map(({ label, text }) => html`<li><button type="button" @click=${() => this.ask('begin', text)}>
        <span>${label}</span><q>${text.trim()}${text.endsWith(' ') ? ' …' : ''}</q></button></li>`)}</ul>
      <p class="aside">${matchMedia('(pointer: coarse)').matches ? t('Or give me something to read. Choose') : t('Or give me something to read: drop it anywhere on this page, or choose')}</p>
      <mind-bring></mind-bring>
      ${this.brain && about(this.brain) ? html`<p class="aside">${about(this.brain)} <button type="button" class="quiet" @click=${() => this.ask('view', 'mind-brain')}>${t('What this computer could run')}</button></p>` : nothing}
    </section>`;
  }
}

/** @param {number} hour */
function greeting(hour) {
  if (hour >= 5 && hour < 12) return t('Good morning.');
  return hour >= 5 && hour < 18 ? t('Good afternoon.') : t('Good evening.');
}

customElements.define('mind-empty', Empty);
