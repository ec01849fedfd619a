// What of policies goes over the wire.
import {
  ALLOWABLE_FACTORS,
  type ConfiguredPolicy,
  type DurationTerm,
  eachDuration,
  eachNamedDuration,
  type PolicyTerms,
  REQUIREMENTS,
  TERM_NAMES,
} from '#domain/policies/policy.ts'
import { POLICY_SCOPES } from '#domain/policies/scope.ts'
import type { NewPolicy } from '#domain/policies/store/policy-changes.service.ts'
import type { WantedVersion } from '#domain/policies/store/policy-validity.service.ts'
import { VERSION_STATES, versionState } from '#domain/policies/store/version-state.ts'
import { type Duration, type Instant, seconds, toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { ETAG } from '#foundation/web/http/etag.ts'
import { instantIn } from '#foundation/web/http/instant.ts'
import { choice, givenName, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { type Static, type TSchema, Type } from '#foundation/web/http/type.ts'
import { PolicyId } from '../policy-rollout/plan.schema.ts'
import type { NamedPolicy } from './named-policy.service.ts'

export const PolicyVersionParameters = Type.Object({ id: PolicyId, version: Type.Integer({ minimum: 1 }) })

const factors = Type.Array(choice(ALLOWABLE_FACTORS), {
  maxItems: ALLOWABLE_FACTORS.length,
  description: 'The second factors that it allows.',
})

const wholeSeconds = (description: string) => Type.Integer({ description: `${description} In seconds.` })
/** The durations as they go over the wire. */
export const DURATIONS = {
  sessionIdle: wholeSeconds('Idle sessions end after this.'),
  sessionAbsolute: wholeSeconds('Every session ends after this.'),
  reauthentication: wholeSeconds('How old an authentication may be at a sensitive change.'),
  rememberFor: wholeSeconds('How long a device is remembered, 0 for never.'),
} as const satisfies Readonly<Record<DurationTerm, TSchema>>

const TERMS = {
  second_factor: nullable(choice(REQUIREMENTS, { description: 'What it asks of the second factor.' })),
  factors: Type.Union([factors, Type.Null()]),
  ...eachNamedDuration((term) => nullable(DURATIONS[term])),
}
const HelpersMayExempt = Type.Boolean({
  description:
    'Whether the help desk (`users:help`) may exempt users without permissions, at most 14 days once in 90 days.',
})
const Terms = Object.fromEntries(Object.entries(TERMS).map(([name, term]) => [name, Type.Optional(term)])) as {
  [Name in keyof typeof TERMS]: ReturnType<typeof Type.Optional<(typeof TERMS)[Name]>>
}
const Start = Type.Optional(
  nullable(
    Type.String({ format: 'date-time', description: 'From when on it is in force. Null or left out: at once.' }),
  ),
)

export const NewPolicyVersion = named(
  'NewPolicyVersion',
  Type.Object(
    { ...Terms, helpers_may_exempt: Type.Optional(HelpersMayExempt), in_force_from: Start },
    {
      additionalProperties: false,
      description: 'A term that is null or left out says nothing.',
      examples: [{ second_factor: 'required', in_force_from: null }],
    },
  ),
)

export const NewPolicyBody = named(
  'NewPolicy',
  Type.Object(
    {
      name: givenName('What admins call it.'),
      scope: choice(POLICY_SCOPES, { description: 'Whom it concerns.' }),
      scope_ref: Type.Optional(
        nullable(Type.String({ maxLength: 100, description: 'The name of the role or the id of the group.' })),
      ),
      ...Terms,
      helpers_may_exempt: Type.Optional(HelpersMayExempt),
      in_force_from: Start,
    },
    {
      additionalProperties: false,
      examples: [{ name: 'All users', scope: 'role', scope_ref: 'user', second_factor: 'required' }],
    },
  ),
)

export const PolicyRename = named(
  'PolicyRename',
  Type.Object({ name: givenName('What admins call it.') }, { examples: [{ name: 'Everyone at work' }] }),
)

export const PolicyEnd = named(
  'PolicyEnd',
  Type.Object({ in_force_from: Start }, { additionalProperties: false, examples: [{ in_force_from: null }] }),
)

const VersionView = named(
  'PolicyVersion',
  Type.Object({
    version: Type.Integer(),
    state: choice(VERSION_STATES),
    ...TERMS,
    helpers_may_exempt: HelpersMayExempt,
    is_end: Type.Boolean({ description: 'Whether the policy ends with it.' }),
    in_force_from: Type.String({ format: 'date-time' }),
    created_at: Type.String({ format: 'date-time' }),
    created_by: nullable(
      Type.String({
        description: 'The username; null for the operator, for a deleted user, and without `users:read`.',
      }),
    ),
    cancelled_at: nullable(Type.String({ format: 'date-time' })),
  }),
)

const POLICY_FIELDS = {
  id: Type.String(),
  name: Type.String(),
  scope: choice(POLICY_SCOPES),
  scope_ref: nullable(Type.String()),
  scope_name: nullable(Type.String({ description: 'The name of the role or group.' })),
  created_at: Type.String({ format: 'date-time' }),
  versions: Type.Array(VersionView, { description: 'The oldest first.' }),
}
const ListedPolicyView = named(
  'ListedPolicy',
  Type.Object(POLICY_FIELDS, { description: 'A policy with its versions.' }),
)
export const PolicyView = sentWith(
  ETAG,
  named('Policy', Type.Object(POLICY_FIELDS, { description: 'A policy with its versions.' })),
)

const ConfiguredView = Type.Object(
  { ...TERMS, set: Type.Array(Type.String(), { description: 'The terms that a policy for everyone cannot change.' }) },
  { description: 'What the configuration asks of everyone.' },
)

export const PolicyListView = named(
  'PolicyList',
  Type.Object(
    { items: Type.Array(ListedPolicyView), configured: ConfiguredView },
    { description: 'Every policy, that for everyone first.' },
  ),
)

/** Returns the JSON form of a policy. */
export function presentPolicy(policy: NamedPolicy, now: Instant): Static<typeof PolicyView> {
  const { id, name, scope, scopeRef, scopeName, createdAt, versions, makers } = policy
  return {
    id,
    name,
    scope,
    scope_ref: scopeRef,
    scope_name: scopeName,
    created_at: toRfc3339(createdAt),
    versions: versions.map((version) => ({
      version: version.version,
      state: versionState(version, versions, now),
      ...presentTerms(version.terms),
      helpers_may_exempt: version.terms.helpersMayExempt,
      is_end: version.isEnd,
      in_force_from: toRfc3339(version.inForceFrom),
      created_at: toRfc3339(version.createdAt),
      created_by: version.createdBy === null ? null : (makers.get(version.createdBy) ?? null),
      cancelled_at: toRfc3339OrNull(version.cancelledAt),
    })),
  }
}

/** Returns the JSON form of terms, with durations in seconds. */
function presentTerms(terms: Omit<PolicyTerms, 'helpersMayExempt'>) {
  return {
    second_factor: terms.secondFactor,
    factors: terms.factors && [...terms.factors],
    ...eachNamedDuration((term) => {
      const duration = terms[term]
      return duration === null ? null : inSeconds(duration)
    }),
  }
}

/** Returns the JSON form of what the configuration asks for. */
export function presentConfigured({ terms, locked }: ConfiguredPolicy) {
  return { ...presentTerms(terms), set: locked.map((term) => TERM_NAMES[term]) }
}

/** Returns a duration as it goes over the wire. */
export function inSeconds(duration: Duration): number {
  return Math.floor(duration / 1000)
}

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
  return text === null || text === undefined ? null : instantIn(text, '/in_force_from')
}
