// Reads the form of a policy, whose fields are texts.
import {
  ALLOWABLE_FACTORS,
  DURATION_TERMS,
  eachDuration,
  eachNamedDuration,
  type PolicyTerms,
  REQUIREMENTS,
  TERM_NAMES,
} from '#domain/policies/policy.ts'
import { POLICY_SCOPES, type Scoped } from '#domain/policies/scope.ts'
import { shortDuration } from '#domain/policies/store/policy-checks.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { isDay, timeOnDay } from '#foundation/kernel/start-of-day.ts'
import { type Duration, hours, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'

/** The fields of the form that are kept when it is shown again. */
export const POLICY_FIELDS = [
  'name',
  'whom',
  'second_factor',
  ...ALLOWABLE_FACTORS.map((kind) => `factors-${kind}`),
  ...DURATION_TERMS.map((term) => TERM_NAMES[term]),
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
  const factors = ALLOWABLE_FACTORS.filter((kind) => values[`factors-${kind}`] === 'yes')
  const spans = eachDuration((term) => spanIn(values[TERM_NAMES[term]]))
  const start = startOfForm(values, timeZone)
  const terms = {
    secondFactor: REQUIREMENTS.find((wanted) => wanted === values['second_factor']) ?? null,
    factors: factors.length === 0 ? null : factors,
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

/** Returns a duration such as `30m`, or `0`; null for an empty text, undefined for any other. */
function spanIn(text = ''): Duration | null | undefined {
  if (text.trim() === '') return null
  if (text.trim() === '0') return 0
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? []
  const factor = UNITS[unit]
  return factor === undefined ? undefined : Number(count) * factor
}

/** Returns the deadline; null for at once, undefined where day or time cannot be read. */
function startOfForm(values: PolicyValues, timeZone: string | null): Instant | null | undefined {
  if (values['start'] !== 'later') return null
  const { day = '', time = '' } = values
  const clock = time.trim() || '00:00'
  return isDay(day) && /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(clock) ? timeOnDay(day, clock, timeZone) : undefined
}

function shownSpan(span: Duration | null): string {
  if (span === null) return ''
  return span === 0 ? '0' : shortDuration(span)
}

export function valuesOfTerms(terms: PolicyTerms): Record<string, string> {
  const factors = ALLOWABLE_FACTORS.map(
    (kind) => [`factors-${kind}`, terms.factors?.includes(kind) === true ? 'yes' : ''] as const,
  )
  return {
    second_factor: terms.secondFactor ?? '',
    ...Object.fromEntries(factors),
    ...eachNamedDuration((term) => shownSpan(terms[term])),
    helpers_may_exempt: terms.helpersMayExempt ? 'yes' : '',
  }
}

/** Returns the scope in the field `whom`, such as `role:support`; undefined for another text. */
export function scopeIn(text = ''): Scoped | undefined {
  const [word = '', ref] = text.split(/:(.*)/s)
  const scope = POLICY_SCOPES.find((one) => one === word)
  return scope && { scope, scopeRef: ref ?? null }
}
