import type { FieldError } from '../../../foundation/kernel/refusal.ts'
import type { Duration } from '../../../foundation/kernel/time.ts'
import { selectField } from '../../../foundation/web/components/choice.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { spanInWords } from '../../../foundation/texts/spans.ts'
import { lifetimesOffered } from './invitation.ts'

/** The field for the lifetime of a new invitation. */
export function expiryField(
  say: Texts,
  configured: Duration,
  { value, error }: { readonly value?: string | undefined; readonly error?: string | undefined } = {},
): Html {
  const options = lifetimesOffered(configured).map((lifetime) => ({
    value: String(lifetime / 1000),
    label: spanInWords(say.language, lifetime),
  }))
  const known = options.some((option) => option.value === value) ? value : String(configured / 1000)
  return selectField({ id: 'expires_in', label: say.users.expiryLabel, options, value: known, error })
}

/** Returns the chosen lifetime, the configured one if none was chosen, or a field error for one that is not offered. */
export function chosenLifetime(
  configured: Duration,
  typed: string | undefined,
):
  | { readonly lifetime: Duration; readonly faults?: undefined }
  | { readonly lifetime?: undefined; readonly faults: FieldError[] } {
  const offered = lifetimesOffered(configured)
  const lifetime = typed === undefined ? configured : offered.find((one) => String(one / 1000) === typed)
  if (lifetime !== undefined) return { lifetime }
  const choices = offered.map((one) => one / 1000).join(', ')
  return { faults: [{ pointer: '/expires_in', code: 'field.choice', facts: { choices } }] }
}
