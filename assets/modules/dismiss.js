// Removes the message of what was done. Without this module its link leads to the same page without it.
const link = document.querySelector('.dismiss')
link.addEventListener('click', (event) => {
  event.preventDefault()
  link.parentElement.remove()
  history.replaceState(null, '', link.href)
  document.querySelector('#main').focus()
})
