// Shows the form of sign-up one step at a time, at one address: the browser's Back returns to the step before, and all
// that was typed stays. Without this file it is one long form.

(() => {
  document.documentElement.classList.add("in-steps")

  addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("form.steps")
    const steps = [...form.querySelectorAll(".step")]
    const { born, had_birthday: birthday } = form.elements
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

    form.noValidate = true // a browser cannot show what is wrong in a hidden step
    history.replaceState({ step: here }, "")
    addEventListener("popstate", ({ state }) => state && show(state.step))
    askForBirthday()
    born.addEventListener("input", askForBirthday)
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
