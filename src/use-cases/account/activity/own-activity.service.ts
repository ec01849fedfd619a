// Lists the audit events that concern the user’s own account.
import { type AuditEvent, listEvents } from '#domain/audit/audit.service.ts'
import type { EventFilter } from '#domain/audit/event-filter.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import type { WithAuthenticated } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'

export interface OwnEvent {
  readonly event: AuditEvent
  /** The user whom the reader's action concerned; null if that is the reader. */
  readonly target: {
    /** Null if it is no longer known or the reader may not read users. */
    readonly username: string | null
  } | null
}

/**
 * Returns a page of those events of the filter whose actor or target is the signed-in user, newest first. Another user is shown by the
 * name stored in the event, else by the current one, which only principals with `users:read` see.
 */
export async function listOwnActivity(
  ctx: WithAuthenticated<'db' | 'principal'>,
  filter: Pick<EventFilter, 'action' | 'since' | 'limit' | 'cursor'>,
) {
  const { user } = ctx.principal
  const { items, next } = await listEvents(ctx, { about: user.subject, ...filter })
  const others = items.map((event) => otherIn(event, user.subject))
  const summaries = permissionsOf(ctx.principal).includes('users:read')
    ? await findUserSummaries(ctx, others)
    : undefined
  const named = items.map((event, at): OwnEvent => {
    const other = others[at] ?? null
    return {
      event,
      target: other === null ? null : { username: usernameIn(event) ?? summaries?.get(other)?.username ?? null },
    }
  })
  return { items: named, next }
}

/** The subject of the other user whom the reader's action concerned; null if there is none. */
function otherIn({ actor, target }: AuditEvent, subject: string): string | null {
  return actor === subject && target !== subject ? target : null
}

function usernameIn({ details }: AuditEvent): string | undefined {
  const username = details?.['username']
  return typeof username === 'string' ? username : undefined
}
