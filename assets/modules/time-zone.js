// Loads the list of all time zones into its field, and offers the time zone of the browser. Without this module a link leads to the list.
const field = document.querySelector('[data-offer]')
const link = document.querySelector('#all-zones')
const here = Intl.DateTimeFormat().resolvedOptions().timeZone
const fill = (then) => {
  if (!link?.isConnected) return then()
  const request = new XMLHttpRequest()
  request.responseType = 'document'
  request.open('GET', link.href)
  request.onload = ({ target: { response } }) => {
    const whole = response?.querySelector('#time_zone')
    // The session has ended, for example: the page says why.
    if (!whole) return location.assign(link.href)
    const { value } = field
    field.replaceChildren(...whole.childNodes)
    field.value = value
    link.remove()
    then()
  }
  request.send()
}
const offer = () => {
  const option = [...field.options].find(({ value, dataset }) => [value, dataset.was].includes(here))
  if (!option || option.value === (field.value || 'UTC')) return
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
link?.addEventListener('click', (event) => {
  event.preventDefault()
  fill(() => field.focus())
})
// Where none is set, the pages use UTC.
if (here !== (field.value || 'UTC')) fill(offer)
