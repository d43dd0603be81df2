// Keeps the files that start Haru, and shows a page of Haru's own while the network is gone. A part of the service
// worker. It keeps no page of the diary, no picture, no recording and nothing else behind the sign-in.
// The server writes VERSION, which changes with what is kept, and OFFLINE_FILES above this line.

const PREFIX = `haru-shell${BASE}-` // another Haru may be on the same host
const CACHE = PREFIX + VERSION
const OFFLINE = `${BASE}/account/offline?lang=`
const LANGUAGE = `${BASE}/language` // an entry of the cache: the language of the last page
const LEAVING = ["sign-out", "delete"].map(name => `${BASE}/account/${name}`)

self.addEventListener("install", event => {
  // These never need the worker; newer browsers do not even wake it up for them.
  const network = ["_stcore", "media", "tracks"].map(name => `${BASE}/${name}/*`)
  event.addRoutes?.(network.map(pathname => ({ condition: { urlPattern: { pathname } }, source: "network" })))
  event.waitUntil(keepOfflinePages())
})

self.addEventListener("activate", event => {
  event.waitUntil(Promise.all([deleteCaches(name => name !== CACHE), self.registration.navigationPreload?.enable()]))
})

self.addEventListener("fetch", event => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(page(event))
    else if (LEAVING.includes(url.pathname)) event.waitUntil(deleteCaches(() => true).then(keepOfflinePages))
  } else if (request.method === "GET" && isShell(url)) {
    event.respondWith(shellFile(event))
  }
})

function isShell({ pathname, search }) {
  if (pathname.startsWith(`${BASE}/static/`)) return true
  const isAsset = pathname.startsWith(`${BASE}/account/assets/`)
  return isAsset && (/^\?v=[0-9a-f]{8}$/.test(search) || /\.[0-9a-f]{8}\.woff2$/.test(pathname))
}

async function shellFile({ request }) {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok && response.type === "basic") await cache.put(request, response.clone())
  return response
}

async function page(event) {
  try {
    const response = (await event.preloadResponse) ?? (await fetch(event.request))
    const language = response.headers.get("content-language")
    if (language) event.waitUntil(remember(language))
    return response
  } catch {
    const cache = await caches.open(CACHE)
    const usual = self.navigator.language.startsWith("ko") ? "ko" : "en"
    const language = (await (await cache.match(LANGUAGE))?.text()) ?? usual
    return (await cache.match(OFFLINE + language)) ?? Response.error()
  }
}

async function remember(language) {
  await (await caches.open(CACHE)).put(LANGUAGE, new Response(language))
}

async function keepOfflinePages() {
  const cache = await caches.open(CACHE)
  // Without cookies: the answer must be a stranger's, and must not change the person's language.
  const pages = ["ko", "en"].map(language => new Request(OFFLINE + language, { credentials: "omit", cache: "reload" }))
  await cache.addAll([...pages, ...OFFLINE_FILES])
}

async function deleteCaches(isOld) {
  const names = (await caches.keys()).filter(name => name.startsWith(PREFIX) && isOld(name))
  await Promise.all(names.map(name => caches.delete(name)))
}
