// What an app learns of a user.
import type { Account } from 'oidc-provider'

import { valuedAttributes } from '#domain/attributes/attribute-values.service.ts'
import type { Client, ClientScope } from '#domain/clients/client.ts'
import { withinConsent } from '#domain/grants/consent.ts'
import type { GrantToken } from '#domain/grants/grant.ts'
import { groupNamesOf } from '#domain/groups/membership.service.ts'
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { type Claims, claimsForIdToken, scopesWithClaims } from './claims.ts'
import type { Exchange } from './exchange.service.ts'
import { agreedItems } from './requested-items.ts'

/** Returns the user as the library knows one; undefined if the tokens that were read belong to another, and no such user is signed in. */
export function accountOf(exchange: Exchange, subject: string): Account | undefined {
  const user = userOf(exchange, subject)
  const claims: Account['claims'] = async (use, scope, asked) => {
    const client = agreedClient(exchange)
    if (user === undefined || client === undefined) return { sub: subject }
    const scopes = scopesWithClaims(client, scope.split(' '), Object.keys(asked))
    const known = await claimsOf(exchange.ctx, { client, user, scopes })
    return { ...(use === 'id_token' ? claimsForIdToken(known) : known), sub: subject }
  }
  return user && { accountId: subject, claims }
}

/** Returns the user whose tokens were read in the exchange, or who is signed in. */
function userOf({ ctx, tokens }: Exchange, subject: string): PrincipalUser | undefined {
  const { principal } = ctx
  const known = [...tokens.values()].map(({ user }) => user)
  const users = principal.kind === 'session' ? [...known, principal.user] : known
  return users.find((one) => one.subject === subject)
}

/**
 * Returns the app of the exchange, or of the token that an API asks about, with what its row allows as far as its user has agreed to it for the grant: a row that was widened since gives
 * no more before the user is asked again.
 */
export function agreedClient({ clients, tokens }: Exchange): Client | undefined {
  const [living] = tokens.values()
  const [first] = clients.values()
  const read = living === undefined ? first : clients.get(living.grant.clientId)
  if (read === undefined || read.client.trusted) return read?.client
  return withinConsent(read.client, (living && agreedItems(living.grant)) ?? [])
}

/**
 * Returns what an app gets of a user by these scopes, as far as it may still ask for them: profile, confirmed email, role, the groups that its
 * row names, and the attributes that it was allowed, which belong to the scope `profile`.
 */
export async function claimsOf(
  ctx: With<'db'>,
  {
    client,
    user,
    scopes,
  }: { readonly client: Client; readonly user: PrincipalUser; readonly scopes: readonly string[] },
): Promise<Claims> {
  const has = (scope: ClientScope): boolean => scopes.includes(scope) && client.scopes.includes(scope)
  return {
    ...(has('profile') && profileOf(user)),
    ...(has('profile') && (await attributesOf(ctx, client, user))),
    ...(has('email') && emailOf(client, user)),
    ...(has('roles') && { roles: [user.role] }),
    ...(has('groups') && { groups: await groupsOf(ctx, client, user) }),
  }
}

function profileOf({ username, fullName, locale, timeZone }: PrincipalUser): Claims {
  return {
    preferred_username: username,
    ...(fullName && { name: fullName }),
    ...(locale && { locale }),
    ...(timeZone && { zoneinfo: timeZone }),
  }
}

/** An app that finds accounts by their email would give one to any user who types it, so an unconfirmed one is left out. */
function emailOf({ unconfirmedEmail }: Client, { email, emailVerifiedAt }: PrincipalUser): Claims {
  if (email === null || (emailVerifiedAt === null && !unconfirmedEmail)) return {}
  return { email, email_verified: emailVerifiedAt !== null }
}

async function groupsOf(ctx: With<'db'>, { sharedGroups }: Client, { subject }: PrincipalUser): Promise<string[]> {
  if (sharedGroups !== 'all' && sharedGroups.length === 0) return []
  return groupNamesOf(ctx, subject, sharedGroups === 'all' ? undefined : sharedGroups)
}

async function attributesOf(ctx: With<'db'>, { attributes }: Client, { subject }: PrincipalUser): Promise<Claims> {
  if (attributes.length === 0) return {}
  const values = await valuedAttributes(ctx, subject, 'admin')
  const claims = attributes.map(({ key, claim }) => [
    claim,
    values.find(({ attribute }) => attribute.key === key)?.value,
  ])
  return Object.fromEntries(claims.filter(([, value]) => value !== undefined && value !== null))
}

/**
 * Returns what an ID token holds beside what always stands in it: the claims of its scopes, for an app that does not ask for them elsewhere, or
 * cannot, since its access token is for a resource.
 */
export async function idTokenClaims(exchange: Exchange, subject: string): Promise<Claims> {
  const client = agreedClient(exchange)
  const [living] = exchange.tokens.values()
  const user = userOf(exchange, subject)
  if (client === undefined || user === undefined || living === undefined) return {}
  if (!client.claimsInIdToken && living.resource === null) return {}
  return claimsForIdToken(await claimsOf(exchange.ctx, { client, user, scopes: scopesOf(living.token) }))
}

export function scopesOf(token: Pick<GrantToken, 'payload'>): string[] {
  const { scope = '' } = JSON.parse(token.payload) as { scope?: string }
  return scope.split(' ')
}
