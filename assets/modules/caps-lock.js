// Says that Caps Lock is on, under the password field that has the focus.
for (const note of document.querySelectorAll('[data-caps-lock-of]')) {
  const field = document.getElementById(note.dataset.capsLockOf)
  if (!field) continue
  const text = note.dataset.text ?? ''
  const tell = (event) => {
    // Autofill sends events of the keyboard that know of no keys.
    if (typeof event.getModifierState !== 'function') return
    note.textContent = event.getModifierState('CapsLock') ? text : ''
  }
  field.addEventListener('keydown', tell)
  field.addEventListener('keyup', tell)
  field.addEventListener('blur', () => (note.textContent = ''))
}
