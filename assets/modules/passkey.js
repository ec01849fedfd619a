// Asks the browser for a passkey, or to make one, and sends its answer as a field of the page's own form. Such a form says
// what to do in `data-passkey` (get or create) and with what in `data-options`; its sentences are data attributes too.
const forms = [...document.querySelectorAll('form[data-passkey]')]
const heard = document.getElementById('status')
/** A browser has one request for passkeys at a time: the one that waits in the username field gives way to a pressed button. */
let pending

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const textOf = (buffer) => {
  const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte))
  return btoa(characters.join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
const descriptorsOf = (list = []) => list.map((one) => ({ ...one, id: bytesOf(one.id) }))

const requestOf = (options) => ({
  ...options,
  challenge: bytesOf(options.challenge),
  allowCredentials: descriptorsOf(options.allowCredentials),
})
const creationOf = (options) => ({
  ...options,
  challenge: bytesOf(options.challenge),
  user: { ...options.user, id: bytesOf(options.user.id) },
  excludeCredentials: descriptorsOf(options.excludeCredentials),
})

// Written out by hand: some browsers have no toJSON, some password managers one that throws, and newer ones add members.
const answerOf = ({ id, rawId, type, authenticatorAttachment, response }) => ({
  id,
  rawId: textOf(rawId),
  type,
  ...(authenticatorAttachment && { authenticatorAttachment }),
  response: response.attestationObject ? createdIn(response) : shownIn(response),
})
const createdIn = (response) => ({
  clientDataJSON: textOf(response.clientDataJSON),
  attestationObject: textOf(response.attestationObject),
  transports: response.getTransports?.() ?? [],
})
const shownIn = ({ clientDataJSON, authenticatorData, signature, userHandle }) => ({
  clientDataJSON: textOf(clientDataJSON),
  authenticatorData: textOf(authenticatorData),
  signature: textOf(signature),
  ...(userHandle?.byteLength && { userHandle: textOf(userHandle) }),
})

const tell = (form, sentence = '') => {
  const note = form.querySelector('[data-passkey-note]')
  if (note) note.textContent = sentence
  if (heard) heard.textContent = sentence
}

/** What went wrong, in the words of the form. To close the prompt of a sign-in is no error: nothing is said. */
const sentenceFor = ({ dataset }, { name }) => {
  if (!isSecureContext) return dataset.insecure
  if (!window.PublicKeyCredential) return dataset.unsupported
  if (name === 'InvalidStateError') return dataset.already
  if (name === 'SecurityError') return dataset.misplaced
  if (name === 'NotAllowedError' || name === 'AbortError') return dataset.cancelled
  return dataset.failed
}

const ask = ({ dataset }, more) => {
  pending?.abort()
  pending = new AbortController()
  const { signal } = pending
  const options = JSON.parse(dataset.options)
  return dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: creationOf(options), signal })
    : navigator.credentials.get({ publicKey: requestOf(options), signal, ...more })
}

const send = (form, credential) => {
  form.elements.namedItem('passkey').value = JSON.stringify(answerOf(credential))
  form.requestSubmit()
}

/** The browser shows passkeys among what it fills in; without an answer it waits for as long as the page is there. */
const waitInField = async (form) => {
  if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.()) || pending) return
  try {
    send(form, await ask(form, { mediation: 'conditional' }))
  } catch {
    // Given up for a pressed button, or not to be had: the password is still there.
  }
}

for (const form of forms) {
  const field = form.elements.namedItem('passkey')
  field.value = ''
  let asking = false
  let sent = false
  // A browser that cannot do it hears why where it would make one; to sign in, there are the other ways.
  if (window.PublicKeyCredential || form.dataset.passkey === 'create') form.hidden = false
  const prompt = async () => {
    asking = true
    tell(form, form.dataset.waiting)
    try {
      const credential = await ask(form)
      tell(form)
      asking = false
      send(form, credential)
    } catch (error) {
      asking = false
      tell(form, sentenceFor(form, error))
    }
  }
  form.addEventListener('submit', (event) => {
    // An answer works once: a second press must not overtake the first.
    if (asking || sent) return event.preventDefault()
    sent = field.value !== ''
    if (sent) return
    event.preventDefault()
    void prompt()
  })
  // The way back of the browser: what was sent is of no use twice.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    field.value = ''
    sent = false
  })
  if (form.dataset.autofills !== undefined && window.PublicKeyCredential) void waitInField(form)
}
