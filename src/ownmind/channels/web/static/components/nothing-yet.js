// @ts-check
// What a view shows while it is empty: one sentence that says what comes here, and one button that brings it.

import { html, nothing } from '../element.js';

/**
 * `begin`: words the button puts into the message field, for the person to go on with.
 * @param {string} sentence @param {string} [button] @param {string} [begin]
 */
export function nothingYet(sentence, button = '', begin = '') {
  return html`<div class="none"><p class="aside" dir="auto">${sentence}</p>
    ${button ? html`<button type="button" class="quiet" @click=${(/** @type {Event} */ event) => start(/** @type {HTMLElement} */ (event.currentTarget), begin)}>${button}</button>` : nothing}</div>`;
}

/** Closes the view the button is in and gives its words to the page. @param {HTMLElement} button @param {string} begin */
function start(button, begin) {
  button.closest('dialog')?.close(); // first: closing gives the focus back to where it was
  button.dispatchEvent(new CustomEvent('begin', { detail: begin, bubbles: true }));
}
