// The palette and the keys of the pages of administration. Ctrl K opens the palette; single keys act only where nobody types, without a
// modifier, and unless this browser has turned them off.
const { dataset } = document.querySelector('#keyboard')
const { entries, words, keys, icons } = JSON.parse(dataset.words)
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
const SVG = 'http://www.w3.org/2000/svg'
const icon = (drawing) => {
  const [svg, use] = ['svg', 'use'].map((tag) => document.createElementNS(SVG, tag))
  svg.setAttribute('class', 'icon')
  svg.ariaHidden = 'true'
  use.setAttribute('href', `${icons}#${drawing}`)
  svg.append(use)
  return svg
}
const linkTo = (href, drawing, ...children) => make('li', {}, make('a', { href }, icon(drawing), ...children))
const field = make('input', { type: 'text', autocomplete: 'off', spellcheck: false, placeholder: words.search })
field.ariaLabel = words.search
const items = entries.map(({ href, label, drawing, key }) =>
  linkTo(
    href,
    drawing,
    make('span', {}, label),
    ...(key && 'singleKeys' in dataset ? [make('kbd', {}, `g ${key}`)] : []),
  ),
)
const list = make('ul', {}, ...items)
const none = make('p', { className: 'none', hidden: true })
const count = make('p', { className: 'unseen', role: 'status' })
const palette = dialog(words.title, make('div', { className: 'ask' }, icon('search'), field), list, none, count)
const groups = keys.map(([title, rows]) =>
  make(
    'section',
    {},
    make('h3', {}, title),
    make(
      'dl',
      {},
      ...rows.map(([key, text]) => make('div', {}, make('dt', {}, make('kbd', {}, key)), make('dd', {}, text))),
    ),
  ),
)
const close = make('button', { className: 'button' }, words.close)
const help = dialog(
  words.keys,
  make('h2', {}, words.keys),
  make('div', { className: 'keys' }, ...groups),
  make('div', { className: 'foot' }, close),
)
close.addEventListener('click', () => help.close())
// The entry of the account menu that lists the keys.
const shortcuts = document.querySelector('[data-keys]')
shortcuts.hidden = false
shortcuts.addEventListener('click', () => help.showModal())

const links = () => [...list.querySelectorAll('li:not([hidden]) a')]
const typed = () => field.value.trim()
const includesTyped = (text) => text.toLowerCase().includes(typed().toLowerCase())
const show = (found, isComplete) => {
  for (const item of items) item.hidden = !includesTyped(item.querySelector('span').textContent)
  list.replaceChildren(...items, ...found)
  const { length } = links()
  none.textContent = words.none.replace('#', typed)
  none.hidden = length > 0 || !isComplete
  count.textContent = (length === 1 ? words.one : words.other).replace('#', length)
}
const shown = ({ href, label, drawing }, { id, username, name = username, full_name: fullName }) =>
  linkTo(
    `${href}/${encodeURIComponent(id)}`,
    drawing,
    make('bdi', {}, name),
    ...(fullName ? [make('bdi', { className: 'small' }, fullName)] : []),
    make('span', { className: 'kind small' }, label),
  )
let due
let asked
const sources = entries.filter(({ finds }) => finds)
const findIn = async (source) => {
  const isSearch = source.finds.endsWith('=')
  const answer = await fetch(source.finds + (isSearch ? encodeURIComponent(typed()) : ''), { signal: asked.signal })
  const { items: all } = await answer.json()
  return all.filter(({ name }) => isSearch || includesTyped(name)).map((item) => shown(source, item))
}
const find = () => {
  const { signal } = asked
  // A list that is refused is left out.
  Promise.allSettled(sources.map(findIn))
    .then(
      (found) =>
        signal.aborted ||
        show(
          found.flatMap(({ value = [] }) => value),
          true,
        ),
    )
    .catch(() => {})
}
field.addEventListener('input', () => {
  // The answer to what was typed before comes no more.
  asked?.abort()
  asked = new AbortController()
  clearTimeout(due)
  const isSearched = sources.length > 0 && typed() !== ''
  show([], !isSearched)
  if (isSearched) due = setTimeout(find, PAUSE)
})
// Before the answer has come, Enter searches the first list.
const choose = (link) => {
  if (link) link.click()
  else if (sources.length > 0) location.assign(`${sources[0].href}?q=${encodeURIComponent(typed())}`)
}
palette.addEventListener('keydown', (event) => {
  const all = [field, ...links()]
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) all.at((all.indexOf(document.activeElement) + step) % all.length).focus()
  else if (event.key === 'Enter' && event.target === field) choose(all[1])
  else return
  event.preventDefault()
})
const open = () => {
  if (palette.open) return palette.close()
  help.close()
  field.value = ''
  show([], true)
  palette.showModal()
}
const opener = document.querySelector('[data-palette]')
opener.addEventListener('click', open)
// The key as the keyboard has it: the server does not know the system.
if (/Mac|iP/.test(navigator.platform)) opener.querySelector('kbd').textContent = '⌘ K'

// On a small screen the current page is in sight in the row of pages, also in browsers without scroll-initial-target, and the current filter in
// that of filters.
const FADE = 40
for (const strip of document.querySelectorAll('.side .pages, .filters ul')) {
  const currentLink = strip.querySelector('[aria-current]')
  if (currentLink)
    strip.scrollLeft += Math.max(
      0,
      currentLink.getBoundingClientRect().right + FADE - strip.getBoundingClientRect().right,
    )
}

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
