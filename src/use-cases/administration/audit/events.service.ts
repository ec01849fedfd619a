// Lists audit events with the names of their users.
import { type AuditEvent, findEvent, listEvents } from '#domain/audit/audit.service.ts'
import type { EventCursor, EventFilter } from '#domain/audit/event-filter.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import type { UserSummary } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { type IpAddressRange, ipAddressRange } from '#foundation/kernel/ip-address-range.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { findUserBy, isSubject } from '../users/find-user.service.ts'

/** A user in an event; id and username are null once the user was deleted. */
export type Named = UserSummary | { readonly subject: string; readonly id: null; readonly username: null }

export interface NamedEvent {
  readonly event: AuditEvent
  /** Null for an anonymous principal, the server itself, or the operator. */
  readonly actor: Named | null
  readonly target: Named | null
}

/** A filter by names and emails instead of subjects. */
export interface NamedEventFilter extends Omit<EventFilter, 'address' | 'limit' | 'cursor'> {
  /** An IP address or a network, as `ipAddressRange` parses it. */
  readonly address?: string | undefined
}

export interface NamedEventPage {
  /** Newest first. */
  readonly items: NamedEvent[]
  readonly next: EventCursor | null
}

/**
 * Returns a page of the audit log, newest first. `actor`, `target` and `about` take a subject, an id, a username or an email. Throws
 * `user.ambiguous` if one of them names two users, and `request.validation_failed` for an invalid `address`.
 */
export async function listNamedEvents(
  ctx: With<'db'>,
  filter: NamedEventFilter & Pick<EventFilter, 'limit' | 'cursor'>,
): Promise<NamedEventPage> {
  const { items, next } = await listEvents(ctx, {
    ...filter,
    actor: await subjectMeant(ctx, filter.actor),
    target: await subjectMeant(ctx, filter.target),
    about: await subjectMeant(ctx, filter.about),
    address: rangeMeant(filter.address),
  })
  const named = await namesIn(ctx, items)
  return { items: items.map((event) => ({ event, actor: named(event.actor), target: named(event.target) })), next }
}

/** Returns the event with this id and the names of its users. Throws `audit_event.not_found`. */
export async function readNamedEvent(ctx: With<'db'>, id: string): Promise<NamedEvent> {
  const event = await findEvent(ctx, id)
  if (event === undefined) throw new Refusal('audit_event.not_found')
  const named = await namesIn(ctx, [event])
  return { event, actor: named(event.actor), target: named(event.target) }
}

export async function namesIn(ctx: With<'db'>, events: readonly Pick<AuditEvent, 'actor' | 'target'>[]) {
  const subjects = events.flatMap(({ actor, target }) => [actor, target])
  const summaries = await findUserSummaries(ctx, subjects)
  return (subject: string | null): Named | null =>
    subject === null ? null : (summaries.get(subject) ?? { subject, id: null, username: null })
}

function rangeMeant(ipAddress: string | undefined): IpAddressRange | undefined {
  if (ipAddress === undefined) return undefined
  const range = ipAddressRange(ipAddress)
  if (range !== undefined) return range
  const fieldError = { pointer: '/address', code: 'field.format', facts: { format: 'ip-network' } }
  throw new Refusal('request.validation_failed', { fieldErrors: [fieldError] })
}

// A text in the form of a subject is always a subject: a user may have the subject of a deleted user as their username. Any other text
// that names no user matches no events.
async function subjectMeant(ctx: With<'db'>, word: string | undefined): Promise<string | undefined> {
  if (word === undefined || isSubject(word)) return word
  const { user } = await findUserBy(ctx, word)
  return user?.subject ?? word
}
