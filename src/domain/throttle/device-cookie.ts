// The value of the device cookie: a few signed entries, one for each user who has finished a sign-in in the browser.

/** The entry of one user. It names no user: to recognize its owner takes the key and the owner's subject. */
export interface DeviceCookieEntry {
  /** The device id: 128 random bits, base64url. Stays the same for this user and browser. */
  readonly id: string
  /** The user's credential epoch at the sign-in; a later epoch ends the entry. */
  readonly epoch: number
  /** HMAC-SHA-256 over id, subject and epoch, base64url. */
  readonly mac: string
}

/** Limits the size of the cookie; more users than usually share one browser. */
const MOST_ENTRIES = 5
const ENTRY = /^([\w-]{22})\.(0|[1-9]\d{0,14})\.([\w-]{43})$/
// Allowed in the value of a cookie (RFC 6265 §4.1.1), and part of no entry.
const BETWEEN = '~'

/** Returns the entries of a cookie's value, newest first; malformed ones are ignored. */
export function readEntries(value: string | null): DeviceCookieEntry[] {
  const written = value?.split(BETWEEN, MOST_ENTRIES) ?? []
  return written.flatMap((text) => {
    const [, id, epoch, mac] = ENTRY.exec(text) ?? []
    return id === undefined || mac === undefined ? [] : [{ id, epoch: Number(epoch), mac }]
  })
}

/** Returns the value of the cookie for the first `MOST_ENTRIES` entries. */
export function writeEntries(entries: readonly DeviceCookieEntry[]): string {
  return entries
    .slice(0, MOST_ENTRIES)
    .map(({ id, epoch, mac }) => `${id}.${epoch}.${mac}`)
    .join(BETWEEN)
}

/** Returns the bytes under an entry's MAC, which binds the entry to one user, device and epoch. */
export function macInput({ id, epoch }: Pick<DeviceCookieEntry, 'id' | 'epoch'>, subject: string): string {
  return `browser\n${id}\n${epoch}\n${subject}`
}
