// The effective policy of one user on the wire.
import { ALLOWABLE_FACTORS, eachNamedDuration, REQUIREMENTS, type Term } from '#domain/policies/policy.ts'
import { POLICY_SCOPES } from '#domain/policies/scope.ts'
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, type TSchema, Type } from '#foundation/web/http/type.ts'
import type { UserRef } from '../access/access.service.ts'
import { decidingPolicy, type ExplainedPolicy } from './effective-policy.service.ts'
import { DURATIONS, inSeconds } from './policies.schema.ts'

const DecidedByView = named(
  'PolicyDecision',
  Type.Object(
    {
      source: choice(['policy', 'configuration', 'default', 'permissions'], {
        description:
          '`configuration`: set explicitly; `default`: its default; `permissions`: users with permissions always need a second step, and their devices are not remembered.',
      }),
      policy_id: nullable(Type.String()),
      policy_name: nullable(Type.String()),
      version: nullable(Type.Integer({ description: 'The version of the policy.' })),
    },
    { description: 'What decided a term. The fields of a policy are null for other sources.' },
  ),
)

function term<Value extends TSchema>(value: Value) {
  return Type.Object({ value, decided_by: DecidedByView })
}

export const EffectivePolicyView = named(
  'EffectivePolicy',
  Type.Object(
    {
      user_id: Type.Integer(),
      second_factor: term(choice(REQUIREMENTS)),
      factors: term(Type.Array(choice(ALLOWABLE_FACTORS), { description: 'The second factors that are allowed.' })),
      ...eachNamedDuration((name) => term(DURATIONS[name])),
      policies: Type.Array(
        Type.Object({
          id: Type.String(),
          name: Type.String(),
          scope: choice(POLICY_SCOPES),
          scope_ref: nullable(Type.String()),
          scope_name: nullable(Type.String({ description: 'The name of the role or group.' })),
          exempt_until: nullable(
            Type.String({ format: 'date-time', description: 'Until when the user is exempt from it.' }),
          ),
        }),
        { description: 'The policies in force that apply to the user. If several say the same, the first decides.' },
      ),
    },
    { description: 'What is required of a user now, and what decided each term.' },
  ),
)

export function presentEffectivePolicy(
  { id }: UserRef,
  explained: ExplainedPolicy,
): Static<typeof EffectivePolicyView> {
  const { terms, policies } = explained
  const decision = (name: Term) => ({ decided_by: presentDecision(explained, name) })
  return {
    user_id: id,
    second_factor: { value: terms.secondFactor, ...decision('secondFactor') },
    factors: { value: [...terms.factors], ...decision('factors') },
    ...eachNamedDuration((name) => ({ value: inSeconds(terms[name]), ...decision(name) })),
    policies: policies.map(({ scopeRef, scopeName, exemptUntil, ...policy }) => ({
      ...policy,
      scope_ref: scopeRef,
      scope_name: scopeName,
      exempt_until: toRfc3339OrNull(exemptUntil),
    })),
  }
}

function presentDecision(explained: ExplainedPolicy, term: Term): Static<typeof DecidedByView> {
  const found = decidingPolicy(explained, term)
  return {
    source: explained.decidedBy[term].source,
    policy_id: found?.policy.id ?? null,
    policy_name: found?.policy.name ?? null,
    version: found?.version ?? null,
  }
}
