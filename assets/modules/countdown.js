// Counts down to the moment a person may try again. Everybody sees each second; screen readers hear the start, the last
// minute and the end.
const shown = document.querySelector('[data-counts-to]')
const status = document.getElementById('status')
if (shown instanceof HTMLElement) {
  const language = document.documentElement.lang
  const format = new Intl.DurationFormat(language, { style: 'long' })
  // From how long it still takes, not from a clock of the server that this one may not agree with.
  const end = performance.now() + Number(shown.dataset.countsTo) * 1000
  const left = () => Math.max(0, Math.ceil((end - performance.now()) / 1000))
  const inWords = (all) =>
    format.format({ hours: Math.floor(all / 3600), minutes: Math.floor(all / 60) % 60, seconds: all % 60 })
  let told = left()
  const tick = () => {
    const now = left()
    shown.textContent = now === 0 ? shown.dataset.over : inWords(now)
    if (status && ((now <= 60 && told > 60) || now === 0)) status.textContent = shown.textContent
    told = now
    // Until the next full second, so that none is left out.
    if (now > 0) setTimeout(tick, (end - performance.now()) % 1000 || 1000)
  }
  tick()
}
