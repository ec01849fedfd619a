import { listEvents } from '../../../domain/audit/audit.service.ts'
import type { AuditEvent } from '../../../domain/audit/audit.service.ts'
import type { EventCursor, EventFilter } from '../../../domain/audit/event.ts'
import type { With } from '../../../foundation/context.ts'
import type { AddressRange } from '../../../foundation/kernel/address-range.ts'
import { addressRange } from '../../../foundation/kernel/address-range.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { findUserSummaries } from '../../../domain/users/user-summary.service.ts'
import type { UserSummary } from '../../../domain/users/user.ts'
import { findUserBy, isSubject } from '../users/find-user.service.ts'

/** Somebody in an event; without id and username once they were deleted. */
export type Named = UserSummary | { readonly subject: string; readonly id: null; readonly username: null }

export interface NamedEvent {
  readonly event: AuditEvent
  /** Null: nobody signed in, the server itself, or the operator. */
  readonly actor: Named | null
  readonly target: Named | null
}

/** The filter of somebody who knows names and addresses. */
export interface NamedEventFilter extends Omit<EventFilter, 'address'> {
  /** As `addressRange` reads it. */
  readonly address?: string
}

export interface NamedEventPage {
  /** Newest first. */
  readonly items: NamedEvent[]
  readonly next: EventCursor | null
}

/**
 * A page of the audit log. `actor`, `target` and `about` take a subject, an id, a username or an email address:
 * `user.ambiguous`. An `address` that cannot be read: `request.validation_failed`.
 */
export async function listNamedEvents(
  ctx: With<'db'>,
  { address, ...filter }: NamedEventFilter,
): Promise<NamedEventPage> {
  const meant = {
    ...filter,
    ...(await subjectsMeant(ctx, filter)),
    ...(address !== undefined && { address: rangeMeant(address) }),
  }
  const { items, next } = await listEvents(ctx, meant)
  const people = await findUserSummaries(
    ctx,
    items.flatMap(({ actor, target }) => [actor, target]),
  )
  const nameOf = (subject: string | null): Named | null =>
    subject === null ? null : (people.get(subject) ?? { subject, id: null, username: null })
  return { items: items.map((event) => ({ event, actor: nameOf(event.actor), target: nameOf(event.target) })), next }
}

function rangeMeant(address: string): AddressRange {
  const range = addressRange(address)
  if (range !== undefined) return range
  const fault = { pointer: '/address', code: 'field.format', facts: { format: 'ip-network' } }
  throw new Refusal('request.validation_failed', { faults: [fault] })
}

async function subjectsMeant(
  ctx: With<'db'>,
  { actor, target, about }: Pick<EventFilter, 'actor' | 'target' | 'about'>,
) {
  return {
    ...(actor !== undefined && { actor: await subjectMeant(ctx, actor) }),
    ...(target !== undefined && { target: await subjectMeant(ctx, target) }),
    ...(about !== undefined && { about: await subjectMeant(ctx, about) }),
  }
}

// The subject of somebody who was deleted may be the username of somebody who is here; any other word that names nobody has
// no events.
async function subjectMeant(ctx: With<'db'>, word: string): Promise<string> {
  if (isSubject(word)) return word
  const { user } = await findUserBy(ctx, word)
  return user?.subject ?? word
}
