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

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(worker.clients.matchAll({ type: 'window' }).then((open) => (open[0] ? open[0].focus() : worker.clients.openWindow('/'))));
});
