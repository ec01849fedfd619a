import { listEvents } from '../../audit/audit.service.ts'
import type { AuditEvent, EventCursor, EventFilter } from '../../audit/audit.service.ts'
import type { With } from '../../context.ts'
import { selectPeople } from './events.view.ts'
import type { Person } from './events.view.ts'
import { findUserBy } from '../user/find-user.service.ts'

/** Somebody in an event; without id and username once they were deleted. */
export type Named = Person | { readonly subject: string; readonly id: null; readonly username: null }

export interface NamedEvent {
  readonly event: AuditEvent
  /** Null: nobody signed in, the server itself, or the operator. */
  readonly actor: Named | null
  readonly target: Named | null
}

export interface NamedEventPage {
  /** Newest first. */
  readonly items: NamedEvent[]
  readonly next: EventCursor | null
}

/** A page of the audit log. `actor`, `target` and `about` take a subject, an id, a username or an address; `user.ambiguous`. */
export async function listNamedEvents(ctx: With<'db'>, filter: EventFilter): Promise<NamedEventPage> {
  const meant = { ...filter, ...(await subjectsMeant(ctx, filter)) }
  const { items, next } = await listEvents(ctx, meant)
  const subjects = items.flatMap(({ actor, target }) => [actor, target]).filter((subject) => subject !== null)
  const people = await selectPeople(ctx.db, [...new Set(subjects)])
  const nameOf = (subject: string | null): Named | null =>
    subject === null ? null : (people.get(subject) ?? { subject, id: null, username: null })
  return { items: items.map((event) => ({ event, actor: nameOf(event.actor), target: nameOf(event.target) })), next }
}

async function subjectsMeant(ctx: With<'db'>, { actor, target, about }: EventFilter) {
  return {
    ...(actor !== undefined && { actor: await subjectMeant(ctx, actor) }),
    ...(target !== undefined && { target: await subjectMeant(ctx, target) }),
    ...(about !== undefined && { about: await subjectMeant(ctx, about) }),
  }
}

// A word that names nobody now may be the subject of somebody who was deleted; anything else has no events.
async function subjectMeant(ctx: With<'db'>, word: string): Promise<string> {
  const { user } = await findUserBy(ctx, word)
  return user?.subject ?? word
}
