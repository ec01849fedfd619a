// Copies the text of another element, and confirms it on the button and to screen readers.
const status = document.getElementById('status')
for (const button of document.querySelectorAll('button[data-copies]')) {
  const source = document.getElementById(button.dataset.copies)
  // Without https the browser has no clipboard API; the text can still be selected.
  if (!source || !navigator.clipboard) continue
  button.hidden = false
  const words = button.querySelector('span') ?? button
  const label = words.textContent
  const confirmCopy = () => {
    words.textContent = button.dataset.copied ?? label
    if (status) status.textContent = words.textContent
    setTimeout(() => (words.textContent = label), 6000)
  }
  const select = () => getSelection()?.selectAllChildren(source)
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(source.dataset.value ?? source.textContent.trim()).then(confirmCopy, select)
  })
}
