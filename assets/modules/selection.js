// Shows how many rows of a list are selected, and selects all of them.
for (const counter of document.querySelectorAll('[data-counts-ticks]')) {
  const form = counter.closest('form')
  const boxes = [...form.querySelectorAll('tbody input[type=checkbox]')]
  const all = form.querySelector('[data-ticks-all]')
  const { lang } = document.documentElement
  const rules = new Intl.PluralRules(lang)
  const numbers = new Intl.NumberFormat(lang)
  const showCount = () => {
    const ticked = boxes.filter(({ checked }) => checked).length
    all.checked = ticked === boxes.length
    all.indeterminate = ticked > 0 && !all.checked
    const { none, one, other } = counter.dataset
    const words = ticked > 0 && rules.select(ticked) === 'one' ? one : other
    counter.textContent = ticked === 0 ? none : words.replace('#', numbers.format(ticked))
  }
  form.addEventListener('change', ({ target }) => {
    if (target === all) for (const box of boxes) box.checked = all.checked
    showCount()
  })
  // The form is reset after this event. The button goes with the bar, so the focus goes to the box that selects anew.
  form.addEventListener('reset', () =>
    setTimeout(() => {
      showCount()
      all.focus()
    }),
  )
  all.disabled = false
  // A browser that returns to the page restores the boxes after this module has run.
  addEventListener('pageshow', () => {
    if (boxes.some(({ checked }) => checked)) showCount()
  })
}
