// The readings of a path: a proxy, and the app behind it, may each read the same path in another way.

/** The most readings that are made. A path with more is written to confuse. */
const MOST_READINGS = 64

/** Characters that a path of a request can hold (RFC 3986 §3.3, and those that programs send beside them). */
const SENT = /^\/[\x21-\x7E]*$/
/** What some program may read in a second way. */
const AMBIGUOUS = /[%\\;]|\/\/|\/\./
const CONTROL = /\p{Cc}/u

/**
 * Returns all ways in which a proxy or an app can read a path without its query: as it is, decoded as often as it can be, with `\` as `/`, with
 * slashes merged, without what follows a `;` in a segment, with dots resolved, with compatible characters as their plain ones, and each of these
 * in any order. Undefined for a path that no app should see: it does not begin with `/`, holds a control character in some reading, or has more
 * readings than are made. Case is left to the comparison.
 */
export function readingsOf(path: string): readonly string[] | undefined {
  if (!SENT.test(path)) return undefined
  if (!AMBIGUOUS.test(path)) return [path]
  const readings = new Set([path])
  // A set is iterated in the order of insertion, with what is added meanwhile.
  for (const reading of readings) {
    if (CONTROL.test(reading) || readings.size > MOST_READINGS) return undefined
    for (const read of READERS) readings.add(read(reading))
  }
  return [...readings]
}

const READERS: readonly ((path: string) => string)[] = [
  decoded,
  (path) => path.replaceAll('\\', '/'),
  (path) => path.replaceAll(/\/{2,}/g, '/'),
  (path) => path.replaceAll(/;[^/]*/g, ''),
  withDotsResolved,
  (path) => path.normalize('NFKC'),
]

const ESCAPES = /(?:%[0-9a-f]{2})+/gi
const ASCII_ESCAPE = /%[0-7][0-9a-f]/gi

/** Decodes once. Bytes that are no UTF-8 stay as they are written, while the others beside them are decoded. */
function decoded(path: string): string {
  return path.replaceAll(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes.replaceAll(ASCII_ESCAPE, (escape) => decodeURIComponent(escape))
    }
  })
}

function withDotsResolved(path: string): string {
  if (!path.includes('/.')) return path
  const kept: string[] = []
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}`
}

/** Returns the text by which paths are compared where an app does not distinguish cases. */
export function foldedPath(path: string): string {
  // Some characters beyond ASCII have a capital in it, and others a small letter: U+017F is a long s, U+212A the sign of Kelvin.
  return path.toUpperCase().toLowerCase()
}
