import type { FieldError } from '../../kernel/field-error.ts'
import type { Refusal, RefusalKind } from '../../kernel/refusal.ts'
import { faultSentence, texts } from '../../texts/texts.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** Which HTTP status says each kind of refusal. */
export const STATUS_OF = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  reauthentication: 401,
  forbidden: 403,
  missing: 404,
  method: 405,
  conflict: 409,
  stale: 412,
  'too-large': 413,
  'media-type': 415,
  throttled: 429,
  unavailable: 503,
} as const satisfies Record<RefusalKind, number>

/** A problem document (RFC 9457), with the refusal's code and a list of faulty fields. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  /** By what an admin finds out why: the id of the audit event. */
  readonly refusal?: string
  /** What an API token lacks. */
  readonly scope?: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[]
}

export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

/** `instance` is the request's id as a URI, so that an answer can be found in the log. */
export interface ProblemPlace {
  readonly publicUrl: string
  readonly instance: string
}

/** What a refusal says over HTTP. */
export function toProblem(refusal: Refusal, { publicUrl, instance }: ProblemPlace): Problem {
  const status = STATUS_OF[refusal.kind]
  const { faults, scope } = refusal.facts
  const body: ProblemBody = {
    type: `${publicUrl}/problems/${refusal.code}`,
    title: refusal.title,
    status,
    detail: detailOf(refusal),
    instance,
    code: refusal.code,
    ...(refusal.id !== undefined && { refusal: refusal.id }),
    ...(scope && { scope }),
    ...(faults && { errors: faults.map(toProblemError) }),
  }
  return { status, headers: headersOf(refusal), body }
}

const METHODS_IN_WORDS = new Intl.ListFormat('en-GB')

function detailOf({ message, facts: { allow = [], isOrigins } }: Refusal): string {
  if (isOrigins) return 'Method Not Allowed'
  return allow.length === 0 ? message : `This address takes ${METHODS_IN_WORDS.format(allow)}.`
}

/** Programs read English, whoever they work for; `code` is for them to switch on. */
const ENGLISH = texts('en')

function toProblemError(fault: FieldError): { pointer: string; code: string; detail: string } {
  return { pointer: fault.pointer, code: fault.code, detail: faultSentence(ENGLISH, fault) }
}

function headersOf({ kind, facts }: Refusal): Record<string, string> {
  switch (kind) {
    case 'unauthenticated':
      return { 'www-authenticate': 'Bearer' }
    case 'reauthentication':
      // RFC 9470 §3: the credential is good, the proof behind it is too old.
      return { 'www-authenticate': proofChallenge(facts.maxAge) }
    case 'forbidden':
      // RFC 6750 §3.1: the token is good, and not for this.
      if (facts.scope === undefined) return {}
      return { 'www-authenticate': `Bearer error="insufficient_scope", scope="${facts.scope}"` }
    case 'method':
      return { allow: (facts.allow ?? []).join(', ') }
    case 'throttled':
    case 'unavailable':
      return { 'retry-after': String(Math.max(1, Math.ceil(facts.retryAfter ?? 1))) }
    default:
      return {}
  }
}

function proofChallenge(maxAge: number | undefined): string {
  const challenge = 'Bearer error="insufficient_user_authentication"'
  return maxAge === undefined ? challenge : `${challenge}, max_age=${maxAge}`
}
