// The words of a recording: a tap on a word plays the recording from there, and the word that is being said is lit.
// The player is Streamlit's own, in the same container; the container's key starts with "spoken_".

const CONTAINER = '[class*="st-key-spoken_"]'
const ROUNDED = 0.05 // seconds: a browser may seek to a little before the time that it was given
const PAUSE = 0.4 // seconds that a word stays lit after its end, so that the light does not flicker between words
const STEPS = { ArrowLeft: -1, ArrowRight: 1 }

const groups = new WeakMap()

class Words {
  constructor(root, container) {
    this.root = root
    this.container = container
    this.listening = new AbortController()
    // Events of a player do not bubble, but an ancestor can capture them, whenever Streamlit draws the player anew.
    const on = (event, act) => container?.addEventListener(event, act, { capture: true, signal: this.listening.signal })
    for (const event of ["play", "playing"]) on(event, () => this.follow())
    for (const event of ["timeupdate", "seeked", "pause", "ended", "emptied"]) on(event, () => this.light())
    root.addEventListener("click", event => this.play(event.target.closest("button")))
    root.addEventListener("keydown", event => this.walk(event))
    root.addEventListener("focusin", event => this.enterAt(event.target.closest("button")))
  }

  get sound() { return this.container?.querySelector("audio") }

  draw(data) {
    this.root.setAttribute("aria-label", data.says.words)
    // Drawn only when they change: the keyboard's place must survive a rerun of the page.
    const words = JSON.stringify(data)
    if (words === this.drawn) return
    this.drawn = words
    this.lit = null
    this.root.replaceChildren(...data.words.flatMap(word => [word.before ?? "", piece(word, data.says)]))
    this.buttons = [...this.root.querySelectorAll("button")]
    this.byStart = [...this.buttons].sort((one, other) => one.start - other.start)
    this.enterAt(this.buttons[0])
    this.light()
  }

  play(button) {
    const { sound } = this
    if (!button || !sound) return
    const loaded = sound.readyState >= HTMLMediaElement.HAVE_METADATA
    if (loaded) sound.currentTime = button.start
    // Streamlit seeks to the start when the recording has loaded; this listener comes after its own.
    else sound.addEventListener("loadedmetadata", () => { sound.currentTime = button.start }, { once: true })
    sound.play().catch(() => this.light()) // a recording that the browser cannot play: the player itself says so
  }

  follow() {
    cancelAnimationFrame(this.frame)
    this.light()
    if (this.sound && !this.sound.paused) this.frame = requestAnimationFrame(() => this.follow())
  }

  light() {
    const word = this.said()
    if (word === this.lit) return
    this.lit?.removeAttribute("aria-current")
    word?.setAttribute("aria-current", "true")
    this.lit = word
  }

  // The button of the word that is being said, or at which the player was paused.
  said() {
    const { sound } = this
    if (!sound || sound.ended || (sound.paused && !sound.currentTime)) return null
    const now = sound.currentTime + ROUNDED
    let low = 0
    let high = this.byStart.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.byStart[middle].start <= now) low = middle + 1
      else high = middle
    }
    const word = this.byStart[low - 1]
    return word && now < word.end + PAUSE ? word : null
  }

  // One stop for Tab; the arrow keys go from word to word.
  walk(event) {
    const place = this.buttons.indexOf(event.target.closest("button"))
    const next = { Home: 0, End: this.buttons.length - 1 }[event.key] ?? place + STEPS[event.key]
    if (place < 0 || !this.buttons[next]) return
    event.preventDefault()
    this.buttons[next].focus()
  }

  enterAt(button) {
    if (!button) return
    if (this.entry) this.entry.tabIndex = -1
    button.tabIndex = 0
    this.entry = button
  }

  stop() {
    this.listening.abort()
    cancelAnimationFrame(this.frame)
  }
}

function piece(word, says) {
  const notes = [word.mark?.label, word.unsure && says.unsure].filter(Boolean)
  const isSpoken = word.start !== undefined
  const element = document.createElement(isSpoken ? "button" : "span")
  const text = child(element, word.mark ? "mark" : "span", word.text)
  if (notes.length) element.title = notes.join(", ")
  if (word.unsure) text.classList.add("unsure")
  if (word.mark) {
    text.style.setProperty("--mood", word.mark.colour)
    text.style.setProperty("--weight", word.mark.weight)
    if (word.mark.against) text.classList.add("against")
    if (word.mark.face) child(element, "small", word.mark.face).setAttribute("aria-hidden", "true")
  }
  if (isSpoken) {
    element.type = "button"
    element.tabIndex = -1
    element.start = word.start
    element.end = word.end
    if (notes.length) element.setAttribute("aria-label", `${word.text} (${element.title})`)
  }
  return element
}

function child(parent, kind, text) {
  const element = document.createElement(kind)
  element.textContent = text
  parent.append(element)
  return element
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".words")
  if (!groups.has(root)) {
    const inPage = root.getRootNode().host ?? root
    groups.set(root, new Words(root, inPage.closest(CONTAINER)))
  }
  const words = groups.get(root)
  words.draw(data)
  return () => {
    words.stop()
    groups.delete(root)
  }
}
