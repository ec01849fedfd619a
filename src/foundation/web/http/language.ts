import { LANGUAGES } from '../../texts/texts.ts'

/** No browser sends more, and reading more would only cost time. */
const LONGEST_HEADER = 1000

interface Range {
  /** An ISO 639 code, or `*` for any language. */
  readonly language: string
  readonly weight: number
}

/**
 * The language we have that a browser likes best (RFC 9110 §12.5.4), the first one among equals; null when it likes none
 * of them. `*` means the first of ours that the header does not name.
 */
export function preferredLanguage(accepted: string | undefined): string | null {
  if (accepted === undefined || accepted.length > LONGEST_HEADER) return null
  const ranges = accepted.split(',').map(rangeOf)
  const named = new Set(ranges.map(({ language }) => language))
  const others = LANGUAGES.find((language) => !named.has(language)) ?? ''
  const [best] = ranges
    .map(({ language, weight }) => ({ language: language === '*' ? others : language, weight }))
    .filter(({ language, weight }) => weight > 0 && LANGUAGES.includes(language))
    .toSorted((a, b) => b.weight - a.weight)
  return best?.language ?? null
}

/** From 0 to 1 with at most three decimals (RFC 9110 §12.4.2); anything else makes the range count for nothing. */
const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

function rangeOf(item: string): Range {
  const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
  return { language: range.split('-', 1)[0] ?? '', weight: WEIGHT.test(quality) ? Number(quality) : 0 }
}
