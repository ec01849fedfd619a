const DEEPEST = 20

/**
 * Parses a JSON body. Throws a `SyntaxError` for text that is not UTF-8 or not JSON, for nesting deeper than 20, and for an object that
 * repeats a name (parsers disagree on which value counts) or contains `__proto__` (prototype pollution).
 */
export function readJson(body: Buffer): unknown {
  const text = utf8(body)
  const value: unknown = JSON.parse(text)
  requireUniqueNames(text)
  return value
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new SyntaxError('not UTF-8', { cause })
  }
}

// The text is known to be JSON, so strings and brackets are enough to distinguish, and a string before a colon is a name.
const TOKENS = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g

function requireUniqueNames(text: string): void {
  const open: Set<string>[] = []
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) addName(open.at(-1), token.slice(0, -colon.length))
    if (open.length > DEEPEST) throw new SyntaxError('nested too deeply')
  }
}

function addName(names: Set<string> | undefined, quoted: string): void {
  const name: unknown = JSON.parse(quoted)
  if (typeof name !== 'string' || name === '__proto__') throw new SyntaxError('a field name that is not accepted')
  if (names?.has(name)) throw new SyntaxError('a field named twice')
  names?.add(name)
}

/** JSON on one line or indented, with control characters of terminals and characters that reorder text escaped as well. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(/[\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
