import type { Option } from '../../web/components/choice.ts'
import { LANGUAGES } from '../../web/texts.ts'
import type { Texts } from '../../web/texts.ts'

/** The languages there are, each by its own name, and the present one where an admin or a program chose another. */
export function languageOptions({ account }: Texts, present: string | null): Option[] {
  const tags = withPresent(LANGUAGES, present)
  return [{ value: '', label: account.languageOfBrowser }, ...tags.map((value) => ({ value, label: nameOf(value) }))]
}

/** Every time zone that `Intl` knows. */
export function timeZoneOptions({ account }: Texts, present: string | null): Option[] {
  const zones = withPresent(['UTC', ...Intl.supportedValuesOf('timeZone')], present)
  const named = zones.map((value) => ({ value, label: value.replaceAll('_', ' ') }))
  return [{ value: '', label: account.noTimeZone }, ...named]
}

function withPresent(choices: readonly string[], present: string | null): readonly string[] {
  return !present || choices.includes(present) ? choices : [...choices, present]
}

/** What a language calls itself, such as `Deutsch`; the tag where nobody knows. */
function nameOf(tag: string): string {
  try {
    return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
