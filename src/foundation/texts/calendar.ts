type Style = Readonly<Intl.DateTimeFormatOptions>

// Making a format takes a hundred times as long as using it, and a table of users has hundreds of moments.
const calendars = new Map<string, Intl.DateTimeFormat>()
/** People choose their zone, so there may be a few hundred. */
const MOST_CALENDARS = 100

/** Days before months, and a clock of 24 hours: plain English is written as in Britain. */
const LOCALES: Readonly<Record<string, string>> = { en: 'en-GB' }

/**
 * Writes moments in a language and an IANA time zone. Without a zone, or with one that there is not, in UTC and, where
 * that has to be said, in a style of its own.
 */
export function calendarOf(
  language: string,
  timeZone: string | null | undefined,
  style: Style,
  inUtc: Style = style,
): Intl.DateTimeFormat {
  const key = JSON.stringify([language, timeZone, style])
  const known = calendars.get(key)
  if (known) return known
  if (calendars.size >= MOST_CALENDARS) calendars.clear()
  const made = newCalendar(LOCALES[language] ?? language, timeZone ?? null, style, inUtc)
  calendars.set(key, made)
  return made
}

function newCalendar(locale: string, timeZone: string | null, style: Style, inUtc: Style): Intl.DateTimeFormat {
  const utc = { ...inUtc, timeZone: 'UTC' }
  if (timeZone === null) return new Intl.DateTimeFormat(locale, utc)
  try {
    return new Intl.DateTimeFormat(locale, { ...style, timeZone })
  } catch {
    // A row that somebody typed by hand may name any zone; a time in UTC is still a true one.
    return new Intl.DateTimeFormat(locale, utc)
  }
}
