// One table, one stop for Tab; the arrow keys walk from day to day, Enter opens one.
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".year");
  const table = document.createElement("table");
  table.createCaption().textContent = data.caption;
  const head = table.createTHead().insertRow();
  const corner = heading(head, "col");
  corner.setAttribute("aria-label", data.day);
  for (const month of data.months) {
    const button = choice(heading(head, "col"), () => setTriggerValue("month", month.first));
    button.textContent = month.short;
    button.setAttribute("aria-label", month.name);
  }
  const body = table.createTBody();
  for (let number = 1; number <= 31; number += 1) {
    const row = body.insertRow();
    heading(row, "row").textContent = number;
    data.months.forEach((month, column) => {
      const cell = row.insertCell();
      const day = month.days[number - 1];
      if (!day) return;
      const button = choice(cell, () => setTriggerValue("day", day.day));
      button.dataset.at = `${column},${number}`;
      button.tabIndex = -1;
      button.title = day.label;
      button.setAttribute("aria-label", day.label);
      button.className = day.colour ? "kept" : "empty";
      if (day.today) button.classList.add("today");
      if (!day.colour) return;
      button.textContent = day.face;
      button.style.setProperty("--mood", day.colour);
      button.style.setProperty("--ink", day.ink);
      if (day.count > 1) button.dataset.count = day.count;
    });
  }
  const enter = table.querySelector(".today") ?? table.querySelector("td button");
  if (enter) enter.tabIndex = 0;
  table.onkeydown = (event) => walk(event, table);
  place.replaceChildren(table);
}

function heading(row, scope) {
  const cell = document.createElement("th");
  cell.scope = scope;
  row.append(cell);
  return cell;
}

function choice(cell, onChosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.onclick = onChosen;
  cell.append(button);
  return button;
}

function walk(event, table) {
  const step = STEPS[event.key];
  const at = event.target.dataset?.at;
  if (!step || !at) return;
  const [column, number] = at.split(",").map(Number);
  const next = table.querySelector(`[data-at="${column + step[0]},${number + step[1]}"]`);
  if (!next) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
