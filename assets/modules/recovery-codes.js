// Saves recovery codes as a file or prints them. A user who leaves the page without having done either is asked once.
let isSaved = false
for (const button of document.querySelectorAll('button[data-saves-as]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([button.dataset.text], { type: 'text/plain' }))
    link.download = button.dataset.savesAs
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    isSaved = true
  })
}
for (const button of document.querySelectorAll('button[data-prints]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    isSaved = true
    window.print()
  })
}
document.addEventListener('copy', () => (isSaved = true))
document.querySelector('button[data-copies]')?.addEventListener('click', () => (isSaved = true))
for (const form of document.forms) form.addEventListener('submit', () => (isSaved = true))
addEventListener('beforeunload', (event) => {
  if (!isSaved) event.preventDefault()
})
