// Copies the recovery code. The file is made by the server, so that it needs no script.

const code = document.querySelector(".code")
const button = document.querySelector(".copy")
const said = document.querySelector(".copied")

button.hidden = false
button.addEventListener("click", async () => {
  said.textContent = ""
  said.textContent = (await copied()) ? button.dataset.copied : button.dataset.failed
})

async function copied() {
  try {
    await navigator.clipboard.writeText(code.textContent)
    return true
  } catch {
    // No clipboard without HTTPS or permission: the old way, and then by hand.
    getSelection().selectAllChildren(code)
    return document.execCommand("copy")
  }
}
