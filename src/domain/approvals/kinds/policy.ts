// Tested in ../approval-change.test.ts.
import {
  ALLOWABLE_FACTORS,
  eachDuration,
  type PolicyTerms,
  type Requirement,
  REQUIREMENTS,
} from '#domain/policies/policy.ts'
import { POLICY_SCOPES, type PolicyScope } from '#domain/policies/scope.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
import { type TSchema, Type } from '#foundation/web/http/type.ts'
import { Moment, MomentOrNull, orAbsent, storedAs, wordList } from '../stored-field.ts'

/** Stored in seconds, as the API has it. */
const Span = storedAs<Duration, number>(Type.Integer(), { encode: (span) => span / seconds(1), decode: seconds })

const TERMS = {
  secondFactor: orAbsent(Type.Unsafe<Requirement>({ enum: REQUIREMENTS }), null),
  factors: orAbsent(wordList(ALLOWABLE_FACTORS), null),
  ...eachDuration(() => orAbsent(Span, null)),
  helpersMayExempt: orAbsent(Type.Boolean(), false),
} satisfies Record<keyof PolicyTerms, TSchema>

/** The scope of a policy, what its version says and from when on: at once if null. */
const POLICY_FIELDS = {
  scope: Type.Unsafe<PolicyScope>({ enum: POLICY_SCOPES }),
  scopeRef: orAbsent(Type.String(), null),
  ...TERMS,
  inForceFrom: MomentOrNull,
}

export const CreatePolicy = Type.Object(POLICY_FIELDS)

export const ChangePolicy = Type.Object({ policyId: Type.String(), ...POLICY_FIELDS })

const NAMED_POLICY = {
  /** The name of the policy, for the person who decides. */
  policy: Type.String(),
  policyId: Type.String(),
}

export const Exempt = Type.Object({ ...NAMED_POLICY, endsAt: Moment })
export const Unexempt = Type.Object(NAMED_POLICY)
