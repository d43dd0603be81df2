// YouTube in the page. Until its button is pressed nothing of Google's is loaded: no script, no picture, no frame.
// Afterwards the frame is spoken to by its message protocol, so that Google's own script is not needed either.

const HOME = "https://www.youtube-nocookie.com"
// The owner does not allow it here, it is gone, it is private, or the player cannot play it: the next choice, please.
const HAND_OVER = new Set([2, 5, 100, 101, 150])
const PATIENCE_MS = 3500

const players = new WeakMap()

function videoUrl(data) {
  const asked = new URLSearchParams({
    enablejsapi: "1", playsinline: "1", rel: "0", autoplay: "1", hl: data.language, origin: window.location.origin,
  })
  return `${HOME}/embed/${encodeURIComponent(data.video)}?${asked}`
}

class Player {
  constructor(root) {
    this.root = root
    this.screen = root.querySelector(".screen")
    this.trouble = root.querySelector(".trouble")
    this.onMessage = event => this.hear(event)
    window.addEventListener("message", this.onMessage)
  }

  open(data, component) {
    this.component = component
    this.data = data
    if (this.playing === data.video) return
    this.playing = data.video
    this.told = new Set()
    this.answered = false
    this.trouble.hidden = true
    this.root.querySelector(".front").hidden = true
    this.root.querySelector(".screen img").hidden = true
    this.frame?.remove()
    const frame = document.createElement("iframe")
    frame.title = data.title
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture"
    // Without a referrer YouTube answers with error 153.
    frame.referrerPolicy = "strict-origin-when-cross-origin"
    frame.src = videoUrl(data)
    this.frame = frame
    this.screen.append(frame)
    clearInterval(this.calling)
    clearTimeout(this.waiting)
    this.calling = setInterval(() => this.say({ event: "listening" }), 250)
    this.waiting = setTimeout(() => this.silence(), PATIENCE_MS)
  }

  close() {
    clearInterval(this.calling)
    clearTimeout(this.waiting)
    this.frame?.remove()
    this.frame = this.playing = null
    this.trouble.hidden = true
    this.root.querySelector(".front").hidden = false
    this.root.querySelector(".screen img").hidden = false
  }

  say(message) {
    // Before its page is there the frame is still ours: the browser would complain about the address.
    if (this.frame?.contentWindow) {
      this.frame.contentWindow.postMessage(JSON.stringify({ id: 1, channel: "widget", ...message }), "*")
    }
  }

  hear(event) {
    if (event.origin !== HOME || event.source !== this.frame?.contentWindow) return
    let message
    try { message = JSON.parse(event.data) } catch { return }
    if (!this.answered) {
      this.answered = true
      this.trouble.hidden = true
      clearInterval(this.calling)
      clearTimeout(this.waiting)
      for (const name of ["onError", "onStateChange"]) {
        this.say({ event: "command", func: "addEventListener", args: [name] })
      }
    }
    if (message.event === "onError") this.failed(Number(message.info?.errorCode ?? message.info))
    const state = message.event === "onStateChange" ? message.info : message.info?.playerState
    if (state === 1) this.tell("heard")
    if (state === 0) this.tell("ended")
  }

  failed(code) {
    if (HAND_OVER.has(code)) this.tell("failed", code)
    else this.complain(this.data.says.trouble)
  }

  // The page says so, with what can be heard instead; a player that was only slow is still listened for.
  silence() {
    this.complain(this.data.says.silent)
    this.tell("silent")
  }

  complain(sentence) {
    this.trouble.textContent = sentence
    this.trouble.hidden = false
  }

  // Each thing once for each video.
  tell(what, code = null) {
    if (this.told.has(what)) return
    this.told.add(what)
    this.component.setTriggerValue(what, { video: this.playing, code })
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const root = parentElement.querySelector(".player")
  if (!players.has(root)) players.set(root, new Player(root))
  const player = players.get(root)
  root.querySelector(".screen img").src = data.picture
  root.querySelector(".front strong").textContent = data.title
  root.querySelector(".contact").textContent = data.says.contact
  const start = root.querySelector(".start")
  start.textContent = data.says.play
  start.onclick = () => {
    window.haruMusic?.close()
    player.open(data, component)
    setTriggerValue("opened", data.video)
  }
  const link = root.querySelector(".elsewhere")
  link.textContent = data.says.elsewhere
  link.href = `https://www.youtube.com/watch?v=${encodeURIComponent(data.video)}`
  if (data.opened) player.open(data, component)
  else if (player.playing && player.playing !== data.video) player.close()
  return () => {
    player.close()
    window.removeEventListener("message", player.onMessage)
    players.delete(root)
  }
}
