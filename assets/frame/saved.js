// The card of an entry that was just kept: scrolls to it once, has its sentence read out, and takes Undo away in time.

const MOMENT = 100 // milliseconds; a screen reader reads out only what changes in a region that was there before

let scrolledTo = null // outlives a change of page

export default function ({ data, parentElement }) {
  const region = parentElement.querySelector("[role=status]")
  const card = parentElement.closest("[class*=st-key-mood_card_]")
  const timers = [setTimeout(() => { if (region.textContent !== data.saved) region.textContent = data.saved }, MOMENT)]
  delete card.dataset.late
  timers.push(setTimeout(() => { card.dataset.late = "" }, 1000 * data.seconds))
  if (scrolledTo !== data.id) {
    scrolledTo = data.id
    // The card stands under the title: the whole way up, because the page is still changing.
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches
    card.closest("[data-testid=stMain]")?.scrollTo({ top: 0, behavior: isCalm ? "instant" : "smooth" })
  }
  return () => timers.forEach(clearTimeout)
}
