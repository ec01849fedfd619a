// Counts down to the moment a person may try again. Everybody sees each second; screen readers hear the sentence as it
// came, the last minute and the end.
const whole = document.querySelector('[data-counts-to]')
const left = whole?.querySelector('[data-left]')
if (left) {
  const format = new Intl.DurationFormat(document.documentElement.lang, { style: 'long' })
  // From how long it still takes: the clock of the server may be another.
  const end = performance.now() + whole.dataset.countsTo * 1000
  const status = document.getElementById('status')
  const heard = document.createElement('span')
  heard.className = 'unseen'
  heard.textContent = whole.textContent
  const seen = document.createElement('span')
  seen.ariaHidden = 'true'
  seen.append(...whole.childNodes)
  whole.append(heard, seen)
  let told = 0
  const tick = () => {
    const now = Math.ceil((end - performance.now()) / 1000)
    if (now <= 0) {
      whole.textContent = whole.dataset.over
      // What stands in an alert is read by itself when it changes.
      if (!whole.closest('[role=alert]')) status.textContent = whole.dataset.over
      return
    }
    left.textContent = format.format({
      hours: Math.floor(now / 3600),
      minutes: Math.floor(now / 60) % 60,
      seconds: now % 60,
    })
    if (now <= 60 && told > 60) status.textContent = seen.textContent
    told = now
    // Until the next full second, so that none is left out.
    setTimeout(tick, (end - performance.now()) % 1000 || 1000)
  }
  tick()
}
