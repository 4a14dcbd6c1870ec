// What the page uses of uPlot 1.6, for the type checker. Not part of the vendored package.
export type Data = [number[], ...(number | null)[][]];
export default class uPlot {
  constructor(options: Record<string, unknown>, data: Data, into: HTMLElement);
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}
