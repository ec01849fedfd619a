// Makes of each group of links one stop of the Tab key, in which the arrow keys, Home and End move. Without this module each link is a stop.
// Links for browsers without scripts are not displayed.
const linksOf = (group) => [...group.querySelectorAll('a')].filter((link) => link.offsetParent)
const stopAt = (group, stop) => {
  for (const link of linksOf(group)) link.tabIndex = link === stop ? 0 : -1
}
const begin = () => {
  for (const group of document.querySelectorAll('[data-roving]')) {
    const links = linksOf(group)
    stopAt(group, links.find((link) => link.matches('[aria-current]')) ?? links[0])
  }
}
document.addEventListener('focusin', ({ target }) => {
  const group = target.closest('[data-roving]')
  if (group && target.matches('a')) stopAt(group, target)
})
document.addEventListener('keydown', (event) => {
  const group = event.target.closest('[data-roving]')
  if (!group || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const links = linksOf(group)
  const at = links.indexOf(event.target)
  if (at < 0) return
  const [left, right] = [(at + links.length - 1) % links.length, (at + 1) % links.length]
  const steps = { ArrowLeft: left, ArrowUp: left, ArrowRight: right, ArrowDown: right, Home: 0, End: links.length - 1 }
  const to = links[steps[event.key]]
  if (!to) return
  event.preventDefault()
  to.focus()
})
document.addEventListener('listrenewed', begin)
begin()
