// Marks the entry of the section in sight in the navigation beside the page, or in the tabs. Without this module the section in the URL is marked.
const links = [...document.querySelectorAll(':is(.side, .tabs) a[href*="#"]')].filter(
  ({ pathname }) => pathname === location.pathname,
)
const sections = links.flatMap(({ hash }) => document.querySelector(hash) ?? [])
const EDGE = 120
let due = 0
const mark = () => {
  due = 0
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement
  const atEnd = scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 2
  const reached = sections.filter((section) => section.getBoundingClientRect().top <= EDGE)
  // A short section at the end never comes to the top, so the one that was chosen last stays marked there.
  const chosen = atEnd ? (sections.find(({ id }) => `#${id}` === location.hash) ?? sections.at(-1)) : undefined
  const current = chosen ?? reached.at(-1) ?? sections[0]
  for (const link of links) {
    if (current && link.hash === `#${current.id}`) link.setAttribute('aria-current', 'location')
    else link.removeAttribute('aria-current')
  }
}
const schedule = () => {
  due ||= requestAnimationFrame(mark)
}
if (sections.length > 0) {
  links[0].closest('nav').dataset.follows = ''
  for (const event of ['scroll', 'resize', 'hashchange']) addEventListener(event, schedule)
  mark()
}
