import { languageOf, LANGUAGES } from '#foundation/texts/texts.ts'

/** No browser sends a longer header, and parsing one would only cost time. */
const LONGEST_HEADER = 1000

/**
 * The available language that the header prefers (RFC 9110 §12.5.4), the first of equal ones; null if it accepts none. `*` stands for the
 * first available language that the header does not list.
 */
export function preferredLanguage(accepted: string | undefined): string | null {
  if (accepted === undefined || accepted.length > LONGEST_HEADER) return null
  const ranges = accepted.split(',').map(languageRange)
  const named = new Set(ranges.map(({ language }) => language))
  const others = LANGUAGES.find((language) => !named.has(language)) ?? ''
  const [best] = ranges
    .map(({ language, weight }) => ({ language: language === '*' ? others : language, weight }))
    .filter(({ language, weight }) => weight > 0 && LANGUAGES.includes(language))
    .toSorted((a, b) => b.weight - a.weight)
  return best?.language ?? null
}

/** No app sends a longer parameter, and its tags are split at each page. */
const LONGEST_PARAMETER = 200

/**
 * The first available language in the parameter `ui_locales`: language tags of RFC 5646 in order of preference, separated by spaces
 * (OpenID Connect Core §3.1.2.1); null if none is available.
 */
export function requestedLanguage(locales: unknown): string | null {
  if (typeof locales !== 'string' || locales.length > LONGEST_PARAMETER) return null
  return (
    locales
      .split(' ')
      .map(languageOf)
      .find((language) => language !== null) ?? null
  )
}

/** From 0 to 1 with at most three decimals (RFC 9110 §12.4.2); the range is ignored if the weight is anything else. */
const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Its `language` is an ISO 639 code, or `*` for any language. */
function languageRange(item: string) {
  const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1'
  return { language: range.split('-', 1)[0] ?? '', weight: WEIGHT.test(quality) ? Number(quality) : 0 }
}
