// Scrolls to the mood buttons of a form, to the card of its verdict or to its live picture, and moves the keyboard's focus there: once for
// each request of the server, and not while the person types.

const answered = new Map() // by form: the number of the last request

const places = {
  moods(form) {
    const moods = document.querySelector(`.st-key-${CSS.escape(`mood_choice_${form}`)}`)
    return [moods, moods?.querySelector("[aria-checked=true]") ?? moods?.querySelector("button")]
  },
  verdict(form) {
    const card = document.querySelector(`[class*="${CSS.escape(`_understood_${form}`)}"]`)
    card?.setAttribute("tabindex", "-1") // so that a screen reader goes on there
    return [card, card]
  },
  live(form) {
    const stage = document.querySelector(`.st-key-${CSS.escape(`stage_${form}`)}`)
    stage?.setAttribute("tabindex", "-1")
    return [stage, stage]
  },
}

export default function ({ data }) {
  if (answered.get(data.form) === data.number) return
  answered.set(data.form, data.number)
  if (document.activeElement?.matches("textarea, input[type=text]")) return
  const [place, target] = places[data.place](data.form)
  if (!place || !target) return
  // The live picture has not yet its full height when it starts.
  const fits = data.place !== "live" && place.getBoundingClientRect().height < 0.75 * window.innerHeight
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches
  place.scrollIntoView({ block: fits ? "center" : "start", behavior: isCalm ? "auto" : "smooth" })
  target.focus({ preventScroll: true })
}
