// Finds what time or a rule has ended without an event: at each access it is refused at once, and this puts it on the list of endings.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { findClient } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import {
  checkAllSessions,
  checkNextAt,
  type DueSession,
  sessionsToCheck,
} from '#domain/grants/checked-session.service.ts'
import { unmetRestriction, unmetUses } from '#domain/grants/client-access.service.ts'
import { revokeGrantsOf } from '#domain/grants/grant.service.ts'
import { nextExemptionEnd, sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { stateOfPolicies } from '#domain/policies/store/stored-policy.service.ts'
import {
  endSession,
  hasNoEnd,
  resolveSessionById,
  type ResolvedSession,
  resolveSessionsById,
} from '#domain/sessions/session.service.ts'
import type { RulesFor } from '#domain/sessions/session.ts'
import { isEndUnnoticed } from '#domain/users/account-expiry.service.ts'
import { inTransaction } from '#foundation/context.ts'
import type { JobContext } from '#foundation/job.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { selectCursor, updateCursor } from './delivery.queries.ts'

const POLICIES = 'policies'

/**
 * Ends the sessions at apps that time, a policy or the restriction of an app has ended, each with its event. Time without a request ends none of
 * them. Of all sessions at apps it reads those that are due by their limit, by an event about their user or by a policy that came into force, and
 * each once an hour.
 */
export async function endWhatTimeEnded(ctx: JobContext, signal: AbortSignal): Promise<void> {
  await checkAfterPolicies(ctx)
  for (;;) {
    const due = await sessionsToCheck(ctx)
    if (due.length === 0) return
    await checkSessions(ctx, due, signal)
    if (signal.aborted) return
    await nextTurn()
  }
}

async function checkSessions(ctx: JobContext, due: readonly DueSession[], signal: AbortSignal): Promise<void> {
  const next: Map<string, Instant | undefined> = await endsOfThoseThatGoOn(ctx, due)
  for (const session of due) {
    if (signal.aborted) return
    if (!next.has(session.sessionId)) next.set(session.sessionId, await checkSession(ctx, session))
  }
  await checkNextAt(ctx, next)
}

/**
 * Returns, of those of the sessions that go on at all their apps, when each ends. They are nearly all, so they are read together; what ended is
 * read again by itself before it is recorded.
 */
async function endsOfThoseThatGoOn(ctx: JobContext, due: readonly DueSession[]): Promise<Map<string, Instant>> {
  const rules = rulesOf(ctx)
  const ids = due.map(({ sessionId }) => sessionId)
  const found = await resolveSessionsById(ctx, ids, rules.rulesFor)
  const users = new Map(found.map(({ session, user }) => [session.id, user]))
  const uses = due.flatMap(({ sessionId, clientIds }) => {
    const user = users.get(sessionId)
    return user === undefined ? [] : clientIds.map((clientId) => ({ sessionId, clientId, user }))
  })
  const ended = new Set((await unmetUses(ctx, uses)).map(({ sessionId }) => sessionId))
  const goOn = found.filter(({ session }) => !ended.has(session.id))
  return new Map(goOn.map((one) => [one.session.id, rules.endOf(one)]))
}

/** The state is written after the sessions are due, so a node that dies in between does it again. */
async function checkAfterPolicies(ctx: JobContext): Promise<void> {
  const { resume: before } = await selectCursor(ctx.db, POLICIES)
  const state = await stateOfPolicies(ctx)
  if (state === before) return
  await checkAllSessions(ctx)
  await updateCursor(ctx.db, POLICIES, { position: 0, resume: state })
}

/** Returns when the session ends by its absolute limit, or an exemption of its user; undefined if it has ended. */
async function checkSession(ctx: JobContext, session: DueSession): Promise<Instant | undefined> {
  if (!(await hasNoEnd(ctx, session.sessionId))) return undefined
  const rules = rulesOf(ctx)
  const found = await resolveSessionById(ctx, session.sessionId, rules.rulesFor)
  if (found === undefined) {
    // The end of the account is an event about all sessions of the user: an app would be notified of this one, then of the user.
    if (await isEndUnnoticed(ctx, session.subject)) return ctx.now
    await recordExpired(ctx, session)
    return undefined
  }
  for (const clientId of session.clientIds) await checkAccess(ctx, found.user, clientId)
  return rules.endOf(found)
}

/** The rules for sessions, and when one ends by its absolute limit, or an exemption of its user, which the rules have read. */
function rulesOf(ctx: JobContext): { readonly rulesFor: RulesFor; readonly endOf: (of: ResolvedSession) => Instant } {
  const rules = sessionRules(ctx)
  const exempt = new Map<string, Instant | undefined>()
  return {
    async rulesFor(user, policies) {
      exempt.set(user.subject, await nextExemptionEnd(ctx, user, policies))
      return rules(user, policies)
    },
    endOf: ({ user, session, terms }) =>
      Math.min(session.startedAt + terms.absolute, exempt.get(user.subject) ?? Infinity),
  }
}

async function recordExpired(ctx: JobContext, { sessionId: id, subject }: DueSession): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    // Ended, it cannot go on again by a policy that is withdrawn: its apps have ended theirs.
    if (!(await endSession(tx, { subject, id }))) return
    const details = { session: id }
    await recordEvent(tx, {
      action: 'session.expired',
      actor: null,
      target: subject,
      details,
      ending: { sessionId: id },
    })
  })
}

async function checkAccess(ctx: JobContext, user: PrincipalUser, clientId: string): Promise<void> {
  const client = await findClient(ctx, clientId)
  // Apps that are disabled or deleted have ended by an event.
  if (client === undefined || (await unmetRestriction(ctx, client, user)) === undefined) return
  await recordAccessEnded(ctx, user, client)
}

async function recordAccessEnded(ctx: JobContext, { subject }: PrincipalUser, { id, name }: Client): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    // Without a grant left, another session of the user at the same app has ended the access in this run.
    if ((await revokeGrantsOf(tx, { clientId: id, subject })) === 0) return
    const details = { app: name, client: id }
    await recordEvent(tx, {
      action: 'app.access_ended',
      actor: null,
      target: subject,
      details,
      ending: { clientId: id },
    })
  })
}
