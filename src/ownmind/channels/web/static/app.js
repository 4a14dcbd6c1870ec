// @ts-check
// The page as an app: the worker that says when Ownmind is away, and notifications. No word of the person is in either.

import { code, t } from './lang.js';

const WORKER = '/worker.js';

/** Has the browser keep the page for when Ownmind is away. Where it may not (a certificate nobody vouches for), there is none. */
export async function settle() {
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

/** Says that something is due where the page is open and not looked at, if the person allowed that by a click. */
export async function notify() {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  const said = { body: t('Something is due. Open the page to see it.'), tag: 'due', icon: '/icons/192.png' };
  const settled = await navigator.serviceWorker?.getRegistration();
  if (settled) await settled.showNotification('Ownmind', said); // phones know no other way
  else new Notification('Ownmind', said);
}

/** The worker's address as the page's policy wants it: nothing but this one can ever be made (Trusted Types). */
function trusted() {
  const made = /** @type {any} */ (window).trustedTypes?.createPolicy('ownmind-worker', { createScriptURL: () => WORKER });
  return /** @type {string} */ (made ? made.createScriptURL(WORKER) : WORKER);
}
