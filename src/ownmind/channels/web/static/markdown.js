// @ts-check
// A reply's Markdown as lit templates: paragraphs, lists, bold, italics, code. Text only ever becomes text nodes, so
// nothing a model or a document says can become an element, a link that loads, or an image.

import { html } from './element.js';

const FENCE = /^\s*```/;
const BULLET = /^\s*[-*+•]\s+/;
const NUMBER = /^\s*\d{1,9}[.)]\s+/;
const HEADING = /^#{1,6}\s+/;
const INLINE = /`([^`\n]+)`|\*\*([^\n]+?)\*\*|__([^\n]+?)__|(?<![\w*])\*([^*\s][^*\n]*?)\*(?![\w*])/g;

/** `text` as blocks. @param {string} text @returns {unknown[]} */
export function blocks(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const found = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (!line.trim()) {
      at += 1;
    } else if (FENCE.test(line)) {
      const end = until(lines, at + 1, (each) => FENCE.test(each));
      found.push(html`<pre tabindex="0"><code>${lines.slice(at + 1, end).join('\n')}</code></pre>`);
      at = end + 1;
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const kind = BULLET.test(line) ? BULLET : NUMBER;
      const end = until(lines, at, (each) => !kind.test(each));
      const items = lines.slice(at, end).map((each) => html`<li dir="auto">${inline(each.replace(kind, ''))}</li>`);
      found.push(kind === BULLET ? html`<ul>${items}</ul>` : html`<ol start=${parseInt(line, 10)}>${items}</ol>`);
      at = end;
    } else {
      const end = until(lines, at + 1, (each) => !each.trim() || FENCE.test(each) || BULLET.test(each) || NUMBER.test(each));
      found.push(paragraph(lines.slice(at, end)));
      at = end;
    }
  }
  return found;
}

/** @param {string[]} lines */
function paragraph(lines) {
  const heading = HEADING.test(lines[0]);
  const parts = lines.map((line, n) => html`${n ? html`<br>` : ''}${inline(line.replace(HEADING, ''))}`);
  return heading ? html`<p dir="auto"><strong>${parts}</strong></p>` : html`<p dir="auto">${parts}</p>`;
}

/** @param {string} text @returns {unknown[]} */
function inline(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    parts.push(text.slice(from, match.index));
    const [whole, code, bold, alsoBold, italic] = match;
    if (code !== undefined) parts.push(html`<code>${code}</code>`);
    else if (italic !== undefined) parts.push(html`<em>${italic}</em>`);
    else parts.push(html`<strong>${bold ?? alsoBold}</strong>`);
    from = match.index + whole.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** The first line from `at` for which `stop` holds, or the end. @param {string[]} lines @param {number} at @param {(line: string) => boolean} stop */
function until(lines, at, stop) {
  let end = at;
  while (end < lines.length && !stop(lines[end])) end += 1;
  return end;
}
