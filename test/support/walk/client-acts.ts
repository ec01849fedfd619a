// The acts with apps that sign users in here: admins register and change them, users sign in to them, and they use what they got.
import assert from 'node:assert/strict'

import { findGrantToken } from '#domain/grants/token.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import { approveRequest, withdrawRequest } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { authorizationOf, follow } from '../openid/apps.ts'
import { isAlive, type Parameters, postAs } from '../openid/attack-scene.ts'
import { Visitor } from '../pages/visitor.ts'
import { ask, type Reply } from '../people/people.ts'
import { type Act, someToken, whyNoAccess } from './act.ts'
import { asAdmin } from './admin-acts.ts'
import { addsConsent, answersQuestion, isAsked, itemsAsked } from './consent-acts.ts'
import { isGrantLive, isLive, isUsable } from './demands.ts'
import {
  type Account,
  type Actor,
  type ClientFact,
  type ClientToken,
  type GrantFact,
  isSessionOpen,
  revokeAll,
  scopesOf,
  type TokenCopy,
} from './facts.ts'
import type { World } from './world.ts'

const ACCESS = { needs: 'apps:write', recent: true } as const
const CODE_LIFETIME = minutes(1)
const ACCESS_TOKEN_LIFETIME = minutes(10)
const REFRESH_TOKEN_LIFETIME = days(30)
const GRACE = seconds(30)
/** Of more, the first one is forgotten that is worth nothing. */
const MOST_TOKENS = 30

export function grantsOf({ grants }: World, account: Account): GrantFact[] {
  return grants.filter(({ session }) => session.account === account)
}

/** A client that an admin has registered, rather one that is not deleted. */
function someClient({ clients, random }: World): ClientFact {
  const registered = clients.filter(({ agent }) => agent === null)
  const known = registered.filter(({ state }) => state !== 'deleted')
  return (random.chance(0.95) ? random.pick(known) : undefined) ?? random.pick(registered)!
}

export function endsGrants({ grants }: World, client: ClientFact): void {
  for (const grant of grants) if (grant.client === client) grant.isRevoked = true
}

/** The operator approves a request of the two-person rule, or withdraws it; returns whether it was approved. */
export async function isApproved(world: World, id: unknown): Promise<boolean> {
  const decides = world.random.chance(0.85) ? approveRequest : withdrawRequest
  await decides(world.server.operator(), String(id))
  return decides === approveRequest
}

async function registers(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { random, clients } = world
  const isOffline = random.chance(0.4)
  const names = clients.flatMap(({ name, state, agent }) => (state === 'deleted' || agent !== null ? [] : [name]))
  const taken = random.chance(0.1) ? random.pick(names) : undefined
  const name = taken ?? world.newName()
  const refused = whyNoAccess(world, copy, ACCESS) ?? (taken === undefined ? undefined : 'app.name_taken')
  const first = clients[0]!.app
  const payload = { name, redirect_uris: first.client.redirectUris, scopes: scopesOf({ isOffline, asks: false }) }
  const question = { method: 'POST', url: '/apps', payload, token: copy.token } as const
  const { body } = await world.asks('new client', actor, refused ?? 'done', question)
  if (refused !== undefined || !(await isApproved(world, (body['approval'] as { id: string }).id))) return
  const app = { ...first, client: { ...first.client, id: String(body['id']) }, secret: String(body['client_secret']) }
  clients.push({ app, name, isOffline, state: 'enabled', asks: false, agent: null })
}

/** An act on a client that must exist. `waits` says whether a second admin must agree. */
function onClient(
  act: string,
  {
    method,
    path = '',
    payload,
    waits,
    done,
  }: {
    readonly method: 'POST' | 'PATCH' | 'DELETE'
    readonly path?: string
    readonly payload?: (client: ClientFact, world: World) => object
    readonly waits?: (client: ClientFact) => boolean
    readonly done: (client: ClientFact, world: World, payload: object) => void
  },
): Act['run'] {
  return asAdmin(async (world, actor, copy) => {
    const client = someClient(world)
    const refused = whyNoAccess(world, copy, ACCESS) ?? (client.state === 'deleted' ? 'app.not_found' : undefined)
    const isWaiting = waits?.(client) === true
    const sent = payload?.(client, world)
    const { body } = await world.asks(act, actor, refused ?? (isWaiting ? 'waiting' : 'done'), {
      method,
      url: `/apps/${client.app.client.id}${path}`,
      ...(sent !== undefined && { payload: sent }),
      token: copy.token,
    })
    if (refused === undefined && (!isWaiting || (await isApproved(world, body['id'])))) done(client, world, sent ?? {})
  }, 'apps:write')
}

const renames = onClient('another name of a client', {
  method: 'PATCH',
  payload: (_, world) => ({ name: world.newName() }),
  done: (client, _, sent) => Object.assign(client, sent),
})

/** Whether it may stay signed in after the session; what it got before ends where it may no longer. */
const changesScopes = onClient('other scopes of a client', {
  method: 'PATCH',
  payload: ({ isOffline, asks }) => ({ scopes: scopesOf({ isOffline: !isOffline, asks }) }),
  waits: () => true,
  done: (client, world) => {
    if (client.isOffline) endsGrants(world, client)
    client.isOffline = !client.isOffline
  },
})

const disables = onClient('disabled client', {
  method: 'POST',
  path: '/disable',
  done: (client, world) => {
    client.state = 'disabled'
    endsGrants(world, client)
  },
})

const enables = onClient('enabled client', {
  method: 'POST',
  path: '/enable',
  waits: ({ state }) => state === 'disabled',
  done: (client) => (client.state = 'enabled'),
})

const deletes = onClient('deleted client', {
  method: 'DELETE',
  done: (client, world) => {
    client.state = 'deleted'
    endsGrants(world, client)
  },
})

const endsSignIns = onClient('end of all sign-ins to a client', {
  method: 'DELETE',
  path: '/grants',
  done: (client, world) => endsGrants(world, client),
})

/** A browser goes to a client with the cookie of a session, which may have ended. */
async function authorizes(world: World): Promise<void> {
  const { random, server } = world
  const cookies = world.actors.flatMap((actor) =>
    actor.copies.filter(({ token }) => token.startsWith('dws_')).map((copy) => ({ actor, copy })),
  )
  const live = cookies.filter(({ copy }) => isLive(world, copy))
  const held = (random.chance(0.9) ? random.pick(live) : undefined) ?? random.pick(cookies)
  if (held === undefined) return
  const { actor, copy } = held
  const agents = world.clients.filter(({ agent }) => agent !== null)
  const client = (random.chance(0.45) ? random.pick(agents) : undefined) ?? someClient(world)
  const { id } = client.app.client
  const visitor = new Visitor(server, { ipAddress: world.newIpAddress() })
  visitor.cookies.set('session', copy.token)
  world.syncTime()
  const scope = client.asks && random.chance(0.3) ? 'openid profile email' : 'openid profile'
  const asked = await authorizationOf(client.app, { client_id: id, scope })
  let at = await follow(visitor, asked.url)
  const isKnown = isUsable(world, client)
  // The server has just read the document.
  if (client.agent !== null && isKnown) client.agent.known = client.agent.published
  const { account } = copy.session
  const items = itemsAsked(client, scope)
  const isLetIn = isKnown && isLive(world, copy)
  const isQuestion = isLetIn && isAsked(world, { client, account, items })
  const words = `${actor.name} comes to ${at} with a session of ${account.name}, to ${client.name}`
  assert.equal(at.pathname.startsWith('/oidc/interaction/'), isQuestion, words)
  if (isQuestion) {
    const answer = random.weighed(ANSWERS).of
    if (answer === 'leaves') return void world.words.push(`${actor.name} leaves the question of ${client.name}`)
    at = await answersQuestion(visitor, at, answer)
    const isAllowed = answer === 'Allow'
    assert.equal(at.searchParams.get('error'), isAllowed ? null : 'access_denied', String(at))
    world.notes('agreement', actor, isAllowed)
    if (!isAllowed) return
    addsConsent(world, { client, account, items })
  }
  const code = at.searchParams.get('code')
  assert.equal(code !== null, isLetIn, words)
  world.notes('authorization', actor, isLetIn)
  if (code === null) return
  const given = { ...asked, code, redirectUri: String(client.app.client.redirectUris[0]) }
  const terms = [scope, ...(client.asks ? items : [])].join(' ')
  const grant = grantFor(world, { client, terms }, copy)
  const token = keeps(world, { kind: 'code', grant, value: code, isOffline: client.isOffline, given }, CODE_LIFETIME)
  if (random.chance(0.85)) await exchanges(world, actor, token)
}

/** The grant of the session, or another one after another authentication or other credentials. */
function grantFor(
  world: World,
  { client, terms }: Pick<GrantFact, 'client' | 'terms'>,
  { session }: TokenCopy,
): GrantFact {
  const { account, authenticatedAt, lastMethods: methods } = session
  const { epoch } = account
  const current = world.grants.findLast((one) => one.client === client && one.session === session)
  if (
    current?.isRevoked === false &&
    current.epoch === epoch &&
    current.authenticatedAt === authenticatedAt &&
    current.terms === terms
  )
    return current
  const grant = { client, terms, session, authenticatedAt, methods, epoch, isRevoked: false }
  world.grants.push(grant)
  return grant
}

function keeps(
  world: World,
  token: Pick<ClientToken, 'kind' | 'grant' | 'value' | 'isOffline' | 'given'>,
  lifetime: number,
): ClientToken {
  // The protocol counts seconds.
  const expiresAt = Math.floor(world.now / 1000) * 1000 + lifetime
  const kept = { ...token, expiresAt, consumedAt: null, successor: null }
  const { tokens } = world
  tokens.push(kept)
  const forgotten = tokens.findIndex((one) => !isGrantLive(world, one))
  if (tokens.length > MOST_TOKENS) tokens.splice(Math.max(forgotten, 0), 1)
  return kept
}

/** Keeps what the token endpoint answered; returns the refresh token. */
function keepsIssued(
  world: World,
  { grant, isOffline }: ClientToken,
  { body }: Reply,
  successor?: ClientToken | null,
): ClientToken {
  const { access_token: access, refresh_token: refresh } = body
  keeps(world, { kind: 'access', grant, value: String(access), isOffline }, ACCESS_TOKEN_LIFETIME)
  return (
    successor ?? keeps(world, { kind: 'refresh', grant, value: String(refresh), isOffline }, REFRESH_TOKEN_LIFETIME)
  )
}

/** A code or a refresh token that is used again ends all that came from it. */
function isReused(world: World, token: ClientToken): void {
  if (isGrantLive(world, token) && token.consumedAt !== null) token.grant.isRevoked = true
}

/** A request of a client with its secret, from an IP address of its own. */
function asks(world: World, { app }: ClientFact, path: string, fields: Parameters): Promise<Reply> {
  world.syncTime()
  return postAs(world.server, app, path, fields, { remoteAddress: world.newIpAddress() })
}

/** With which status a request of a client is refused that may not come: only one with a secret has failed to authenticate. */
const statusOfUnknown = ({ agent }: ClientFact): number => (agent === null ? 401 : 400)

function assertAnswered(world: World, { status, raw }: Reply, client: ClientFact, isGood: boolean): void {
  const refused = isUsable(world, client) ? 400 : statusOfUnknown(client)
  assert.equal(status, isGood ? 200 : refused, raw.body)
}

async function exchanges(world: World, actor: Actor, code: ClientToken): Promise<void> {
  const { grant, given, consumedAt } = code
  if (given === undefined) return
  const client = (world.random.chance(0.1) ? world.random.pick(world.clients) : undefined) ?? grant.client
  const isOwn = client === grant.client
  const { code: value, redirectUri, verifier } = given
  const fields = { grant_type: 'authorization_code', code: value, redirect_uri: redirectUri, code_verifier: verifier }
  const reply = await asks(world, client, '/token', fields)
  const isGood = isOwn && consumedAt === null && world.now < code.expiresAt && isGrantLive(world, code)
  assertAnswered(world, reply, client, isGood)
  world.notes(consumedAt === null ? 'exchange of a code' : 'exchange of a used code', actor, isGood)
  if (isGood) {
    code.consumedAt = world.now
    keepsIssued(world, code, reply)
  } else if (isOwn) isReused(world, code)
}

async function refreshes(world: World, actor: Actor, token: ClientToken): Promise<void> {
  const { grant, consumedAt, successor } = token
  const isRepeated = consumedAt !== null && world.now - consumedAt < GRACE && successor?.consumedAt === null
  const fields = { grant_type: 'refresh_token', refresh_token: token.value }
  const reply = await asks(world, grant.client, '/token', fields)
  const isGood = (consumedAt === null || isRepeated) && world.now < token.expiresAt && isGrantLive(world, token)
  assertAnswered(world, reply, grant.client, isGood)
  world.notes(consumedAt === null ? 'refresh' : 'repeated refresh', actor, isGood)
  if (!isGood) return isReused(world, token)
  if (isRepeated) assert.equal(reply.body['refresh_token'], successor?.value, 'another successor')
  token.consumedAt ??= world.now
  token.successor = keepsIssued(world, token, reply, successor)
}

async function revokes(world: World, actor: Actor, token: ClientToken): Promise<void> {
  const { grant, value } = token
  const { status, raw } = await asks(world, grant.client, '/token/revocation', { token: value })
  const isKnown = isUsable(world, grant.client)
  assert.equal(status, isKnown ? 200 : statusOfUnknown(grant.client), raw.body)
  world.notes('revocation of a token', actor, isKnown)
  if (world.now < token.expiresAt && isGrantLive(world, token)) grant.isRevoked = true
}

/** At the userinfo endpoint; an app with a secret introspects it too. */
async function works({ server }: World, { grant: { client }, value }: ClientToken): Promise<boolean> {
  if (client.agent === null) return isAlive(server, client.app, value)
  return (await ask(server, 'GET', '/oidc/me', { headers: { authorization: `Bearer ${value}` } })).status === 200
}

/** An access token is worth something while its grant lives, and no token of a client opens the API. */
export async function usesClientToken(world: World, actor: Actor, token: ClientToken): Promise<void> {
  const { grant, kind, value } = token
  await world.asks('token of a client at the API', actor, 'access.invalid_token', {
    method: 'GET',
    url: '/users/me',
    token: value,
  })
  if (kind !== 'access') return
  world.syncTime()
  const isWorking = await works(world, token)
  const { client, session } = grant
  assert.ok(!isWorking || isUsable(world, client), 'a token of a client that is shut out works')
  assert.ok(!isWorking || !session.account.isDisabled, 'a token of a disabled user works')
  assert.ok(!isWorking || token.isOffline || isSessionOpen(session), 'a token of an ended session works')
  assert.equal(isWorking, world.now < token.expiresAt && isGrantLive(world, token), 'a token of a client')
  world.notes('use of an access token', actor, isWorking)
}

/** Compares what the server says of all that clients hold with the model, whatever it could be used for by now. */
export async function compareTokens(world: World): Promise<void> {
  const ctx = world.server.operator()
  for (const token of world.tokens) {
    const isFound = (await findGrantToken(ctx, token, sessionRules(ctx))) !== undefined
    assert.equal(isFound, isGrantLive(world, token), `a ${token.kind} token of ${token.grant.client.name}`)
  }
}

/** A token of these kinds, rather one that works. */
function onToken(
  kinds: readonly ClientToken['kind'][],
  act: (world: World, actor: Actor, token: ClientToken) => Promise<void>,
): Act['run'] {
  return async (world, actor) => {
    const { tokens, random } = world
    const all = tokens.filter(({ kind }) => kinds.includes(kind))
    const live = all.filter((one) => one.consumedAt === null && isGrantLive(world, one))
    const token = (random.chance(0.7) ? random.pick(live) : undefined) ?? random.pick(all.slice(-10))
    if (token !== undefined) await act(world, actor, token)
  }
}

async function signsOut(world: World, actor: Actor): Promise<void> {
  const copy = someToken(world, actor)
  if (copy === undefined) return
  const refused = whyNoAccess(world, copy, {})
  const question = { method: 'DELETE', url: '/session', token: copy.token } as const
  await world.asks('sign-out', actor, refused ?? 'done', question)
  if (refused === undefined) copy.session.isRevoked = true
}

async function signsOutElsewhere(world: World, actor: Actor): Promise<void> {
  const copy = someToken(world, actor)
  if (copy === undefined) return
  const { session } = copy
  const { account } = session
  const refused = whyNoAccess(world, copy, {})
  const question = { method: 'DELETE', url: '/users/me/sessions', token: copy.token } as const
  await world.asks('sign-out elsewhere', actor, refused ?? 'done', question)
  if (refused !== undefined) return
  revokeAll(account, session)
  for (const grant of grantsOf(world, account)) if (grant.session !== session) grant.isRevoked = true
  for (const device of account.devices) device.isForgotten = true
}

/** A user signs out of a client in the account, and takes back what they agreed to there. */
async function withdraws(world: World, actor: Actor): Promise<void> {
  const { random, consents, grants, clients } = world
  const copy = someToken(world, actor)
  if (copy === undefined) return
  const { account } = copy.session
  const own = [...consents.filter((one) => one.account === account), ...grantsOf(world, account)]
  const client = (random.chance(0.8) ? random.pick(own)?.client : undefined) ?? random.pick(clients)!
  const refused = whyNoAccess(world, copy, {})
  const url = `/users/me/apps/${encodeURIComponent(client.app.client.id)}`
  await world.asks('withdrawal of a consent', actor, refused ?? 'done', { method: 'DELETE', url, token: copy.token })
  if (refused !== undefined) return
  const index = consents.findIndex((one) => one.client === client && one.account === account)
  if (index >= 0) consents.splice(index, 1)
  for (const grant of grants) if (grant.client === client && grant.session.account === account) grant.isRevoked = true
}

/** What a user does at the question of an app. */
const ANSWERS = [
  { weight: 6, of: 'Allow' },
  { weight: 2, of: 'Cancel' },
  { weight: 1, of: 'leaves' },
] as const

export const CLIENT_ACTS: readonly Act[] = [
  { weight: 3, run: asAdmin(registers, 'apps:write') },
  { weight: 1, run: renames },
  { weight: 1, run: changesScopes },
  { weight: 1, run: disables },
  { weight: 2, run: enables },
  { weight: 1, run: deletes },
  { weight: 1, run: endsSignIns },
  { weight: 13, run: authorizes },
  { weight: 2, run: withdraws },
  { weight: 2, run: onToken(['code'], exchanges) },
  { weight: 4, run: onToken(['refresh'], refreshes) },
  { weight: 1, run: onToken(['access', 'refresh'], revokes) },
  { weight: 3, run: onToken(['code', 'access', 'refresh'], usesClientToken) },
  { weight: 1, run: signsOut },
  { weight: 1, run: signsOutElsewhere },
]
