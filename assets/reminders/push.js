// Switches reminders on and off for this browser. It asks for permission only when the person presses the button.
// assets/app/push.js shows what the server sends.

const PATIENCE = 15_000 // milliseconds in which the service worker starts

const switches = new WeakMap() // by the component's root

class Switch {
  constructor(root) {
    const find = name => root.querySelector(`.${name}`)
    this.state = find("state")
    this.problem = find("problem")
    this.start = find("start")
    this.stop = find("stop")
    this.trouble = ""
    this.start.addEventListener("click", () => this.run(() => this.switchOn()))
    this.stop.addEventListener("click", () => this.run(() => this.switchOff()))
  }

  async update(data, component) {
    this.data = data
    this.component = component
    this.start.textContent = data.says.start
    this.stop.textContent = data.says.stop
    await this.look()
  }

  // What this browser cannot do, if anything.
  get obstacle() {
    if (!isSecureContext) return "insecure"
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window))
      return isApple() ? "home_screen" : "missing"
    return Notification.permission === "denied" ? "refused" : ""
  }

  async look() {
    const subscription = this.obstacle ? null : await current().catch(() => null)
    this.isOn = Boolean(subscription) && this.data.devices.includes(await hash(subscription.endpoint))
    this.draw()
  }

  draw() {
    const { says } = this.data
    const trouble = this.obstacle || this.trouble
    this.problem.hidden = !trouble
    this.problem.textContent = trouble && says[trouble]
    this.state.hidden = Boolean(this.obstacle)
    this.state.textContent = says[this.isBusy ? "asking" : this.isOn ? "on" : "off"]
    this.start.hidden = Boolean(this.obstacle) || this.isOn
    this.stop.hidden = !this.isOn
    for (const button of [this.start, this.stop]) button.setAttribute("aria-disabled", Boolean(this.isBusy))
  }

  async run(act) {
    if (this.isBusy) return
    this.isBusy = true
    this.trouble = ""
    this.draw()
    try {
      await act()
    } catch (error) {
      this.trouble = error?.name === "NotAllowedError" ? "dismissed" : "failed"
    }
    this.isBusy = false
    this.draw()
  }

  async switchOn() {
    // First, and before any wait: browsers ask only in answer to a press.
    if ((await Notification.requestPermission()) !== "granted") {
      this.trouble = "dismissed"
      return
    }
    await navigator.serviceWorker.register(this.data.worker)
    const { pushManager } = await inTime(navigator.serviceWorker.ready)
    const key = bytes(this.data.key)
    let subscription = await pushManager.getSubscription()
    if (subscription && !isSame(subscription.options?.applicationServerKey, key)) {
      await subscription.unsubscribe() // of a server that had another key
      subscription = null
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
    this.component.setTriggerValue("subscribed", subscription.toJSON())
  }

  async switchOff() {
    const subscription = await current()
    if (!subscription) return
    this.component.setTriggerValue("unsubscribed", subscription.endpoint)
    await subscription.unsubscribe()
    this.isOn = false
  }
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration(`${window.haruBase}/`)
  return (await registration?.pushManager?.getSubscription()) ?? null
}

async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, "0")).join("")
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(plain, character => character.charCodeAt(0))
}

function isSame(buffer, key) {
  const other = new Uint8Array(buffer ?? [])
  return other.length === key.length && other.every((byte, at) => byte === key[at])
}

// Safari there has push only for pages on the home screen. An iPad calls itself a Mac.
function isApple() {
  return /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1)
}

function inTime(promise) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), PATIENCE))])
}

export default function (component) {
  const { data, parentElement } = component
  if (!switches.has(parentElement)) switches.set(parentElement, new Switch(parentElement))
  switches.get(parentElement).update(data, component)
}
