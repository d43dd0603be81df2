// The open day in a narrow window: a panel over the calendar. It takes the keyboard's place when it opens; Escape, its
// cross and the browser's Back close it. Beside the calendar, in a wide window, it stays part of the page.

const NARROW = matchMedia("(max-width: 1099.98px)")
const STILL_USABLE = ".st-key-notice_bar, .st-key-connection, .st-key-stage" // over everything, also over the panel
const FLOATING = "[data-testid=stDialog], [data-testid=stPopoverBody], [data-baseweb=popover]"

// These outlive a call: Streamlit calls the script anew in each run.
let last = null // the day that was open in the last call
let inert = []
let listening = new AbortController()

addEventListener("popstate", close)

export default function ({ data }) {
  const panel = document.querySelector(".st-key-day_chosen, .st-key-day_beside")
  if (!panel) return
  const isNew = data.day !== last
  const wasOpen = last !== null
  last = data.day

  listening.abort()
  const mine = new AbortController()
  listening = mine
  const { signal } = mine
  // A screen reader says which day is open, also where it stands beside the calendar.
  panel.querySelector("h3")?.parentElement.setAttribute("aria-live", "polite")
  const fit = () => (data.day && NARROW.matches ? makeDialog(panel) : release(panel))
  NARROW.addEventListener("change", fit, { signal })
  fit()
  if (data.day && NARROW.matches && isNew) takeFocus(panel, wasOpen)
  if (data.day) {
    document.addEventListener("keydown", event => onKey(event, panel), { signal })
    document.addEventListener("click", event => onClick(event, panel), { signal, capture: true })
  }
  return () => {
    if (listening !== mine) return // a later call took over
    mine.abort()
    release(panel)
    // Not there any more: the person went to another page.
    setTimeout(() => { if (!panel.isConnected) last = null })
  }
}

// At once: the run that closes the day may end before it says so.
function close() {
  last = null
  release()
}

function makeDialog(panel) {
  release(panel)
  panel.setAttribute("role", "dialog")
  panel.setAttribute("aria-modal", "true")
  panel.setAttribute("aria-label", panel.querySelector("h3")?.textContent ?? "")
  for (let node = panel; node.parentElement && node.dataset.testid !== "stMainBlockContainer"; node = node.parentElement)
    for (const other of node.parentElement.children)
      if (other !== node && !other.matches(STILL_USABLE) && !other.querySelector(STILL_USABLE) && !other.inert) {
        other.inert = true
        inert.push(other)
      }
}

function release(panel) {
  for (const other of inert) other.inert = false
  inert = []
  for (const name of ["role", "aria-modal", "aria-label"]) panel?.removeAttribute(name)
}

function takeFocus(panel, wasOpen) {
  if (!wasOpen) panel.scrollTop = 0
  // Between two days, the keyboard stays on the arrow, as long as there is one.
  if (wasOpen && panel.contains(document.activeElement)) return
  const title = panel.querySelector("h3")
  title?.setAttribute("tabindex", "-1")
  title?.focus({ preventScroll: true })
}

function onKey(event, panel) {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !NARROW.matches) return
  if (!document.querySelector(FLOATING)) panel.querySelector(".st-key-day_close button")?.click()
}

function onClick(event, panel) {
  if (!NARROW.matches) return
  // What lies behind the panel is inert: a tap there reaches what holds both.
  if (event.target.contains(panel)) panel.querySelector(".st-key-day_close button")?.click()
  if (!event.target.closest(".st-key-day_close")) return
  close()
  const steps = stepsFromCalendar()
  if (!steps) return
  event.stopPropagation()
  history.go(-steps)
}

// The cross goes back in the browser's history where it can: else, Back would open the day again. 0 where the person
// came from another page, or where the browser does not tell.
function stepsFromCalendar() {
  const currentEntry = globalThis.navigation?.currentEntry
  if (!currentEntry) return 0
  const before = navigation.entries().slice(0, currentEntry.index).map(entry => new URL(entry.url)).reverse()
  const days = before.findIndex(url => url.pathname !== location.pathname || !url.searchParams.has("day"))
  return before[days]?.pathname === location.pathname ? days + 1 : 0
}
