// Shows how many rows of a list are selected, and selects all of them. It listens on the document, since a search may replace the list.
const { lang } = document.documentElement
const rules = new Intl.PluralRules(lang)
const numbers = new Intl.NumberFormat(lang)
const counterIn = (form) => form?.querySelector('[data-counts-ticks]')
const boxesIn = (form) => [...form.querySelectorAll('tbody input[type=checkbox]')]
const allIn = (form) => form.querySelector('[data-ticks-all]')
const showCount = (form) => {
  const [counter, boxes, all] = [counterIn(form), boxesIn(form), allIn(form)]
  const ticked = boxes.filter(({ checked }) => checked).length
  all.checked = ticked === boxes.length
  all.indeterminate = ticked > 0 && !all.checked
  const { none, one, other } = counter.dataset
  const words = ticked > 0 && rules.select(ticked) === 'one' ? one : other
  counter.textContent = ticked === 0 ? none : words.replace('#', numbers.format(ticked))
}
document.addEventListener('change', ({ target }) => {
  const { form } = target
  if (!counterIn(form)) return
  if (target === allIn(form)) for (const box of boxesIn(form)) box.checked = target.checked
  showCount(form)
})
// The form is reset after this event. The button goes with the bar, so the focus goes to the box that selects anew.
document.addEventListener('reset', ({ target: form }) => {
  if (!counterIn(form)) return
  setTimeout(() => {
    showCount(form)
    allIn(form).focus()
  })
})
const begin = () => {
  for (const { form } of document.querySelectorAll('[data-ticks-all]')) {
    allIn(form).disabled = false
    if (boxesIn(form).some(({ checked }) => checked)) showCount(form)
  }
}
begin()
document.addEventListener('listrenewed', begin)
// A browser that returns to the page restores the boxes after this module has run.
addEventListener('pageshow', begin)
