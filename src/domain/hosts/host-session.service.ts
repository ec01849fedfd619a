// How a browser that is signed in here is signed in at a protected host: by a one-time code, which becomes a cookie of that host.
//
//   start          the browser keeps a random value, `leaving`, in a cookie of the host
//   for-host       a code, bound to host, session and digest of `leaving`
//   enter          the code is consumed where host and digest fit  →  the cookie of the host, which opens nothing else
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { SessionLifetimes } from '#domain/sessions/session.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { SessionFacts } from '#foundation/kernel/principal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, type Duration, hours, seconds } from '#foundation/kernel/time.ts'
import * as queries from './host-session.queries.ts'
import type { HostUse } from './host-session.queries.ts'
import type { ProtectedHost } from './host.ts'

export type { HostUse }

const CODE_PREFIX = 'dwhc_'
const COOKIE_PREFIX = 'dwh_'

/** How long a code works: as long as a browser needs for two redirects. */
export const HOST_CODE_LIFETIME: Duration = seconds(60)
const CODES_KEPT: Duration = hours(1)

interface Leaving {
  readonly host: Pick<ProtectedHost, 'id'>
  readonly session: Pick<SessionFacts, 'id'>
  readonly subject: string
  /** The digest of the value that the browser keeps. */
  readonly leaving: string
}

/** Makes a code by which the browser that keeps `leaving` enters a host. */
export async function issueHostCode(
  { db, now, random }: With<'db' | 'now' | 'random'>,
  { host, session, subject, leaving }: Leaving,
): Promise<Secret> {
  const code = newSecretToken(random, CODE_PREFIX)
  const row = { id: hashOf(code), host_id: host.id, session_id: session.id, subject, leaving, created_at: now }
  await queries.insertCode(db, row)
  return code
}

export interface PresentedHostCode {
  readonly code: string
  readonly host: Pick<ProtectedHost, 'id'>
  /** The digests of all values that the browser keeps: each tab has its own. */
  readonly leaving: readonly string[]
}

/** Consumes a code; returns its session and which value it was made for. Undefined if it is unknown, used, too old, or another host's or browser's. */
export async function consumeHostCode(
  { db, now }: InTransaction<With<'db' | 'now'>>,
  { code, host, leaving }: PresentedHostCode,
): Promise<{ readonly sessionId: string; readonly leaving: string } | undefined> {
  if (!code.startsWith(CODE_PREFIX) || leaving.length === 0) return undefined
  const [since, until] = [now - HOST_CODE_LIFETIME, now + CLOCK_TOLERANCE]
  return queries.consumeCode(db, { id: hashOf(Secret.of(code)), hostId: host.id, leaving, now, since, until })
}

/** Signs the browser in at a host by its session, and returns the value of the host's cookie. The caller has found that the session is valid. */
export async function startHostSession(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>>,
  { host, sessionId, subject }: { readonly host: ProtectedHost; readonly sessionId: string; readonly subject: string },
): Promise<Secret> {
  const token = newSecretToken(ctx.random, COOKIE_PREFIX)
  const row = { hash: hashOf(token), host_id: host.id, session_id: sessionId, subject, created_at: ctx.now }
  await queries.insertHostSession(ctx.db, row)
  const details = { host: host.name, host_id: host.id, session: sessionId }
  await recordEvent(ctx, { action: 'host.entered', actor: subject, target: subject, details })
  return token
}

/** Returns how many browsers are signed in at each of these hosts, and since when the last, in the same order. */
export async function hostUsesOf({ db }: With<'db'>, hosts: readonly Pick<ProtectedHost, 'id'>[]): Promise<HostUse[]> {
  if (hosts.length === 0) return []
  const uses = await queries.selectHostUses(
    db.forLongReads,
    hosts.map(({ id }) => id),
  )
  return hosts.map(({ id }) => uses.get(id) ?? { living: 0, lastEnteredAt: null })
}

/** Returns the digest by which the cookie of a host is found; undefined for a value that is none. */
export function hostCookieHash(value: string | undefined): string | undefined {
  return value?.startsWith(COOKIE_PREFIX) ? hashOf(Secret.of(value)) : undefined
}

/** Returns the id of the session by which a browser with this cookie is signed in at a host, whether or not it is valid. */
export async function sessionAtHost({ db }: With<'db'>, hash: string, hostId: string): Promise<string | undefined> {
  return (await queries.selectSessionAt(db, hash, hostId))[0]?.sessionId
}

/** Deletes codes that work no more, and the sign-ins at hosts whose session has ended, or is too old to be valid. */
export async function deleteExpiredHostSessions(
  { db, now }: With<'db' | 'now'>,
  { absolute }: Pick<SessionLifetimes, 'absolute'>,
): Promise<void> {
  await queries.deleteCodesBefore(db, now - CODES_KEPT)
  await queries.deleteEndedHostSessions(db, now - absolute)
}

/** Deletes codes that were made while a clock was ahead: they would work again when their time comes. */
export function clampHostCodes({ db, now }: With<'db' | 'now'>): Promise<void> {
  return queries.deleteCodesAfter(db, now + CLOCK_TOLERANCE)
}

/** Ends all codes: a restored database could hold one that was used. */
export function endAllHostCodes({ db }: With<'db'>): Promise<void> {
  return queries.deleteAllCodes(db)
}
