// @ts-check
// How a memory stands, in words: a guess, confirmed, no longer so and from when until when, or never so.

import { html, nothing } from '../element.js';
import { rich, t } from '../lang.js';
import { day } from '../words.js';

/** Whether it is a guess, confirmed, over, or never was. @param {import('../types-memory.js').Known} known */
export function standing(known) {
  const { fact, state } = known;
  const said = [
    state === 'wrong' ? t('Never so: you corrected it') : '',
    state === 'past' ? over(fact) : '',
    state === 'ahead' && fact.valid_from ? t('From {day} on', { day: day(fact.valid_from) }) : '',
    known.is_guess && state !== 'wrong' ? t('A guess of mine: you have not confirmed it') : '',
    fact.kept && state !== 'wrong' ? t('Confirmed by you') : '',
  ].filter(Boolean);
  const instead = known.instead ? html` ${rich('Now: {fact}', { fact: html`<span dir="auto">${known.instead}</span>` })}` : nothing;
  return said.length || known.instead ? html`<p class="state ${known.is_guess && state !== 'wrong' ? 'guess' : ''}">${said.join(' · ')}${said.length && known.instead ? ' · ' : ''}${instead}</p>` : nothing;
}

/** From when until when something was so, as far as anybody said. @param {import('../types-memory.js').Fact} fact */
function over(fact) {
  const [from, until] = [fact.valid_from ? day(fact.valid_from) : '', fact.valid_to ? day(fact.valid_to) : ''];
  return from ? t('No longer so: {from} to {until}', { from, until }) : t('No longer so since {until}', { until });
}
