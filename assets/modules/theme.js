// Changes the theme in place, so that a page keeps what was typed and what it shows once. Without this module the form loads a page again.
const form = document.querySelector('.themes > form')
const show = (theme) => {
  const { documentElement: root, body } = document
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  const summary = form.parentElement.querySelector(':scope > summary')
  for (const button of form.querySelectorAll('button')) {
    button.ariaPressed = String(button.value === theme)
    if (!summary || button.value !== theme) continue
    summary.querySelector('svg').replaceWith(button.querySelector('svg').cloneNode(true))
    summary.querySelector('span').textContent = `${summary.title}: ${button.textContent.trim()}`
  }
  for (const bar of document.querySelectorAll('meta[name=theme-color]'))
    bar.content = getComputedStyle(body).backgroundColor
}
form?.addEventListener('submit', (event) => {
  event.preventDefault()
  const { value } = event.submitter
  const fields = new FormData(form)
  fields.set('theme', value)
  fetch(form.action, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
    // Where the choice is stored, the answer is a redirect, which is not followed. Otherwise the theme stays.
    .then(({ type }) => type === 'opaqueredirect' && show(value))
    .catch(() => {})
})
if (form) form.parentElement.hidden = false
