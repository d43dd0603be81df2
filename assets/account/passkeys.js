// Asks the browser for a passkey, and posts its answer in the form that asked. The secret that opens the diary comes from
// the PRF extension. Forms: data-passkey="create" has its options in the page; "get" fetches them at the press, because a
// challenge lasts minutes and a page stays open for hours.

const decode = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0))
const encode = buffer =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")

const withBytes = list => (list ?? []).map(each => ({ ...each, id: decode(each.id) }))

function decoded({ extensions, ...options }) {
  const prf = { eval: { first: decode(extensions.prf.eval.first) } }
  const made = { ...options, challenge: decode(options.challenge), extensions: { prf } }
  if (options.user) {
    made.user = { ...options.user, id: decode(options.user.id) }
    made.excludeCredentials = withBytes(options.excludeCredentials)
  } else {
    made.allowCredentials = withBytes(options.allowCredentials)
  }
  return made
}

function asJson({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
  const sent = parts.filter(part => response[part]).map(part => [part, encode(response[part])])
  return JSON.stringify({ id, rawId: encode(rawId), type, response: Object.fromEntries(sent) })
}

const secretOf = credential => credential.getClientExtensionResults().prf?.results?.first

async function create(form) {
  const options = decoded(JSON.parse(form.dataset.options))
  const made = await navigator.credentials.create({ publicKey: options })
  let secret = secretOf(made)
  if (!secret && made.getClientExtensionResults().prf?.enabled) {
    // Most authenticators tell the secret only when the passkey is used.
    say(form, form.dataset.again)
    const { challenge, rp, extensions } = options
    const allowCredentials = [{ type: "public-key", id: made.rawId }]
    const publicKey = { challenge, rpId: rp.id, allowCredentials, extensions, userVerification: "required" }
    secret = secretOf(await navigator.credentials.get({ publicKey }))
  }
  // It opens nothing, so the browser should not offer it.
  if (!secret) await forget(options.rp.id, made.id)
  return [made, secret]
}

async function get(form) {
  const answer = await fetch(form.dataset.challenge, { method: "POST" })
  const { options, error } = await answer.json()
  if (error) throw new Refused(error)
  const used = await navigator.credentials.get({ publicKey: decoded(options) })
  return [used, secretOf(used)]
}

async function forget(rpId, credentialId) {
  try {
    await PublicKeyCredential.signalUnknownCredential({ rpId, credentialId })
  } catch {} // a newer part of WebAuthn, and only a courtesy
}

class Refused extends Error {}

function sentenceFor(error, { dataset }) {
  if (error instanceof Refused) return error.message
  return { NotAllowedError: dataset.cancelled, InvalidStateError: dataset.known }[error.name] ?? dataset.failed
}

function say(form, sentence) {
  form.querySelector(".said").textContent = sentence
}

const canUse = "PublicKeyCredential" in globalThis // not without HTTPS, except on localhost

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!canUse) {
    say(form, form.dataset.unsupported)
    continue
  }
  const button = form.querySelector("button")
  button.hidden = false
  form.addEventListener("submit", async event => {
    event.preventDefault()
    button.disabled = true
    say(form, "")
    try {
      const [credential, secret] = await { create, get }[form.dataset.passkey](form)
      form.elements.credential.value = asJson(credential)
      form.elements.secret.value = secret ? encode(secret) : ""
      form.submit()
    } catch (error) {
      say(form, sentenceFor(error, form))
      button.disabled = false
    }
  })
}
