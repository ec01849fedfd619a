// Ticks what a ticked box needs, and unticks what needs a box that is no longer ticked. Without this module the server gives what is needed.
const needsOf = ({ dataset }) => dataset.needs?.split(' ') ?? []
const settle = (changed) => {
  const { checked, name, form } = changed
  for (const other of form.querySelectorAll('input[type=checkbox]')) {
    const follows = checked ? needsOf(changed).includes(other.name) : needsOf(other).includes(name)
    if (!follows || other.checked === checked) continue
    other.checked = checked
    settle(other)
  }
}
document.addEventListener('change', ({ target }) => {
  if (target.matches('input[type=checkbox]')) settle(target)
})
