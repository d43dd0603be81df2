// Three radio buttons that choose the theme (theme.js).

export default function ({ data, parentElement }) {
  const fieldset = parentElement.querySelector("fieldset")
  fieldset.querySelector("legend").textContent = data.label
  fieldset.querySelector("small").textContent = data.means
  const choices = Object.entries(data.themes).map(([theme, name]) => {
    const label = document.createElement("label")
    const radio = document.createElement("input")
    Object.assign(radio, { type: "radio", name: "haru-theme", value: theme, checked: theme === window.haruTheme.chosen })
    radio.onchange = () => window.haruTheme.choose(theme)
    label.append(radio, name)
    return label
  })
  fieldset.querySelector("div").replaceChildren(...choices)
}
