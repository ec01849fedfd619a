// Sessions that time without a request has ended, and in which apps go on: a user who works in one app makes no request here for hours.
import { listSessions, resolveSessionByHash, type ResolvedSession } from '#domain/sessions/session.service.ts'
import {
  type RulesFor,
  type Session,
  type SessionLifetimes,
  type SessionRules,
  withoutIdleLimit,
} from '#domain/sessions/session.ts'
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { selectSessionsWithGrants } from './grant.queries.ts'

/** Returns the session of the browser that nothing but time without a request has ended, if apps are signed in by it. */
export async function idleSessionOf(
  ctx: With<'db' | 'now' | 'principal'>,
  rulesFor: RulesFor,
): Promise<ResolvedSession | undefined> {
  const { principal } = ctx
  if (principal.kind !== 'anonymous' || principal.endedTokenHash === undefined) return undefined
  const presented = { tokenHash: principal.endedTokenHash, transport: 'cookie' } as const
  const found = await resolveSessionByHash(ctx, presented, withoutIdleLimit(rulesFor))
  if (found === undefined) return undefined
  const withGrants = await selectSessionsWithGrants(ctx.db, found.user.subject, ctx.now)
  return withGrants.includes(found.session.id) ? found : undefined
}

export interface ListedSession extends Session {
  /** Whether time without a request has ended it here, while apps are still signed in by it. */
  readonly isIdle: boolean
}

/**
 * Returns the user's valid sessions, the latest used first, and with them those that time without a request has ended while apps are still
 * signed in by them, so that they can be ended too. Without `satisfiesPolicy`, those too whose factors do not satisfy the policies.
 */
export async function listSessionsWithApps(
  ctx: With<'db' | 'now'>,
  subject: string,
  rules: SessionLifetimes & Partial<Pick<SessionRules, 'satisfiesPolicy'>>,
): Promise<ListedSession[]> {
  const { idle, absolute } = rules
  const all = await listSessions(ctx, subject, { ...rules, idle: Math.max(idle, absolute) })
  const listed = all.map((session) => ({ ...session, isIdle: hasGoneIdle(session, ctx.now - idle) }))
  if (!listed.some(({ isIdle }) => isIdle)) return listed
  const withGrants = await selectSessionsWithGrants(ctx.db, subject, ctx.now)
  return listed.filter(({ id, isIdle }) => !isIdle || withGrants.includes(id))
}

function hasGoneIdle({ lastSeenAt }: Session, since: Instant): boolean {
  return lastSeenAt <= since
}
