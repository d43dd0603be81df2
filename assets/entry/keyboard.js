// The keys 1 to 7 choose a mood, except while somebody types; Ctrl+Enter (or ⌘+Enter) keeps the entry, also from inside
// the text area. A button's own shortcut of Streamlit would not do: note_field.js sends what was typed by such a key.
// And the chip of the note puts the cursor into it, which saves a tap.

const TYPES =
  "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true], " +
  "[class*='st-key-tracker_'] *" // a scale and a yes or no of a tracker are buttons
const DIALOG = "[role=dialog]:not(.st-key-day_chosen)" // the panel of a day holds forms
const AFTER_THE_TEXT = 50 // milliseconds, in which Streamlit sends what was typed
const LOOK_EVERY = 50 // milliseconds
const LOOKS = 60

const inKey = (key, selector) => document.querySelector(`.st-key-${CSS.escape(key)} ${selector}`)

// The form that changes an entry, and that of an earlier day, stand in one of these.
const AROUND = "[class*='st-key-mood_card_'], [data-testid='stExpander']"

function belongs(element, keep, isMain) {
  if (!isMain) return Boolean(keep.closest(AROUND)?.contains(element))
  return !element.closest(AROUND)?.querySelector("[class*='st-key-keep_as_']")
}

function isVisible(element) {
  return Boolean(element) && getComputedStyle(element).visibility === "visible"
}

export default function ({ data }) {
  const listening = new AbortController()
  const { signal } = listening
  // Before anything else hears it: a chip lets no event out.
  const on = (event, act) => document.addEventListener(event, act, { signal, capture: true })

  on("keydown", event => {
    if (!event.isTrusted || event.isComposing || event.altKey || document.querySelector(DIALOG)) return
    const at = event.target instanceof Element ? event.target : document.body
    const isControl = event.ctrlKey || event.metaKey
    if (event.key === "Enter" && isControl) {
      const keep = inKey(data.keep, "button")
      if (!keep || !belongs(at, keep, data.isMain)) return
      event.preventDefault()
      event.stopPropagation()
      document.activeElement?.blur?.() // any field sends its value when it loses the focus
      // Looked up anew: a mood that was chosen just before draws another button.
      setTimeout(() => inKey(data.keep, "button")?.click(), AFTER_THE_TEXT)
    } else if (data.isMain && /^[1-7]$/.test(event.key) && !isControl && !event.shiftKey && !at.closest(TYPES)) {
      const moods = document.querySelectorAll(`.st-key-${CSS.escape(data.moods)} [role=radio]`)
      moods[event.key - 1]?.click()
    }
  })

  const openNote = event => {
    const chip = event.target.closest?.(`.st-key-${CSS.escape(data.parts)} button:first-of-type`)
    if (!chip || isVisible(inKey(data.note, "textarea"))) return
    let looks = 0
    // It outlives this call: Streamlit calls the script anew with each run, and such a run opens the note.
    const timer = setInterval(() => {
      const note = inKey(data.note, "textarea")
      looks += 1
      if (isVisible(note) || looks > LOOKS) clearInterval(timer)
      if (isVisible(note) && document.activeElement === chip) note.focus()
    }, LOOK_EVERY)
  }
  on("click", openNote)
  on("keydown", event => (event.key === "Enter" || event.key === " ") && openNote(event))

  return () => listening.abort()
}
