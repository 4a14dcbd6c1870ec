// @ts-check
// Every picture of the page, drawn here on a square of 24: lines without a fill, in the colour of the words beside them.

import { html } from './element.js';

const PATHS = /** @type {const} */ ({
  activity: 'M3 12h4l3-7 4 14 3-7h4',
  again: 'M19 12a7 7 0 1 1-2-4.9M19 4v4h-4',
  brain: 'M7 7h10v10H7ZM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
  earlier: 'M4 5v5h5M4.5 9.5A8 8 0 1 1 4 13M12 8v4.5l3 2',
  edit: 'm5 19 .8-3.6L16.5 4.7a1.6 1.6 0 0 1 2.3 0l.5.5a1.6 1.6 0 0 1 0 2.3L8.6 18.2 5 19Z',
  forget: 'M4 7h16M9 7V4.5h6V7M6.5 7l1 13h9l1-13',
  goals: 'M6 21V4M6 5h12l-2.5 4 2.5 4H6',
  library: 'M4 4h5v16H4ZM9 4h5v16H9ZM14.5 5l3.4-.9L21.5 19l-3.4.9Z',
  memory: 'M12 3 3.5 7.5 12 12l8.5-4.5L12 3ZM3.5 12 12 16.5l8.5-4.5M3.5 16.5 12 21l8.5-4.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  new: 'M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6M9 15l.6-3L17 4.6a1.5 1.5 0 0 1 2.2 0 1.5 1.5 0 0 1 0 2.2L12 14.3 9 15Z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3 20a6 6 0 0 1 12 0M16 4.2a3.5 3.5 0 0 1 0 6.6M17.5 14.3A6 6 0 0 1 21 20',
  privacy: 'm12 3 7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6L12 3Z',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM20 20l-4.9-4.9',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4',
  thumb: 'M7 11v9H4v-9h3Zm0 0 4-8c1.7 0 2.6 1.2 2.3 2.8L12.7 9H18a2 2 0 0 1 2 2.3l-1.1 7A2 2 0 0 1 17 20H7',
  today: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  tools: 'M14.3 6.6a4.2 4.2 0 0 1 5.2-2l-2.7 2.7.4 2.1 2.1.4L22 7.1a4.2 4.2 0 0 1-5.6 4.9L9 19.4a2.3 2.3 0 0 1-3.2-3.2l7.3-7.4a4.2 4.2 0 0 1 1.2-2.2Z',
});

/** @typedef {keyof typeof PATHS} Icon */

/** A picture beside words, or in a button that has a name of its own. @param {Icon} name */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]}/></svg>`;
