// The calendar of a month. One table, one stop for Tab; the arrow keys walk from day to day and over the ends of the
// month, Enter opens one.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
const NARROW = matchMedia("(max-width: 1099.98px)")
const PANEL = ".st-key-day_chosen, .st-key-day_beside"
const MOMENT = 50 // milliseconds
const TRIES = 100
const MARKS = {
  photos: "M4 5h2l1-2h4l1 2h2v8H4zM9 6.5a2.5 2.5 0 1 0 .01 0z",
  trackers: "M3 13V9h2.5v4zM7.5 13V5H10v8zM12 13V2h2.5v11z",
}

// These outlive a call: Streamlit calls the script anew with each change of its data.
let wanted = null // a day of another month that the arrow keys walked to
let opened = null // the day that was open last
let returnTo = null // the day whose panel was closed

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".month")
  const focused = place.contains(parentElement.activeElement) ? parentElement.activeElement.dataset.day : null
  const table = document.createElement("table")
  table.createCaption().textContent = data.caption
  const head = table.createTHead().insertRow()
  for (const weekday of data.weekdays) {
    const cell = document.createElement("th")
    cell.scope = "col"
    cell.abbr = weekday.name
    cell.textContent = weekday.short
    head.append(cell)
  }
  const body = table.createTBody()
  let row = body.insertRow()
  for (let empty = 0; empty < data.column; empty += 1) row.insertCell()
  for (const day of data.days) {
    if (row.cells.length === 7) row = body.insertRow()
    fill(row.insertCell(), day, setTriggerValue)
  }
  while (row.cells.length < 7) row.insertCell()
  table.onkeydown = event => walk(event, table, data, setTriggerValue)
  place.replaceChildren(table)

  const enter = find(table, focused) ?? table.querySelector(".open") ?? table.querySelector(".today") ?? table.querySelector("button")
  if (enter) enter.tabIndex = 0
  giveFocusBack(place, focused, data)
}

function fill(cell, day, setTriggerValue) {
  if (day.future) {
    cell.textContent = day.number
    cell.className = "future"
    return
  }
  const button = document.createElement("button")
  button.type = "button"
  button.tabIndex = -1
  button.dataset.day = day.day
  button.className = day.colour ? "kept" : "empty"
  if (day.open) button.classList.add("open", day.open)
  if (day.today) button.classList.add("today")
  if (day.today) button.setAttribute("aria-current", "date")
  // As text, not as a label: a label would have to repeat the bare number, which "2일" does not.
  const name = part(button, "name")
  name.removeAttribute("aria-hidden")
  name.textContent = day.words ? `${day.label}. ${day.words}` : day.label
  button.onclick = () => setTriggerValue("day", day.day)
  const top = part(button, "top")
  part(top, "number").textContent = day.number
  for (const mark of ["photos", "trackers"]) if (day[mark]) top.append(drawn(MARKS[mark], mark))
  if (day.colour) {
    button.style.setProperty("--mood", day.colour)
    button.style.setProperty("--ink", day.ink)
    part(button, "face").textContent = day.face
    if (day.colours.length > 1) {
      part(top, "count").textContent = day.colours.length
      part(button, "band").style.background = band(day.colours)
    }
  }
  if (day.words) part(button, "words").textContent = day.words
  cell.append(button)
}

function part(parent, name) {
  const span = document.createElement("span")
  span.className = name
  span.setAttribute("aria-hidden", "true")
  parent.append(span)
  return span
}

function drawn(path, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("viewBox", "2 1 14 14")
  svg.setAttribute("class", `mark ${name}`)
  svg.setAttribute("aria-hidden", "true")
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path")
  shape.setAttribute("d", path)
  shape.setAttribute("fill-rule", "evenodd")
  svg.append(shape)
  return svg
}

// All moods of a day side by side, with hard edges.
function band(colours) {
  const share = 100 / colours.length
  const stops = colours.map((colour, place) => `${colour} ${place * share}% ${(place + 1) * share}%`)
  return `linear-gradient(90deg, ${stops.join(", ")})`
}

function find(place, day) {
  return day ? place.querySelector(`[data-day="${day}"]`) : null
}

function walk(event, table, data, setTriggerValue) {
  const from = event.target.dataset?.day
  if (!from || event.altKey || event.ctrlKey || event.metaKey) return
  const to = target(from, event.key)
  if (!to) return
  event.preventDefault()
  const button = find(table, to)
  if (button) {
    event.target.tabIndex = -1
    button.tabIndex = 0
    button.focus()
  } else if (!data.days.some(day => day.day === to)) {
    wanted = to
    setTriggerValue("turn", to) // the server shows that month, unless it is still to come
  }
}

function target(from, key) {
  const day = new Date(`${from}T00:00Z`)
  if (STEPS[key]) day.setUTCDate(day.getUTCDate() + STEPS[key])
  else if (key === "PageUp" || key === "PageDown") turn(day, key === "PageUp" ? -1 : 1)
  else return null
  return day.toISOString().slice(0, 10)
}

// The same day of another month, or its last one.
function turn(day, months) {
  const number = day.getUTCDate()
  day.setUTCDate(1)
  day.setUTCMonth(day.getUTCMonth() + months)
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate()
  day.setUTCDate(Math.min(number, last))
}

// The table was made anew, and with it the buttons.
function giveFocusBack(place, focused, data) {
  const open = data.days.find(day => day.open === "chosen")?.day ?? null
  if (open) returnTo = null
  else if (opened && NARROW.matches) returnTo = opened
  opened = open
  const button = find(place, wanted) ?? find(place, focused)
  if (button) {
    wanted = null
    focus(place, button, { preventScroll: true })
  } else comeBack(place, TRIES)
}

// From the panel of a phone, the focus comes back to the day; not before the panel lets go of the calendar.
function comeBack(place, tries) {
  const isLeft = document.activeElement === document.body || document.activeElement?.closest(PANEL)
  const button = isLeft && find(place, returnTo)
  if (!button || !tries) {
    returnTo = null
    return
  }
  focus(place, button, {})
  if (place.getRootNode().activeElement === button) returnTo = null
  else setTimeout(() => comeBack(place, tries - 1), MOMENT)
}

function focus(place, button, options) {
  for (const other of place.querySelectorAll("button")) other.tabIndex = -1
  button.tabIndex = 0
  button.focus(options)
}
