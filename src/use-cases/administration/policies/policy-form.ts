// Reads the form of a policy, whose fields are texts.
import {
  ALLOWABLE_FACTORS,
  DURATION_TERMS,
  type DurationTerm,
  eachDuration,
  type PolicyTerms,
  REQUIREMENTS,
  TERM_NAMES,
} from '#domain/policies/policy.ts'
import { POLICY_SCOPES, type Scoped } from '#domain/policies/scope.ts'
import { shortDuration } from '#domain/policies/store/policy-checks.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { dayAt, isDay, timeOnDay } from '#foundation/kernel/start-of-day.ts'
import { days, type Duration, hours, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'

/** The field with the unit of the number in the field of a duration. */
export function unitField(name: string): string {
  return `${name}_unit`
}

/** The fields of the form that are kept when it is shown again. */
export const POLICY_FIELDS = [
  'name',
  'whom',
  'second_factor',
  'factors',
  ...DURATION_TERMS.flatMap((term) => [TERM_NAMES[term], unitField(TERM_NAMES[term])]),
  'helpers_may_exempt',
  'start',
  'day',
  'time',
  'seen',
] as const

/** The values of the form, as they were typed. */
export type PolicyValues = Readonly<Record<string, string>>

export interface ReadPolicyForm {
  readonly terms: PolicyTerms
  readonly inForceFrom: Instant | null
  readonly fieldErrors: readonly FieldError[]
}

/** Returns what the form says. Its deadline is a time in this time zone; null stands for UTC. */
export function readPolicyForm(values: PolicyValues, timeZone: string | null): ReadPolicyForm {
  const only = ALLOWABLE_FACTORS.find((kind) => kind === values['factors'])
  const spans = eachDuration((term) => spanIn(values[TERM_NAMES[term]], values[unitField(TERM_NAMES[term])]))
  const start = startOfForm(values, timeZone)
  const terms = {
    secondFactor: REQUIREMENTS.find((wanted) => wanted === values['second_factor']) ?? null,
    factors: only === undefined ? null : [only],
    ...eachDuration((term) => spans[term] ?? null),
    helpersMayExempt: values['helpers_may_exempt'] === 'yes',
  }
  return {
    terms,
    inForceFrom: start ?? null,
    fieldErrors: [
      ...DURATION_TERMS.filter((term) => spans[term] === undefined).map((term) => ({
        pointer: `/${TERM_NAMES[term]}`,
        code: 'policy.span',
      })),
      ...(start === undefined ? [{ pointer: '/in_force_from', code: 'policy.deadline' }] : []),
    ],
  }
}

const UNITS: Readonly<Record<string, Duration>> = { s: seconds(1), m: minutes(1), h: hours(1), d: hours(24) }

/** Returns the duration of a number in its unit, or of a text that names its own, such as `30m`; null for an empty text, undefined for any other. */
function spanIn(text = '', unit = ''): Duration | null | undefined {
  if (text.trim() === '') return null
  if (text.trim() === '0') return 0
  const [, count, own] = /^(\d{1,6})([smhd]?)$/.exec(text.trim()) ?? []
  const factor = count === undefined ? undefined : UNITS[own || unit]
  return factor === undefined ? undefined : Number(count) * factor
}

/** Returns the deadline; null for at once, undefined where day or time cannot be read. */
function startOfForm(values: PolicyValues, timeZone: string | null): Instant | null | undefined {
  if (values['start'] !== 'later') return null
  const { day = '', time = '' } = values
  const clock = time.trim() || '00:00'
  return isDay(day) && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(clock) ? timeOnDay(day, clock, timeZone) : undefined
}

/** The unit of a number before one is typed. */
export const USUAL_UNITS = {
  sessionIdle: 'h',
  sessionAbsolute: 'h',
  reauthentication: 'm',
  rememberFor: 'd',
} as const satisfies Readonly<Record<DurationTerm, string>>

/** A number of the largest unit that divides the duration, and that unit. */
function valuesOfSpan(term: DurationTerm, span: Duration | null): readonly [count: string, unit: string] {
  if (span === null || span === 0) return [span === null ? '' : '0', USUAL_UNITS[term]]
  const short = shortDuration(span)
  return [short.slice(0, -1), short.slice(-1)]
}

export function valuesOfTerms(terms: PolicyTerms): Record<string, string> {
  const { factors } = terms
  return {
    second_factor: terms.secondFactor ?? '',
    factors: factors?.length === 1 ? (factors[0] ?? '') : '',
    ...Object.fromEntries(
      DURATION_TERMS.flatMap((term) => {
        const [count, unit] = valuesOfSpan(term, terms[term])
        return [
          [TERM_NAMES[term], count],
          [unitField(TERM_NAMES[term]), unit],
        ]
      }),
    ),
    helpers_may_exempt: terms.helpersMayExempt ? 'yes' : '',
  }
}

/** The deadline that the form suggests: two weeks ahead, at nine in the morning. */
export function suggestedDeadline(
  now: Instant,
  timeZone: string | null,
): Record<'day' | 'time', string> & { readonly at: Instant } {
  const day = dayAt(now + days(14), timeZone)
  const time = '09:00'
  return { day, time, at: timeOnDay(day, time, timeZone) }
}

/** Returns the scope in the field `whom`, such as `role:support`; undefined for another text. */
export function scopeIn(text = ''): Scoped | undefined {
  const [word = '', ref] = text.split(/:(.*)/s)
  const scope = POLICY_SCOPES.find((one) => one === word)
  return scope && { scope, scopeRef: ref ?? null }
}
