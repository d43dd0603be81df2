// One table, one stop for Tab; the arrow keys walk from day to day, Enter opens one. Wide windows get a month in each
// row, so that the year fits the height; phones get a month in each column, so that a finger hits a day.

const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }
const TURNED = matchMedia("(max-width: 799.98px)")

let listening = new AbortController()

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".year")
  const draw = () => {
    const focused = place.contains(parentElement.activeElement) ? parentElement.activeElement.dataset.day : null
    place.classList.toggle("turned", TURNED.matches)
    place.replaceChildren(drawn(data, TURNED.matches, setTriggerValue))
    if (focused) place.querySelector(`[data-day="${focused}"]`)?.focus()
  }
  listening.abort() // of the call before: Streamlit calls the script anew with each change of its data
  const mine = new AbortController()
  listening = mine
  draw()
  TURNED.addEventListener("change", draw, { signal: mine.signal })
  return () => mine.abort()
}

function drawn(data, isTurned, setTriggerValue) {
  const numbers = Array.from({ length: 31 }, (_, place) => place + 1)
  const table = document.createElement("table")
  table.createCaption().textContent = data.caption
  const head = table.createTHead().insertRow()
  const body = table.createTBody()
  heading(head, "col").setAttribute("aria-label", isTurned ? data.day : data.month)
  if (isTurned) {
    for (const month of data.months) monthHeading(heading(head, "col"), month, setTriggerValue)
    for (const number of numbers) {
      const row = body.insertRow()
      heading(row, "row").textContent = number
      data.months.forEach((month, column) => fill(row.insertCell(), month.days[number - 1], column, number, setTriggerValue))
    }
  } else {
    for (const number of numbers) heading(head, "col").textContent = number
    data.months.forEach((month, line) => {
      const row = body.insertRow()
      monthHeading(heading(row, "row"), month, setTriggerValue)
      for (const number of numbers) fill(row.insertCell(), month.days[number - 1], number, line, setTriggerValue)
    })
  }
  const enter = table.querySelector(".today") ?? table.querySelector("td button")
  if (enter) enter.tabIndex = 0
  table.onkeydown = event => walk(event, table)
  return table
}

function monthHeading(cell, month, setTriggerValue) {
  if (!month.days.length) { // still to come
    cell.textContent = month.short
    return
  }
  const button = choice(cell, () => setTriggerValue("month", month.first))
  button.textContent = month.short
  button.setAttribute("aria-label", month.name)
}

function fill(cell, day, column, row, setTriggerValue) {
  if (!day) return
  const button = choice(cell, () => setTriggerValue("day", day.day))
  button.dataset.at = `${column},${row}`
  button.dataset.day = day.day
  button.tabIndex = -1
  button.title = day.label
  button.setAttribute("aria-label", day.label)
  button.className = day.colour ? "kept" : "empty"
  if (day.today) button.classList.add("today")
  if (day.trackers) button.classList.add("trackers")
  if (!day.colour) return
  button.textContent = day.face
  button.style.setProperty("--mood", day.colour)
  button.style.setProperty("--ink", day.ink)
  if (day.count > 1) button.dataset.count = day.count
}

function heading(row, scope) {
  const cell = document.createElement("th")
  cell.scope = scope
  row.append(cell)
  return cell
}

function choice(cell, onChosen) {
  const button = document.createElement("button")
  button.type = "button"
  button.onclick = onChosen
  cell.append(button)
  return button
}

function walk(event, table) {
  const step = STEPS[event.key]
  const at = event.target.dataset?.at
  if (!step || !at) return
  const [column, row] = at.split(",").map(Number)
  const next = table.querySelector(`[data-at="${column + step[0]},${row + step[1]}"]`)
  if (!next) return
  event.preventDefault()
  event.target.tabIndex = -1
  next.tabIndex = 0
  next.focus()
}
