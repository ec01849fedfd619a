// Compares the clock of the browser with the server's, as the page came with it, and shows the finding that fits.
const row = document.querySelector('[data-clock-of]')
const [arrival] = performance.getEntriesByType('navigation')
if (row && arrival) {
  const server = Date.parse(row.dataset.clockOf)
  // The server looked at its clock between the request and the first byte of its answer: a slow answer is no wrong clock.
  const opened = Date.now() - performance.now()
  const least = opened + arrival.requestStart - server
  const most = opened + arrival.responseStart - server
  const apart = least > 0 ? least : Math.min(most, 0)
  const minutes = Math.round(Math.abs(apart) / 60_000)
  const differs = apart > 0 ? 'ahead' : 'behind'
  const told = Math.abs(apart) <= row.dataset.tolerated ? 'agrees' : differs
  const span = new Intl.DurationFormat(document.documentElement.lang, { style: 'long' }).format({
    days: Math.floor(minutes / 1440),
    hours: Math.floor(minutes / 60) % 24,
    // After more than a day nobody counts minutes.
    minutes: minutes < 1440 ? minutes % 60 : 0,
  })
  for (const part of document.querySelectorAll('[data-when-clock]')) {
    part.hidden = !part.dataset.whenClock.split(' ').includes(told)
    const { text } = part.dataset
    if (text) part.textContent = text.replace('#', span)
  }
}
