// @ts-check
// Before anything is painted: the colours and the size of text that this browser keeps (kept.js), and from which side the language is
// written (lang.js says it again with the rest), so that nothing flashes or jumps.
try {
  if ((localStorage.getItem('language') || navigator.language).startsWith('ar')) document.documentElement.dir = 'rtl';
  for (const name of ['theme', 'size']) document.documentElement.dataset[name] = localStorage.getItem(name) ?? '';
} catch {
  // The browser keeps nothing for this page.
}
