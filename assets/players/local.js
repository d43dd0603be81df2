// Tracks that need no internet, one flowing into the next: while one ends its gain follows the equal-power curve down,
// and the next one's the same curve up, so that what is heard stays equally loud.

const players = new WeakMap()

class Player {
  constructor(root) {
    this.root = root
    this.sounds = [0, 1].map(() => {
      const sound = document.createElement("audio")
      sound.preload = "none"
      root.querySelector(".local").append(sound)
      return { sound, gain: null, track: null }
    })
    this.front = 0
    this.at = 0
    for (const one of this.sounds) {
      one.sound.ontimeupdate = () => this.onTime(one)
      one.sound.onended = () => one === this.sounds[this.front] && this.onEnd()
      one.sound.onerror = () => one.sound.getAttribute("src") && one === this.sounds[this.front] && this.onError()
      one.sound.onplay = one.sound.onpause = () => this.draw()
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
      this.at = Math.min(data.at, data.tracks.length - 1)
      // What was called by its own button begins; what only moved up does where music was playing, and not where it paused.
      if (!first && data.called && !this.track.url) this.pause()
      else if (!first && (data.called || this.isPlaying)) this.start(data.fade.skip)
    }
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
    if (this.told !== track.id) {
      this.told = track.id
      this.component.setStateValue("at", track.id)
    }
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

  step(by) {
    const to = this.at + by
    if (to < 0 || to >= this.data.tracks.length) return
    this.at = to
    this.start(this.data.fade.skip)
  }

  onTime(one) {
    if (one !== this.now) return
    const { currentTime, duration } = one.sound
    if (!one.half && duration && currentTime > duration / 2) {
      one.half = true
      this.component.setTriggerValue("heard", one.track)
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

  onEnd() {
    if (this.at + 1 < this.data.tracks.length) this.step(1)
    else this.draw()
  }

  onError() {
    this.component.setTriggerValue("failed", this.now.track)
    if (this.at + 1 < this.data.tracks.length) this.step(1)
    else this.draw()
  }

  draw() {
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
    find(".next").disabled = this.at + 1 >= this.data.tracks.length
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
  if (!players.has(root)) players.set(root, new Player(root))
  const player = players.get(root)
  const find = name => root.querySelector(name)
  find(".toggle").onclick = () => player.toggle()
  find(".back").onclick = () => player.step(-1)
  find(".next").onclick = () => player.step(1)
  find(".back").setAttribute("aria-label", data.says.back)
  find(".next").setAttribute("aria-label", data.says.next)
  find(".silent").textContent = data.says.silent
  const bar = find("input")
  bar.setAttribute("aria-label", data.says.position)
  bar.oninput = () => { player.dragging = true; find(".done").textContent = clock(Number(bar.value)) }
  bar.onchange = () => { player.dragging = false; if (player.isHere) player.now.sound.currentTime = Number(bar.value) }
  player.update(data, component)
  return () => {
    for (const one of player.sounds) one.sound.pause()
    player.context?.close()
    players.delete(root)
  }
}
