import { LANGUAGES, type Texts } from '#foundation/texts/texts.ts'
import type { Option } from './choice.ts'

/** The supported languages by their own names, and the stored one if an admin or a program chose another. */
export function languageOptions({ account }: Texts, current: string | null): Option[] {
  const tags = withCurrent(LANGUAGES, current)
  return [
    { value: '', label: account.languageOfBrowser },
    ...tags.map((value) => ({ value, label: languageName(value) })),
  ]
}

function withCurrent(choices: readonly string[], current: string | null): readonly string[] {
  return !current || choices.includes(current) ? choices : [...choices, current]
}

/** The language's name in itself, such as `Deutsch`; the tag if `Intl` knows no name. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
