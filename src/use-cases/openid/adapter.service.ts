// What the protocol's library stores and finds, in the tables of grants and clients. Every rule about it is in domain/grants.
import type { Adapter, AdapterPayload } from 'oidc-provider'

import { holdAllowedClient } from '#domain/agents/agent.service.ts'
import { allowsRedirectUri } from '#domain/clients/redirect-uri.ts'
import { hasConsent } from '#domain/grants/consent.service.ts'
import { noteGrantUse, openGrant } from '#domain/grants/grant.service.ts'
import type { TokenKind } from '#domain/grants/grant.ts'
import { revokeByApp, revokeReused } from '#domain/grants/reported-end.service.ts'
import {
  consumeToken,
  findGrantToken,
  type LivingToken,
  newTokenValue,
  readTokenAgain,
  storeGrantToken,
  storeSuccessor,
  successorOf,
} from '#domain/grants/token.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { holdSessionById } from '#domain/sessions/session.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { asksForDocument } from './agent-documents.service.ts'
import { type DeviceCodeHost, deviceCodes } from './device-codes.service.ts'
import type { Exchange } from './exchange.service.ts'
import { interactions } from './interactions.service.ts'
import { libraryClient } from './library-client.ts'
import { namedResource } from './named-resource.service.ts'
import { consumePushed, type PushedRequestHost, pushedRequests } from './pushed-requests.service.ts'
import { agreedItems, grantPayload, requestedItems } from './requested-items.ts'
import { storedClient } from './stored-client.service.ts'
import { isUsable } from './token-access.service.ts'

/** What the adapter needs of its provider. */
export interface AdapterHost extends PushedRequestHost, DeviceCodeHost {
  /** The exchange in whose asynchronous context the library calls. */
  exchange(): Exchange
  /** Makes the error of the library for a code or token that cannot be used. */
  invalidGrant(detail: string): Error
  /** Makes the error of the library for an authorization to which its user does not agree any more. */
  consentRequired(): Error
  /** Makes the error of the library for an authorization whose app was changed while it was answered. */
  clientChanged(): Error
}

type Model = Partial<Adapter>

/** Returns what the library stores a model in. A model that it must not store has no method, so that a use of it is an error. */
export function adapterOf(host: AdapterHost): (name: string) => Adapter {
  const models: Readonly<Record<string, Model>> = {
    Client: clients(host),
    Grant: grants(host),
    AuthorizationCode: { ...tokens(host, 'code'), ...codes(host) },
    AccessToken: tokens(host, 'access'),
    RefreshToken: { ...tokens(host, 'refresh'), ...refreshTokens(host) },
    Interaction: interactions(host),
    PushedAuthorizationRequest: pushedRequests(host),
    DeviceCode: deviceCodes(host),
  }
  return (name) => ({ ...NOTHING, ...models[name] })
}

function refused(): never {
  throw new Error('The library was to store what it must not store')
}

const NOTHING: Adapter = {
  upsert: async () => refused(),
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => refused(),
  destroy: async () => refused(),
  revokeByGrantId: async () => undefined,
}

function clients(host: AdapterHost): Model {
  return {
    find: async (id) => {
      if (asksForDocument(host.exchange(), id)) return undefined
      const stored = await storedClient(host.exchange(), id)
      return stored && libraryClient(stored.client)
    },
  }
}

function grants(host: AdapterHost): Model {
  return {
    find: async (id) => {
      // The library asks for the grant of a token that it has found, so it was evaluated with that.
      const { tokens: read, clients: apps } = host.exchange()
      const { grant } = [...read.values()].find((living) => living.grant.id === id) ?? {}
      if (grant === undefined) return undefined
      // An app that is not trusted any more got it without a question, possibly at the moment in which its grants were revoked.
      if (apps.get(grant.clientId)?.client.trusted !== true && agreedItems(grant) === undefined) return undefined
      const { clientId, subject: accountId, expiresAt, createdAt } = grant
      const times = { iat: inSeconds(createdAt), exp: inSeconds(expiresAt) }
      return { ...JSON.parse(grant.payload), ...times, jti: id, kind: 'Grant', clientId, accountId }
    },
    // The library revokes a grant where its token is revoked, and where a code or refresh token was used twice.
    destroy: async (id) => {
      const { ctx, request } = host.exchange()
      if (request.route.url?.endsWith('/revocation')) await revokeByApp(ctx, id)
      else await revokeReused(ctx, id)
    },
  }
}

function tokens(host: AdapterHost, kind: TokenKind): Model {
  return {
    upsert: async (value, payload) => {
      const { ctx } = host.exchange()
      const followed = kind === 'access' ? authenticationIn(host.exchange(), payload) : {}
      const stored = storedPayload({ ...payload, ...followed })
      const issued = { kind, value, payload: stored, ...lifeOf(host.exchange(), payload) }
      if (!(await storeGrantToken(ctx, payload.grantId ?? '', issued))) throw host.invalidGrant('grant is revoked')
      if (kind === 'access') await noteGrantUse(ctx, payload.grantId ?? '')
    },
    find: async (value) => {
      const exchange = host.exchange()
      const living = await findEvaluated(exchange, kind, value)
      // The library takes an access token also in the second in which it ends.
      if (living === undefined || (kind === 'access' && isOver(living, exchange))) return undefined
      return libraryPayload(living, value)
    },
    consume: async (value) => {
      const { ctx, tokens: read } = host.exchange()
      const living = read.get(value)
      if (living !== undefined && (await consumeToken(ctx, living.token))) return
      if (living !== undefined) await revokeReused(ctx, living.grant.id)
      throw host.invalidGrant('already consumed')
    },
    // A token dies with its grant, which the library revokes beside it.
    destroy: async () => undefined,
  }
}

/**
 * How the user was authenticated when the code was issued, which an access token keeps: a stronger authentication later on in the session must not
 * make one stronger that was stolen before (RFC 9470 §6.2).
 */
function authenticationIn({ tokens: read }: Exchange, { grantId }: AdapterPayload): AdapterPayload {
  const { token } = [...read.values()].find(({ grant }) => grant.id === grantId) ?? {}
  const { acr, amr, authTime } = JSON.parse(token?.payload ?? '{}') as AdapterPayload
  return { acr, amr, authTime }
}

/**
 * Ends the family of a code that its client presents again after the code has expired (RFC 6749 §4.1.2): the library refuses an expired code
 * before it asks whether the code was used.
 */
async function endLateReuse(exchange: Exchange, living: LivingToken): Promise<void> {
  const { token, grant } = living
  const isOwn = exchange.clients.has(grant.clientId)
  if (isOwn && token.consumedAt !== null && isOver(living, exchange)) await revokeReused(exchange.ctx, grant.id)
}

/** The grant is opened with the code, so that a sign-in to an app that was not finished leaves nothing. */
function codes(host: AdapterHost): Model {
  return {
    // The URI to which a code was sent can have been removed since: then nothing more goes there.
    find: async (value) => {
      const exchange = host.exchange()
      const living = await findEvaluated(exchange, 'code', value)
      if (living === undefined) return undefined
      await endLateReuse(exchange, living)
      const payload = libraryPayload(living, value)
      const { client } = exchange.clients.get(payload.clientId ?? '') ?? {}
      return allowsRedirectUri(client?.redirectUris ?? [], String(payload['redirectUri'])) ? payload : undefined
    },
    upsert: async (value, { sid: _, ...payload }) => {
      const exchange = host.exchange()
      const { client } = exchange.clients.get(payload.clientId ?? '') ?? {}
      if (client === undefined) throw host.invalidGrant('client is unknown')
      const life = lifeOf(exchange, payload)
      await inTransaction(signedIn(exchange.ctx), async (tx) => {
        await consumePushed(tx, host)
        // What outlives the session must not be issued while that is ended, since it would escape whoever ends it.
        const { session, user } = tx.principal
        if (life.isOffline && (await holdSessionById(tx, session.id, sessionRules(tx))) === undefined)
          throw host.invalidGrant('session has ended')
        // The rows are locked until the commit: a transaction that disables the app, or turns agents off, waits and then revokes this grant too.
        // Otherwise the code could be exchanged once the app is enabled again.
        if (!(await holdAllowedClient(tx, client))) throw host.clientChanged()
        const resource = namedResource(exchange, payload)
        const access = { scope: payload.scope, claims: payload.claims, resource }
        const items = requestedItems(client, access)
        // Held until the commit, so that a user who withdraws the consent at the same time revokes this grant as well.
        if (!(await hasConsent(tx, client, user.subject, items))) throw host.consentRequired()
        const agreed = client.trusted ? undefined : items
        const request = { clientId: client.id, clientName: client.name, resourceId: resource?.id, ...life }
        const { grantId, sid } = await openGrant(tx, { ...request, payload: grantPayload(access, client, agreed) })
        const issued = { kind: 'code' as const, value, payload: storedPayload({ ...payload, sid }), ...life }
        if (!(await storeGrantToken(tx, grantId, issued))) throw host.invalidGrant('grant is revoked')
      })
    },
  }
}

/**
 * A refresh token that was consumed a moment ago gives the same client the same successor again, so that a client which lost the answer is not
 * signed out, and of two requests at once both succeed.
 */
function refreshTokens(host: AdapterHost): Model {
  return {
    upsert: async (value, payload) => {
      const exchange = host.exchange()
      const { refresh, ctx } = exchange
      if (refresh?.successor !== undefined) return
      const issued = { kind: 'refresh' as const, value, payload: storedPayload(payload), ...lifeOf(exchange, payload) }
      if (!(await storeGrantToken(ctx, payload.grantId ?? '', issued))) throw host.invalidGrant('grant is revoked')
      if (refresh !== undefined) await storeSuccessor(ctx, refresh.of.token.id, value)
    },
    find: async (value) => {
      const exchange = host.exchange()
      const living = await findEvaluated(exchange, 'refresh', value)
      if (living === undefined) return undefined
      const isRefresh = exchange.request.route.url?.endsWith('/token') === true
      const successor = isRefresh ? await successorFor(exchange, living) : undefined
      if (successor === undefined) return libraryPayload(living, value)
      exchange.refresh = { of: living, successor }
      const { consumed: _, ...payload } = libraryPayload(living, value)
      return payload
    },
    consume: async (value) => {
      const exchange = host.exchange()
      const { ctx, tokens: read, refresh } = exchange
      if (refresh?.successor !== undefined) return
      const of = read.get(value)
      if (of === undefined) throw host.invalidGrant('refresh token not found')
      if (await consumeToken(ctx, of.token)) return void (exchange.refresh = { of })
      // Another request was faster. Its transaction has ended, since this one has waited for the row.
      const token = await readTokenAgain(ctx, of.token)
      const successor = token && (await successorFor(exchange, { ...of, token }))
      if (successor === undefined) {
        await revokeReused(ctx, of.grant.id)
        throw host.invalidGrant('refresh token already used')
      }
      exchange.refresh = { of, successor }
    },
  }
}

/** The successor is for the client to which it was issued, which has authenticated by now if it can. */
async function successorFor({ ctx }: Exchange, { token }: LivingToken): Promise<string | undefined> {
  return token.consumedAt === null ? undefined : successorOf(ctx, token)
}

/** Returns the value of the token that the library is about to store. */
export function nextTokenValue({ ctx, refresh }: Exchange, kind: TokenKind): string {
  return (kind === 'refresh' ? refresh?.successor : undefined) ?? newTokenValue(ctx, kind)
}

async function findEvaluated(exchange: Exchange, kind: TokenKind, value: string): Promise<LivingToken | undefined> {
  const { ctx, tokens: read } = exchange
  const known = read.get(value)
  if (known !== undefined) return known
  const living = await findGrantToken(ctx, { kind, value }, sessionRules(ctx))
  if (living === undefined || !(await isUsable(exchange, living))) return undefined
  read.set(value, living)
  return living
}

function isOver({ token }: LivingToken, { ctx }: Exchange): boolean {
  return ctx.now >= token.expiresAt
}

function libraryPayload({ token, grant }: LivingToken, value: string): AdapterPayload {
  const consumed = token.consumedAt === null ? {} : { consumed: inSeconds(token.consumedAt) }
  const { clientId, subject: accountId, id: grantId } = grant
  return { ...JSON.parse(token.payload), ...consumed, jti: value, clientId, accountId, grantId }
}

/** Without the value, by which the token could be used. */
function storedPayload({ jti: _, ...payload }: AdapterPayload): string {
  return JSON.stringify(payload)
}

/**
 * Until when the token is valid, and whether it outlives the session: as the one that it follows does; the first one does without a question where
 * the app may ask for that.
 */
function lifeOf({ clients: read, tokens: found }: Exchange, { clientId, exp }: AdapterPayload) {
  const [followed] = found.values()
  const mayOutlive = read.get(clientId ?? '')?.client.scopes.includes('offline_access') === true
  return { isOffline: followed?.token.isOffline ?? mayOutlive, expiresAt: (exp ?? 0) * 1000 }
}

function inSeconds(instant: number): number {
  return Math.floor(instant / 1000)
}
