// What Streamlit's frame lacks for screen readers and keyboards: the language, a link that skips the rows of links, in the
// person's language, names for the row of pages and for the page that is open, and the address of the first page.

const PAPER = 660 // pixels between the margins of a sheet of A4

const main = () => document.getElementById("stMain")

function skip(event) {
  // Streamlit's own answer would be the whole of <main>, with the row of links in it.
  event.preventDefault()
  event.stopPropagation()
  const heading = main()?.querySelector("h1")
  if (!heading) return
  heading.tabIndex = -1
  heading.focus()
}

function mark(row, current) {
  for (const link of row.querySelectorAll("a")) {
    // The first page has no path.
    if (current.includes(link.getAttribute("href").split("/").pop())) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
}

// Streamlit leaves the address of the first page empty, which would open the present page in a new tab.
function fillAddresses() {
  for (const link of document.querySelectorAll("a[data-testid=stPageLink-NavLink][href='']"))
    link.setAttribute("href", new URL(".", location.href).pathname)
}

addEventListener("beforeprint", () => {
  const widths = [...document.querySelectorAll("[data-testid=stPlotlyChart]")].map(chart => chart.clientWidth)
  document.documentElement.style.setProperty("--haru-print-zoom", Math.min(1, PAPER / Math.max(PAPER, ...widths)))
})

// A tap opens a day of the chart. Plotly selects only what the pointer was over before, and a finger is over nothing.
addEventListener(
  "pointerdown",
  ({ pointerType, target, clientX, clientY }) => {
    if (pointerType === "touch" && target.closest?.(".st-key-history_days")) {
      target.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, clientX, clientY, view: window }))
    }
  },
  true,
)

export default function ({ data }) {
  document.documentElement.lang = data.language
  const link = document.querySelector("[data-testid=stSkipToContent]")
  if (link) {
    link.textContent = data.skip
    link.addEventListener("click", skip, true)
  }
  const row = document.querySelector(".st-key-frame")
  if (!row) return
  row.setAttribute("role", "navigation")
  row.setAttribute("aria-label", data.pages)
  const complete = () => {
    mark(row, data.current)
    fillAddresses()
  }
  complete()
  // Streamlit draws more links, or one of these anew.
  const watcher = new MutationObserver(complete)
  watcher.observe(main() ?? row, { childList: true, subtree: true })
  return () => watcher.disconnect()
}
