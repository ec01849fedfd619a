// Shows the hint of the chosen option below its select. Without this module the hints of all options stand there.
for (const hint of document.querySelectorAll('[data-hint-of]')) {
  const select = document.querySelector(`#${hint.dataset.hintOf}`)
  select.addEventListener('change', () => {
    hint.textContent = select.selectedOptions[0].dataset.hint ?? ''
  })
}
