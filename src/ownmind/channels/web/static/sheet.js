// @ts-check
// Style sheets that only one view needs, loaded with it: what is first shown stays small, and the view never stands there bare.

/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/** Loads a style sheet of the page once. @param {string} path @returns {Promise<void>} */
export function sheet(path) {
  const there = asked.get(path) ?? new Promise((done) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = path;
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
  asked.set(path, there);
  return there;
}
