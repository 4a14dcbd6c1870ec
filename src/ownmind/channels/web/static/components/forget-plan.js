// @ts-check
// The dry run: how much would go, its words, what may say the same, and what is less than forgetting.

import { Element, html, nothing, repeat } from '../element.js';
import { plural, rich, t } from '../lang.js';
import { listed, when } from '../words.js';

const LISTED = 50; // items whose words are shown; the others are counted

class ForgetPlan extends Element {
  static properties = {
    plan: { attribute: false },
    fact: { attribute: false },
    chosen: { attribute: false },
    deed: { attribute: false },
    busy: { attribute: false },
    all: { state: true },
    cutting: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../types.js').Forgetting | null} */
    this.plan = null;
    /** @type {import('../types.js').Fact | null} */
    this.fact = null;
    /** @type {string[]} */
    this.chosen = [];
    /** @type {import('../types.js').Deed} */
    this.deed = { how: 'forget', on: '' };
    this.busy = false;
    this.all = false; // offers, the unlikely ones too
    this.cutting = ''; // id of the item words are cut out of
  }

  render() {
    const { plan, fact } = this;
    if (!plan) return nothing;
    return html`${fact ? nothing : html`<p>${amount(plan)}${plan.counts.items || plan.facts.length ? ` ${t('It cannot be undone.')}` : ''}</p>${meant(plan)}`}
      ${plan.cut ? this.how(plan.cut) : nothing} ${this.words(plan)} ${this.offers(plan)} ${plan.ids.length ? this.less() : nothing}`;
  }

  /** The words of the fact alone, or the whole message they stand in. @param {import('../types.js').Cut} cut */
  how({ words, rest }) {
    return html`<fieldset class="how"><legend class="unseen">${t('What to forget')}</legend>
      ${this.way('cut', html`<span>${t('Only these words:')} <q dir="auto">${words}</q></span><span class="from">${t('What stays:')} <q dir="auto">${rest}</q></span>`)}
      ${this.way('forget', t('The whole message they stand in'))}</fieldset>`;
  }

  /** The words of whatever would go. @param {import('../types.js').Forgetting} plan */
  words(plan) {
    const cut = this.deed.how === 'cut' ? plan.cut : null;
    const items = cut ? cut.replies : plan.items;
    const facts = [...new Set((cut ?? plan).facts.filter((each) => each.id !== this.fact?.id).map((each) => each.text))];
    const left = (cut ? items.length : plan.counts.items ?? 0) - Math.min(items.length, LISTED);
    if (!items.length && !facts.length) return nothing;
    return html`<details ?open=${!this.fact}><summary>${t('See what goes')}</summary><ul class="going">
      ${repeat(items.slice(0, LISTED), (item) => item.id, (item) => this.item(item))}
      ${left > 0 ? html`<li class="from">${plural(left, 'and {n} more message', 'and {n} more messages')}</li>` : nothing}
      ${facts.slice(0, LISTED).map((each) => html`<li><span dir="auto">${each}</span> <span class="from">${t('learnt from it')}</span></li>`)}</ul></details>`;
  }

  /** @param {import('../types.js').Item} item */
  item(item) {
    const from = origin(item);
    const ours = item.kind === 'reply';
    return html`<li><span dir="auto">${item.text}</span> ${ours || from ? html`<span class="from">${ours ? t('my reply') : from}</span>` : nothing}
      ${ours ? nothing : this.cutting === item.id ? this.cut(item) : html`<button type="button" class="quiet" aria-label="${t('Only cut words')}: ${item.text.slice(0, 80)}"
        ?disabled=${this.busy} @click=${() => this.startCutting(item)}>${t('Only cut words')}</button>`}</li>`;
  }

  /** @param {import('../types.js').Item} item */
  cut(item) {
    return html`<form class="fields" @submit=${(/** @type {Event} */ event) => this.submit(event, item)}>
      <label>${t('Words to cut, as they stand there')} <input name="words" dir="auto" autocomplete="off" required></label>
      <div class="choices"><button type="submit" class="strong danger" ?disabled=${this.busy}>${t('Cut them out')}</button>
        <button type="button" class="quiet" @click=${() => { this.cutting = ''; }}>${t('Keep them')}</button></div></form>`;
  }

  /** @param {import('../types.js').Item} item */
  async startCutting(item) {
    this.cutting = item.id;
    await this.updateComplete;
    this.find('input[name="words"]').focus();
  }

  /** @param {Event} event @param {import('../types.js').Item} item */
  submit(event, item) {
    event.preventDefault();
    const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get('words') ?? '').trim();
    if (words) this.ask('cut', { item: item.id, words });
  }

  /** What may say the same, the likeliest first. @param {import('../types.js').Forgetting} plan */
  offers(plan) {
    if (!plan.near.length) return nothing;
    const shown = this.all ? plan.near : plan.near.slice(0, plan.first);
    const more = plan.near.length - shown.length;
    return html`<fieldset class="offers"><legend>${t('This may say the same in other words. It stays unless you tick it.')}</legend>
      <ul>${repeat(shown, (one) => one.item.id, (one) => this.offer(one.item))}</ul>
      ${more > 0 ? html`<button type="button" class="quiet more" @click=${this.showAll}>${plural(more, 'Show {n} less likely one', 'Show {n} less likely ones')}</button>` : nothing}</fieldset>`;
  }

  /** @param {import('../types.js').Item} item */
  offer(item) {
    return html`<li><label class="tickable"><input type="checkbox" .checked=${this.chosen.includes(item.id)} ?disabled=${this.busy}
      @change=${() => this.ask('choose', this.chosen.includes(item.id) ? this.chosen.filter((id) => id !== item.id) : [...this.chosen, item.id])}>
      <span><span dir="auto">${item.text}</span> <span class="from">${origin(item)}</span></span></label></li>`;
  }

  async showAll() {
    const shown = this.plan?.first ?? 0;
    this.all = true;
    await this.updateComplete;
    /** @type {HTMLElement | undefined} */ (this.querySelectorAll('.offers input')[shown])?.focus();
  }

  /** @param {import('../types.js').Deed['how']} value @param {unknown} name */
  way(value, name) {
    const { how, on } = this.deed;
    return html`<label class="tickable"><input type="radio" name="deed" value=${value} .checked=${how === value}
      @change=${() => this.ask('deed', { how: value, on })}><span>${name}</span></label>`;
  }

  less() {
    const { how, on } = this.deed;
    return html`<details class="less"><summary>${t('Something less than that')}</summary><fieldset><legend class="unseen">${t('What to do')}</legend>
      ${this.plan?.cut ? nothing : this.way('forget', t('Forget it now'))} ${this.way('withhold', t('Keep it, but never use it'))} ${this.way('later', t('Forget it on a day'))}
      ${how === 'later' ? html`<label class="on">${t('The day')} <input type="date" .value=${on}
        @change=${(/** @type {Event} */ event) => this.ask('deed', { how, on: /** @type {HTMLInputElement} */ (event.target).value })}></label>` : nothing}
    </fieldset></details>`;
  }
}

/** "Ben · 3 May 2024". @param {import('../types.js').Item} item */
const origin = (item) => [item.speaker ?? '', when(item.at)].filter(Boolean).join(' · ');

/** "3 messages, 1 reply and 2 facts would go." @param {import('../types.js').Forgetting} plan */
function amount({ counts }) {
  const replies = counts.replies ?? 0;
  const parts = [];
  if ((counts.items ?? 0) - replies) parts.push(plural(counts.items - replies, '{n} message', '{n} messages'));
  if (replies) parts.push(plural(replies, '{n} reply', '{n} replies'));
  if (counts.facts) parts.push(plural(counts.facts, '{n} fact', '{n} facts'));
  if (counts.goals) parts.push(plural(counts.goals, '{n} goal', '{n} goals'));
  return parts.length ? t('{what} would go.', { what: listed(parts) }) : t('Nothing would go.');
}

/** Who the person is, and how much is by and about them. @param {import('../types.js').Forgetting} plan */
function meant({ people, counts }) {
  if (!people.length) return nothing;
  const [first, ...others] = people;
  const also = others.length ? html`${rich('“{name}” is also {others}.', { name: html`<bdi>${first}</bdi>`, others: html`<bdi>${listed(others)}</bdi>` })} ` : nothing;
  const shares = [counts.by ? plural(counts.by, '{n} said by them', '{n} said by them') : '', counts.about ? plural(counts.about, '{n} about them', '{n} about them') : ''].filter(Boolean);
  return html`<p class="aside">${also}${shares.length ? `${listed(shares)}.` : ''}</p>`;
}

customElements.define('mind-forget-plan', ForgetPlan);
