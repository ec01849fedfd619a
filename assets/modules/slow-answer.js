// Says on the pressed button that the server is checking, once its answer takes longer than a moment.
const pressed = new Map()
addEventListener('submit', (event) => {
  const button = event.target.querySelector('[data-checking]')
  if (!button || pressed.has(button)) return
  setTimeout(() => {
    if (event.defaultPrevented) return
    pressed.set(button, button.textContent)
    // The button keeps its width, so that nothing moves.
    button.style.inlineSize = `${button.offsetWidth}px`
    button.textContent = button.dataset.checking
    document.querySelector('#status').textContent = button.dataset.checking
  }, 300)
})
// A page that the browser kept is shown again as it was.
addEventListener('pageshow', () => {
  for (const [button, words] of pressed) button.textContent = words
  pressed.clear()
})
