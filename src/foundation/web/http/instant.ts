// Instants in requests. Tested in test/attacks/malformed-parameters.test.ts.
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** The format `date-time` accepts a leap second and a zone without minutes, which `Date.parse` does not read: they are field errors. */
export function instantIn(text: string, pointer: string): Instant {
  const instant = Date.parse(text)
  if (!Number.isNaN(instant)) return instant
  throw new Refusal('request.validation_failed', {
    fieldErrors: [{ pointer, code: 'field.format', facts: { format: 'date-time' } }],
  })
}

/** The same of a field that may be absent. */
export function instantOrNone(text: string | undefined, pointer: string): Instant | undefined {
  return text === undefined ? undefined : instantIn(text, pointer)
}
