// The bar of notices: fills the live region, and hides the bar again. A screen reader reads out only what changes in a
// region that was there before, so the region stays in the page, empty, and gets its sentence a moment later.

const MOMENT = 100 // milliseconds
const FOCUS_TRIES = 30
const AT_THE_BUTTON = 4 // seconds more for a person whose pointer or keyboard is on the bar

// These outlive a change of page, which may make the region anew.
let id = null
let ends = 0
let isByKeyboard = false
addEventListener("keydown", () => { isByKeyboard = true }, true)
addEventListener("pointerdown", () => { isByKeyboard = false }, true)

class Bar {
  constructor(root) {
    this.region = root.querySelector("[role=status]")
    this.close = root.querySelector("button")
    this.box = root.closest(".st-key-notice_bar")
    this.close.onclick = () => { ends = 0; this.hide() }
  }

  update(data) {
    this.close.setAttribute("aria-label", data.close)
    if (data.id !== id) {
      id = data.id
      ends = data.seconds === null ? Infinity : performance.now() + 1000 * data.seconds
      this.shown = null
    }
    if (id === null || performance.now() >= ends) this.hide()
    else if (this.shown !== id) this.show(data.sentence)
  }

  show(sentence) {
    this.stop()
    this.shown = id
    this.region.textContent = ""
    this.box.dataset.shown = id
    this.timers = [setTimeout(() => this.fill(sentence), MOMENT)]
    if (ends < Infinity) this.timers.push(setTimeout(() => this.hideUnlessUsed(AT_THE_BUTTON), ends - performance.now()))
  }

  fill(sentence) {
    this.region.textContent = sentence
    this.takeLostFocus(FOCUS_TRIES)
  }

  // Streamlit takes the button that the person pressed away at the end of the run, and with it the keyboard's place.
  takeLostFocus(tries) {
    if (!isByKeyboard) return
    if (document.activeElement === document.body)
      this.box.querySelector("[data-testid=stButton] button")?.focus({ preventScroll: true })
    else if (tries) this.timers.push(setTimeout(() => this.takeLostFocus(tries - 1), MOMENT))
  }

  hideUnlessUsed(seconds) {
    if (!seconds || !this.box.matches(":hover, :focus-within")) return this.hide()
    this.timers.push(setTimeout(() => this.hideUnlessUsed(seconds - 1), 1000))
  }

  hide() {
    this.stop()
    this.shown = null
    this.region.textContent = ""
    delete this.box.dataset.shown
  }

  stop() { this.timers?.forEach(clearTimeout) }
}

const bars = new WeakMap()

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]")
  if (!bars.has(region)) bars.set(region, new Bar(parentElement))
  const bar = bars.get(region)
  bar.update(data)
  return () => {
    bar.stop()
    bars.delete(region)
  }
}
