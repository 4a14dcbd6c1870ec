// @ts-check
// The way from a memory to where its words stand: in a talk, or in their document with the words marked.

import { html, nothing } from '../element.js';
import { t } from '../lang.js';

const TALK = 'conversation:';

/** A button that closes the view it is in and leads there; none for what stands only here. @param {import('../element.js').Element} from @param {{source: string, item: string, quote: string}} place */
export function way(from, { source, item, quote }) {
  if (source.startsWith('correction:') || source.startsWith('feedback:') || source.startsWith('goal:') || source.startsWith('name:')) return nothing;
  if (!source.startsWith(TALK)) {
    return html`<button type="button" class="quiet" @click=${() => from.ask('read-source', { places: [{ item, quote }], at: 0 })}>${t('Read it there')}</button>`;
  }
  const conversation = source.slice(TALK.length);
  const go = () => {
    from.closest('dialog')?.close();
    from.ask('show-place', { conversation, item });
  };
  return html`<button type="button" class="quiet" @click=${go}>${t('Open the conversation')}</button>`;
}
