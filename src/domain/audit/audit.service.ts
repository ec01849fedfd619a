// What happened. Events are written with what they tell of, in the same transaction, and never changed.
import type { With } from '../../foundation/context.ts'
import { actorOf } from '../../foundation/kernel/principal.ts'
import { Refusal, withEventId } from '../../foundation/kernel/refusal.ts'
import * as queries from './audit.queries.ts'
import { countFrom, selectEvents } from './event-list.queries.ts'
import { addressKeyIn, coreText, digestOf, presentAction, presentReason, readDetails, storedDetails } from './event.ts'
import type { EventAction, EventDetails, EventFacts, EventResult, EventCursor, EventFilter } from './event.ts'

export interface NewEvent {
  readonly action: EventAction
  /** The subject of the user it happened to. */
  readonly target?: string | null
  /** `done` when left out. */
  readonly result?: EventResult
  /** A short code for why, such as `wrong_password`. */
  readonly reason?: string | null
  /** The subject of the user who acted; the principal's when left out. */
  readonly actor?: string | null
  /** What may be erased later: names, addresses, numbers. Never a secret. */
  readonly details?: EventDetails
}

export interface AuditEvent extends EventFacts {
  /** Null once erased. */
  readonly details: EventDetails | null
  /** Its place in the chain; null for up to a second after it happened. */
  readonly position: number | null
}

export interface EventPage {
  /** Newest first. */
  readonly items: AuditEvent[]
  readonly next: EventCursor | null
}

const SALT_BYTES = 16
const LONGEST_AGENT = 300
const MANY = 1000

/**
 * Appends an event: one statement. The request source is added to the details. The chain writer chains the event within a second of
 * the commit. Returns the event's id.
 */
export async function recordEvent(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  event: NewEvent,
): Promise<string> {
  const salt = Buffer.from(ctx.random(SALT_BYTES)).toString('hex')
  const details = { ...event.details, ...whereFrom(ctx) }
  const core = {
    id: ctx.newId(),
    at: ctx.now,
    action: event.action,
    actor: event.actor === undefined ? actorOf(ctx.principal) : event.actor,
    target: event.target ?? null,
    result: event.result ?? 'done',
    reason: event.reason ?? null,
    detailsDigest: digestOf(salt, details),
  } as const
  const { keyId, mac } = ctx.keyring.mac('audit', coreText(core))
  const { detailsDigest, ...columns } = core
  await queries.insertEvent(ctx.db, {
    ...columns,
    details_digest: detailsDigest,
    details: storedDetails(salt, details),
    address_key: addressKeyIn(details),
    key_id: keyId,
    mac,
  })
  return core.id
}

/**
 * Records that a rule refused what was asked for; the last word of the refusal's code is the reason. In a transaction of
 * its own, because the refused one was rolled back. Fields that need another look, lost races and outages are no events.
 * Gives the error back, with the id of the event where there is one.
 */
export async function recordRefusal(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  about: Pick<NewEvent, 'action' | 'target' | 'details'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Refusal) || error.facts.faults !== undefined) return error
  if (error.kind !== 'conflict' && error.kind !== 'forbidden') return error
  return withEventId(
    error,
    await recordEvent(ctx, { ...about, result: 'refused', reason: error.code.replace(/^.*\./, '') }),
  )
}

/** One event; undefined where there is none with this id. */
export async function findEvent(ctx: With<'db'>, id: string): Promise<AuditEvent | undefined> {
  const row = await queries.selectEvent(ctx.db, id)
  return row && eventOf(row)
}

function whereFrom({ principal }: With<'principal'>): EventDetails {
  const { ipAddress, network, userAgent } = principal.source
  const door = principal.kind === 'operator' ? 'cli' : 'http'
  const from = { address: ipAddress, network, agent: userAgent?.slice(0, LONGEST_AGENT) ?? null, door }
  return principal.kind === 'api-token' ? { ...from, api_token: principal.token.id } : from
}

export async function listEvents(ctx: With<'db'>, filter: EventFilter): Promise<EventPage> {
  const rows = await selectEvents(ctx.db, { ...filter, limit: filter.limit + 1 }, await isFromMany(ctx, filter))
  const items = rows.slice(0, filter.limit).map(eventOf)
  const last = items.at(-1)
  const more = rows.length > filter.limit && last !== undefined
  return { items, next: more ? { at: last.at, id: last.id } : null }
}

/** Whether the events from a network are too many to be sorted for each page. */
async function isFromMany(ctx: With<'db'>, { address }: EventFilter): Promise<boolean> {
  return address !== undefined && address.from !== address.to && (await countFrom(ctx.db, address, MANY)) === MANY
}

function eventOf(row: queries.EventRow): AuditEvent {
  const { id, at, actor, target, result, position } = row
  const action = presentAction(row.action)
  const reason = presentReason(row.reason)
  const details = row.details === null ? null : (readDetails(row.details)?.details ?? null)
  return { id, at, action, actor, target, result, reason, details, position }
}
