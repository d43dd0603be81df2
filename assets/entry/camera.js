// Takes a few frames of the camera over a second and a half and sends them to the server, which reads their mean.
// The camera runs only between a press of its button and the last frame; it goes off as well when the component leaves
// the page or is hidden, and when the person leaves the tab.

const FRAMES = 5
const SECONDS = 1.5 // from the first frame to the last
const LONGEST = 640, SHORTEST = 480 // pixels of a frame's sides, at most
const QUALITY = 0.85
const CAMERA = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" }
const AGAIN = [4_000, 8_000, 16_000] // milliseconds without an answer, after which the frames are sent again

// The browser's names of what went wrong. Anything else may pass: another try can help.
const PROBLEMS = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
}

const cameras = new WeakMap() // by the component's root

class Camera {
  constructor(root) {
    const find = name => root.querySelector(`.${name}`)
    this.all = find("camera")
    this.video = find("live")
    this.image = find("taken")
    this.bar = find("bar")
    this.hint = find("hint")
    this.problem = find("problem")
    this.main = find("main")
    this.off = find("off")
    this.state = "off" // off, starting, on, taking, taken
    this.trouble = ""
    this.timers = new Set()
    this.closed = new AbortController()
    const { signal } = this.closed
    this.main.addEventListener("click", () => this.press(), { signal })
    this.off.addEventListener("click", () => this.stop(), { signal })
    this.video.addEventListener("playing", () => this.state === "starting" && this.become("on"), { signal })
    document.addEventListener("visibilitychange", () => document.hidden && this.stop(), { signal })
    window.addEventListener("pagehide", () => this.stop(), { signal })
    // A part of the page that is closed has no size.
    this.sizes = new ResizeObserver(([entry]) => entry.contentRect.width || this.stop())
    this.sizes.observe(this.all)
  }

  update(data, component) {
    this.data = data
    this.component = component
    if (this.sent?.id === data.id) this.sent = null
    if (this.state === "off" || this.state === "taken") this.state = this.picture ? "taken" : "off"
    this.draw()
  }

  // What was taken here is there at once; the server's picture is there after a change of page.
  get picture() { return this.sent ? this.local : this.data.picture }

  get isRunning() { return ["starting", "on", "taking"].includes(this.state) }

  press() {
    if (this.state === "off" || this.state === "taken") this.start()
    else if (this.state === "on") this.take()
  }

  async start() {
    this.trouble = ""
    if (!navigator.mediaDevices?.getUserMedia) return this.fail("insecure")
    this.become("starting")
    const turn = (this.turn = {})
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: CAMERA, audio: false })
      if (this.turn !== turn || this.state !== "starting") return end(stream)
      this.stream = stream
      stream.getVideoTracks()[0].addEventListener("ended", () => this.stream === stream && this.fail("ended"))
      this.video.srcObject = stream
      await this.video.play()
    } catch (error) {
      if (this.turn === turn && this.state === "starting") this.fail(PROBLEMS[error.name] ?? "failed")
    }
  }

  take() {
    this.become("taking")
    const frames = []
    const began = performance.now()
    const step = () => {
      if (this.state !== "taking") return
      const gone = (performance.now() - began) / (1000 * SECONDS)
      if (gone >= frames.length / (FRAMES - 1)) frames.push(this.frame())
      this.bar.value = Math.min(1, gone)
      if (frames.length === FRAMES) this.finish(frames)
      else this.later(step, 30)
    }
    step()
  }

  frame() {
    const { videoWidth: width, videoHeight: height } = this.video
    const scale = Math.min(1, LONGEST / Math.max(width, height), SHORTEST / Math.min(width, height))
    const canvas = document.createElement("canvas")
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    // Not mirrored, unlike the picture on the screen.
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL("image/jpeg", QUALITY)
  }

  finish(frames) {
    if (frames.some(frame => !frame.startsWith("data:image/jpeg;base64,"))) return this.fail("failed")
    this.release()
    this.local = frames[FRAMES >> 1]
    this.sent = { id: crypto.randomUUID?.() ?? String(Math.random()), frames, times: 0 }
    this.send(this.sent)
    this.become("taken")
  }

  // A connection that is lost at this moment loses the frames: without an answer they are sent again.
  send(sent) {
    if (this.sent !== sent) return
    this.component.setTriggerValue("taken", { id: sent.id, frames: sent.frames })
    if (sent.times < AGAIN.length) this.later(() => this.send(sent), AGAIN[sent.times++])
  }

  stop() {
    if (!this.isRunning) return
    this.release()
    this.become(this.picture ? "taken" : "off")
  }

  fail(trouble) {
    this.release()
    this.trouble = trouble
    this.become(this.picture ? "taken" : "off")
  }

  release() {
    this.turn = null
    if (this.stream) end(this.stream)
    this.stream = null
    this.video.srcObject = null
  }

  become(state) {
    this.state = state
    this.draw()
  }

  draw() {
    const { says } = this.data
    const { state } = this
    this.all.dataset.state = state
    this.all.setAttribute("aria-label", says.group)
    this.video.hidden = !this.isRunning
    this.image.hidden = state !== "taken"
    if (!this.image.hidden && this.image.src !== this.picture) this.image.src = this.picture
    this.image.alt = says.picture
    this.bar.hidden = state !== "taking"
    this.bar.value = this.bar.hidden ? 0 : this.bar.value
    this.bar.setAttribute("aria-label", says.taking)
    const hints = { starting: says.allow, on: says.silence, taking: says.taking, taken: says.done }
    write(this.hint, hints[state] ?? "")
    write(this.problem, this.isRunning ? "" : this.trouble ? says[this.trouble] : this.data.problem)
    this.main.textContent = { on: says.take, taking: says.take, starting: says.start, taken: says.again }[state] ?? says.start
    // Not `disabled`: the button would lose the keyboard's place.
    this.main.setAttribute("aria-disabled", String(state === "starting" || state === "taking"))
    this.off.textContent = says.off
    if (!this.isRunning && this.all.getRootNode().activeElement === this.off) this.main.focus()
    this.off.hidden = !this.isRunning
  }

  later(act, milliseconds) {
    const timer = setTimeout(() => { this.timers.delete(timer); act() }, milliseconds)
    this.timers.add(timer)
  }

  close() {
    this.release()
    this.timers.forEach(clearTimeout)
    this.sizes.disconnect()
    this.closed.abort()
  }
}

function end(stream) {
  for (const track of stream.getTracks()) track.stop()
}

// Only what changes, or a screen reader would read the line again.
function write(line, text) {
  if (line.textContent !== text) line.textContent = text
  line.hidden = !text
}

export default function (component) {
  const { data, parentElement: root } = component
  if (!cameras.has(root)) cameras.set(root, new Camera(root))
  const camera = cameras.get(root)
  const turn = (camera.called = (camera.called ?? 0) + 1)
  camera.update(data, component)
  return () => {
    if (camera.called !== turn) return // Streamlit also ends a call that newer data overtook
    camera.close()
    cameras.delete(root)
  }
}
