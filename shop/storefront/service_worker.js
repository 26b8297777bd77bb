/* Keeps the product pages somebody looked at readable without a connection. SETTINGS is written above by the shop.
   Everything is asked of the shop first, so nothing is ever older than it has to be; private pages are never kept. */
const NAME = `vitrine-${SETTINGS.version}`;
const FILES = `${NAME}-files`;
const PAGES = `${NAME}-pages`;
const PICTURES = `${NAME}-pictures`;
const MINE = [FILES, PAGES, PICTURES];
// What is kept is the browser's own: it was made for this visitor, in the language they chose.
const MATCHING = { ignoreVary: true };

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(SETTINGS.files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("vitrine-") && !MINE.includes(name)).map((name) => caches.delete(name)));
  // Lets the browser ask for a page while this worker is still waking up.
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) {
    return;
  }
  if (request.method !== "GET") {
    // Signing in or out, or erasing data: whoever sits here next finds no page of somebody else's.
    if (address.pathname.startsWith(SETTINGS.account)) {
      event.waitUntil(caches.delete(PAGES));
    }
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(page(event, address));
  } else if (address.pathname === SETTINGS.offline || address.pathname.startsWith(SETTINGS.static)) {
    event.respondWith(file(event, FILES));
  } else if (address.pathname.startsWith(SETTINGS.media)) {
    event.respondWith(file(event, PICTURES, SETTINGS.picturesKept));
  }
});

async function page(event, address) {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request));
    if (address.pathname.startsWith(SETTINGS.kept) && isPage(response)) {
      event.waitUntil(keep(PAGES, address.pathname, response.clone(), SETTINGS.pagesKept));
    }
    return response;
  } catch (error) {
    const pages = await caches.open(PAGES);
    const files = await caches.open(FILES);
    const kept = (await pages.match(address.pathname, MATCHING)) ?? (await files.match(SETTINGS.offline, MATCHING));
    if (!kept) {
      throw error;
    }
    return kept;
  }
}

async function file(event, name, most) {
  try {
    const response = await fetch(event.request);
    if (response.ok && response.type === "basic" && response.status === 200) {
      event.waitUntil(keep(name, event.request, response.clone(), most));
    }
    return response;
  } catch (error) {
    const kept = await (await caches.open(name)).match(event.request, MATCHING);
    if (!kept) {
      throw error;
    }
    return kept;
  }
}

function isPage(response) {
  return response.ok && response.type === "basic" && !response.redirected
    && (response.headers.get("Content-Type") ?? "").startsWith("text/html");
}

async function keep(name, key, response, most) {
  const cache = await caches.open(name);
  // Putting moves it to the end: what was looked at last is last, and the first ones go.
  await cache.put(key, response);
  if (most) {
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((old) => cache.delete(old)));
  }
}
