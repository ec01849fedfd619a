// Recovery codes leave the page as a file or on paper; whoever leaves it without them is asked once.
let kept = false
for (const button of document.querySelectorAll('button[data-saves-as]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([button.dataset.text], { type: 'text/plain' }))
    link.download = button.dataset.savesAs
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    kept = true
  })
}
for (const button of document.querySelectorAll('button[data-prints]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    kept = true
    window.print()
  })
}
document.addEventListener('copy', () => (kept = true))
document.querySelector('button[data-copies]')?.addEventListener('click', () => (kept = true))
for (const form of document.forms) form.addEventListener('submit', () => (kept = true))
addEventListener('beforeunload', (event) => {
  if (!kept) event.preventDefault()
})
