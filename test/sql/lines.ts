/** Keywords that begin a new line outside of parentheses and quotes. */
const CLAUSE =
  /(?<!^delete )(?<!\b(?:inner|left|do) )(?:from|where|and|(?:inner |left )?join|group by|order by|limit|set|values|on conflict|returning|update)\b/y

/** Formats a statement with a line for each clause, so that a changed clause is a changed line. */
export function inLines(statement: string): string {
  const text = statement.trim().replaceAll(/\s+/g, ' ')
  let depth = 0
  let quote: string | undefined
  let lines = ''
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    CLAUSE.lastIndex = index
    const begins = depth === 0 && quote === undefined && lines.endsWith(' ') && CLAUSE.test(text)
    if (begins) lines = `${lines.trimEnd()}\n  `
    lines += character
    if (quote === undefined && (character === '"' || character === "'")) quote = character
    else if (character === quote) quote = undefined
    if (quote === undefined && character === '(') depth += 1
    if (quote === undefined && character === ')') depth -= 1
  }
  return lines
}
