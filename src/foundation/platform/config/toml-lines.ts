// Finds the lines of a TOML document, which its library does not report: an error in a value names the line where it stands.

interface Token {
  readonly text: string
  readonly line: number
}

/** A JSON Pointer (RFC 6901) to a table, a key or an item of a list, such as `/app/0/redirect_uris/1`. */
type Pointer = string

/**
 * Returns the line, counted from 1, of what a pointer names in a document that the library has read; of a part without a line of its own,
 * that of the whole. An escape in a quoted key is not decoded.
 */
export function tomlLines(text: string): (pointer: Pointer) => number {
  const lines = new Scan(tokensOf(text)).lines()
  return (pointer) => {
    for (let part = pointer; part !== ''; part = part.slice(0, part.lastIndexOf('/'))) {
      const line = lines.get(part)
      if (line !== undefined) return line
    }
    return 1
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  // The beginning of a string, a comment, the end of a line, punctuation, and everything else up to the next of these.
  const begin = /"""|'''|["'\n[\]{},=]|#[^\n]*|[^\s"'#[\]{},=]+/g
  const ends = endsOfStrings()
  let line = 1
  for (let found = begin.exec(text); found !== null; found = begin.exec(text)) {
    const [first] = found
    const end = ends.get(first)
    if (end !== undefined) begin.lastIndex = endOfString(text, begin.lastIndex, end)
    const token = { text: text.slice(found.index, begin.lastIndex), line }
    line += token.text.split('\n').length - 1
    if (!first.startsWith('#')) tokens.push(token)
  }
  return tokens
}

/** Returns what ends a string that begins so, or is an escape inside it. One expression for a whole string would exceed the stack for a long one. */
function endsOfStrings(): ReadonlyMap<string, RegExp> {
  return new Map([
    ['"""', /\\[^]|"{3,5}/g],
    ["'''", /'{3,5}/g],
    ['"', /\\.|["\n]/g],
    ["'", /['\n]/g],
  ])
}

/** Returns the position behind the string whose text begins at `from`. */
function endOfString(text: string, from: number, end: RegExp): number {
  end.lastIndex = from
  for (let found = end.exec(text); found !== null; found = end.exec(text)) {
    if (!found[0].startsWith('\\')) return end.lastIndex
  }
  return text.length
}

class Scan {
  readonly #tokens: readonly Token[]
  readonly #lines = new Map<Pointer, number>()
  /** How many tables a list of tables has so far. */
  readonly #counts = new Map<Pointer, number>()
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  lines(): ReadonlyMap<Pointer, number> {
    let table = ''
    for (;;) {
      this.#skipLineEnds()
      const token = this.#next
      if (token === undefined) return this.#lines
      if (token.text === '[') table = this.#header(token.line)
      else this.#pair(table)
    }
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at]
  }

  #is(...texts: string[]): boolean {
    return texts.includes(this.#next?.text ?? '')
  }

  #skipLineEnds(): void {
    while (this.#is('\n')) this.#at++
  }

  /** Returns the pointer of the table that `[a.b]` or `[[a.b]]` begins. */
  #header(line: number): Pointer {
    this.#at++
    const isList = this.#is('[')
    const names = this.#names(']')
    while (this.#is(']')) this.#at++
    const parent = names.slice(0, -1).reduce((pointer, name) => this.#latest(`${pointer}/${name}`), '')
    const pointer = `${parent}/${names.at(-1)}`
    this.#note(pointer, line)
    if (isList) this.#counts.set(pointer, (this.#counts.get(pointer) ?? 0) + 1)
    const table = this.#latest(pointer)
    this.#note(table, line)
    return table
  }

  /** A list of tables is named for its latest one. */
  #latest(pointer: Pointer): Pointer {
    const count = this.#counts.get(pointer)
    return count === undefined ? pointer : `${pointer}/${count - 1}`
  }

  #pair(table: Pointer): void {
    const { line = 0 } = this.#next ?? {}
    let pointer = table
    for (const name of this.#names('=')) {
      pointer += `/${name}`
      this.#note(pointer, line)
    }
    this.#at++
    this.#value(pointer)
  }

  /** Returns the parts of a dotted key, and stands at what ends it. */
  #names(end: string): string[] {
    const names: string[] = []
    for (; this.#next !== undefined && !this.#is(end, '\n'); this.#at++) {
      const { text } = this.#next
      if (/^["']/.test(text)) names.push(text.slice(1, -1))
      else if (text !== '[') names.push(...text.split('.').filter((name) => name !== ''))
    }
    return names
  }

  #value(pointer: Pointer): void {
    if (this.#is('[')) return this.#parts(']', (index) => this.#item(`${pointer}/${index}`))
    if (this.#is('{')) return this.#parts('}', () => this.#pair(pointer))
    // A date and a time are two tokens.
    while (this.#next !== undefined && !this.#is('\n', ',', ']', '}')) this.#at++
  }

  #item(pointer: Pointer): void {
    this.#note(pointer, this.#next?.line ?? 0)
    this.#value(pointer)
  }

  #parts(end: string, read: (index: number) => void): void {
    this.#at++
    for (let index = 0; ; index++) {
      this.#skipLineEnds()
      if (this.#next === undefined || this.#is(end)) break
      const before = this.#at
      read(index)
      this.#skipLineEnds()
      // A text that is no TOML must not keep the loop running.
      if (this.#is(',') || this.#at === before) this.#at++
    }
    this.#at++
  }

  /** A table that is named again, as by a dotted key, keeps its first line. */
  #note(pointer: Pointer, line: number): void {
    if (!this.#lines.has(pointer)) this.#lines.set(pointer, line)
  }
}
