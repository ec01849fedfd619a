// Filters a list while its search is typed: fetches the page that Enter would open, and takes what follows the search from it. A document
// that a request parses runs no scripts and needs no policy of Trusted Types, unlike markup that a script would parse.
const PAUSE = 250
const form = document.querySelector('main form.search')
const follow = (old, fresh) => {
  while (old.nextSibling) old.nextSibling.remove()
  while (fresh.nextSibling) old.parentNode.append(fresh.nextSibling)
}
let due
let request = new XMLHttpRequest()
const search = () => {
  const query = new URLSearchParams(new FormData(form))
  if (query.get('q') === '') query.delete('q')
  const url = `${form.action}${query.size > 0 ? '?' : ''}${query}`
  request = new XMLHttpRequest()
  request.responseType = 'document'
  request.open('GET', url)
  request.onload = ({ target: { response } }) => {
    const fresh = response?.querySelector('main form.search')
    // The session has ended, for example: the page says why.
    if (!fresh) return location.assign(url)
    follow(form, fresh)
    follow(form.parentNode, fresh.parentNode)
    for (const part of ['.api', '.foot']) document.querySelector(part)?.replaceWith(response.querySelector(part))
    history.replaceState(null, '', url)
    document.querySelector('#status').textContent = document.querySelector('#found, .empty p')?.textContent.trim() ?? ''
    document.dispatchEvent(new Event('listrenewed'))
  }
  request.send()
}
form.addEventListener('input', () => {
  // The answer to what was typed before comes no more.
  request.abort()
  clearTimeout(due)
  due = setTimeout(search, PAUSE)
})
form.addEventListener('submit', () => clearTimeout(due))
