// Copies what stands in another element, and says so on the button and where screen readers listen.
const status = document.getElementById('status')
for (const button of document.querySelectorAll('button[data-copies]')) {
  const source = document.getElementById(button.dataset.copies)
  // Without https there is no clipboard; the text can still be selected by hand.
  if (!source || !navigator.clipboard) continue
  button.hidden = false
  const label = button.textContent
  const tell = () => {
    button.textContent = button.dataset.copied ?? label
    if (status) status.textContent = button.textContent
    setTimeout(() => (button.textContent = label), 6000)
  }
  const select = () => getSelection()?.selectAllChildren(source)
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(source.dataset.value ?? source.textContent.trim()).then(tell, select)
  })
}
