// Shows the reminders that the server sends, and opens Haru when one is pressed (reminders/web_push.py).
// A part of the service worker.

const RENEWED = `${BASE}/account/reminders/renewed`
const ICON = `${BASE}/account/assets/images/favicon.png`

function read(data) {
  try {
    return data?.json() ?? {}
  } catch {
    return {} // browsers want something to be shown for each push
  }
}

self.addEventListener("push", event => {
  const { title = "하루 Haru", body = "", tag = "haru", lang = "", path = "/" } = read(event.data)
  // One with the same tag takes the place of the last, without another sound.
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, icon: ICON, badge: ICON, data: path }))
})

self.addEventListener("notificationclick", event => {
  event.notification.close()
  event.waitUntil(open(event.notification.data ?? "/"))
})

async function open(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  const page = pages.find(each => each.url.startsWith(`${self.location.origin}${BASE}/`))
  return page ? page.focus() : self.clients.openWindow(`${BASE}${path}`)
}

// The browser replaced the subscription by itself: the server must learn of the new one.
self.addEventListener("pushsubscriptionchange", event => event.waitUntil(renew(event)))

async function renew({ oldSubscription, newSubscription }) {
  if (!oldSubscription) return
  const key = oldSubscription.options?.applicationServerKey
  const renewed = newSubscription
    ?? (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
  await fetch(RENEWED, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ old: oldSubscription.endpoint, renewed: renewed.toJSON() }),
  })
}
