// @ts-check
// The page as an app: the worker that says when Ownmind is away, and notifications. No word of the person is in either.

import { code, t } from './lang.js';

const WORKER = '/worker.js';

const DUE = 'due'; // the name of the one notification there is: a second takes the place of the first

/**
 * Has the browser keep the page for when Ownmind is away. Where it may not (a certificate nobody vouches for), there is none.
 * @param {() => void} today  shows what is due: a notification was pressed
 */
export async function settle(today) {
  navigator.serviceWorker?.addEventListener('message', (event) => { if (event.data === 'today') today(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) takeBack(); });
  if (!document.hidden) takeBack();
  if (new URLSearchParams(location.search).has('today')) { // the notification outlived its page
    history.replaceState(null, '', location.pathname);
    today();
  }
  navigator.serviceWorker?.addEventListener('controllerchange', () => reread());
  try {
    await navigator.serviceWorker?.register(trusted());
  } catch {
    // The page works without it.
  }
}

/** Asks for the language's messages past a worker that has just come, which keeps them: it was not there when they were read. */
async function reread() {
  if (code() !== 'en') await fetch(`/lang/${code()}.json`, { credentials: 'same-origin' }).catch(() => undefined);
}

/** Says that something is due where the page is open and not looked at, if the person allowed that by a click. @param {string[]} keys  of what is due */
export async function notify(keys) {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  const said = { body: t('Something is due. Open the page to see it.'), tag: DUE, renotify: true, data: keys, lang: code(), icon: '/icons/192.png' };
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (worker) worker.postMessage({ due: said }); // it knows of the other pages; and phones know no other way
  else new Notification('Ownmind', said);
}

/** Takes the notification back: it was seen on the page, or nothing is due any more. */
export async function takeBack() {
  const settled = await navigator.serviceWorker?.getRegistration();
  for (const each of (await settled?.getNotifications({ tag: DUE })) ?? []) each.close();
}

/** The worker's address as the page's policy wants it: nothing but this one can ever be made (Trusted Types). */
function trusted() {
  const made = /** @type {any} */ (window).trustedTypes?.createPolicy('ownmind-worker', { createScriptURL: () => WORKER });
  return /** @type {string} */ (made ? made.createScriptURL(WORKER) : WORKER);
}
