// What the page uses of @lit/reactive-element 2, for the type checker. Not part of the vendored package.
export type Changes = Map<PropertyKey, unknown>;
export class ReactiveElement extends HTMLElement {
  static properties: Record<string, { attribute?: boolean | string; state?: boolean; type?: unknown }>;
  readonly renderRoot: HTMLElement;
  readonly updateComplete: Promise<boolean>;
  protected createRenderRoot(): HTMLElement | DocumentFragment;
  connectedCallback(): void;
  disconnectedCallback(): void;
  requestUpdate(): void;
  protected willUpdate(changed: Changes): void;
  protected update(changed: Changes): void;
  protected firstUpdated(changed: Changes): void;
  protected updated(changed: Changes): void;
}
