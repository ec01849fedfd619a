import { type Instant, toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { APPROVAL_KINDS, type ApprovalParameters } from './approval-change.ts'
import type { NamedApproval } from './approval.service.ts'
import { APPROVAL_STATES, isDue } from './approval.ts'

const Moment = Type.String({ format: 'date-time' })
const TextOrNull = nullable(Type.String())

export const ApprovalView = named(
  'Approval',
  Type.Object(
    {
      id: Type.String(),
      change: choice(APPROVAL_KINDS, { description: 'What happens when it is carried out.' }),
      state: choice(APPROVAL_STATES),
      ready: Type.Boolean({ description: 'Whether the waiting time has passed, so that no second admin is needed.' }),
      asked_by: TextOrNull,
      about: Type.Object({ subject: TextOrNull, username: Type.String() }),
      parameters: Type.Unsafe<ApprovalParameters>({
        type: 'object',
        additionalProperties: true,
        description: 'The values of the change. A password is never among them.',
      }),
      reason: TextOrNull,
      created_at: Moment,
      ready_at: Moment,
      expires_at: Moment,
      decided_by: TextOrNull,
      decided_at: nullable(Type.String({ format: 'date-time' })),
      end_reason: TextOrNull,
    },
    { description: 'A change that waits for a second admin, or how it ended.' },
  ),
)

export const ApprovalList = named(
  'ApprovalList',
  Type.Object({ items: Type.Array(ApprovalView) }, { description: 'Requests of the two-person rule.' }),
)

export const ApprovalReference = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** A request as the API returns it, without password hash and internal hashes. */
export function presentApproval(
  { approval, asker, decider }: NamedApproval,
  now: Instant,
): Static<typeof ApprovalView> {
  return {
    id: approval.id,
    change: approval.kind,
    state: approval.state,
    ready: isDue(approval, now),
    asked_by: asker?.username ?? null,
    about: { subject: approval.target, username: approval.targetName },
    parameters: approval.parameters,
    reason: approval.reason,
    created_at: toRfc3339(approval.createdAt),
    ready_at: toRfc3339(approval.readyAt),
    expires_at: toRfc3339(approval.expiresAt),
    decided_by: decider,
    decided_at: toRfc3339OrNull(approval.decidedAt),
    end_reason: approval.endReason,
  }
}
