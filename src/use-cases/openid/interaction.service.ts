// What an authorization asks of its user, as it is stored between two requests, and its outcome.
import type { InteractionResults } from 'oidc-provider'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { requirementOfApp, type Restriction } from '#domain/clients/app-access.ts'
import type { Client } from '#domain/clients/client.ts'
import { acrOf, acrsInClaims, amrOf, leastLevelOf } from '#domain/grants/authentication-context.ts'
import { findInteraction, putInteraction } from '#domain/grants/token.service.ts'
import { type AuthenticationRequirement, stricterOf } from '#domain/sessions/reauthentication.ts'
import { inTransaction, type With, type WithSession } from '#foundation/context.ts'
import type { SessionPrincipal } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'

interface StoredInteraction {
  readonly prompt: { readonly name: string; readonly reasons: readonly string[] }
  readonly params: Readonly<Record<string, string | undefined>>
  readonly session?: { readonly uid?: string; readonly accountId?: string }
  readonly result?: InteractionResults
  readonly lastSubmission?: InteractionResults
  readonly exp: number
  /** Ours, which the library does not read: whether the event is recorded that its user may not use the app. */
  readonly isRefusalRecorded?: boolean
}

export interface Interaction extends StoredInteraction {
  readonly uid: string
  readonly begunAt: Instant
}

/** Returns the interaction; undefined if it is unknown, expired or finished. */
export async function readInteraction(ctx: With<'db' | 'now'>, uid: string): Promise<Interaction | undefined> {
  const found = await findInteraction(ctx, uid)
  return found && { ...(JSON.parse(found.payload) as StoredInteraction), uid, begunAt: found.createdAt }
}

/** What request and app require of the authentication together: the later instant, and the higher level. */
export function requirementFor(
  { interaction, client }: Asked,
  { principal, now }: WithSession<'now'>,
): AuthenticationRequirement {
  return stricterOf(requirementOf(interaction, principal), requirementOfApp(client, now))
}

/**
 * What the request requires of the authentication: since when, and how strong it must be. The library has named what the session lacked in which
 * the interaction began; another session was not compared with the request yet, so there everything counts that the request says.
 */
function requirementOf(
  { prompt, params, begunAt, session: begunIn }: Interaction,
  current: Pick<SessionPrincipal, 'session'>,
): AuthenticationRequirement {
  const isOther = !isBegunIn(begunIn, current)
  const has = (reason: string): boolean => prompt.reasons.includes(reason)
  const asksLogin = has('login_prompt') || (isOther && params['prompt']?.split(' ').includes('login') === true)
  const maxAge = has('max_age') || isOther ? Number(params['max_age'] ?? NaN) : NaN
  const since = Number.isNaN(maxAge) ? undefined : begunAt - maxAge * 1000
  return { since: asksLogin ? begunAt : since, least: leastLevelOf(askedAcrs(params)) }
}

/** Whether the interaction began in this session, or without one. */
function isBegunIn(begunIn: StoredInteraction['session'], { session }: Pick<SessionPrincipal, 'session'>): boolean {
  return begunIn?.uid === undefined || begunIn.uid === session.id
}

function askedAcrs({ acr_values: values = '', claims = '{}' }: StoredInteraction['params']): string[] {
  return [...values.split(' '), ...acrsInClaims(JSON.parse(claims))]
}

/**
 * Whether the request is for another user than the one who is signed in (OpenID Connect Core §3.1.2.1: `id_token_hint`). It was evaluated for
 * the one who was signed in when it came; a user who has signed in since is asked again when it goes on.
 */
export function asksForAnother({ prompt, session }: Interaction, { user }: Pick<SessionPrincipal, 'user'>): boolean {
  const isWrong = prompt.reasons.some((reason) => reason === 'id_token_hint' || reason === 'claims_id_token_sub_value')
  return isWrong && session?.accountId === user.subject
}

/** Whether an outcome that waits belongs to the session that is there now; an interaction without an outcome belongs to no session yet. */
export function isBoundToCurrentSession({ session, result }: Interaction, { principal }: With<'principal'>): boolean {
  if (result === undefined || 'error' in result) return true
  return principal.kind === 'session' && session?.uid === principal.session.id
}

/** What was asked of the user: to sign in or to authenticate again, to agree, or to register. */
export type Outcome = 'login' | 'consent' | 'create'

/**
 * Stores the outcome of what was asked of the user who is signed in now, for this session alone. What was done in another session before is
 * forgotten, so that it is asked again.
 */
export async function finishInteraction(
  ctx: WithSession<'db' | 'now' | 'principal'>,
  interaction: Interaction,
  outcome: Outcome,
): Promise<void> {
  const { session, user } = ctx.principal
  const { session: begunIn, lastSubmission, uid, begunAt: _, ...stored } = interaction
  const login = {
    accountId: user.subject,
    ts: Math.floor(session.authenticatedAt / 1000),
    acr: acrOf(session.authenticationMethods),
    amr: amrOf(session.authenticationMethods),
  }
  const former = isBegunIn(begunIn, ctx.principal) ? lastSubmission : undefined
  const result = { ...former, [outcome]: outcome === 'login' ? login : {} }
  const bound = { uid: session.id, accountId: user.subject }
  const payload = { ...stored, session: bound, lastSubmission: former, result }
  await putInteraction(ctx, { uid, payload: JSON.stringify(payload), expiresAt: stored.exp * 1000 })
}

/** An interaction with the app that it is for. */
export interface Asked {
  readonly interaction: Interaction
  readonly client: Client
}

/** Records that the user may not use the app, once for an interaction: a page that is loaded again is no further attempt. */
export async function recordRefusedUse(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  { interaction, client }: Asked,
  reason: Restriction,
): Promise<void> {
  if (interaction.isRefusalRecorded) return
  await inTransaction(ctx, async (tx) => {
    const { uid, begunAt: _, ...stored } = interaction
    const payload = JSON.stringify({ ...stored, isRefusalRecorded: true })
    await putInteraction(tx, { uid, payload, expiresAt: stored.exp * 1000 })
    await recordRestricted(tx, client, reason)
  })
}

/** Records that the user may not use the app, with what the app allows and what the user has. */
export async function recordRestricted(
  tx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  client: Client,
  reason: Restriction,
): Promise<void> {
  const { user } = tx.principal
  const { allowedRoles, allowedGroups } = client
  const allowed = { allowed_roles: allowedRoles.join(' '), allowed_groups: allowedGroups.join(' ') }
  const details = { app: client.name, client: client.id, role: user.role, ...allowed }
  await recordEvent(tx, { action: 'app.refused', target: user.subject, result: 'refused', reason, details })
}

/** Ends an interaction because the user does not do what was asked, or cannot: the app gets this error, and the second is an event. */
export async function refuseInteraction(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  { interaction, client }: Asked,
  error: 'access_denied' | 'unmet_authentication_requirements',
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await answerWithError(tx, interaction, error)
    if (error === 'access_denied') return
    const { least = null } = requirementFor({ interaction, client }, tx)
    const details = { app: client.name, client: client.id, least }
    const target = tx.principal.user.subject
    await recordEvent(tx, { action: 'app.refused', target, result: 'refused', reason: 'assurance', details })
  })
}

export async function answerWithError(
  ctx: With<'db' | 'now'>,
  { uid, begunAt: _, ...stored }: Interaction,
  error: string,
): Promise<void> {
  const payload = { ...stored, session: undefined, result: { error } }
  await putInteraction(ctx, { uid, payload: JSON.stringify(payload), expiresAt: stored.exp * 1000 })
}
