// @ts-check
// Before anything is painted: the colours and the size of text that this browser keeps (kept.js), so that nothing flashes or jumps.
try {
  for (const name of ['theme', 'size']) document.documentElement.dataset[name] = localStorage.getItem(name) ?? '';
} catch {
  // The browser keeps nothing for this page.
}
