// Offers the time zone of the browser below the field. Without this module it is chosen from the list.
const field = document.querySelector('[data-offer]')
const here = Intl.DateTimeFormat().resolvedOptions().timeZone
const option = [...field.options].find(({ value, dataset }) => [value, dataset.was].includes(here))
// Where none is set, the pages use UTC.
if (option && option.value !== (field.value || 'UTC')) {
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'button quiet',
    textContent: field.dataset.offer.replace('{zone}', option.text),
    onclick() {
      option.selected = true
      button.remove()
      field.focus()
    },
  })
  field.after(button)
}
