// Counts down to the time at which the user may try again. The page shows each second; screen readers get the first sentence, the last
// minute and the end.
const sentence = document.querySelector('[data-counts-to]')
const left = sentence?.querySelector('[data-left]')
if (left) {
  const format = new Intl.DurationFormat(document.documentElement.lang, { style: 'long' })
  // Measured from the remaining time, because the clocks of server and browser may differ.
  const end = performance.now() + sentence.dataset.countsTo * 1000
  const status = document.getElementById('status')
  const forScreenReaders = document.createElement('span')
  forScreenReaders.className = 'unseen'
  forScreenReaders.textContent = sentence.textContent
  const visible = document.createElement('span')
  visible.ariaHidden = 'true'
  visible.append(...sentence.childNodes)
  sentence.append(forScreenReaders, visible)
  let lastShown = 0
  const tick = () => {
    const now = Math.ceil((end - performance.now()) / 1000)
    if (now <= 0) {
      sentence.textContent = sentence.dataset.over
      // Screen readers read a changed alert by themselves.
      if (!sentence.closest('[role=alert]')) status.textContent = sentence.dataset.over
      return
    }
    left.textContent = format.format({
      hours: Math.floor(now / 3600),
      minutes: Math.floor(now / 60) % 60,
      seconds: now % 60,
    })
    if (now <= 60 && lastShown > 60) status.textContent = visible.textContent
    lastShown = now
    // Waits for the next full second, so that none is skipped.
    setTimeout(tick, (end - performance.now()) % 1000 || 1000)
  }
  tick()
}
