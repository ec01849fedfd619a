// Closes an open menu on Escape, on a click outside and when the focus leaves it. Without this module its button closes it.
const openMenus = () => document.querySelectorAll('.menu[open]')
const closeOthers = ({ target }) => {
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false
}
document.addEventListener('click', closeOthers)
document.addEventListener('focusin', closeOthers)
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return
  for (const menu of openMenus()) {
    menu.open = false
    menu.querySelector('summary').focus()
  }
})
// The event does not bubble.
const showWhole = ({ target }) => {
  if (target.matches('.menu[open]')) target.lastElementChild.scrollIntoView({ block: 'nearest' })
}
document.addEventListener('toggle', showWhole, true)
