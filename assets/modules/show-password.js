// Shows the typed password while the button in its field is pressed in.
for (const button of document.querySelectorAll('button[data-shows]')) {
  const field = document.getElementById(button.dataset.shows)
  if (!(field instanceof HTMLInputElement)) continue
  button.hidden = false
  const show = (shown) => {
    field.type = shown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(shown))
  }
  button.addEventListener('click', () => show(field.type === 'password'))
  // Browsers offer to save a password only from a field of that type.
  field.form?.addEventListener('submit', () => show(false))
}
