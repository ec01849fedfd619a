// Sessions of signed-in users: starts, resolves, lists and ends them.
import { isShutOut } from '#domain/users/account-expiry.service.ts'
import { isDisabled } from '#domain/users/user.ts'
import { inTransaction, type InTransaction, type With } from '#foundation/context.ts'
import type { PrincipalUser, SessionFacts, SessionTerms, Transport } from '#foundation/kernel/principal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, days, type Instant } from '#foundation/kernel/time.ts'
import { versionsInRow } from '#foundation/platform/database/user-policies.ts'
import { deleteOldSessions, restartSessions, updateLastSeen } from './session-times.queries.ts'
import {
  lockSessionWithUser,
  lockSessionWithUserById,
  selectSessionsWithUsers,
  selectSessionWithUser,
  selectSessionWithUserById,
  selectWithoutEnd,
  type SessionWithUser,
} from './session-user.queries.ts'
import { principalUserOf } from './session-user.ts'
import {
  insertSession,
  revokeSessionOf,
  revokeSessions,
  selectSessions,
  updateEpoch,
  updateEpochOfAll,
} from './session.queries.ts'
import {
  type RulesFor,
  type Session,
  type SessionLifetimes,
  type SessionRules,
  sessionStatus,
  TOKEN_PREFIX,
  withoutIdleLimit,
} from './session.ts'

/** Sessions are kept for investigations until this long after their absolute limit; then a job deletes them. */
const KEPT_AFTER_LIMIT = days(7)

/** Starts a session for a finished sign-in, with the verified factors in order; only `finishSignIn` may call it. */
export async function startSession(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'principal'>,
  { user, methods, transport }: { user: PrincipalUser; methods: readonly string[]; transport: Transport },
): Promise<{ session: SessionFacts; token: Secret }> {
  const token = newSecretToken(ctx.random, TOKEN_PREFIX[transport])
  const { now } = ctx
  const tokenHash = hashOf(token)
  const begun = {
    id: ctx.newId(),
    tokenHash,
    transport,
    methods,
    startedAt: now,
    lastSeenAt: now,
    authenticatedAt: now,
  }
  await insertSession(ctx.db, {
    ...begun,
    subject: user.subject,
    address: ctx.principal.source.ipAddress,
    agent: ctx.principal.source.userAgent,
    epoch: user.credentialEpoch,
  })
  return { session: { ...begun, authenticationMethods: methods }, token }
}

export interface ResolvedSession {
  readonly user: PrincipalUser
  readonly session: SessionFacts
  readonly terms: SessionTerms
  readonly dueForTouch: boolean
}

interface PresentedToken {
  readonly token: string
  readonly transport: Transport
}

type PresentedSession = Pick<SessionFacts, 'tokenHash' | 'transport'>

/**
 * Returns the session of a token and its user. Undefined if the token is unknown or of the other transport, if the session has ended or
 * expired, if its factors no longer satisfy the policies, or if its user is disabled, expired, deleted or has changed credentials since.
 */
export async function resolveSession(
  ctx: With<'db' | 'now'>,
  { token, transport }: PresentedToken,
  rulesFor: RulesFor,
): Promise<ResolvedSession | undefined> {
  if (!token.startsWith(TOKEN_PREFIX[transport])) return undefined
  return resolveSessionByHash(ctx, { tokenHash: hashOf(Secret.of(token)), transport }, rulesFor)
}

/** Returns the same for the hash of a token. With a `lock` no other transaction changes the session or its user before this one ends. */
export async function resolveSessionByHash(
  ctx: With<'db' | 'now'>,
  { tokenHash, transport, lock }: { tokenHash: string; transport: Transport; lock?: 'share' | undefined },
  rulesFor: RulesFor,
): Promise<ResolvedSession | undefined> {
  const row: SessionWithUser | undefined =
    lock === 'share'
      ? (await lockSessionWithUser(ctx.db, tokenHash, transport))[0]
      : await selectSessionWithUser(ctx.db, tokenHash, transport)
  return row && sessionIn(ctx, row, { tokenHash, transport }, rulesFor)
}

/**
 * Returns the session with this id and its user, as `resolveSessionByHash` does, but whether or not it was idle for too long: for what was
 * issued in it to an app and is used without a request of the browser.
 */
export async function resolveSessionById(
  ctx: With<'db' | 'now'>,
  id: string,
  rulesFor: RulesFor,
): Promise<ResolvedSession | undefined> {
  const row = await selectSessionWithUserById(ctx.db, id)
  return row && sessionIn(ctx, row, row, withoutIdleLimit(rulesFor))
}

/** Whether a session was neither ended nor left behind by its user's credentials; a limit or a policy may have ended it. */
export async function hasNoEnd({ db }: With<'db'>, id: string): Promise<boolean> {
  return (await selectWithoutEnd(db, id)).length > 0
}

/** Returns those of several sessions for which it returns one, read by one query. */
export async function resolveSessionsById(
  ctx: With<'db' | 'now'>,
  ids: readonly string[],
  rulesFor: RulesFor,
): Promise<ResolvedSession[]> {
  const rules = withoutIdleLimit(rulesFor)
  const found: ResolvedSession[] = []
  for (const row of await selectSessionsWithUsers(ctx.db, ids)) {
    const resolved = await sessionIn(ctx, row, row, rules)
    if (resolved !== undefined) found.push(resolved)
  }
  return found
}

/** Returns the same as `resolveSessionById`; no other transaction ends the session or changes its user before this one ends. */
export async function holdSessionById(
  ctx: InTransaction<With<'db' | 'now'>>,
  id: string,
  rulesFor: RulesFor,
): Promise<ResolvedSession | undefined> {
  const [row] = await lockSessionWithUserById(ctx.db, id)
  return row && sessionIn(ctx, row, row, withoutIdleLimit(rulesFor))
}

/** Returns the same for a row that a view has read, by the usual limits. */
export async function sessionIn(
  ctx: With<'db' | 'now'>,
  row: SessionWithUser,
  { tokenHash, transport }: PresentedSession,
  rulesFor: RulesFor,
): Promise<ResolvedSession | undefined> {
  if (isDisabled(row.disabled)) return undefined
  const user = principalUserOf(row)
  const rules = await rulesFor(user, versionsInRow(row))
  const state = sessionStatus(row, ctx.now, rules)
  const methods = row.methods.split(' ')
  if (state === 'expired' || !rules.satisfiesPolicy(methods)) return undefined
  if (user.expiresAt !== null && (await isShutOut(ctx, user))) return undefined
  const { sessionId, startedAt, lastSeenAt, authenticatedAt } = row
  const authenticationMethods = row.authenticationMethods?.split(' ') ?? methods
  return {
    user,
    session: {
      id: sessionId,
      tokenHash,
      transport,
      methods,
      startedAt,
      lastSeenAt,
      authenticatedAt,
      authenticationMethods,
    },
    terms: rules,
    dueForTouch: state === 'due-for-touch',
  }
}

/** Writes when these sessions, by id, were last used. */
export function noteUses(ctx: With<'db'>, uses: ReadonlyMap<string, Instant>): Promise<void> {
  // Sorted, so that two nodes that write the same sessions lock their rows in one order (deadlock).
  const inOrder = Array.from(uses).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return inTransaction(ctx, async (tx) => {
    for (const [id, at] of inOrder) await updateLastSeen(tx.db, id, at, at + CLOCK_TOLERANCE)
  })
}

/** Ends one session of the user; returns false if the user has no such session, or if it was ended before. */
export function endSession(
  ctx: With<'db' | 'now'>,
  { subject, id }: { subject: string; id: string },
): Promise<boolean> {
  return revokeSessionOf(ctx.db, subject, id, ctx.now)
}

/** Ends all sessions of the user, or all but `except`; returns how many. */
export function endSessionsOf(
  ctx: With<'db' | 'now'>,
  subject: string,
  { except = null }: { except?: string | null } = {},
): Promise<number> {
  return revokeSessions(ctx.db, subject, except, ctx.now)
}

/** Returns the user's valid sessions, the latest used first. Without `satisfiesPolicy`, those too whose factors do not satisfy the policies. */
export async function listSessions(
  ctx: With<'db' | 'now'>,
  subject: string,
  { idle, absolute, satisfiesPolicy = () => true }: SessionLifetimes & Partial<Pick<SessionRules, 'satisfiesPolicy'>>,
): Promise<Session[]> {
  const found = await selectSessions(ctx.db, subject, { seen: ctx.now - idle, started: ctx.now - absolute })
  return found.filter(({ methods }) => satisfiesPolicy(methods))
}

/** Moves a session to the new credential epoch of its user, so that the change of credentials does not end it. */
export function moveSessionToEpoch(ctx: With<'db'>, id: string, epoch: number): Promise<void> {
  return updateEpoch(ctx.db, id, epoch)
}

/**
 * Moves the user's sessions of the epoch `from` to the epoch `to`, so that a change of credentials ends attempts and links, but not these. A
 * session of an older epoch has ended and is not moved, which would revive it.
 */
export function moveSessionsToEpoch(
  ctx: With<'db'>,
  subject: string,
  epochs: { readonly from: number; readonly to: number },
): Promise<void> {
  return updateEpochOfAll(ctx.db, subject, epochs)
}

/** Lets sessions that began while a clock was ahead last their usual time from now on. */
export function clampSessionTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return restartSessions(ctx.db, ctx.now + CLOCK_TOLERANCE, ctx.now)
}

/** Deletes rows of sessions whose absolute limit was reached more than `KEPT_AFTER_LIMIT` ago. */
export function deleteExpiredSessions(ctx: With<'db' | 'now'>, { absolute }: SessionLifetimes): Promise<void> {
  return deleteOldSessions(ctx.db, ctx.now - absolute - KEPT_AFTER_LIMIT)
}
