// Streamlit's widgets speak English only. This script puts their words into the person's language as they appear, and
// gives the frame of the live picture Haru's look. It changes texts and attributes, and never adds or removes an element
// of React's.

// Where Streamlit writes its own words. Anywhere else a text may be what a person wrote.
const PLACES = [
  "stFileUploader", "stFileUploaderDropzone", "stAudioInput", "InputInstructions", "stDateInput",
  "stTimeInput", "stNumberInput", "stSelectbox", "stMultiSelect", "stDialog",
].map(name => `[data-testid="${name}"]`).join()
const LISTS = '[role="listbox"], [role="dialog"], [data-testid$="Dropdown"], [data-live-announcer], [data-react-aria-top-layer]'
const MARKDOWN = '[data-testid="stMarkdownContainer"]'
const ATTRIBUTES = ["aria-label", "title", "placeholder", "alt", "aria-valuetext"]
const LIVE = 'iframe[src*="webrtc"]'
const LIVE_STYLE = `${window.haruBase}/account/assets/style/live_frame.css`

let translator // one on each page

class Translator {
  constructor() {
    this.known = new WeakMap()
    new MutationObserver(changes => changes.forEach(change => this.look(change))).observe(document.documentElement, {
      subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...ATTRIBUTES, "src"],
    })
  }

  use(data) {
    this.words = data.words
    this.patterns = data.patterns.map(([pattern, words]) => [new RegExp(pattern), words])
    this.dates = data.dates.map(([pattern, words]) => [new RegExp(pattern), words])
    this.day = new Intl.DateTimeFormat(data.language, { dateStyle: "full" })
    this.month = new Intl.DateTimeFormat(data.language, { month: "long" })
    this.frame = data.frame
    this.all(document.documentElement)
  }

  look({ type, target, addedNodes, attributeName }) {
    if (type === "characterData") this.text(target)
    else if (type === "attributes") this.attribute(target, attributeName)
    else addedNodes.forEach(node => (node.nodeType === Node.TEXT_NODE ? this.text(node) : node.querySelectorAll && this.all(node)))
  }

  all(root) {
    for (const element of [root, ...root.querySelectorAll("[aria-label], [title], [placeholder], [alt], [aria-valuetext], iframe")]) {
      ATTRIBUTES.forEach(name => this.attribute(element, name))
      if (element.matches(LIVE)) this.dress(element)
    }
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) this.text(texts.currentNode)
  }

  text(node) {
    const place = node.parentElement
    if (!place || !node.data.trim() || !(place.closest(PLACES) || place.closest(LISTS) || isHidden(place))) return
    // Labels and options are the app's own words; of Streamlit's, only the uploader's button is Markdown.
    if (place.closest(MARKDOWN) && !place.closest('[data-testid="stFileUploaderDropzone"]')) return
    const words = this.translated(node, "text", node.data.trim())
    if (words !== node.data.trim()) node.data = words
  }

  attribute(element, name) {
    if (name === "src") return element.matches(LIVE) && this.dress(element)
    const value = element.getAttribute(name)
    const words = value && this.translated(element, name, value)
    if (words !== value) element.setAttribute(name, words)
  }

  // Remembers the English words: a person may change the language while the page is open.
  translated(node, name, shown) {
    const known = this.known.get(node) ?? {}
    const english = known[name]?.words === shown ? known[name].english : shown
    const words = this.translate(english)
    if (words === undefined) return shown
    this.known.set(node, { ...known, [name]: { english, words } })
    return words
  }

  translate(english) {
    if (Object.hasOwn(this.words, english)) return this.words[english]
    for (const [pattern, words] of this.patterns) {
      const found = english.match(pattern)
      if (found) return words.replace("{0}", () => found[1])
    }
    for (const [pattern, words] of this.dates) {
      const found = english.match(pattern)
      if (found) return words.replace("{0}", () => this.day.format(new Date(found[1])))
    }
    const month = english.match(/^(\d+) – [A-Z][a-z]+$/)
    if (month) return this.month.format(new Date(2000, month[1] - 1))
  }

  // The live picture is a page of its own, of the same origin.
  dress(frame) {
    frame.title = this.frame
    const style = () => {
      const inside = frame.contentDocument
      if (!inside?.head || inside.querySelector(`link[href="${LIVE_STYLE}"]`)) return
      inside.documentElement.lang = document.documentElement.lang
      const link = inside.createElement("link")
      link.rel = "stylesheet"
      link.href = LIVE_STYLE
      inside.head.append(link)
    }
    style()
    frame.addEventListener("load", style)
  }
}

// Descriptions for screen readers stand at the end of the page.
function isHidden(element) {
  return element.parentElement === document.body || element.closest('[style*="clip"]') !== null
}

export default function ({ data }) {
  translator ??= new Translator()
  translator.use(data)
}
