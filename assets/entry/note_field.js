// Beside the note's text area: sends what was typed, adds the words of a recording where they belong without moving the
// caret, and marks the words that the model is not sure of until the person touches them.
// It adds words by the rules of components/entry/dictated_text.py.
// While the connection is gone, the text area stays open to typing, and what was typed is sent once it is back.

const PAUSE = 700 // milliseconds without a key, after which what was typed is sent
const LONGEST = 4000 // milliseconds of typing without a pause, after which it is sent all the same
const JUST_NOW = 10_000 // milliseconds; a page that is left and drawn again within them may have lost what was typed
const SLOW = 2000 // milliseconds after which the server should have saved what was typed
const AGAIN = 3000 // milliseconds after which it is sent once more if the server did not
const CARET_KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"])
const SHOWN_WORDS = 6
const LEFT_NOTE = `${window.haruBase}/left-note` // web/left_note.py
const LEFT_MOST = 60_000 // bytes; a browser sends at most 64 KiB from a page that is closing
const LETTERS = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/su // a word without the signs around it

const fields = new WeakMap() // by the component's root
// These outlive a change of page: the pieces of each recording that are in the note, and the words that were touched.
const placed = new Map()
const touched = new Set()
const typed = new Map() // by field: what the person typed last, and when
const sent = new Map() // by field: how often what was typed was sent
const unsent = new Set() // the fields with text that was typed and not sent
const saved = new Map() // by field: the text that the server is known to have saved

class NoteField {
  constructor(root) {
    this.root = root
    this.text = ""
    this.version = 0 // the last change by the server that the text takes into account
    this.safe = 0 // up to which sending the server has saved the text
    this.marks = [] // the unsure words: { key, start, end } in this.text
    this.located = new Set() // the pieces whose unsure words have their marks
    this.isComposing = false
    this.report = ""
    this.listening = new AbortController()
    const { signal } = this.listening
    document.addEventListener("visibilitychange", () => document.hidden && this.leave(), { signal })
    window.addEventListener("pagehide", () => this.leave(), { signal })
    window.addEventListener("haru:leave", () => this.leave(), { signal }) // assets/frame/lock.js
    window.addEventListener("beforeunload", event => {
      this.leave()
      // The browser asks whether to leave. A busy server drops what has just arrived once the page is gone.
      if (this.isUnsafe && (!isConnected() || Date.now() - this.unsafeSince > SLOW)) event.preventDefault()
    }, { signal })
    window.addEventListener("online", () => this.sendNow(), { signal })
    this.watching = new MutationObserver(() => this.onConnection())
    this.watching.observe(app(), { attributeFilter: ["data-test-connection-state"] })
  }

  update(data, component) {
    this.data = data
    this.component = component
    this.safe = Math.max(this.safe, data.safe)
    if (this.lastSent && this.safe >= this.lastSent.number) saved.set(data.field, this.lastSent.text)
    this.flag()
    const area = document.querySelector(`.st-key-${CSS.escape(data.field)} textarea`)
    if (!area) { // it is drawn a moment later
      clearTimeout(this.looking)
      if (this.root.isConnected) this.looking = setTimeout(() => this.update(this.data, this.component), 50)
      return
    }
    if (area !== this.area) this.attach(area)
    this.noteVersion()
    if (data.dictated.length && !this.report) this.reportNow() // the server leaves the words to this script from now on
    this.addWords()
    // Streamlit may set the text area's value only after this call.
    for (const later of [50, 300]) setTimeout(() => this.refresh(), later)
  }

  attach(area) {
    this.detach()
    this.area = area
    this.text = area.value
    if (!this.isUnsafe) saved.set(this.data.field, area.value)
    this.attached = new AbortController()
    const on = (event, act) => area.addEventListener(event, act, { signal: this.attached.signal })
    on("beforeinput", () => this.putBack())
    on("input", () => this.onInput())
    on("focusout", () => { // Streamlit sends the text itself
      if (!this.isWaiting || !isConnected()) return
      this.stopWaiting() // a second request would end the run that the click which left the field began
      this.count()
      this.reportNow()
    })
    on("compositionstart", () => { this.isComposing = true })
    on("compositionend", () => { this.isComposing = false; setTimeout(() => this.addWords()) })
    on("click", () => this.touch())
    on("keyup", event => CARET_KEYS.has(event.key) && this.touch())
    on("scroll", () => this.scrollMirror())
    this.resizes = new ResizeObserver(() => this.draw())
    this.resizes.observe(area)
    this.opening = new MutationObserver(() => this.openWhileDisconnected())
    this.opening.observe(area, { attributeFilter: ["disabled"] })
    this.openWhileDisconnected()
    // Streamlit may set the text area's value only after this call.
    for (const later of [300, 1000]) setTimeout(() => this.restore(area), later)
  }

  // After a quick change of page and back, Streamlit may draw the text area with an older value: what the person typed
  // just before is put back. With words of a recording the server's value is the newer one.
  restore(area) {
    const last = typed.get(this.data.field)
    if (!last || area !== this.area || !area.isConnected || this.isWaiting || this.data.dictated.length) return
    // Nor with a change by the server since, such as words from another tab.
    if (this.data.changed !== null || this.data.version !== last.version) return
    if (Date.now() - last.at > JUST_NOW || area.value === last.text) return
    area.setRangeText(last.text, 0, area.value.length, "end")
    this.isAdding = true
    area.dispatchEvent(new Event("input", { bubbles: true }))
    this.isAdding = false
    setTimeout(() => this.send())
  }

  // Streamlit may draw the text area again with the value that the server knew, while a person types: the letters that
  // were not sent yet are put back, unless the server has changed the text itself.
  putBack() {
    if (!this.isWaiting || this.isComposing || !this.area?.isConnected || this.area.value === this.text) return false
    if (this.data.version !== typed.get(this.data.field)?.version) return false
    this.area.setRangeText(this.text, 0, this.area.value.length, "end")
    return true
  }

  detach() {
    this.attached?.abort()
    this.resizes?.disconnect()
    this.opening?.disconnect()
    this.mirror?.remove()
    this.mirror = null
  }

  close() {
    this.sendNow()
    clearTimeout(this.again)
    clearTimeout(this.looking)
    this.listening.abort()
    this.watching.disconnect()
    this.detach()
  }

  // Streamlit disables all widgets without a connection. What a person types into this one is not lost.
  openWhileDisconnected() {
    if (!this.area?.disabled || isConnected()) return
    const hasFocus = document.activeElement === this.area
    this.area.disabled = false
    if (hasFocus) this.area.focus()
  }

  onConnection() {
    if (isConnected()) {
      if (!this.isUnsafe) return
      // The server may be another one now, which knows neither the text nor the reports.
      this.report = ""
      setTimeout(() => isConnected() && this.send())
    } else {
      this.openWhileDisconnected()
    }
  }

  get isWaiting() { return this.timer !== undefined }

  // Tells assets/frame/connection.js whether there is text that must not be left behind.
  flag() {
    this.unsafeSince = this.isUnsafe ? this.unsafeSince ?? Date.now() : undefined
    clearTimeout(this.again)
    // After a restart, the first run of the server cannot say yet that it saved the text.
    if (this.isUnsafe && this.timer === undefined) this.again = setTimeout(() => this.sendAgain(), AGAIN)
    if (this.area) this.area.toggleAttribute("data-haru-unsafe", this.isUnsafe)
  }

  // Whether there is text that the server has not saved yet, as far as this script knows.
  get isUnsafe() { return unsent.has(this.data.field) || this.safe < (sent.get(this.data.field) ?? 0) }

  onInput() {
    this.sync(!this.isAdding)
    this.refresh()
    if (this.isAdding) return
    typed.set(this.data.field, { text: this.text, at: Date.now(), version: this.data.version })
    unsent.add(this.data.field)
    clearTimeout(this.timer)
    this.since ??= Date.now()
    this.flag()
    this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())))
  }

  sendNow() {
    if (unsent.has(this.data.field)) this.send()
  }

  // The page may be closing. Streamlit sends a moment later, when the page may be gone, and a busy server drops what it
  // has not read from a closed page; so the text also goes by a request that outlives the page.
  leave() {
    this.sendNow()
    if (!this.isUnsafe || this.left === this.text) return
    this.left = this.text
    const left = { form: this.data.field.replace(/^note_/, ""), note: this.text }
    const whole = JSON.stringify({ ...left, base: saved.get(this.data.field) ?? "" })
    const body = bytes(whole) > LEFT_MOST ? JSON.stringify(left) : whole
    if (bytes(body) > LEFT_MOST) return
    fetch(LEFT_NOTE, { method: "POST", body, keepalive: true, headers: { "Content-Type": "application/json" } })
      .catch(() => { this.left = undefined }) // without a connection: `onConnection` sends it
  }

  // Both reach the server in one request: Streamlit collects what changes at once.
  send() {
    if (!isConnected()) return // `onConnection` sends it
    if (this.putBack()) {
      this.isAdding = true
      this.area.dispatchEvent(new Event("input", { bubbles: true }))
      this.isAdding = false
      setTimeout(() => this.send()) // once React knows the text again
      return
    }
    this.stopWaiting()
    if (!this.area?.isConnected) return
    this.count()
    this.reportNow()
    this.area.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true })
    )
  }

  stopWaiting() {
    clearTimeout(this.timer)
    this.timer = undefined
    this.since = undefined
  }

  // Not while the server works: it would end that run, such as a long analysis, and begin another.
  sendAgain() {
    if (app().getAttribute("data-test-script-state") === "running") this.flag()
    else this.send()
  }

  count() {
    unsent.delete(this.data.field)
    const number = (sent.get(this.data.field) ?? 0) + 1
    sent.set(this.data.field, number)
    this.lastSent = { number, text: this.area?.value ?? this.text }
  }

  // Notices when the text area holds the last change by the server. Typed text can be without it for a while.
  noteVersion() {
    const { version, changed } = this.data
    if (changed === null || this.area?.value === changed) this.version = version
  }

  // Tells the server which of its changes the text takes into account, and how often it was sent.
  reportNow() {
    const report = { version: this.version, placed: {}, sent: sent.get(this.data.field) ?? 0 }
    for (const { id } of this.data.dictated) report.placed[id] = placed.get(id) ?? 0
    const text = JSON.stringify(report)
    if (text === this.report) return
    this.report = text
    this.component.setStateValue("reported", report)
  }

  addWords() {
    if (!this.area?.isConnected || this.isComposing) return // a change would break a syllable that is being composed
    this.sync()
    let hasAdded = false
    for (const dictated of this.data.dictated) {
      let count = Math.max(placed.get(dictated.id) ?? 0, dictated.placed)
      for (; count < dictated.pieces.length; count += 1) {
        this.addPiece(dictated, count)
        hasAdded = true
      }
      placed.set(dictated.id, count)
    }
    if (hasAdded) {
      this.isAdding = true
      this.area.dispatchEvent(new Event("input", { bubbles: true }))
      this.isAdding = false
      if (document.activeElement !== this.area) this.area.scrollTop = this.area.scrollHeight
      setTimeout(() => this.send()) // once React knows the new value
    }
    this.refresh()
  }

  addPiece({ id, pieces }, number) {
    const text = textOf(pieces[number])
    let at = endOf(this.text, pieces.slice(0, number))
    let before = pieces[number].before
    if (at < 0) {
      at = this.text.length
      before = !this.text || this.text.endsWith("\n") ? "" : "\n"
    }
    this.area.setRangeText(before + text, at, at, "preserve")
    this.sync()
    this.mark(id, pieces[number], number, at + before.length)
  }

  mark(id, piece, number, start) {
    this.located.add(`${id}:${number}`)
    let at = start
    piece.words.forEach(([word, isSure], place) => {
      const key = `${id}:${number}:${place}`
      const letters = LETTERS.exec(word)
      if (!isSure && letters && !touched.has(key)) {
        this.marks.push({ key, start: at + letters.index, end: at + letters.index + letters[0].length })
      }
      at += word.length
    })
  }

  // Marks words that the server added, or that were there before this page was opened.
  locate() {
    const ids = new Set(this.data.dictated.map(({ id }) => id))
    this.marks = this.marks.filter(({ key }) => ids.has(key.split(":")[0]))
    for (const name of this.located) if (!ids.has(name.split(":")[0])) this.located.delete(name)
    for (const { id, pieces } of this.data.dictated) {
      let from = 0
      pieces.slice(0, placed.get(id) ?? 0).forEach((piece, number) => {
        const text = textOf(piece)
        const at = this.text.indexOf(text, from)
        if (at < 0) return
        from = at + text.length
        if (!this.located.has(`${id}:${number}`)) this.mark(id, piece, number, at)
      })
    }
  }

  refresh() {
    if (!this.area?.isConnected) return
    this.noteVersion()
    this.sync()
    this.locate()
    this.draw()
  }

  // Moves the marks along with the text, and removes those of words that were changed. Only what the person typed counts
  // as touched: words that the server takes out and puts back are as unsure as before.
  sync(isTyped = false) {
    const before = this.text, after = this.area.value
    if (before === after) return
    this.text = after
    let start = 0
    while (start < before.length && start < after.length && before[start] === after[start]) start += 1
    let rest = 0
    const most = Math.min(before.length, after.length) - start
    while (rest < most && before[before.length - 1 - rest] === after[after.length - 1 - rest]) rest += 1
    const end = before.length - rest
    const added = after.slice(start, after.length - rest)
    const shift = after.length - before.length
    const lost = new Set()
    this.marks = this.marks.flatMap(mark => {
      const isChanged =
        (start < mark.end && end > mark.start) ||
        (start === end && start > mark.start && start < mark.end) ||
        (start === mark.end && /^[\p{L}\p{N}]/u.test(added)) ||
        (end === mark.start && /[\p{L}\p{N}]$/u.test(added))
      if (isChanged) {
        if (isTyped) touched.add(mark.key)
        else lost.add(pieceOf(mark))
        return []
      }
      return mark.start >= end ? [{ ...mark, start: mark.start + shift, end: mark.end + shift }] : [mark]
    })
    // `locate` marks such a piece anew, if it is still there.
    this.marks = this.marks.filter(mark => !lost.has(pieceOf(mark)))
    for (const piece of lost) this.located.delete(piece)
  }

  touch() {
    this.sync()
    const { selectionStart: start, selectionEnd: end } = this.area
    const isTouched = mark => start <= mark.end && end >= mark.start
    for (const mark of this.marks) if (isTouched(mark)) touched.add(mark.key)
    this.marks = this.marks.filter(mark => !isTouched(mark))
    this.draw()
  }

  // A copy of the text in invisible letters lies over the text area: its lines break in the same places.
  draw() {
    const marks = [...this.marks].sort((one, other) => one.start - other.start)
    this.describe(marks)
    if (!marks.length) {
      this.mirror?.remove()
      this.mirror = null
      return
    }
    const drawn = JSON.stringify([this.text, marks, this.area.clientWidth, this.area.clientHeight])
    if (this.mirror?.isConnected && this.drawn === drawn) return
    this.drawn = drawn
    if (!this.mirror?.isConnected) {
      this.mirror = document.createElement("div")
      this.mirror.className = "haru-unsure"
      this.mirror.setAttribute("aria-hidden", "true")
      this.area.parentElement.append(this.mirror)
    }
    const style = getComputedStyle(this.area)
    for (const name of ["font", "letterSpacing", "wordBreak", "lineBreak", "padding", "tabSize", "textAlign"]) {
      this.mirror.style[name] = style[name]
    }
    this.mirror.style.width = `${this.area.clientWidth}px`
    this.mirror.style.height = `${this.area.clientHeight}px`
    const parts = []
    let from = 0
    for (const { start, end } of marks) {
      const mark = document.createElement("mark")
      mark.textContent = this.text.slice(start, end)
      parts.push(this.text.slice(from, start), mark)
      from = end
    }
    this.mirror.replaceChildren(...parts, `${this.text.slice(from)}\n`)
    this.scrollMirror()
  }

  scrollMirror() {
    if (this.mirror) this.mirror.scrollTop = this.area.scrollTop
  }

  // The marks in words, for everybody; a screen reader reads them with the text area.
  describe(marks) {
    const line = this.root.querySelector(".haru-unsure-words")
    const words = [...new Set(marks.map(({ start, end }) => this.text.slice(start, end)))]
    const shown = words.slice(0, SHOWN_WORDS).join(", ") + (words.length > SHOWN_WORDS ? " …" : "")
    line.hidden = !words.length
    line.textContent = words.length ? this.data.unsure.replace("{words}", () => shown) : ""
    line.id ||= `${this.data.field}-unsure`
    if (words.length) this.area.setAttribute("aria-describedby", line.id)
    else this.area.removeAttribute("aria-describedby")
  }
}

function app() {
  return document.querySelector("[data-testid=stApp]")
}

function bytes(text) {
  return new TextEncoder().encode(text).length
}

function isConnected() {
  return app()?.dataset.testConnectionState === "CONNECTED"
}

// The recording and the number of the piece that a mark belongs to, as `located` holds them.
function pieceOf({ key }) {
  return key.slice(0, key.lastIndexOf(":"))
}

function textOf(piece) {
  return piece.words.map(([word]) => word).join("")
}

// Where these pieces end in the text; the last of them alone where the person changed an earlier one; -1 if nowhere.
function endOf(text, pieces) {
  if (!pieces.length) return -1
  const whole = pieces.map((piece, number) => (number ? piece.before : "") + textOf(piece)).join("")
  for (const part of [whole, textOf(pieces[pieces.length - 1])]) {
    const start = text.lastIndexOf(part)
    if (start >= 0) return start + part.length
  }
  return -1
}

export default function (component) {
  const { data, parentElement: root } = component
  if (!fields.has(root)) fields.set(root, new NoteField(root))
  const field = fields.get(root)
  const turn = (field.turn = (field.turn ?? 0) + 1)
  field.update(data, component)
  return () => {
    if (field.turn !== turn) return // Streamlit also ends a call that newer data overtook
    field.close()
    fields.delete(root)
  }
}
