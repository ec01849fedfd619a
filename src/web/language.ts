import { LANGUAGES } from './texts.ts'

/**
 * The language we have that a browser likes best (RFC 9110 §12.5.4), or null when it likes none of them. A header longer
 * than any browser's is not read.
 */
export function preferredLanguage(accepted: string | undefined): string | null {
  if (accepted === undefined || accepted.length > 1000) return null
  const [best] = accepted
    .split(',')
    .map(rangeOf)
    .filter(({ language, weight }) => weight > 0 && LANGUAGES.includes(language))
    .toSorted((a, b) => b.weight - a.weight)
  return best?.language ?? null
}

function rangeOf(item: string): { language: string; weight: number } {
  const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { language: range.split('-', 1)[0] ?? '', weight: Number.isNaN(weight) ? 0 : weight }
}
