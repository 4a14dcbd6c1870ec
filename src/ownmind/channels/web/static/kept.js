// @ts-check
// What this browser keeps of how the page looks: language, colours, size of the text. Nothing a person said is ever among it.

/** @typedef {'language' | 'theme' | 'size'} Name */

/** The setting; "" when there is none, or the browser keeps nothing. @param {Name} name @returns {string} */
export function kept(name) {
  try {
    return localStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
}

/** Keeps a setting; "" takes it back. @param {Name} name @param {string} value */
export function keep(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // The browser keeps nothing for this page: the setting holds until it is closed.
  }
}
