// What a browser keeps of the people who finished a sign-in in it: a few signed entries without a name in them.

/** One person's entry. Only whoever has the key and the person's subject can tell whose it is. */
export interface DeviceCookieEntry {
  /** 128 random bits, base64url: the same for as long as this person uses this browser. */
  readonly id: string
  /** The person's credential epoch when they signed in; a later one ends the entry. */
  readonly epoch: number
  /** HMAC-SHA-256 over id, subject and epoch, base64url. */
  readonly mac: string
}

/** More people than share one browser. */
const MOST_ENTRIES = 5
const ENTRY = /^([\w-]{22})\.(0|[1-9]\d{0,14})\.([\w-]{43})$/
// Allowed in a cookie's value (RFC 6265 §4.1.1), and in no entry.
const BETWEEN = '~'

/** The entries of a cookie's value, newest first; what is no entry is left out. */
export function readEntries(value: string | null): DeviceCookieEntry[] {
  const written = value?.split(BETWEEN, MOST_ENTRIES) ?? []
  return written.flatMap((text) => {
    const [, id, epoch, mac] = ENTRY.exec(text) ?? []
    return id === undefined || mac === undefined ? [] : [{ id, epoch: Number(epoch), mac }]
  })
}

export function writeEntries(entries: readonly DeviceCookieEntry[]): string {
  return entries
    .slice(0, MOST_ENTRIES)
    .map(({ id, epoch, mac }) => `${id}.${epoch}.${mac}`)
    .join(BETWEEN)
}

/** What an entry's code is made over, so that none fits another person, browser or epoch. */
export function macInput({ id, epoch }: Pick<DeviceCookieEntry, 'id' | 'epoch'>, subject: string): string {
  return `browser\n${id}\n${epoch}\n${subject}`
}
