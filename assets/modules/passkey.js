// Asks the browser for a passkey (WebAuthn) and submits its response as a field of the page's form. The form names the operation in
// `data-passkey` (get or create) and its options in `data-options`; its sentences are data attributes too.
const forms = [...document.querySelectorAll('form[data-passkey]')]
const liveRegion = document.getElementById('status')
/** The current request. A browser allows one passkey request at a time, so a clicked button aborts the one in the username field. */
let pending

const fromBase64Url = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const toBase64Url = (buffer) => {
  const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte))
  return btoa(characters.join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
const toDescriptors = (list = []) => list.map((one) => ({ ...one, id: fromBase64Url(one.id) }))

const toRequestOptions = (options) => ({
  ...options,
  challenge: fromBase64Url(options.challenge),
  allowCredentials: toDescriptors(options.allowCredentials),
})
const toCreationOptions = (options) => ({
  ...options,
  challenge: fromBase64Url(options.challenge),
  user: { ...options.user, id: fromBase64Url(options.user.id) },
  excludeCredentials: toDescriptors(options.excludeCredentials),
})

// The response is built by hand: some browsers have no `toJSON`, in some password managers it throws, and newer ones add members.
const toJson = ({ id, rawId, type, authenticatorAttachment, response }) => ({
  id,
  rawId: toBase64Url(rawId),
  type,
  ...(authenticatorAttachment && { authenticatorAttachment }),
  response: response.attestationObject ? attestationJson(response) : assertionJson(response),
})
const attestationJson = (response) => ({
  clientDataJSON: toBase64Url(response.clientDataJSON),
  attestationObject: toBase64Url(response.attestationObject),
  transports: response.getTransports?.() ?? [],
})
const assertionJson = ({ clientDataJSON, authenticatorData, signature, userHandle }) => ({
  clientDataJSON: toBase64Url(clientDataJSON),
  authenticatorData: toBase64Url(authenticatorData),
  signature: toBase64Url(signature),
  ...(userHandle?.byteLength && { userHandle: toBase64Url(userHandle) }),
})

const showSentence = (form, sentence = '') => {
  const note = form.querySelector('[data-passkey-note]')
  if (note) note.textContent = sentence
  if (liveRegion) liveRegion.textContent = sentence
}

/** The sentence of the form for an error. Closing the prompt of a sign-in is no error, so it has none. */
const errorSentence = ({ dataset }, { name }) => {
  if (!isSecureContext) return dataset.insecure
  if (!window.PublicKeyCredential) return dataset.unsupported
  if (name === 'InvalidStateError') return dataset.already
  if (name === 'SecurityError') return dataset.misplaced
  if (name === 'NotAllowedError' || name === 'AbortError') return dataset.cancelled
  return dataset.failed
}

const requestPasskey = ({ dataset }, more) => {
  pending?.abort()
  pending = new AbortController()
  const { signal } = pending
  const options = JSON.parse(dataset.options)
  return dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: toCreationOptions(options), signal })
    : navigator.credentials.get({ publicKey: toRequestOptions(options), signal, ...more })
}

const send = (form, credential) => {
  form.elements.namedItem('passkey').value = JSON.stringify(toJson(credential))
  form.requestSubmit()
}

/** Lets the browser offer passkeys in the username field; without a response the request stays open as long as the page. */
const offerInField = async (form) => {
  if (!(await window.PublicKeyCredential.isConditionalMediationAvailable?.()) || pending) return
  try {
    send(form, await requestPasskey(form, { mediation: 'conditional' }))
  } catch {
    // The request was aborted by a clicked button, or is not available; the password still works.
  }
}

for (const form of forms) {
  const field = form.elements.namedItem('passkey')
  field.value = ''
  let isPending = false
  let isSent = false
  // A browser without passkeys shows the form that creates one, which then explains why; a sign-in has other factors.
  if (window.PublicKeyCredential || form.dataset.passkey === 'create') form.hidden = false
  const prompt = async () => {
    isPending = true
    showSentence(form, form.dataset.waiting)
    try {
      const credential = await requestPasskey(form)
      showSentence(form)
      isPending = false
      send(form, credential)
    } catch (error) {
      isPending = false
      showSentence(form, errorSentence(form, error))
    }
  }
  form.addEventListener('submit', (event) => {
    // A challenge works once, so a second submission must not overtake the first.
    if (isPending || isSent) return event.preventDefault()
    isSent = field.value !== ''
    if (isSent) return
    event.preventDefault()
    void prompt()
  })
  // The page came back from the browser's history: its response is consumed, so the field is cleared.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    field.value = ''
    isSent = false
  })
  if (form.dataset.autofills !== undefined && window.PublicKeyCredential) void offerInField(form)
}
