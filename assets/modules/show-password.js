// Shows what was typed into a password field, for as long as its button is pressed in.
for (const button of document.querySelectorAll('button[data-shows]')) {
  const field = document.getElementById(button.dataset.shows)
  if (!(field instanceof HTMLInputElement)) continue
  button.hidden = false
  const show = (shown) => {
    field.type = shown ? 'text' : 'password'
    button.setAttribute('aria-pressed', String(shown))
  }
  button.addEventListener('click', () => show(field.type === 'password'))
  // A browser offers to save only what is sent as a password.
  field.form?.addEventListener('submit', () => show(false))
}
