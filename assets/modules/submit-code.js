// Sends a code as soon as all its digits are in, once; the page says so, and does not ask for it after an error.
const field = document.querySelector('input[data-sends-itself]')
const sendWhenWhole = () => {
  const digits = field.value.normalize('NFKC').replace(/\D/g, '')
  if (digits.length !== Number(field.dataset.sendsItself)) return
  field.removeEventListener('input', sendWhenWhole)
  field.form?.requestSubmit()
}
field?.addEventListener('input', sendWhenWhole)
