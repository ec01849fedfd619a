// Asks the server how strong a new password is when the typing pauses. Without an answer the bar stays as it is.
for (const bar of document.querySelectorAll('[data-strength-of]')) {
  const field = document.getElementById(bar.dataset.strengthOf)
  const show = ({ strength, word }) => {
    bar.dataset.strength = strength
    bar.querySelector('[data-word]').textContent = word
  }
  const ask = async () => {
    const typed = field.value
    const body = new URLSearchParams(new FormData(field.form))
    for (const { name } of field.form.querySelectorAll('.password input')) body.delete(name)
    body.set('password', typed)
    const answer = await fetch(`${location.pathname}/strength`, { method: 'POST', body, redirect: 'error' })
    if (answer.ok && typed === field.value) show(await answer.json())
  }
  let pause
  field?.addEventListener('input', () => {
    clearTimeout(pause)
    if (field.value.length < 8) show({ strength: '', word: '' })
    else pause = setTimeout(() => void ask().catch(() => {}), 600)
  })
}
