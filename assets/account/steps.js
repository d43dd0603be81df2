// Shows the form of sign-up one step at a time, at one address: the browser's Back returns to the step before, and all
// that was typed stays. Without this file it is one long form. In the other language the person begins with the first
// step again, where only the password is missing.

(() => {
  const TYPED = "haru-sign-up" // in the session's storage, between a press on a language and the page in it
  document.documentElement.classList.add("in-steps")

  addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.steps")
    const steps = [...form.querySelectorAll(".step")]
    const { name, born, had_birthday: birthday } = form.elements
    const ticks = form.querySelectorAll("[type=checkbox]")
    let here = steps.findIndex(step => step.classList.contains("now"))

    function show(place) {
      document.querySelector(".error")?.remove() // it was about the step before
      steps[here].classList.remove("now")
      here = place
      steps[here].classList.add("now")
      scrollTo(0, 0)
      const step = steps[here]
      step.querySelector(step.querySelector(".field") ? ".field input" : "h2").focus()
    }

    function go(place) {
      show(place)
      history.pushState({ step: place, isPushed: true }, "")
    }

    // Only in the year in which people become old enough does the day matter.
    function askForBirthday() {
      const isAsked = born.value.normalize("NFKC").trim() === born.dataset.latest
      birthday.required = isAsked
      birthday.closest(".tick").hidden = !isAsked
    }

    // Never a password: it would lie in the storage in plain text.
    function keepTyped(event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return // the page opens beside this one
      const texts = [name, born].map(field => [field.id, field.value])
      sessionStorage.setItem(TYPED, JSON.stringify([...texts, ...[...ticks].map(tick => [tick.id, tick.checked])]))
    }

    function restoreTyped() {
      const typed = JSON.parse(sessionStorage.getItem(TYPED) ?? "[]")
      sessionStorage.removeItem(TYPED)
      for (const [id, value] of typed) {
        const field = form.elements[id]
        if (!value || !field) continue
        field[field.type === "checkbox" ? "checked" : "value"] = value
        field.dispatchEvent(new Event("input", { bubbles: true }))
      }
    }

    for (const link of document.querySelectorAll("nav a[hreflang]")) link.addEventListener("click", keepTyped)
    form.noValidate = true // a browser cannot show what is wrong in a hidden step
    history.replaceState({ step: here }, "")
    addEventListener("popstate", ({ state }) => state && show(state.step))
    askForBirthday()
    born.addEventListener("input", askForBirthday)
    restoreTyped()
    form.querySelector("[aria-invalid]")?.focus()

    form.addEventListener("submit", event => {
      const isLast = here === steps.length - 1
      const fields = [...(isLast ? form : steps[here]).querySelectorAll("input")]
      const [wrong] = fields.filter(field => !field.checkValidity())
      if (wrong || !isLast) event.preventDefault()
      if (!wrong) return isLast || go(here + 1)
      const place = steps.findIndex(step => step.contains(wrong))
      if (place !== here) go(place)
    })
    for (const back of form.querySelectorAll(".back"))
      back.addEventListener("click", () => {
        if (history.state?.isPushed) return history.back()
        show(here - 1)
        history.replaceState({ step: here }, "")
      })
  })
})()
