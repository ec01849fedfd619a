import { ALLOWABLE_FACTORS, REQUIREMENTS } from '#domain/policies/policy.ts'
import { POLICY_SCOPES, type PolicyScope } from '#domain/policies/scope.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { instantIn } from '#foundation/web/http/instant.ts'
import { PAGE_PARAMETERS } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { deadlineOf, type Plan, type PlanConflict, type PlanItem, type PlanSummary } from './plan.service.ts'
import { STOP_REASONS, STOP_STATES } from './plan.ts'

/** The position of a page: the id of the last user of the page before. */
export const UserPosition = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })

export const PolicyId = Type.String({ maxLength: 64 })
export const PolicyParameters = Type.Object({ id: PolicyId })

/** Whether a user of a plan has permissions, as a filter. */
export const PERMISSION_FILTERS = ['with', 'without'] as const

export const PlanQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    state: Type.Optional(choice(STOP_STATES, { description: 'Only users in this state.' })),
    permissions: Type.Optional(choice(PERMISSION_FILTERS, { description: 'Only users with permissions, or without.' })),
  },
  { additionalProperties: false },
)

export const ProposedPolicy = named(
  'ProposedPolicy',
  Type.Object(
    {
      scope: choice(POLICY_SCOPES, { description: 'Whom the policy concerns.' }),
      scope_ref: Type.Optional(
        nullable(
          Type.String({
            maxLength: 64,
            description: 'The name of the role or the id of the group; null for everyone.',
          }),
        ),
      ),
      second_factor: Type.Optional(
        nullable(choice(REQUIREMENTS, { description: 'Null where the policy says nothing about it.' })),
      ),
      factors: Type.Optional(
        nullable(
          Type.Array(choice(ALLOWABLE_FACTORS), {
            minItems: 1,
            maxItems: ALLOWABLE_FACTORS.length,
            uniqueItems: true,
            description: 'The allowed second factors; null where the policy says nothing about them.',
          }),
        ),
      ),
      helpers_may_exempt: Type.Optional(
        Type.Boolean({
          description: 'Whether it lets the help desk exempt users. Otherwise such exemptions do not count.',
        }),
      ),
      in_force_from: Type.Optional(
        nullable(Type.String({ format: 'date-time', description: 'The deadline; null for at once.' })),
      ),
    },
    {
      additionalProperties: false,
      description: 'A policy that is not stored.',
      examples: [{ scope: 'everyone', second_factor: 'phishing-resistant', in_force_from: '2030-06-03T08:00:00Z' }],
    },
  ),
)

export const PlanView = named(
  'PolicyPlan',
  Type.Object(
    {
      policy_id: nullable(Type.String({ description: 'Null if no policy for these users is stored.' })),
      deadline: nullable(Type.String({ format: 'date-time', description: 'Null if it is in force.' })),
      concerned: Type.Integer({
        description:
          'Enabled users whom the policy concerns; those who are exempt only where they need a second step all the same.',
      }),
      second_factor_while_exempt: nullable(
        choice(REQUIREMENTS, {
          description:
            'What is asked of users who are exempt, have no permissions and are concerned by no other policy of a role or group. Null where the policy asks for no second step.',
        }),
      ),
      password_minimum: nullable(
        Type.Integer({
          description:
            'The fewest characters of each new password, where the policy makes the second step optional for everyone; null otherwise.',
        }),
      ),
      counts: Type.Array(
        Type.Object({ reason: choice(STOP_REASONS), state: choice(STOP_STATES), users: Type.Integer() }),
        { description: 'How many users are stopped, by reason and state.' },
      ),
      with_permissions: Type.Integer({ description: 'How many of those who are stopped have permissions.' }),
      without_email: Type.Integer({
        description:
          'How many of those in the state `stopped` have no email, so that no reminder reaches them before the deadline. 0 without a deadline.',
      }),
      conflict: nullable(
        Type.Object(
          { policy: Type.String(), users: Type.Array(Type.String()), more: Type.Boolean() },
          {
            description:
              'The other policy that together with this one leaves a user to whom both apply no allowed second step, so that it cannot be stored, and to whom both apply today: up to five usernames, and whether there are more.',
          },
        ),
      ),
      items: Type.Array(
        Type.Object({
          user_id: Type.Integer(),
          username: Type.String(),
          full_name: nullable(Type.String()),
          email: nullable(Type.String()),
          has_permissions: Type.Boolean(),
          reason: choice(STOP_REASONS),
          state: choice(STOP_STATES, {
            description:
              'stopped: signs in today, and then has to set up a second step first; already-stopped: has to do so today; joining: has no password yet and does so with the invitation.',
          }),
          other_policy: nullable(
            Type.String({ description: 'The policy that together with this one leaves the user no allowed factor.' }),
          ),
        }),
      ),
      next_cursor: nullable(Type.String()),
    },
    { description: 'Exactly the users whom a policy stops, and why.' },
  ),
)

export function presentPlan(
  plan: Plan,
  { concerned, counts, withPermissions, withoutEmail }: PlanSummary,
  {
    items,
    cursor,
    conflict,
    now,
  }: {
    readonly items: readonly PlanItem[]
    readonly cursor: string | null
    readonly conflict: PlanConflict | null
    readonly now: Instant
  },
): Static<typeof PlanView> {
  return {
    policy_id: plan.policy.id,
    deadline: toRfc3339OrNull(deadlineOf(plan, now)),
    concerned,
    second_factor_while_exempt: plan.asked.whileExempt,
    password_minimum: plan.passwordMinimum,
    counts: counts.map(({ reason, state, count }) => ({ reason, state, users: count })),
    with_permissions: withPermissions,
    without_email: withoutEmail,
    conflict: conflict && { policy: conflict.policy, users: [...conflict.names], more: conflict.more },
    items: items.map(presentPlanItem),
    next_cursor: cursor,
  }
}

function presentPlanItem({ user, reason, state, otherPolicy }: PlanItem) {
  const { id, username, fullName, email } = user
  const shown = { user_id: id, username, full_name: fullName, email, has_permissions: isPrivileged(user) }
  return { ...shown, reason, state, other_policy: otherPolicy }
}

/** The form of a proposed policy as the plan takes it. Throws `request.validation_failed`. */
export function proposalIn(body: Static<typeof ProposedPolicy>, now: Instant) {
  const { scope, scope_ref: scopeRef = null, second_factor: secondFactor = null, factors = null } = body
  requireReference(scope, scopeRef)
  const terms = { secondFactor, factors, helpersMayExempt: body.helpers_may_exempt ?? false }
  const at = body.in_force_from ? instantIn(body.in_force_from, '/in_force_from') : now
  return { policy: { scope, scopeRef }, terms, at }
}

function requireReference(scope: PolicyScope, scopeRef: string | null): void {
  if ((scope === 'everyone') === (scopeRef === null)) return
  const code = scopeRef === null ? 'field.missing' : 'field.unknown'
  throw new Refusal('request.validation_failed', { fieldErrors: [{ pointer: '/scope_ref', code }] })
}
