// Submits a code once, as soon as all its digits are typed. The page announces that, and does not use this module after an error.
const field = document.querySelector('input[data-sends-itself]')
const submitWhenComplete = () => {
  const digits = field.value.normalize('NFKC').replace(/\D/g, '')
  if (digits.length !== Number(field.dataset.sendsItself)) return
  field.removeEventListener('input', submitWhenComplete)
  field.form?.requestSubmit()
}
field?.addEventListener('input', submitWhenComplete)
