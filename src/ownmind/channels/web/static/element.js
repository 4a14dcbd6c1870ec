// @ts-check
// What every component is: Lit's reactive properties, rendered by lit-html into the element itself.
// No shadow root: one stylesheet, labels that work across components, and find-in-page that finds.

import { ReactiveElement } from './vendor/reactive-element/reactive-element.js';
import { nothing, render } from './vendor/lit-html/lit-html.js';
import { changes } from './lang.js';

export { html, nothing } from './vendor/lit-html/lit-html.js';
export { repeat } from './vendor/lit-html/directives/repeat.js';

export class Element extends ReactiveElement {
  constructor() {
    super();
    this.inOtherWords = () => this.requestUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    changes.addEventListener('change', this.inOtherWords);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    changes.removeEventListener('change', this.inOtherWords);
  }

  createRenderRoot() {
    return this;
  }

  /** @param {import('./vendor/reactive-element/reactive-element.js').Changes} changed */
  update(changed) {
    const content = this.render();
    super.update(changed);
    render(content, this, { host: this });
  }

  /** What the element shows. @returns {unknown} */
  render() {
    return nothing;
  }

  /**
   * Tells the page what the person wants. The page alone acts.
   * @param {string} name
   * @param {unknown} [detail]
   */
  ask(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  /**
   * The first element inside that matches; it is there once the element was shown.
   * @template {HTMLElement} T
   * @param {string} selector
   * @returns {T}
   */
  find(selector) {
    return /** @type {T} */ (this.querySelector(selector));
  }
}
