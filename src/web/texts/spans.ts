/** Made at first use: making one takes a tenth of a start. */
const formats = new Map<string, Intl.DurationFormat>()

/** A wait of whole seconds in words, such as `4 minutes, 30 seconds`; undefined when nobody knows how long it is. */
export function waitInWords(language: string, wait: number | undefined): string | undefined {
  if (wait === undefined) return undefined
  const whole = Math.max(1, Math.ceil(wait))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return formatOf(language).format({ hours, minutes, seconds: whole % 60 })
}

function formatOf(language: string): Intl.DurationFormat {
  const known = formats.get(language)
  if (known) return known
  const made = new Intl.DurationFormat(language, { style: 'long' })
  formats.set(language, made)
  return made
}
