// Single keys of the pages of administration: `/` goes to the search, `j` and `k` to the next and the previous row, `x` ticks the row.
// They act without a modifier only, and never where one types.
const TYPED_INTO = 'input:not([type=checkbox]), textarea, select, [contenteditable], dialog'
const rows = () => [...document.querySelectorAll('main tbody tr:has(th a)')]
const toRow = (step) => {
  const all = rows()
  const at = all.findIndex((row) => row.contains(document.activeElement))
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)
  // Enter opens the link.
  all[next]?.querySelector('th a').focus()
}
const actions = {
  '/': () => document.querySelector('main input[type=search]')?.focus(),
  j: () => toRow(1),
  k: () => toRow(-1),
  x: () =>
    rows()
      .find((row) => row.contains(document.activeElement))
      ?.querySelector('input[type=checkbox]')
      ?.click(),
}
document.addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey, target } = event
  if (ctrlKey || metaKey || altKey || target.closest(TYPED_INTO) || !Object.hasOwn(actions, key)) return
  event.preventDefault()
  actions[key]()
})
