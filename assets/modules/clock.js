// Compares the clock of the browser with the time of the server in the page, and shows the finding that applies.
const row = document.querySelector('[data-clock-of]')
const [arrival] = performance.getEntriesByType('navigation')
if (row && arrival) {
  const server = Date.parse(row.dataset.clockOf)
  // The server read its clock between the request and the first byte of its answer, so a slow answer is not counted as clock skew.
  const opened = Date.now() - performance.now()
  const least = opened + arrival.requestStart - server
  const most = opened + arrival.responseStart - server
  const skew = least > 0 ? least : Math.min(most, 0)
  const minutes = Math.round(Math.abs(skew) / 60_000)
  const differs = skew > 0 ? 'ahead' : 'behind'
  const finding = Math.abs(skew) <= row.dataset.tolerated ? 'agrees' : differs
  const span = new Intl.DurationFormat(document.documentElement.lang, { style: 'long' }).format({
    days: Math.floor(minutes / 1440),
    hours: Math.floor(minutes / 60) % 24,
    // Beyond a day the minutes are left out.
    minutes: minutes < 1440 ? minutes % 60 : 0,
  })
  for (const part of document.querySelectorAll('[data-when-clock]')) {
    part.hidden = !part.dataset.whenClock.split(' ').includes(finding)
    const { text } = part.dataset
    if (text) part.textContent = text.replace('#', span)
  }
}
