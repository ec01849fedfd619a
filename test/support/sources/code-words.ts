// The words of a source file: its identifiers and comments, without the texts in strings, templates and regular expressions.

export interface CodeWords {
  readonly identifiers: readonly string[]
  readonly comments: readonly string[]
}

const TOKEN =
  /\/\/.*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|(?<![\w)\]] ?)\/(?![ */])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/|`|[{}]|[A-Za-z_$][\w$]*/g
const TEMPLATE_END = /\\[^]|\$\{|`/g

/** Reads a source in TypeScript or JavaScript, code inside `${}` included. */
export function codeWords(text: string): CodeWords {
  const identifiers: string[] = []
  const comments: string[] = []
  const token = new RegExp(TOKEN)
  /** For each open brace, whether it belongs to a template. */
  const braces: boolean[] = []
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (found === '{') braces.push(false)
    else if (found === '`' || (found === '}' && braces.pop()))
      token.lastIndex = endOfTemplate(text, token.lastIndex, braces)
    else if (/^\/[/*]/.test(found)) comments.push(found)
    else if (/^[\w$]/.test(found)) identifiers.push(found)
  }
  return { identifiers, comments }
}

function endOfTemplate(text: string, from: number, braces: boolean[]): number {
  const part = new RegExp(TEMPLATE_END)
  part.lastIndex = from
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    if (match[0] === '${') braces.push(true)
    if (match[0] === '${' || match[0] === '`') return part.lastIndex
  }
  return text.length
}

/** The words of an identifier, in lower case: `isShutOut` and `shut_out` have `shut` and `out`. */
export function wordsOf(identifier: string): string {
  return identifier
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_$.-]/g, ' ')
    .toLowerCase()
}
