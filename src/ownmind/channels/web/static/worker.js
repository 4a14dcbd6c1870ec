// @ts-check
/// <reference lib="webworker" />
// What stands between this browser and Ownmind when Ownmind is away: a page that says so. It keeps the few static files of that
// page, for one version of them, and nothing else: no answer of Ownmind is ever kept, asked for or looked at here.

const VERSION = ''; // pages.py writes it when it reads the files: a new one replaces what is kept
const AWAY = '/away.html';
const KEPT = [AWAY, '/away.js', '/first.js', '/kept.js', '/lang.js', '/tokens.css', '/style.css', '/icon.svg',
  ...['de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'tr', 'ar', 'ja', 'zh'].map((code) => `/lang/${code}.json`)];

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
  if (request.method !== 'GET' || !(request.mode === 'navigate' || KEPT.includes(path))) return; // the browser asks Ownmind itself
  const kept = request.mode === 'navigate' ? AWAY : path;
  event.respondWith(fetch(request).catch(async () => (await caches.match(kept)) ?? Response.error()));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(worker.clients.matchAll({ type: 'window' }).then((open) => (open[0] ? open[0].focus() : worker.clients.openWindow('/'))));
});
