// The field for the last day of an account. The account ends with that day in the time zone of the admin.
import { dayAt, startOfDay } from '#foundation/kernel/start-of-day.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { MomentReader } from '#foundation/web/components/moments.ts'
import type { Html } from '#foundation/web/html.ts'
import { Type } from '#foundation/web/http/type.ts'
import { errorOf, type FormState } from '#foundation/web/pages/form.ts'

/** A day such as `2027-06-30`, as a browser sends it. */
export const LastDay = Type.Optional(Type.String({ format: 'date', pattern: '^[1-9]' }))

/** Returns when an account ends whose last day this is; null without one. */
export function endOfLastDay(day: string | undefined, timeZone: string | null): Instant | null {
  return day === undefined ? null : startOfDay(day, timeZone, 1)
}

/** Returns the last day of an account as the field shows it; empty without an end. */
export function lastDayOf(expiresAt: Instant | null, timeZone: string | null): string {
  return expiresAt === null ? '' : dayAt(expiresAt - 1, timeZone)
}

/** The field, with the name `expires_on`. */
export function lastDayField({ say, timeZone }: MomentReader, state: FormState): Html {
  const { label, hint } = say.joining.expiry
  return textField({
    id: 'expires_on',
    label,
    hint: hint(timeZone ?? 'UTC'),
    value: state.values['expires_on'],
    error: errorOf(say, state, 'expires_on') ?? errorOf(say, state, 'expires_at'),
    type: 'date',
    autocomplete: 'off',
  })
}
