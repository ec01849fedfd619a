import type { FieldError, Refusal, RefusalKind } from '#foundation/kernel/refusal.ts'
import { fieldErrorSentence, refusalSentence, texts } from '#foundation/texts/texts.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export const STATUS_OF = {
  waiting: 202,
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

/** A problem document (RFC 9457), with the error code and the errors of the fields. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  /** The id of the audit event by which an admin finds the reason. */
  readonly refusal?: string
  /** The scope that an API token lacks. */
  readonly scope?: string
  /** How many users are concerned. */
  readonly users?: number
  /** The names of policies. */
  readonly policies?: readonly string[]
  /** The names of apps. */
  readonly apps?: readonly string[]
  /** The names of protected hosts. */
  readonly hosts?: readonly string[]
  /** What is asked of the second factor of a user. */
  readonly second_factor?: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[]
}

export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

/** The HTTP answer of a refusal. `instance` is the request's id as a URI reference, by which the log names the request. */
export function toProblem(
  refusal: Refusal,
  { publicUrl, instance }: Pick<ProblemBody, 'instance'> & { readonly publicUrl: string },
): Problem {
  const status = STATUS_OF[refusal.kind]
  const { fieldErrors, scope, users, policies, apps, hosts, secondFactor } = refusal.facts
  const body: ProblemBody = {
    type: `${publicUrl}/problems/${refusal.code}`,
    title: refusal.title,
    status,
    detail: problemDetail(refusal),
    instance,
    code: refusal.code,
    ...(refusal.id !== undefined && { refusal: refusal.id }),
    ...(scope && { scope }),
    ...(users !== undefined && { users }),
    ...(policies && { policies }),
    ...(apps && { apps }),
    ...(hosts && { hosts }),
    ...(secondFactor && { second_factor: secondFactor }),
    ...(fieldErrors && {
      errors: presentFieldErrors(fieldErrors),
    }),
  }
  return { status, headers: problemHeaders(refusal), body }
}

/** Field errors as the API shows them. */
export function presentFieldErrors(fieldErrors: readonly FieldError[]) {
  return fieldErrors.map((fieldError) => ({
    pointer: fieldError.pointer,
    code: fieldError.code,
    detail: fieldErrorSentence(ENGLISH, fieldError),
  }))
}

function problemDetail(refusal: Refusal): string {
  const { message, facts } = refusal
  const { allow = [], hasLegacyWording, secondFactor } = facts
  if (hasLegacyWording) return 'Method Not Allowed'
  if (secondFactor !== undefined) return refusalSentence(ENGLISH, refusal)
  // Made here, because the first one takes 6 ms, which each start would wait for.
  return allow.length === 0 ? message : `This address takes ${new Intl.ListFormat('en-GB').format(allow)}.`
}

/** Error details of the API are English; programs use `code`. */
const ENGLISH = texts('en')

function problemHeaders({ kind, facts }: Refusal): Record<string, string> {
  switch (kind) {
    case 'unauthenticated':
      return { 'www-authenticate': 'Bearer' }
    case 'reauthentication': {
      // RFC 9470 §3: the credential is valid, but its authentication is too old or too weak.
      const maxAge = facts.maxAge === undefined ? '' : `, max_age=${facts.maxAge}`
      return { 'www-authenticate': `Bearer error="insufficient_user_authentication"${maxAge}` }
    }
    case 'forbidden':
      // RFC 6750 §3.1: the token is valid, but its scopes do not cover this.
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
