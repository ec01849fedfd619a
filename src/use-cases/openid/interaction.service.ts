// What an authorization asks of its user, as it is stored between two requests, and its outcome.
import type { InteractionResults } from 'oidc-provider'

import { recordEvent } from '#domain/audit/audit.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { acrOf, amrOf, leastLevelOf } from '#domain/grants/authentication-context.ts'
import { findInteraction, putInteraction } from '#domain/grants/token.service.ts'
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import { inTransaction, type With, type WithSession } from '#foundation/context.ts'
import type { SessionPrincipal } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** An interaction as the library stores it. */
interface StoredInteraction {
  readonly prompt: { readonly name: string; readonly reasons: readonly string[] }
  readonly params: Readonly<Record<string, string | undefined>>
  readonly session?: { readonly uid?: string; readonly accountId?: string }
  readonly result?: InteractionResults
  readonly lastSubmission?: InteractionResults
  readonly exp: number
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

/** What the request requires of the authentication: since when, and how strong it must be. */
export function requirementOf({ prompt, params, begunAt }: Interaction): AuthenticationRequirement {
  const has = (reason: string): boolean => prompt.reasons.includes(reason)
  const maxAge = Number(params['max_age'] ?? NaN)
  const since = has('max_age') ? begunAt - maxAge * 1000 : undefined
  return { since: has('login_prompt') ? begunAt : since, least: leastLevelOf(askedAcrs(params)) }
}

function askedAcrs({ acr_values: values = '', claims }: StoredInteraction['params']): string[] {
  const { acr } = (JSON.parse(claims ?? '{}') as { id_token?: { acr?: Acr | null } }).id_token ?? {}
  return [...values.split(' '), ...(acr?.values ?? []), ...(acr?.value === undefined ? [] : [acr.value])]
}

interface Acr {
  readonly value?: string
  readonly values?: readonly string[]
}

/**
 * Whether the request is for another user than the one who is signed in (OpenID Connect Core §3.1.2.1: `id_token_hint`). It was judged for
 * the one who was signed in when it came; whoever has signed in since is judged when it goes on.
 */
export function asksForAnother({ prompt, session }: Interaction, { user }: Pick<SessionPrincipal, 'user'>): boolean {
  const isWrong = prompt.reasons.some((reason) => reason === 'id_token_hint' || reason === 'claims_id_token_sub_value')
  return isWrong && session?.accountId === user.subject
}

/** Whether an outcome that waits belongs to the session that is there now; an interaction without an outcome belongs to nobody yet. */
export async function isBoundToPresent(ctx: With<'db' | 'now' | 'principal'>, uid: string): Promise<boolean> {
  const interaction = await readInteraction(ctx, uid)
  if (interaction?.result === undefined || 'error' in interaction.result) return true
  const { principal } = ctx
  if (principal.kind !== 'session') return false
  const { session, result } = interaction
  const isSameSession = session?.uid === undefined || session.uid === principal.session.id
  return isSameSession && (result.login === undefined || result.login.accountId === principal.user.subject)
}

/**
 * Stores the outcome of what was asked of the user who is signed in now. Where the interaction began in another session, it forgets that, and
 * everything but the sign-in is asked again.
 */
export async function finishInteraction(
  ctx: WithSession<'db' | 'now' | 'principal'>,
  interaction: Interaction,
  outcome: InteractionResults,
): Promise<void> {
  const { session, user } = ctx.principal
  const { session: begunIn, lastSubmission, uid, begunAt: _, ...stored } = interaction
  const isSame = begunIn?.uid === undefined || begunIn.uid === session.id
  const login = {
    accountId: user.subject,
    ts: Math.floor(session.authenticatedAt / 1000),
    acr: acrOf(session.authenticationMethods),
    amr: amrOf(session.authenticationMethods),
  }
  const result = 'error' in outcome ? outcome : { ...(isSame ? lastSubmission : {}), login, ...outcome }
  const payload = { ...stored, result, ...(isSame ? { session: begunIn, lastSubmission } : {}) }
  await putInteraction(ctx, { uid, payload: JSON.stringify(payload), expiresAt: stored.exp * 1000 })
}

/** An interaction with the app that it is for. */
export interface Asked {
  readonly interaction: Interaction
  readonly client: Client
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
    const details = { app: client.name, client: client.id, least: requirementOf(interaction).least ?? null }
    const target = tx.principal.user.subject
    await recordEvent(tx, { action: 'app.refused', target, result: 'refused', reason: 'assurance', details })
  })
}

/** Stores that the app gets this error. */
export async function answerWithError(
  ctx: With<'db' | 'now'>,
  { uid, begunAt: _, ...stored }: Interaction,
  error: string,
): Promise<void> {
  const payload = { ...stored, session: undefined, result: { error } }
  await putInteraction(ctx, { uid, payload: JSON.stringify(payload), expiresAt: stored.exp * 1000 })
}
