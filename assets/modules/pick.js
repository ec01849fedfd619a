// Filters the options of a list while one types, and completes each of several names in a field that suggests them. Without this module the
// whole list is shown, and a browser completes the first name only.
for (const input of document.querySelectorAll('[data-filters]')) {
  const options = [...document.querySelector(`#${input.dataset.filters}`).children]
  input.addEventListener('input', () => {
    const typed = input.value.trim().toLowerCase()
    for (const option of options) option.hidden = !option.textContent.toLowerCase().includes(typed)
  })
  // Enter would send the form, whose choice is not made yet.
  input.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault())
}
for (const input of document.querySelectorAll('[data-separator]')) {
  const { separator } = input.dataset
  const options = [...input.list.options]
  const names = options.map(({ value }) => value)
  input.addEventListener('input', () => {
    const before = input.value.slice(0, input.value.lastIndexOf(separator) + 1)
    for (const [at, option] of options.entries()) option.value = before ? `${before} ${names[at]}` : names[at]
  })
}
