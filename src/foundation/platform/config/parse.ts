import { isIP } from 'node:net'

import { isLoopback } from '#foundation/kernel/loopback.ts'
import { isMailable } from '#foundation/kernel/mailable.ts'
import { days, type Duration, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { hostUrls } from './database-url.ts'

/** How the text of a setting is parsed. */
export interface Kind<Value> {
  /** The form of a valid text, as a phrase that follows "expected". */
  readonly wanted: string
  /** The value; undefined if the text is invalid. */
  read(text: string): Value | undefined
}

const UNITS: Readonly<Record<string, Duration>> = { s: seconds(1), m: minutes(1), h: hours(1), d: days(1) }
const SIZES: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 * 1024 }

export const flag: Kind<boolean> = {
  wanted: '`true` or `false`',
  read: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined),
}

export const words: Kind<string> = {
  wanted: 'a text of 1 to 64 characters without control characters',
  read: (text) => (/^[^\p{C}]{1,64}$/u.test(text) ? text : undefined),
}

/** A secret in one line. */
export const secretWords: Kind<string> = {
  wanted: 'one line without control characters',
  read: (text) => (/^[^\p{C}]{1,1024}$/u.test(text) ? text : undefined),
}

/** The email of a sender, without a name. */
export const emailAddress: Kind<string> = {
  wanted: 'an email address such as `accounts@example.org`, without a name',
  read: (text) => (isMailable(text) ? text : undefined),
}

/** The domain of an email address, read in lower case. */
export const domainName: Kind<string> = {
  wanted: 'a domain such as `example.org`',
  read: (text) =>
    /^[\p{L}\p{N}]([\p{L}\p{N}\p{M}.-]{0,251}[\p{L}\p{N}\p{M}])?$/u.test(text) ? text.toLowerCase() : undefined,
}

export const path: Kind<string> = {
  wanted: 'the path of a folder',
  read: (text) => (text.includes('\0') ? undefined : text),
}

export const file: Kind<string> = {
  wanted: 'the path of a file',
  read: (text) => (text === '' || text.includes('\0') ? undefined : text),
}

/** A colour of CSS in six hexadecimal digits, read in lower case. */
export const colour: Kind<string> = {
  wanted: 'a colour such as `#0f6b5c`, in six hexadecimal digits',
  read: (text) => (/^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : undefined),
}

export const hostName: Kind<string> = {
  wanted: 'a host name or an IP address, without a port',
  read(text) {
    const bare = text.replace(/^\[(.*)\]$/, '$1')
    if (isIP(bare) > 0) return bare
    return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text) ? text.toLowerCase() : undefined
  },
}

/** An origin (RFC 6454): scheme, host and port of an http or https URL; read without a trailing slash. */
export const httpOrigin: Kind<string> = {
  wanted: 'a URL such as `https://id.example.org`, without a path, query, name or password',
  read(text) {
    const url = URL.parse(text)
    if (!url || !/^https?:$/.test(url.protocol)) return undefined
    return url.href === `${url.origin}/` ? url.origin : undefined
  },
}

/** The URL of a service: https, or http on a loopback host; read without a trailing slash. */
export const rangeService: Kind<string> = {
  wanted: 'an https URL such as `https://api.pwnedpasswords.com/range`, without a query, name or password',
  read(text) {
    const url = URL.parse(text)
    if (!url || url.username !== '' || url.password !== '' || /[?#]/.test(text)) return undefined
    const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
    return isAllowed ? url.href.replace(/\/+$/, '') : undefined
  },
}

/** A contact (RFC 9116 §2.5.3): a URI, on the web with https. A bare email address is read as a `mailto:` URI. */
export const contact: Kind<string> = {
  wanted: 'an email address, or a URI with `mailto:`, `https://` or `tel:`',
  read(text) {
    if (/\s/.test(text)) return undefined
    const uri = /^[^:/@]+@[^:/@]+$/.test(text) ? `mailto:${text}` : text
    return /^(?:mailto:[^@]+@[^@]+|https:\/\/.+|tel:\+?[\d-]+)$/i.test(uri) ? URL.parse(uri)?.href : undefined
  },
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    wanted: `a whole number from ${least} to ${most}`,
    read: (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : undefined, least, most),
  }
}

/** A duration between two durations in the same notation, such as `90s` and `7d`; read in milliseconds. */
export function duration(least: string, most: string): Kind<Duration> {
  const [shortest, longest] = [readDuration(least), readDuration(most)]
  return {
    wanted: `a duration from ${least} to ${most}, written like \`90s\`, \`30m\`, \`1h\` or \`7d\``,
    read: (text) => within(readDuration(text), shortest ?? 0, longest ?? Infinity),
  }
}

/** A size, read as a number of bytes. */
export function size(least: string, most: string): Kind<number> {
  const [smallest, largest] = [readSize(least), readSize(most)]
  return {
    wanted: `a size from ${least} to ${most}, written like \`65536\`, \`64KiB\` or \`1MiB\``,
    read: (text) => within(readSize(text), smallest ?? 0, largest ?? Infinity),
  }
}

/** One of these texts, in upper or lower case. */
export function oneOf<const Choice extends string>(choices: readonly Choice[]): Kind<Choice> {
  return {
    wanted: `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`,
    read: (text) => choices.find((choice) => choice === text.toLowerCase()),
  }
}

/** Items separated by commas or spaces; an empty text is an empty list. */
export function listOf<Item>(item: Kind<Item>, plural: string): Kind<readonly Item[]> {
  return {
    wanted: `${plural}, separated by commas`,
    read(text) {
      const parts = text.split(/[\s,]+/).filter((part) => part !== '')
      const items = parts.map((part) => item.read(part)).filter((value) => value !== undefined)
      return items.length < parts.length ? undefined : items
    },
  }
}

/** Names separated by semicolons, or by commas where no semicolon is: a name may contain a comma. */
export const nameList: Kind<readonly string[]> = {
  wanted: 'names of 1 to 64 characters, separated by commas or semicolons',
  read(text) {
    const names = text
      .split(text.includes(';') ? ';' : ',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    return names.every((name) => words.read(name) !== undefined) ? names : undefined
  },
}

export const ipAddressRange: Kind<string> = {
  wanted: 'an IP address or a CIDR range',
  read(text) {
    const [ipAddress = '', bits, ...rest] = text.split('/')
    const family = isIP(ipAddress)
    if (family === 0 || rest.length > 0) return undefined
    if (bits === undefined) return text
    return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128) ? text : undefined
  },
}

/**
 * The URL of a database. A database in memory is refused, because it would lose acknowledged writes at the next start, and so is
 * `sqlite:///path`, because some programs read it as an absolute path and others as a relative one.
 */
export const databaseUrl: Kind<string> = {
  wanted:
    '`sqlite:PATH` (without `//`) or `postgres://user:password@host:port/name`, several `host:port` separated by commas',
  read(text) {
    const [, path] = /^sqlite:(.+)$/i.exec(text) ?? []
    if (path !== undefined) return /^:memory:$|^\/\/|\0/.test(path) ? undefined : `sqlite:${path}`
    return hostUrls(text) === undefined ? undefined : text
  },
}

export const keyringText: Kind<string> = {
  wanted: 'the text of a keyring.json',
  read: (text) => (text.trimStart().startsWith('{') ? text : undefined),
}

function readDuration(text: string): Duration | undefined {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  const factor = UNITS[unit]
  return factor === undefined ? undefined : Number(count) * factor
}

function readSize(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,12})(KiB|MiB|)$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (SIZES[unit] ?? 1)
}

function within(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && value >= least && value <= most ? value : undefined
}
