// A button that opens the browser's print window; assets/style/report.css leaves only the report on the paper.

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.onclick = () => window.print()
}
