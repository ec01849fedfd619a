// Shows under the focused password field that Caps Lock is on.
for (const note of document.querySelectorAll('[data-caps-lock-of]')) {
  const field = document.getElementById(note.dataset.capsLockOf)
  if (!field) continue
  const text = note.dataset.text ?? ''
  const showState = (event) => {
    // Autofill sends keyboard events without a modifier state.
    if (typeof event.getModifierState !== 'function') return
    note.textContent = event.getModifierState('CapsLock') ? text : ''
  }
  field.addEventListener('keydown', showState)
  field.addEventListener('keyup', showState)
  field.addEventListener('blur', () => (note.textContent = ''))
}
