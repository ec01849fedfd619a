import { listEvents } from '../../../domain/audit/audit.service.ts'
import type { AuditEvent } from '../../../domain/audit/audit.service.ts'
import type { EventCursor } from '../../../domain/audit/event.ts'
import type { WithAuthenticated } from '../../../foundation/context.ts'
import { permissionsOf } from '../../../foundation/kernel/principal.ts'
import { findUserSummaries } from '../../../domain/users/user-summary.service.ts'

/** Somebody else; without a name where nobody knows it any more, or it is no longer for the person to know. */
export interface OtherPerson {
  readonly username: string | null
}

export interface OwnEvent {
  readonly event: AuditEvent
  /** To whom the person did it, where that was not themselves. */
  readonly target: OtherPerson | null
}

export interface OwnEventPage {
  /** Newest first. */
  readonly items: OwnEvent[]
  readonly next: EventCursor | null
}

/**
 * What the person did, and what was done to their account. Others have the name they had then, where the event holds it;
 * else the one of today, which only those learn who may read users.
 */
export async function listOwnActivity(
  ctx: WithAuthenticated<'db' | 'principal'>,
  page: { readonly limit: number; readonly cursor?: EventCursor | null },
): Promise<OwnEventPage> {
  const { user } = ctx.principal
  const { items, next } = await listEvents(ctx, { about: user.subject, ...page })
  const others = items.map((event) => otherIn(event, user.subject))
  const people = permissionsOf(ctx.principal).includes('users:read') ? await findUserSummaries(ctx, others) : undefined
  const named = items.map((event, at) => {
    const other = others[at] ?? null
    return {
      event,
      target: other === null ? null : { username: nameIn(event) ?? people?.get(other)?.username ?? null },
    }
  })
  return { items: named, next }
}

/** The subject of whoever it was done to by the person; null where that is nobody, or themselves. */
function otherIn({ actor, target }: AuditEvent, subject: string): string | null {
  return actor === subject && target !== subject ? target : null
}

function nameIn({ details }: AuditEvent): string | undefined {
  const username = details?.['username']
  return typeof username === 'string' ? username : undefined
}
