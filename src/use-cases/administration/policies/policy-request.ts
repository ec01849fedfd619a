// A policy or a version of it as the parameters of a request of the two-person rule, which are named as in the API.
import type { ApprovalParameters } from '../../../domain/approvals/approval.ts'
import { ALLOWABLE_FACTORS, REQUIREMENTS } from '../../../domain/policies/policy.ts'
import type { PolicyTerms } from '../../../domain/policies/policy.ts'
import { POLICY_SCOPES } from '../../../domain/policies/scope.ts'
import type { PolicyScope } from '../../../domain/policies/scope.ts'
import { seconds, toRfc3339OrNull } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'

const SPANS = {
  session_idle: 'sessionIdle',
  session_absolute: 'sessionAbsolute',
  reauthentication: 'reauthentication',
  remember_for: 'rememberFor',
} as const satisfies Readonly<Record<string, keyof PolicyTerms>>

interface Version {
  readonly terms: PolicyTerms
  readonly inForceFrom: Instant | null
}

/** Returns what a version says and from when on, durations in seconds; what it does not say is left out. */
export function parametersOfVersion({ terms, inForceFrom }: Version): ApprovalParameters {
  const { secondFactor, factors } = terms
  const spans = Object.entries(SPANS).flatMap(([name, term]) => {
    const span = terms[term]
    return span === null ? [] : [[name, span / seconds(1)] as const]
  })
  return {
    ...(secondFactor !== null && { second_factor: secondFactor }),
    ...(factors !== null && { factors: factors.join(' ') }),
    ...Object.fromEntries(spans),
    ...(terms.helpersMayExempt && { helpers_may_exempt: true }),
    in_force_from: toRfc3339OrNull(inForceFrom),
  }
}

/** Returns the version of such parameters. One whose instant has passed while the request waited begins at once. */
export function versionOfParameters(parameters: ApprovalParameters, now: Instant): Version {
  const { second_factor: secondFactor, factors, in_force_from: from } = parameters
  const listed = typeof factors === 'string' ? factors.split(' ') : null
  const at = typeof from === 'string' ? Date.parse(from) : null
  const spans = Object.entries(SPANS).map(([name, term]) => {
    const span = parameters[name]
    return [term, typeof span === 'number' ? seconds(span) : null]
  })
  return {
    terms: {
      secondFactor: REQUIREMENTS.find((wanted) => wanted === secondFactor) ?? null,
      factors: listed && ALLOWABLE_FACTORS.filter((kind) => listed.includes(kind)),
      ...(Object.fromEntries(spans) as Pick<PolicyTerms, (typeof SPANS)[keyof typeof SPANS]>),
      helpersMayExempt: parameters['helpers_may_exempt'] === true,
    },
    inForceFrom: at !== null && at > now ? at : null,
  }
}

/** Returns whom the policy of such parameters concerns. */
export function concernOfParameters({ scope, scope_ref: ref }: ApprovalParameters): {
  readonly scope: PolicyScope
  readonly scopeRef: string | null
} {
  return {
    scope: POLICY_SCOPES.find((one) => one === scope) ?? 'everyone',
    scopeRef: typeof ref === 'string' ? ref : null,
  }
}
