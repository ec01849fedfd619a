// Saves recovery codes as a file or prints them. A user who leaves the page without having done either is asked once. The filled button
// is the next step: to save the codes, then to continue.
let isSaved = false
const download = document.querySelector('button[data-saves-as]')
const next = document.querySelector('main form .primary')
const markSaved = (saved) => {
  isSaved = saved
  download?.classList.toggle('primary', !saved)
  next?.classList.toggle('primary', saved)
}
if (download) {
  markSaved(false)
  download.hidden = false
  download.addEventListener('click', () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([download.dataset.text], { type: 'text/plain' }))
    link.download = download.dataset.savesAs
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    markSaved(true)
  })
}
for (const button of document.querySelectorAll('button[data-prints]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    markSaved(true)
    window.print()
  })
}
document.addEventListener('copy', () => markSaved(true))
document.querySelector('button[data-copies]')?.addEventListener('click', () => markSaved(true))
for (const form of document.forms) form.addEventListener('submit', () => (isSaved = true))
addEventListener('beforeunload', (event) => {
  if (!isSaved) event.preventDefault()
})
