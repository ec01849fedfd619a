// The audit log: records each event in the transaction of its change, and reads events (decision 0013).
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal, type RefusalKind, withEventId } from '#foundation/kernel/refusal.ts'
import * as queries from './audit.queries.ts'
import { macText } from './chain.ts'
import { endingColumns, type EndingScope, endingText } from './ending.ts'
import type { EventCursor, EventFilter } from './event-filter.ts'
import { countFrom, selectEvents } from './event-list.queries.ts'
import {
  coreText,
  currentAction,
  currentReason,
  digestOf,
  type EventAction,
  type EventDetails,
  type EventFacts,
  type EventResult,
  ipAddressKeyIn,
  readDetails,
  storedDetails,
} from './event.ts'

export interface NewEvent {
  readonly action: EventAction
  /** The subject of the user whom the event concerns. */
  readonly target?: string | null
  /** `done` when left out. */
  readonly result?: EventResult
  /** A code for the cause, such as `wrong_password`. */
  readonly reason?: string | null
  /** The subject of the user who acted; the principal's when left out. */
  readonly actor?: string | null
  /** The part that can be erased later: names, IP addresses, numbers. Never a secret. */
  readonly details?: EventDetails
  /** What it ends beside what its action and its target say; an action that only sometimes ends something ends nothing without it. */
  readonly ending?: EndingScope | undefined
}

export interface AuditEvent extends EventFacts {
  /** Null if erased. */
  readonly details: EventDetails | null
  /** The position in the chain; null until the chain writer has chained the event, which takes up to a second. */
  readonly position: number | null
}

export interface EventPage {
  /** Newest first. */
  readonly items: AuditEvent[]
  readonly next: EventCursor | null
}

const SALT_BYTES = 16
const LONGEST_AGENT = 300
const MANY_EVENTS = 1000

/**
 * Inserts an event by one statement, with the request source among its details; returns the event's id. The chain writer chains the
 * event within a second of the commit.
 */
export async function recordEvent(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  event: NewEvent,
): Promise<string> {
  const salt = Buffer.from(ctx.random(SALT_BYTES)).toString('hex')
  const details = { ...event.details, ...sourceDetails(ctx) }
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
  const ending = endingColumns(core, event.ending)
  const endingMessage = endingText(core.id, ending)
  await queries.insertEvent(ctx.db, {
    ...columns,
    details_digest: detailsDigest,
    details: storedDetails(salt, details),
    address_key: ipAddressKeyIn(details),
    key_id: keyId,
    mac,
    ...ending,
    ending_mac: endingMessage === undefined ? null : macText(ctx.keyring, endingMessage),
  })
  return core.id
}

const RECORDED: ReadonlySet<RefusalKind> = new Set(['conflict', 'forbidden', 'throttled'])

/**
 * Records a refusal by a rule; the last part of its error code is the reason. Call it after the rollback of the refused transaction,
 * which would remove the event. Field errors, stale revisions, outages and guesses, whose events their limit records, are not recorded. Returns the error, with the id of the event
 * if one was recorded.
 */
export async function recordRefusal(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  about: Pick<NewEvent, 'action' | 'target' | 'details'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof Refusal) || error.facts.fieldErrors !== undefined) return error
  if (!RECORDED.has(error.kind) || error.code === 'throttle.blocked') return error
  return withEventId(
    error,
    await recordEvent(ctx, { ...about, result: 'refused', reason: error.code.replace(/^.*\./, '') }),
  )
}

/** Returns the event with this id; undefined if there is none. */
export async function findEvent(ctx: With<'db'>, id: string): Promise<AuditEvent | undefined> {
  const row = await queries.selectEvent(ctx.db, id)
  return row && eventFromRow(row)
}

function sourceDetails({ principal }: With<'principal'>): EventDetails {
  const { ipAddress, network, userAgent } = principal.source
  const entryPoint = principal.kind === 'operator' ? 'cli' : 'http'
  const from = { address: ipAddress, network, agent: userAgent?.slice(0, LONGEST_AGENT) ?? null, door: entryPoint }
  return principal.kind === 'api-token' ? { ...from, api_token: principal.token.id } : from
}

/** Returns one page of the events that match the filter, newest first. */
export async function listEvents(ctx: With<'db'>, filter: EventFilter): Promise<EventPage> {
  const rows = await selectEvents(ctx.db, { ...filter, limit: filter.limit + 1 }, await hasManyEvents(ctx, filter))
  const items = rows.slice(0, filter.limit).map(eventFromRow)
  const last = items.at(-1)
  const more = rows.length > filter.limit && last !== undefined
  return { items, next: more ? { at: last.at, id: last.id } : null }
}

/** Whether a network has too many events to sort them for each page. */
async function hasManyEvents(ctx: With<'db'>, { address }: EventFilter): Promise<boolean> {
  return (
    address !== undefined &&
    address.from !== address.to &&
    (await countFrom(ctx.db, address, MANY_EVENTS)) === MANY_EVENTS
  )
}

function eventFromRow(row: queries.EventRow): AuditEvent {
  const { id, at, actor, target, result, position } = row
  const action = currentAction(row.action)
  const reason = currentReason(row.reason)
  const details = row.details === null ? null : (readDetails(row.details)?.details ?? null)
  return { id, at, action, actor, target, result, reason, details, position }
}
