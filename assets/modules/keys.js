// The palette and the keys of the pages of administration. Ctrl K opens the palette; single keys act only where nobody types, without a
// modifier, and unless this browser has turned them off.
const { dataset } = document.querySelector('#keyboard')
const { entries, words, keys } = JSON.parse(dataset.words)
const PAUSE = 250
const SEQUENCE = 1000
const TYPED_INTO = 'input:not([type=checkbox]), textarea, select, [contenteditable], dialog'
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
const dialog = (label, ...children) => {
  const made = make('dialog', { className: 'palette', ariaLabel: label }, ...children)
  made.addEventListener('click', ({ target }) => target === made && made.close())
  document.body.append(made)
  return made
}
const linkTo = (href, ...children) => make('li', {}, make('a', { href }, ...children))
const field = make('input', { type: 'text', autocomplete: 'off', spellcheck: false, placeholder: words.search })
field.ariaLabel = words.search
const items = entries.map(({ href, label, key }) =>
  linkTo(href, label, ...(key && 'singleKeys' in dataset ? [make('kbd', {}, `g ${key}`)] : [])),
)
const list = make('ul', {}, ...items)
const count = make('p', { className: 'unseen', role: 'status' })
const palette = dialog(words.title, field, list, count)
const rows = keys.map(([key, text]) => make('div', {}, make('dt', {}, make('kbd', {}, key)), make('dd', {}, text)))
const close = make('button', { className: 'button' }, words.close)
const help = dialog(words.keys, make('h2', {}, words.keys), make('dl', {}, ...rows), close)
close.addEventListener('click', () => help.close())

const links = () => [...list.querySelectorAll('li:not([hidden]) a')]
const show = (users) => {
  const typed = field.value.trim().toLowerCase()
  for (const item of items) item.hidden = !item.firstChild.firstChild.textContent.toLowerCase().includes(typed)
  list.replaceChildren(...items, ...users)
  const { length } = links()
  count.textContent = (length === 1 ? words.one : words.other).replace('#', length)
}
const shownUser = ({ id, username, full_name: name }) =>
  linkTo(`/admin/users/${id}`, make('bdi', {}, username), ...(name ? [make('bdi', { className: 'small' }, name)] : []))
let due
let asked
const findsUsers = entries.some(({ href }) => href === '/admin/users')
const find = () => {
  fetch(`/users?limit=8&q=${encodeURIComponent(field.value.trim())}`, { signal: asked.signal })
    .then((answer) => answer.json())
    .then(({ items }) => show(items.map(shownUser)))
    // Given up, or refused: pages and actions stay.
    .catch(() => {})
}
field.addEventListener('input', () => {
  // The answer to what was typed before comes no more.
  asked?.abort()
  asked = new AbortController()
  clearTimeout(due)
  show([])
  if (findsUsers && field.value.trim() !== '') due = setTimeout(find, PAUSE)
})
palette.addEventListener('keydown', (event) => {
  const all = [field, ...links()]
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) all.at((all.indexOf(document.activeElement) + step) % all.length).focus()
  else if (event.key === 'Enter' && event.target === field)
    location.assign(all[1]?.href ?? `/admin/users?q=${encodeURIComponent(field.value.trim())}`)
  else return
  event.preventDefault()
})
const open = () => {
  if (palette.open) return palette.close()
  help.close()
  field.value = ''
  show([])
  palette.showModal()
}

// On a small screen the current page is in sight in the row of pages, also in browsers without scroll-initial-target.
const strip = document.querySelector('.side ul')
const currentLink = strip?.querySelector('[aria-current]')
if (currentLink)
  strip.scrollLeft += Math.max(0, currentLink.getBoundingClientRect().right - strip.getBoundingClientRect().right)

const tableRows = () => [...document.querySelectorAll('main tbody tr:has(th a)')]
const current = () => tableRows().find((row) => row.contains(document.activeElement))
const toRow = (step) => {
  const all = tableRows()
  const at = all.indexOf(current())
  // Enter opens the link.
  all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]?.querySelector('th a').focus()
}
let begun = -Infinity
const actions = {
  '/': () => document.querySelector('main input[type=search]')?.focus(),
  '?': () => help.showModal(),
  j: () => toRow(1),
  k: () => toRow(-1),
  x: () => current()?.querySelector('input[type=checkbox]')?.click(),
  g: (now) => (begun = now),
}
document.addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey, target, timeStamp } = event
  const isModified = ctrlKey || metaKey || altKey
  const entry = timeStamp - begun < SEQUENCE && entries.find((one) => one.key === key)
  begun = -Infinity
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k') open()
  else if (isModified || !('singleKeys' in dataset) || target.closest(TYPED_INTO)) return
  else if (entry) location.assign(entry.href)
  else if (Object.hasOwn(actions, key)) actions[key](timeStamp)
  else return
  event.preventDefault()
})
