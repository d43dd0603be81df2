// Scrolls to the mood buttons of a form and focuses the chosen or first one, once for each request of the server.

const answered = new Map() // by field: the last request

export default function ({ data }) {
  if (answered.get(data.field) === data.asked) return
  answered.set(data.field, data.asked)
  const moods = document.querySelector(`.st-key-${CSS.escape(data.field)}`)
  const button = moods?.querySelector("[aria-checked=true]") ?? moods?.querySelector("button, [role=radio]")
  if (!button) return
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches
  moods.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" })
  button.focus({ preventScroll: true })
}
