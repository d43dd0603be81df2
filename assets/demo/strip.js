// The strip of the demo: a button that changes the theme with each press (theme.js), the keys ← and → for the step before
// and the next one, ? for the list of all steps, and a cookie by which a reload finds the step again.

const ICONS = {
  light: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10M11 1h2v4h-2zM11 19h2v4h-2zM1 11h4v2H1zM19 11h4v2h-4zM4.2 5.6l1.4-1.4 2.8 2.8L7 8.4zM15.6 17l1.4-1.4 2.8 2.8-1.4 1.4zM4.2 18.4 7 15.6 8.4 17l-2.8 2.8zM15.6 7l2.8-2.8 1.4 1.4L17 8.4z",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5",
  system: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m0 2v16a8 8 0 0 1 0-16",
}
const OPPOSITE = { light: "dark", dark: "light" }
const KEYS = { ArrowLeft: ".st-key-step_back a", ArrowRight: ".st-key-step_next a", "?": ".st-key-route_open button" }
// What uses the arrow keys itself, or takes letters.
const ITS_OWN = "input, textarea, select, audio, video, table, dialog, iframe, [contenteditable=true], [role]:not([role=button], [role=link], [role=navigation], [role=main], [role=status], [role=dialog])"

let first = "dark" // the theme that a press chose when the system's was shown

function next(chosen) {
  if (chosen === "system") return (first = OPPOSITE[document.documentElement.style.colorScheme] ?? "dark")
  return chosen === first ? OPPOSITE[first] : "system"
}

function press(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return
  const link = KEYS[event.key] && document.querySelector(KEYS[event.key])
  if (!link || link.hasAttribute("disabled") || link.ariaDisabled === "true" || event.target.closest?.(ITS_OWN)) return
  if (document.querySelector("[data-testid=stDialog]")) return
  event.preventDefault()
  link.click()
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  const draw = () => {
    const theme = window.haruTheme.chosen
    button.setAttribute("aria-label", `${data.label}: ${data.themes[theme]}`)
    button.title = button.ariaLabel
    button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[theme]}"/></svg>`
  }
  button.onclick = () => {
    window.haruTheme.choose(next(window.haruTheme.chosen))
    draw()
  }
  draw()
  document.cookie = `${data.cookie}=${data.step}; path=${window.haruBase || "/"}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`
  // Once a window: Streamlit may draw the strip anew with each page, and no key may fall between.
  if (!window.haruStripKeys) document.addEventListener("keydown", press)
  window.haruStripKeys = true
}
