import { LANGUAGES, type Texts } from '#foundation/texts/texts.ts'
import type { Option } from './choice.ts'

/** The supported languages by their own names, and the stored one if an admin or a program chose another. */
export function languageOptions({ account }: Texts, present: string | null): Option[] {
  const tags = withPresent(LANGUAGES, present)
  return [
    { value: '', label: account.languageOfBrowser },
    ...tags.map((value) => ({ value, label: languageName(value) })),
  ]
}

function withPresent(choices: readonly string[], present: string | null): readonly string[] {
  return !present || choices.includes(present) ? choices : [...choices, present]
}

/** The language's name in itself, such as `Deutsch`; the tag if `Intl` knows no name. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
