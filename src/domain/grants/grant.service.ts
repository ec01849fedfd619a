// What apps get when users sign in to them: families of tokens. The session or the user that they came from decides at each use.
//
//   authorization ──► grant (session × app) ──► code ──► access token, refresh token ──► …
//                       │
//                       └── revoked: reuse, revocation, app disabled; expired; its session or its user ended ──► every token is dead
import { isAllowedClient } from '#domain/agents/agent.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { findResource } from '#domain/clients/resource.service.ts'
import { allowsClient, type ServedResource } from '#domain/clients/resource.ts'
import { resolveSessionById } from '#domain/sessions/session.service.ts'
import type { RulesFor } from '#domain/sessions/session.ts'
import { isShutOut } from '#domain/users/account-expiry.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import { inTransaction, type InTransaction, type With, type WithSession } from '#foundation/context.ts'
import type { PrincipalUser, SessionFacts } from '#foundation/kernel/principal.ts'
import { FAMILY_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { clampFutureRows } from '#foundation/platform/database/future-rows.ts'
import * as queries from './grant.queries.ts'
import { type Grant, isGrantAlive, KEPT_AFTER_END } from './grant.ts'
import { deleteAllTokens } from './token.queries.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

const SID_BYTES = 16

/** The grant of a session at an app, with the identifier under which the app knows the session. */
export interface OpenGrant {
  readonly grantId: string
  readonly sid: string
}

export interface GrantRequest {
  readonly clientId: string
  readonly clientName: string
  /** JSON of the protocol's library. */
  readonly payload: string
  /** Whether tokens are asked for that outlive the session. */
  readonly isOffline: boolean
  /** The id of the resource for which access tokens are asked for; null or left out for this server alone. */
  readonly resourceId?: string | null | undefined
}

/**
 * Returns the grant of the current session at an app; makes it at the first authorization, with the event that the user has signed in there.
 * An authorization that follows another authentication or other credentials, or asks for something else, opens a family of its own beside the
 * former one: what was issued before becomes neither stronger nor longer by it, nor does it lose anything.
 */
export function openGrant(ctx: WithSession<keyof Recording>, request: GrantRequest): Promise<OpenGrant> {
  return inTransaction(ctx, async (tx) => {
    const { session } = tx.principal
    const known = (await queries.selectClientSessions(tx.db, session.id)).find(
      (one) => one.clientId === request.clientId,
    )
    if (known === undefined) return openFirst(tx, request)
    const grant = await queries.selectGrant(tx.db, known.grantId)
    return grant !== undefined && isOfSameTerms(tx, request, grant)
      ? openStill(tx, { known, grant })
      : openAgain(tx, request, known)
  })
}

function isOfSameTerms(tx: WithSession<'now'>, request: GrantRequest, grant: Grant): boolean {
  const { epoch, authenticatedAt, payload, expiresAt, resourceId } = termsOf(tx, request)
  const isSame = grant.epoch === epoch && grant.authenticatedAt === authenticatedAt && grant.payload === payload
  return isSame && grant.resourceId === resourceId && isGrantAlive(grant, tx.now) && grant.expiresAt >= expiresAt
}

/** The session can have taken the app over from an older one, and then ends later. */
async function openStill(
  tx: InTransaction<WithSession<keyof Recording>>,
  { known, grant }: { readonly known: queries.ClientSession; readonly grant: Grant },
): Promise<OpenGrant> {
  const expiresAt = endOfSession(tx)
  if (known.expiresAt < expiresAt) await queries.replaceGrantOfSession(tx.db, known, { id: grant.id, expiresAt })
  return { grantId: grant.id, sid: known.sid }
}

async function openAgain(
  tx: InTransaction<WithSession<keyof Recording>>,
  request: GrantRequest,
  known: queries.ClientSession,
): Promise<OpenGrant> {
  const { id } = await makeGrant(tx, request)
  const grant = { id, expiresAt: endOfSession(tx) }
  if (await queries.replaceGrantOfSession(tx.db, known, grant)) return { grantId: id, sid: known.sid }
  // Another tab was faster.
  await queries.revokeGrantRow(tx.db, id, tx.now)
  return openGrant(tx, request)
}

async function openFirst(tx: InTransaction<WithSession<keyof Recording>>, request: GrantRequest): Promise<OpenGrant> {
  const { session, user } = tx.principal
  const grant = await makeGrant(tx, request)
  const sid = newSid(tx)
  const expiresAt = endOfSession(tx)
  const row = {
    sessionId: session.id,
    clientId: request.clientId,
    subject: user.subject,
    sid,
    grantId: grant.id,
    expiresAt,
  }
  // Two tabs that sign in to the app at the same time share one grant.
  if (!(await queries.insertClientSession(tx.db, row))) {
    await queries.revokeGrantRow(tx.db, grant.id, tx.now)
    return openGrant(tx, request)
  }
  const details = { app: request.clientName, client: request.clientId, session: session.id }
  await recordEvent(tx, { action: 'app.signed_in', target: user.subject, details })
  return { grantId: grant.id, sid }
}

/**
 * Opens a grant for a device that the current session has approved: a family of its own beside what the session has at the app, so that the device
 * can be ended without the browser.
 */
export async function openGrantOfDevice(
  tx: InTransaction<WithSession<'db' | 'now' | 'newId'>>,
  request: GrantRequest,
  grantId: string,
): Promise<void> {
  await makeGrant(tx, request, grantId)
}

/** Returns a new identifier under which one app knows one session or device. */
export function newSid({ random }: With<'random'>): string {
  return Buffer.from(random(SID_BYTES)).toString('base64url')
}

async function makeGrant(
  tx: InTransaction<WithSession<'db' | 'now' | 'newId'>>,
  request: GrantRequest,
  id = tx.newId(),
): Promise<{ id: string }> {
  const { session, user } = tx.principal
  const of = { id, clientId: request.clientId, subject: user.subject, sessionId: session.id, createdAt: tx.now }
  await queries.insertGrant(tx.db, { ...of, ...termsOf(tx, request) })
  return { id }
}

function endOfSession({ principal: { session, terms } }: WithSession): Instant {
  return session.startedAt + terms.absolute
}

function termsOf(ctx: WithSession, { payload, isOffline, resourceId = null }: GrantRequest) {
  const { session, user } = ctx.principal
  const { authenticatedAt, authenticationMethods: methods } = session
  const expiresAt = isOffline ? authenticatedAt + FAMILY_LIFETIME : endOfSession(ctx)
  return { epoch: user.credentialEpoch, methods, authenticatedAt, payload, expiresAt, resourceId }
}

/** Returns to which apps a session has signed in, with its grant at each. */
export function clientSessionsOf({ db }: With<'db'>, sessionId: string): Promise<queries.ClientSession[]> {
  return queries.selectClientSessions(db, sessionId)
}

/** A living grant, with its user and the session that holds it as the rows are now. */
export interface LivingGrant {
  readonly grant: Grant
  readonly user: PrincipalUser
  /** Undefined where the token outlives the session. */
  readonly session: SessionFacts | undefined
  /** The resource for which its access tokens are, as the row is now; null for this server alone. */
  readonly resource: ServedResource | null
}

/**
 * Returns the grant if a token of it can be used now. A token that ends with its session lives as long as that: until it is ended, reaches its
 * absolute limit, or its factors no longer satisfy the policies; not shorter by time without a request of the browser. One that outlives
 * the session lives by its user and the factors that were verified for it. One for a resource also needs that, and that the app may still
 * request tokens for it; one of an agent, that agents are on and its document is listed.
 */
export async function resolveGrant(
  ctx: With<'db' | 'now'>,
  { grantId, isOffline }: { readonly grantId: string; readonly isOffline: boolean },
  rulesFor: RulesFor,
): Promise<LivingGrant | undefined> {
  const grant = await queries.selectGrant(ctx.db, grantId)
  if (grant === undefined || !isGrantAlive(grant, ctx.now)) return undefined
  if (!(await isAllowedClient(ctx, grant.clientId))) return undefined
  const resource = await resourceOf(ctx, grant)
  if (resource === undefined) return undefined
  const found = isOffline ? await userOf(ctx, grant, rulesFor) : await userInSession(ctx, grant, rulesFor)
  return found && { grant, ...found, resource }
}

/** Returns the resource of a grant, null for one without; undefined if tokens for it must not be used now. */
async function resourceOf(
  ctx: With<'db'>,
  { resourceId, clientId }: Grant,
): Promise<ServedResource | null | undefined> {
  if (resourceId === null) return null
  const resource = await findResource(ctx, resourceId)
  return resource !== undefined && allowsClient(resource, clientId) ? resource : undefined
}

type Holder = Pick<LivingGrant, 'user' | 'session'>

async function userInSession(
  ctx: With<'db' | 'now'>,
  { sessionId, subject }: Grant,
  rulesFor: RulesFor,
): Promise<Holder | undefined> {
  const found = await resolveSessionById(ctx, sessionId, rulesFor)
  return found?.user.subject === subject ? { user: found.user, session: found.session } : undefined
}

async function userOf(
  ctx: With<'db' | 'now'>,
  { subject, epoch, methods }: Grant,
  rulesFor: RulesFor,
): Promise<Holder | undefined> {
  const user = await findUser(ctx, subject)
  if (user === undefined || user.disabled || user.credentialEpoch !== epoch) return undefined
  if (await isShutOut(ctx, user)) return undefined
  const rules = await rulesFor(user, undefined)
  return rules.satisfiesPolicy(methods) ? { user, session: undefined } : undefined
}

/** Notes that tokens of the family were issued. */
export async function noteGrantUse({ db, now }: With<'db' | 'now'>, grantId: string): Promise<void> {
  await queries.updateGrantUse(db, grantId, now)
}

/** Ends a family of tokens; false if it had ended before. */
export function revokeGrant({ db, now }: With<'db' | 'now'>, grantId: string): Promise<boolean> {
  return queries.revokeGrantRow(db, grantId, now)
}

/** Ends all families of tokens of an app, or those of one of its users; returns how many. */
export function revokeGrantsOf(
  { db, now }: With<'db' | 'now'>,
  of: { readonly clientId: string; readonly subject?: string | undefined },
): Promise<number> {
  return queries.revokeGrantRowsOf(db, of, now)
}

/** Ends the user's families of tokens, also those that outlive sessions; all, or all but those of one session. */
export function revokeGrantsOfUser(
  { db, now }: With<'db' | 'now'>,
  subject: string,
  { exceptSession }: { readonly exceptSession?: string } = {},
): Promise<number> {
  return queries.revokeGrantRowsOfUser(db, { subject, exceptSession }, now)
}

/** Ends everything that apps got, and requests that wait for a user: for a database that went back to an earlier state. */
export async function endAllGrants({ db, now }: InTransaction<With<'db' | 'now'>>): Promise<void> {
  await queries.revokeAllGrants(db, now)
  await deleteAllTokens(db)
}

/**
 * Lets a new session of the same user take over what apps got in another one of this browser, which time without a request has ended: signing
 * out ends it then too.
 */
export function moveGrantsToSession({ db }: With<'db'>, from: string, to: string): Promise<void> {
  return queries.moveClientSessions(db, from, to)
}

/** Carries the user's families that outlive sessions into a new credential epoch, as `moveSessionsToEpoch` does with sessions. */
export function moveGrantsToEpoch(
  { db }: With<'db'>,
  subject: string,
  epochs: { readonly from: number; readonly to: number },
): Promise<void> {
  return queries.updateEpochOfGrants(db, subject, epochs)
}

/** Lets families that began while a clock was ahead end after their usual time from now on. */
export function clampGrants(ctx: With<'db' | 'now'>): Promise<void> {
  return clampFutureRows(ctx.db, 'client_grant', ctx.now)
}

/** Deletes grants, and what says to which apps sessions have signed in, a week after their end. */
export function deleteExpiredGrants({ db, now }: With<'db' | 'now'>): Promise<void> {
  return queries.deleteEndedGrants(db, endedBefore(now))
}

function endedBefore(now: Instant): Instant {
  return now - KEPT_AFTER_END
}
