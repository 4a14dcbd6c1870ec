// What the page uses of lit-html 3, for the type checker. Not part of the vendored package.
export interface TemplateResult { readonly strings: TemplateStringsArray }
export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
export function render(value: unknown, container: HTMLElement | DocumentFragment, options?: { host?: object }): unknown;
export const nothing: unique symbol;
