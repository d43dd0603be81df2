// Covers the page at once when nobody has used Haru for the minutes that the person chose, or when they press the button
// that locks it. Then it asks the server to lock this browser and leads to the page that opens it again (web/lock.py).
// It covers without a connection, too; the server counts the idle time itself and locks without this script.

const LOOK = 1000 // milliseconds between two looks at the time
const TELL = 10_000 // milliseconds between two reports of what the person does
const SAVING = 3000 // milliseconds for which the lock waits until what was typed is saved
const AGAIN = 4000 // milliseconds between two tries to reach the server
const SHARED = "haru_active" // when the person last did something, in any tab of this browser
const ACTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "touchmove"]
const LEAVE = "haru:leave" // assets/entry/note_field.js sends what was typed

let lock // one on each page

class Lock {
  constructor() {
    this.last = Date.now()
    this.told = 0
    this.tabs = new BroadcastChannel("haru_lock")
    this.tabs.onmessage = () => this.go()
    for (const act of ACTS) addEventListener(act, event => event.isTrusted && this.note(), { capture: true, passive: true })
    setInterval(() => this.look(), LOOK)
    document.addEventListener("visibilitychange", () => this.look())
    addEventListener("pageshow", () => this.look())
  }

  use(data) {
    if (!this.data?.minutes && data.minutes) this.last = Date.now()
    this.data = data
  }

  note() {
    if (!this.data?.minutes || this.isCovered) return
    if (this.isIdle) this.look() // the first touch after a long time does not count
    else this.report()
  }

  report() {
    this.last = Date.now()
    if (this.last - this.told < TELL) return
    this.told = this.last
    try { localStorage.setItem(SHARED, this.last) } catch { /* storage is switched off: each tab counts for itself */ }
    post(this.data.active).then(answer => answer?.status === 423 && this.go())
  }

  get isIdle() {
    let last = this.last
    try { last = Math.max(last, Number(localStorage.getItem(SHARED)) || 0) } catch { /* as above */ }
    const left = Date.now() - last
    return left < -TELL || left >= this.data.minutes * 60_000
  }

  look() {
    if (!this.data?.minutes || this.isCovered) return
    if (isBusy(this.data.stopRecording)) this.report()
    else if (this.isIdle) this.now()
  }

  // The person locks, or nobody is there: in all tabs.
  now() {
    this.tabs.postMessage("lock")
    this.go()
  }

  async go() {
    if (this.isCovered || !this.data) return
    this.cover()
    await saved()
    for (;;) {
      const answer = await post(this.data.lock)
      if (answer?.ok || answer?.status === 401) break
      this.say(this.data.noConnection)
      await pause(AGAIN)
    }
    if (!document.querySelector("[data-haru-unsafe]")) return location.replace(this.page)
    this.say(this.data.unsent)
    this.link.target = "_blank"
    // This page sends what is left once the person has opened Haru in the other tab.
    while ((await post(`${this.data.active}?is=open`))?.status !== 204) await pause(AGAIN)
    this.uncover()
  }

  get page() {
    return `${this.data.locked}?next=${encodeURIComponent(location.pathname.slice(window.haruBase.length))}`
  }

  cover() {
    this.isCovered = true
    document.activeElement?.blur() // Streamlit sends the value of a field that is left
    dispatchEvent(new Event(LEAVE))
    document.documentElement.classList.add("haru-locked")
    this.element = document.createElement("div")
    this.element.className = "haru-lock"
    this.element.setAttribute("role", "alertdialog")
    this.element.setAttribute("aria-label", this.data.title)
    this.element.innerHTML = "<h1></h1><p></p><a class='haru-button'></a>"
    this.element.querySelector("h1").textContent = this.data.title
    this.link = this.element.querySelector("a")
    this.link.textContent = this.data.open
    this.link.href = this.page
    document.body.append(this.element)
    this.link.focus()
  }

  say(sentence) {
    this.element.querySelector("p").textContent = sentence
  }

  uncover() {
    this.last = Date.now()
    this.isCovered = false
    document.documentElement.classList.remove("haru-locked")
    this.element.remove()
  }
}

// A recording, the live picture, an upload or a long run, such as an import, goes on though nobody touches the page.
let runningSince
function isBusy(stopRecording) {
  const isRunning = app()?.dataset.testScriptState === "running"
  runningSince = isRunning ? runningSince ?? Date.now() : undefined
  if (isRunning && Date.now() - runningSince > 3 * LOOK) return true
  const stop = `[data-testid="stAudioInput"] :is([aria-label="Stop recording"], [aria-label="${CSS.escape(stopRecording)}"])`
  return Boolean(document.querySelector(`${stop}, [class*="st-key-live_scores_"], [data-testid^="stFileUploader"] [role="progressbar"]`))
}

// Waits until the server has what was typed; without a connection it cannot.
async function saved() {
  const end = Date.now() + SAVING
  do {
    await pause(150)
    if (app()?.dataset.testConnectionState !== "CONNECTED") return
  } while (Date.now() < end && (app()?.dataset.testScriptState === "running" || document.querySelector("[data-haru-unsafe]")))
}

async function post(path) {
  try {
    return await fetch(path, { method: "POST", keepalive: true })
  } catch {
    return null
  }
}

function app() {
  return document.querySelector("[data-testid=stApp]")
}

function pause(milliseconds) {
  return new Promise(done => setTimeout(done, milliseconds))
}

export default function ({ data, parentElement }) {
  lock ??= new Lock()
  if (!data.button) return lock.use(data)
  const button = parentElement.querySelector("button")
  button.hidden = false
  button.textContent = data.button
  button.onclick = () => lock.now()
}
