// What the bodies of requests about policies say.
import { ALLOWABLE_FACTORS, eachDuration, TERM_NAMES } from '#domain/policies/policy.ts'
import type { NewPolicy } from '#domain/policies/store/policy-changes.service.ts'
import type { WantedVersion } from '#domain/policies/store/policy-validity.service.ts'
import { type Instant, seconds } from '#foundation/kernel/time.ts'
import type { Static } from '#foundation/web/http/type.ts'
import { instantIn } from '../policy-rollout/plan.schema.ts'
import type { NewPolicyBody, NewPolicyVersion } from './policies.schema.ts'

/** Returns the version that a body asks for. Throws `request.validation_failed` for an instant that cannot be read. */
export function wantedVersion(body: Static<typeof NewPolicyVersion>): WantedVersion {
  return {
    terms: {
      secondFactor: body.second_factor ?? null,
      factors: body.factors ? ALLOWABLE_FACTORS.filter((kind) => body.factors?.includes(kind)) : null,
      ...eachDuration((term) => {
        const given = body[TERM_NAMES[term]] ?? null
        return given === null ? null : seconds(given)
      }),
      helpersMayExempt: body.helpers_may_exempt ?? false,
    },
    inForceFrom: startIn(body.in_force_from),
  }
}

/** Returns the policy that a body asks for. */
export function wantedPolicy({
  name,
  scope,
  scope_ref: scopeRef = null,
  ...rest
}: Static<typeof NewPolicyBody>): NewPolicy {
  return { name, scope, scopeRef, ...wantedVersion(rest) }
}

/** Returns the instant of `in_force_from`; null for at once. Throws `request.validation_failed`. */
export function startIn(text: string | null | undefined): Instant | null {
  return text === null || text === undefined ? null : instantIn(text)
}
