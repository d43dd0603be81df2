// Says in Haru's own words that the connection is gone, and that it is back. Streamlit's dialog about it is switched off
// (web/streamlit_private.py). Streamlit tries again every four seconds at most, without an end; the rest is done here.

const GRACE = 1500 // milliseconds without a connection, after which it is worth a sentence
const SHOWN = 4000 // milliseconds for which it says that it is back
const PROBE = 20_000 // milliseconds between two looks at whether the server still answers
const PATIENCE = 8000 // milliseconds after which a look counts as failed
const HEALTH = "_stcore/health"
const SESSION = "_stcore/host-config" // needs a signed-in person

let bar // one on each page

class Bar {
  constructor(data) {
    this.data = data
    this.element = document.createElement("div")
    this.element.className = "haru-connection"
    this.element.setAttribute("role", "status")
    document.body.append(this.element)
    new MutationObserver(() => this.look()).observe(app(), { attributeFilter: ["data-test-connection-state"] })
    window.addEventListener("offline", () => this.look())
    window.addEventListener("online", () => this.probe())
    document.addEventListener("visibilitychange", () => document.hidden || this.probe())
    setInterval(() => document.hidden || this.probe(), PROBE)
  }

  get isLost() { return state() !== "CONNECTED" || !navigator.onLine || this.isSilent }

  look() {
    if (this.isLost) {
      this.grace ??= setTimeout(() => this.show(), GRACE)
    } else {
      clearTimeout(this.grace)
      this.grace = undefined
      if (this.isShown) this.sayBack()
    }
  }

  // A connection can be dead without anybody noticing, as after a change of network.
  async probe() {
    if (!navigator.onLine) return
    this.isSilent = !(await answer(HEALTH))
    this.look()
  }

  show() {
    this.isShown = true
    clearTimeout(this.hiding)
    this.say(this.data.lost)
    this.ask()
  }

  // Whether the person is still signed in: without a session, Streamlit would try for ever.
  async ask() {
    while (this.isLost) {
      const response = navigator.onLine && (await answer(SESSION))
      if (!this.isLost) break
      if (response?.status === 423) return this.signIn(this.data.lockedMeans, `${this.data.locked}?next=${location.pathname.slice(window.haruBase.length)}`)
      if (response?.status === 401 || response?.redirected) return this.signIn(this.data.ended, this.data.signIn)
      if (state() === "DISCONNECTED_FOREVER" && response?.ok) return this.offer(this.data.reload, location.href)
      await new Promise(done => setTimeout(done, 4000))
    }
  }

  // In a new tab where there is unsent text: once the person is signed in again, it is sent from here.
  signIn(sentence, address) {
    if (document.documentElement.classList.contains("haru-locked")) return // lock.js leads there
    if (!document.querySelector("[data-haru-unsafe]")) return location.replace(address)
    this.offer(sentence, address, "_blank")
    setTimeout(() => this.isLost && this.ask(), 4000)
  }

  offer(sentence, address, target = "_self") {
    if (this.element.querySelector("a")) return
    this.say(sentence)
    const link = document.createElement("a")
    link.href = address
    link.target = target
    link.textContent = target !== "_blank" ? this.data.reloadNow : address === this.data.signIn ? this.data.signInAgain : this.data.open
    this.element.append(" ", link)
  }

  say(sentence) {
    this.element.textContent = sentence
    this.element.classList.add("haru-connection-shown")
  }

  sayBack() {
    this.isShown = false
    this.say(this.data.back)
    this.hiding = setTimeout(() => {
      this.element.classList.remove("haru-connection-shown")
      this.element.textContent = ""
    }, SHOWN)
  }
}

async function answer(path) {
  try {
    return await fetch(`${window.haruBase}/${path}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })
  } catch {
    return null
  }
}

function app() {
  return document.querySelector("[data-testid=stApp]")
}

function state() {
  return app()?.dataset.testConnectionState
}

export default function ({ data }) {
  bar ??= new Bar(data)
  bar.data = data // another language
}
