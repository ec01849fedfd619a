// The apps to which a user is signed in, or has agreed to be.
import { findClientsWithIds } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { listSessions } from '#domain/sessions/session.service.ts'
import type { SessionRules } from '#domain/sessions/session.ts'
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { selectGrantsOfUser } from './app-sign-in.queries.ts'
import { listConsents } from './consent.service.ts'
import { type Consent, type ConsentItem, consentItems, resourceItem } from './consent.ts'

export interface AppSignIn {
  readonly client: Client
  /** Since when the app can get tokens; null while it cannot, and the user has only agreed to it. */
  readonly signedInAt: Instant | null
  /** When the user agreed; null for an app that asks for no consent. */
  readonly agreedAt: Instant | null
  /** When the app last got tokens, as far back as grants are kept. */
  readonly lastUsedAt: Instant | null
  /** What the app may learn and do. */
  readonly items: readonly ConsentItem[]
}

type Grant = Awaited<ReturnType<typeof selectGrantsOfUser>>[number]

/**
 * Returns the apps at which the user has a living grant or a consent, by name. A grant lives as `resolveGrant` says: in a session of the user,
 * also one that time without a request has ended, or beyond it by the user alone.
 */
export async function listAppSignIns(
  ctx: With<'db' | 'now'>,
  { subject, credentialEpoch }: Pick<PrincipalUser, 'subject' | 'credentialEpoch'>,
  rulesOf: () => Promise<SessionRules>,
): Promise<AppSignIn[]> {
  const grants = await selectGrantsOfUser(ctx.db, subject, ctx.now)
  const consents = await listConsents(ctx, subject)
  const isLiving = await livingIn(ctx, { subject, credentialEpoch, grants }, rulesOf)
  const ids = new Set([...grants.filter(isLiving), ...consents].map(({ clientId }) => clientId))
  const clients = await findClientsWithIds(ctx, [...ids])
  return clients.map((client) => {
    const own = grants.filter(({ clientId }) => clientId === client.id)
    const consent = consents.find(({ clientId }) => clientId === client.id)
    return signInAt(client, { own, living: own.filter(isLiving), consent })
  })
}

interface OwnGrants {
  readonly own: readonly Grant[]
  readonly living: readonly Grant[]
  readonly consent: Consent | undefined
}

function signInAt(client: Client, { own, living, consent }: OwnGrants): AppSignIn {
  const used = own.map(({ lastUsedAt }) => lastUsedAt)
  return {
    client,
    signedInAt: living.length === 0 ? null : Math.min(...living.map(({ createdAt }) => createdAt)),
    agreedAt: consent?.givenAt ?? null,
    lastUsedAt: used.length === 0 ? null : Math.max(...used),
    // A trusted app asks for no consent, so it learns what its row says, and calls the APIs for which it has got tokens.
    items: client.trusted ? [...consentItems(client, client.scopes), ...calledBy(living)] : (consent?.items ?? []),
  }
}

function calledBy(grants: readonly Grant[]): ConsentItem[] {
  return [...new Set(grants.flatMap(({ resourceId: id }) => (id === null ? [] : resourceItem(id))))].toSorted()
}

interface Of {
  readonly subject: string
  readonly credentialEpoch: number
  readonly grants: readonly Grant[]
}

async function livingIn(
  ctx: With<'db' | 'now'>,
  { subject, credentialEpoch, grants }: Of,
  rulesOf: () => Promise<SessionRules>,
): Promise<(grant: Grant) => boolean> {
  if (!grants.some(({ isAlive }) => isAlive)) return () => false
  const rules = await rulesOf()
  const { idle, absolute } = rules
  const sessions = await listSessions(ctx, subject, { ...rules, idle: Math.max(idle, absolute) })
  const ids = new Set(sessions.map(({ id }) => id))
  return ({ isAlive, sessionId, outlivesSession, epoch, methods }) => {
    if (!isAlive) return false
    return ids.has(sessionId) || (outlivesSession && epoch === credentialEpoch && rules.satisfiesPolicy(methods))
  }
}
