// The theme that a person chose in this browser: light, dark, or as the system. It runs before Streamlit, which only knows
// how to follow the system: it asks `matchMedia`, so the choice is answered there, and a change takes effect at once.
// The choice is a cookie, because the account pages, which run no script, need it too (web/templates.py).
(() => {
  const QUERY = "(prefers-color-scheme: dark)"
  const YEAR = 365 * 24 * 3600
  const ask = window.matchMedia.bind(window)
  const system = ask(QUERY)
  const chosen = () => document.cookie.match(/(?:^|; )haru_theme=(light|dark)(?:;|$)/)?.[1] ?? "system"
  const isDark = () => (chosen() === "system" ? system.matches : chosen() === "dark")

  const answer = new EventTarget()
  Object.defineProperties(answer, { media: { value: QUERY }, matches: { get: isDark } })
  window.matchMedia = query => (query === QUERY ? answer : ask(query))

  let wasDark
  function apply() {
    const root = document.documentElement
    root.style.colorScheme = isDark() ? "dark" : "light" // for light-dark() in style sheets
    if (wasDark !== undefined && wasDark !== isDark())
      answer.dispatchEvent(new MediaQueryListEvent("change", { media: QUERY, matches: isDark() }))
    wasDark = isDark()
  }

  window.haruTheme = {
    get chosen() { return chosen() },
    choose(theme) {
      const seconds = theme === "system" ? 0 : YEAR
      const secure = location.protocol === "https:" ? "; secure" : ""
      document.cookie = `haru_theme=${theme}; path=${window.haruBase || "/"}; max-age=${seconds}; samesite=lax${secure}`
      apply()
    },
  }
  system.addEventListener("change", apply)
  document.addEventListener("visibilitychange", apply) // another tab may have changed it
  apply()
})()
