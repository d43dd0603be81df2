// The keys 1 to 7 choose a mood, except while somebody types; Ctrl+Enter (or ⌘+Enter) keeps the entry, also from inside
// the text area. A button's own shortcut of Streamlit would not do: note_field.js sends what was typed by such a key.

const TYPES = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable=true], [class*='st-key-tracker_'] *"
const AFTER_THE_TEXT = 50 // milliseconds, in which Streamlit sends what was typed

function inOtherForm(element, moods) {
  return element.closest("[class*='st-key-mood_card_']") && !element.closest(`.st-key-${CSS.escape(moods)}`)
}

export default function ({ data }) {
  const listening = new AbortController()
  document.addEventListener(
    "keydown",
    event => {
      if (!event.isTrusted || event.isComposing || event.altKey || document.querySelector("[role=dialog]")) return
      const at = event.target instanceof Element ? event.target : document.body
      const isControl = event.ctrlKey || event.metaKey
      if (event.key === "Enter" && isControl && !inOtherForm(at, data.moods)) {
        const keep = document.querySelector(`.st-key-${CSS.escape(data.keep)} button`)
        if (!keep) return
        event.preventDefault()
        document.activeElement?.blur?.() // any field sends its value when it loses the focus
        setTimeout(() => keep.click(), AFTER_THE_TEXT)
      } else if (/^[1-7]$/.test(event.key) && !isControl && !event.shiftKey && !at.closest(TYPES)) {
        document.querySelectorAll(`.st-key-${CSS.escape(data.moods)} [role=radio]`)[event.key - 1]?.click()
      }
    },
    { signal: listening.signal }
  )
  return () => listening.abort()
}
