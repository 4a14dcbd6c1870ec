// What the page uses of lit-html 3, for the type checker. Not part of the vendored package.
export function repeat<T>(items: Iterable<T>, key: (item: T) => unknown, template: (item: T, index: number) => unknown): unknown;
