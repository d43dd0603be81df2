// Says what is wrong with a field while a person types, and shows a password while its eye is pressed. The sentences and
// the limits stand in the page (web/html/fields.html). The server checks everything again.

const PAUSE = 2000 // milliseconds without a key, after which also an unfinished value is judged
const CLICK = 250 // milliseconds of a click: a sentence that comes meanwhile would move the button away

const lengthOf = text => [...text].length

// Each rule returns nothing, or the sentence and whether no further letter can mend it.
const rules = {
  name({ value, dataset }) {
    const name = value.normalize("NFC").trim()
    const length = lengthOf(name)
    if (length > dataset.most || /[\p{C}\p{Z}]/u.test(name.replaceAll(" ", ""))) return [dataset.unusable, true]
    if (length < dataset.least) return [dataset.unusable, false]
  },
  password({ value, dataset, form }) {
    const password = value.normalize("NFKC")
    const length = lengthOf(password)
    if (length > dataset.most) return [dataset.long, true]
    if (length < dataset.least) return [dataset.short, false]
    const text = password.toLowerCase()
    const name = form.elements.name?.value.normalize("NFKC").trim().toLowerCase()
    const lists = JSON.parse(dataset.lists)
    if (name && isMadeOf(text, [name])) return [dataset.isName, false]
    if (isCommon(text, lists) || isMadeOf(text, [name || "\0", ...lists.words])) return [dataset.common, false]
  },
  again({ value, dataset, form }) {
    const first = form.elements.password.value
    if (value !== first) return [dataset.differs, !first.startsWith(value)]
  },
  year({ value, dataset }) {
    const year = value.normalize("NFKC").trim()
    if (/\D/.test(year) || year.length > 4) return [dataset.unusable, true]
    if (year.length < 4) return [dataset.unusable, false]
    if (+year < dataset.earliest || +year > dataset.thisYear) return [dataset.unusable, true]
    if (+year > dataset.latest) return [dataset.tooYoung, true]
  },
}

// As diary/common_passwords.py does.
function isCommon(text, { piece, runs, words }) {
  const backwards = [...text].reverse().join("")
  for (let length = 1; length <= piece; length++) if (text.slice(length) === text.slice(0, -length)) return true
  return runs.some(run => run.includes(text) || run.includes(backwards)) || isMadeOf(text, words)
}

function isMadeOf(text, words) {
  const longestFirst = [...words].sort((one, other) => lengthOf(other) - lengthOf(one))
  const rest = longestFirst.reduce((rest, word) => rest.replaceAll(word, "\0"), text)
  return rest.includes("\0") && !/\p{L}/u.test(rest)
}

const left = new WeakSet() // fields that the person has been in and left
let pause
let firstWrong = null

function say(input, sentence) {
  const place = document.getElementById(`${input.id}-problem`)
  if (!place) return
  if (place.textContent !== sentence) place.textContent = sentence
  if (sentence) input.setAttribute("aria-invalid", "true")
  else input.removeAttribute("aria-invalid")
}

function check(input) {
  const [sentence = "", isSure = false] = (input.value && rules[input.dataset.check]?.(input)) || []
  input.setCustomValidity(sentence)
  return [sentence, isSure]
}

function judge(input, isFinished) {
  const [sentence, isSure] = check(input)
  const isSaid = document.getElementById(`${input.id}-problem`)?.textContent
  if (!sentence || isSure || isFinished || isSaid) say(input, sentence)
}

for (const form of document.forms) {
  const checked = [...form.elements].filter(field => field.dataset.check)
  checked.forEach(check)

  const judgeTyped = ({ target }) => {
    judge(target, left.has(target))
    // The name and the first password decide about other fields too.
    for (const field of checked) if (field !== target && field.value) judge(field, left.has(field))
    pause = setTimeout(judge, PAUSE, target, true)
  }
  form.addEventListener("input", event => {
    clearTimeout(pause)
    if (!event.isComposing) judgeTyped(event)
  })
  form.addEventListener("compositionend", judgeTyped) // before, half a syllable of Hangul is no mistake
  form.addEventListener("focusout", ({ target }) => {
    if (!target.dataset.check || !target.value) return
    left.add(target)
    setTimeout(judge, CLICK, target, true)
  })
  // The browser would say it in its own language.
  form.addEventListener("invalid", event => {
    const { target } = event
    event.preventDefault()
    say(target, target.validity.valueMissing ? target.dataset.empty : target.validationMessage)
    if (firstWrong) return
    firstWrong = target
    queueMicrotask(() => {
      firstWrong.focus()
      firstWrong = null
    })
  }, true)
}

for (const eye of document.querySelectorAll(".eye")) {
  const input = document.getElementById(eye.getAttribute("aria-controls"))
  const show = isShown => {
    input.type = isShown ? "text" : "password"
    eye.setAttribute("aria-pressed", isShown)
  }
  eye.hidden = false
  // The field keeps the focus, and a phone its keyboard.
  eye.addEventListener("mousedown", event => event.preventDefault())
  eye.addEventListener("click", () => show(input.type === "password"))
  // A browser stores what was typed into a text field.
  input.form.addEventListener("submit", () => show(false))
}
