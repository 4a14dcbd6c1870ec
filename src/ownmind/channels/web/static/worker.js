// @ts-check
/// <reference lib="webworker" />
// What stands between this browser and Ownmind when Ownmind is away: a page that says so. It keeps the few static files of that
// page, for one version of them, with the messages of the language the page is read in, and nothing else: no answer of Ownmind is
// ever kept, asked for or looked at here.

const VERSION = ''; // pages.py writes it when it reads the files: a new one replaces what is kept
const AWAY = '/away.html';
const KEPT = [AWAY, '/away.js', '/first.js', '/kept.js', '/lang.js', '/tokens.css', '/style.css', '/icon.svg'];
const MESSAGES = /^\/lang\/\w+\.json$/; // kept as the page reads them: one language, not all

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(KEPT.map((path) => new Request(path, { cache: 'reload' })))).then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)))).then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method === 'GET' && MESSAGES.test(path)) event.respondWith(messages(request, path));
  else if (request.method === 'GET' && (request.mode === 'navigate' || KEPT.includes(path))) event.respondWith(still(request, request.mode === 'navigate' ? AWAY : path));
}); // everything else the browser asks of Ownmind itself

/** What Ownmind answers, or what is kept. @param {Request} request @param {string} kept */
const still = (request, kept) => fetch(request).catch(async () => (await caches.match(kept)) ?? Response.error());

/** The messages of a language, kept for when Ownmind is away. @param {Request} request @param {string} path */
async function messages(request, path) {
  const answer = await still(request, path);
  if (answer.ok) await (await caches.open(VERSION)).put(path, answer.clone());
  return answer;
}

let telling = Promise.resolve(); // one after the other: several pages hear of the same at once

worker.addEventListener('message', (event) => {
  if (event.data?.due) event.waitUntil((telling = telling.then(() => tell(event.data.due)).catch(() => undefined))); // not allowed meanwhile
});

/** Says that something is due, once for all pages, and not to somebody who looks at one. @param {NotificationOptions} said */
async function tell(said) {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const stands = (await worker.registration.getNotifications({ tag: said.tag })).flatMap((each) => each.data);
  if (pages.some((page) => page.visibilityState === 'visible') || said.data.every((/** @type {string} */ key) => stands.includes(key))) return;
  await worker.registration.showNotification('Ownmind', said);
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(today());
});

/** Brings a page to the front and has it show what is due; opens one where there is none. */
async function today() {
  const [page] = await worker.clients.matchAll({ type: 'window' }); // the one that was looked at last
  if (!page) return worker.clients.openWindow('/?today');
  page.postMessage('today');
  return page.focus();
}
