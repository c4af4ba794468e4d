// Passkeys: asks the browser to make or use one, and sends what the device answered with the form.
// Without this file the pages say what to do instead.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const named = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }))

function make (options) {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials)
    }
  })
}

function use (options) {
  return navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) }
  })
}

function answer (credential) {
  const said = credential.response
  const response = { clientDataJSON: text(said.clientDataJSON) }
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (said[name]) response[name] = text(said[name])
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} })
}

async function ask (button) {
  const form = button.form
  const name = form.elements.name
  const said = document.getElementById(button.dataset.says)
  said.textContent = ''
  // The page says that the name is missing before a device makes what nobody would keep.
  if (name && !name.value.trim()) return form.submit()
  try {
    const options = JSON.parse(button.dataset.options)
    const credential = await (button.dataset.passkey === 'make' ? make(options) : use(options))
    form.elements.credential.value = answer(credential)
  } catch {
    said.className = 'nhsuk-error-message'
    said.textContent = 'Your device gave no passkey. Try again, or use another way.'
    return
  }
  form.submit()
}

if (window.PublicKeyCredential) {
  for (const words of document.querySelectorAll('.app-without-passkey')) words.hidden = true
}

for (const button of document.querySelectorAll('button[data-passkey]')) {
  if (!window.PublicKeyCredential) continue
  button.closest('.app-passkey').hidden = false
  button.addEventListener('click', (event) => {
    event.preventDefault()
    ask(button)
  })
}
