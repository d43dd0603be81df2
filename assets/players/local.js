// Tracks that need no internet, one flowing into the next: while one ends its gain follows the equal-power curve down,
// and the next one's the same curve up, so that what is heard stays equally loud.

// The player outlives the Music page: its sounds and its bar are in the body, outside of what Streamlit draws. It shows
// itself in the page's component while there is one, and in the bar on every other page.

const ICONS = {
  play: "M8 5v14l11-7z", pause: "M6 5h4v14H6zm8 0h4v14h-4z", next: "M16 5h2v14h-2zM4 5v14l11-7z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z",
}

class Player {
  constructor() {
    this.bar = this.buildBar()
    this.sounds = [0, 1].map(() => {
      const sound = document.createElement("audio")
      sound.preload = "none"
      this.bar.append(sound)
      return { sound, gain: null, track: null }
    })
    this.front = 0
    this.at = 0
    this.untold = { heard: [], skipped: [] }
    for (const one of this.sounds) {
      one.sound.ontimeupdate = () => this.onTime(one)
      one.sound.onended = () => one === this.sounds[this.front] && this.advance()
      one.sound.onerror = () => one.sound.getAttribute("src") && one === this.sounds[this.front] && this.onError()
      one.sound.onplay = one.sound.onpause = () => this.draw()
    }
    this.pauseWhileRecording()
  }

  buildBar() {
    const bar = document.createElement("aside")
    bar.className = "haru-music"
    bar.hidden = true
    const button = (name, press) => {
      const made = document.createElement("button")
      made.type = "button"
      made.className = name
      made.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path/></svg>`
      made.onclick = press
      return made
    }
    this.barTitle = document.createElement("span")
    this.barKeys = {
      toggle: button("toggle", () => this.toggle()),
      next: button("next", () => this.next()),
      close: button("close", () => this.close()),
    }
    bar.append(this.barKeys.toggle, this.barTitle, this.barKeys.next, this.barKeys.close)
    document.body.append(bar)
    return bar
  }

  // A microphone would record the music. It goes on only when the person presses play.
  pauseWhileRecording() {
    const devices = navigator.mediaDevices
    if (devices?.getUserMedia) {
      const ask = devices.getUserMedia.bind(devices)
      devices.getUserMedia = wanted => {
        if (wanted?.audio) this.pause()
        return ask(wanted)
      }
    }
    // Live is a frame with a microphone of its own.
    window.addEventListener("blur", () => {
      const { activeElement } = document
      if (activeElement?.tagName === "IFRAME" && /webrtc/.test(activeElement.src + activeElement.title)) this.pause()
    })
  }

  // The component is gone with its page; the music goes on in the bar.
  hide(root) {
    if (this.root !== root) return
    this.root = this.component = null
    this.draw()
  }

  close() {
    for (const one of this.sounds) {
      one.sound.pause()
      one.sound.removeAttribute("src")
      one.track = null
    }
    this.draw()
  }

  // What happens on another page is reported when the Music page is open again.
  tell(what, id) {
    this.untold[what].push(id)
    this.report()
  }

  report() {
    if (!this.component) return
    for (const [what, ids] of Object.entries(this.untold)) {
      if (!ids.length) continue
      this.component.setTriggerValue(what, ids)
      this.untold[what] = []
    }
    const id = this.track?.id
    if (id && this.told !== id) {
      this.told = id
      this.component.setStateValue("at", id)
    }
  }

  get now() { return this.sounds[this.front] }

  get track() { return this.data.tracks[this.at] }

  // Whether what sounds, or paused, is what the list shows: after another piece was chosen in a pause it is not.
  get isHere() { return Boolean(this.now.track) && this.now.track === this.track?.id }

  get isPlaying() { return Boolean(this.now.track) && !this.now.sound.paused }

  update(data, component) {
    this.data = data
    this.component = component
    if (data.jump !== this.jump) {
      const first = this.jump === undefined
      this.jump = data.jump
      this.told = undefined
      this.at = Math.min(data.at, data.tracks.length - 1)
      // What was called by its own button begins; what only moved up does where music was playing, and not where it paused.
      if (data.called && !this.track.url) this.pause()
      else if (data.called || (!first && this.isPlaying)) this.start(data.fade.skip)
    }
    this.told ??= data.tracks[data.at]?.id
    this.report()
    this.draw()
  }

  // The sound graph is built at the first press of a key: before that a browser would keep it silent.
  wake() {
    if (this.context || !window.AudioContext) return this.context?.resume()
    this.context = new AudioContext()
    for (const one of this.sounds) {
      one.gain = this.context.createGain()
      this.context.createMediaElementSource(one.sound).connect(one.gain).connect(this.context.destination)
    }
    return this.context.resume()
  }

  ramp(one, curve, seconds) {
    if (!one.gain) { one.sound.volume = curve[curve.length - 1]; return }
    const gain = one.gain.gain
    const now = this.context.currentTime
    // What is still coming in goes out from where it is: a jump to full gain would click.
    const from = curve[0] > 0 ? gain.value : 1
    gain.cancelScheduledValues(now)
    try { gain.setValueCurveAtTime(Float32Array.from(curve, value => value * from), now, Math.max(seconds, 0.02)) } catch { gain.value = curve[curve.length - 1] }
  }

  // Lets the track at `this.at` come in on the other sound, while what is playing goes out.
  start(seconds) {
    const track = this.track
    if (!track?.url) return this.skipSilent(seconds)
    this.wake()
    const old = this.now
    this.front = 1 - this.front
    const one = this.now
    one.track = track.id
    one.half = one.leaving = false
    one.sound.src = track.url
    const wasPlaying = !old.sound.paused
    this.ramp(one, this.data.fade.in, wasPlaying ? seconds : 0.05)
    one.sound.play().catch(() => this.draw())
    if (wasPlaying) {
      old.leaving = true
      this.ramp(old, this.data.fade.out, seconds)
      setTimeout(() => old !== this.now && old.sound.pause(), seconds * 1000)
    }
    this.draw()
    this.report()
  }

  skipSilent(seconds) {
    const next = this.data.tracks.findIndex((track, place) => place > this.at && track.url)
    if (next < 0) return this.draw()
    this.at = next
    this.start(seconds)
  }

  toggle() {
    if (!this.isHere) return this.start(0)
    if (this.isPlaying) return this.pause()
    this.wake()
    this.now.sound.play().catch(() => this.draw())
  }

  pause() {
    for (const one of this.sounds) one.sound.pause()
  }

  // Where music plays, the other track begins; in a pause it is only shown.
  step(by) {
    const wasPlaying = this.isPlaying
    this.at = (this.at + by + this.data.tracks.length) % this.data.tracks.length
    if (wasPlaying) return this.start(this.data.fade.skip)
    this.draw()
    this.report()
  }

  // Pressed while the track has not come to its end, this is also feedback about it.
  next() {
    const { currentTime, duration } = this.now.sound
    const isCut = currentTime > 0 && !(duration - currentTime <= this.data.fade.seconds)
    if (this.isHere && isCut) this.tell("skipped", this.track.id)
    this.step(1)
  }

  advance() {
    if (this.at + 1 >= this.data.tracks.length) return this.draw()
    this.at += 1
    this.start(this.data.fade.skip)
  }

  onTime(one) {
    if (one !== this.now) return
    const { currentTime, duration } = one.sound
    if (!one.half && duration && currentTime > duration / 2) {
      one.half = true
      this.tell("heard", one.track)
    }
    const left = duration - currentTime
    const more = this.data.tracks.slice(this.at + 1).some(track => track.url)
    if (more && !one.leaving && left <= this.data.fade.seconds) {
      one.leaving = true
      this.at += 1
      this.start(Math.max(left, 0.2))
    }
    this.draw()
  }

  onError() {
    this.component?.setTriggerValue("failed", this.now.track)
    this.advance()
  }

  draw() {
    if (!this.data) return
    this.drawBar()
    if (this.root) this.drawView()
  }

  drawBar() {
    const { says, tracks } = this.data
    const isShown = !this.root && Boolean(this.now.track)
    this.bar.hidden = !isShown
    // The rest of the page makes room for it (assets/style/music.css).
    document.documentElement.toggleAttribute("data-haru-music", isShown)
    if (!isShown) return
    const playing = this.isPlaying && this.isHere
    const name = playing ? "pause" : "play"
    this.bar.setAttribute("aria-label", says.bar)
    const title = tracks[this.at]?.title ?? ""
    if (this.barTitle.textContent !== title) this.barTitle.textContent = title
    for (const [key, icon] of [["toggle", name], ["next", "next"], ["close", "close"]]) {
      const button = this.barKeys[key]
      if (button.getAttribute("aria-label") === says[icon]) continue
      button.setAttribute("aria-label", says[icon])
      button.title = says[icon]
      button.querySelector("path").setAttribute("d", ICONS[icon])
    }
  }

  drawView() {
    const find = name => this.root.querySelector(name)
    const { track, isHere } = this
    const { sound } = this.now
    const playing = isHere && this.isPlaying
    find(".what").textContent = track ? `${this.at + 1}. ${track.title}` : ""
    find(".by").textContent = track?.by ?? ""
    find(".strip").src = track?.picture ?? ""
    find(".silent").hidden = !track || Boolean(track.url)
    const key = find(".toggle")
    key.setAttribute("aria-label", playing ? this.data.says.pause : this.data.says.play)
    find(".is-play").toggleAttribute("hidden", playing)
    find(".is-pause").toggleAttribute("hidden", !playing)
    find(".back").disabled = this.at === 0
    const duration = isHere && Number.isFinite(sound.duration) ? sound.duration : track?.seconds ?? 0
    const bar = find("input")
    bar.max = duration
    if (!this.dragging) bar.value = isHere ? sound.currentTime : 0
    find(".done").textContent = clock(Number(bar.value))
    find(".whole").textContent = clock(duration)
    bar.setAttribute("aria-valuetext", `${clock(Number(bar.value))} / ${clock(duration)}`)
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds || 0)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`
}

export default function (component) {
  const { data, parentElement } = component
  const root = parentElement.querySelector(".player")
  const player = (window.haruMusic ??= new Player())
  const find = name => root.querySelector(name)
  find(".toggle").onclick = () => player.toggle()
  find(".back").onclick = () => player.step(-1)
  find(".next").onclick = () => player.next()
  find(".back").setAttribute("aria-label", data.says.back)
  find(".next").setAttribute("aria-label", data.says.next)
  find(".next").title = data.says.next
  find(".silent").textContent = data.says.silent
  const bar = find("input")
  bar.setAttribute("aria-label", data.says.position)
  bar.oninput = () => { player.dragging = true; find(".done").textContent = clock(Number(bar.value)) }
  bar.onchange = () => { player.dragging = false; if (player.isHere) player.now.sound.currentTime = Number(bar.value) }
  player.root = root
  player.update(data, component)
  return () => player.hide(root)
}
