// Says how many rows of a list are ticked, and ticks all of them at once.
for (const told of document.querySelectorAll('[data-counts-ticks]')) {
  const form = told.closest('form')
  const boxes = [...form.querySelectorAll('tbody input[type=checkbox]')]
  const all = form.querySelector('[data-ticks-all]')
  const { lang } = document.documentElement
  const rules = new Intl.PluralRules(lang)
  const numbers = new Intl.NumberFormat(lang)
  const tell = () => {
    const ticked = boxes.filter(({ checked }) => checked).length
    all.checked = ticked === boxes.length
    all.indeterminate = ticked > 0 && !all.checked
    const { none, one, other } = told.dataset
    const words = ticked > 0 && rules.select(ticked) === 'one' ? one : other
    told.textContent = ticked === 0 ? none : words.replace('#', numbers.format(ticked))
  }
  form.addEventListener('change', ({ target }) => {
    if (target === all) for (const box of boxes) box.checked = all.checked
    tell()
  })
  all.disabled = false
  // A browser that comes back to the page brings back what was ticked, later than this runs.
  addEventListener('pageshow', () => {
    if (boxes.some(({ checked }) => checked)) tell()
  })
}
