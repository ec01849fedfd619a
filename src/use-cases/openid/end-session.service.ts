// What an app's request to sign its user out says (OpenID Connect RP-Initiated Logout 1.0), as far as it can be believed.
import type { Provider } from 'oidc-provider'

import { type Client, ID_TOKEN_ALGORITHMS } from '#domain/clients/client.ts'
import { allowsRedirectUri } from '#domain/clients/redirect-uri.ts'
import { clientSessionsOf } from '#domain/grants/grant.service.ts'
import { idleSessionOf } from '#domain/grants/idle-session.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import type { Exchange } from './exchange.service.ts'
import { storedClient } from './stored-client.service.ts'

export interface EndSessionRequest {
  /** The app that asks; undefined if the request does not say so in a way that can be checked. */
  readonly client: Client | undefined
  /** Where the browser goes afterwards; undefined if it may go nowhere but to a page of this server. */
  readonly target: string | undefined
  /** Whether the hint was issued for the session of this browser, so that its user has pressed the button in the app. */
  readonly isOwnHint: boolean
}

/** Reads the request. What is wrong in it leaves fields empty: then the page asks, and redirects nowhere. */
export async function readEndSession(provider: Provider, exchange: Exchange): Promise<EndSessionRequest> {
  const { query } = exchange.request
  const given = (name: string): string | undefined => {
    const value = fieldIn(query, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const [hint, clientId] = [given('id_token_hint'), given('client_id')]
  const claimed = hint === undefined ? undefined : audienceOf(hint)
  const isContradictory = hint !== undefined && clientId !== undefined && clientId !== claimed
  const id = isContradictory ? undefined : (claimed ?? clientId)
  const stored = id === undefined ? undefined : await storedClient(exchange, id)
  const valid = hint === undefined || stored === undefined ? undefined : await validHint(provider, stored.client, hint)
  // A hint that cannot be verified says nothing, not even which app it is.
  const client = hint !== undefined && valid === undefined ? undefined : stored?.client
  const uri = given('post_logout_redirect_uri')
  const isAllowed = client !== undefined && uri !== undefined && allowsRedirectUri(client.logoutUris, uri)
  return {
    client,
    target: isAllowed ? withState(uri, given('state')) : undefined,
    isOwnHint: client !== undefined && valid !== undefined && (await isOfCurrentSession(exchange, client, valid)),
  }
}

interface Hint {
  readonly sub?: unknown
  readonly sid?: unknown
}

function audienceOf(hint: string): string | undefined {
  try {
    const [, payload = ''] = hint.split('.')
    const { aud } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { aud?: unknown }
    return typeof aud === 'string' ? aud : undefined
  } catch {
    return undefined
  }
}

/** Returns the claims of a hint that this server has signed for the client; an expired one counts too. */
async function validHint(provider: Provider, { id }: Client, hint: string): Promise<Hint | undefined> {
  // The app may have another algorithm now than when the token was issued.
  for (const idTokenSignedResponseAlg of ID_TOKEN_ALGORITHMS) {
    const client = { clientId: id, idTokenSignedResponseAlg } as unknown as Parameters<
      Provider['IdToken']['validate']
    >[1]
    const { payload } = await provider.IdToken.validate(hint, client).catch(() => ({ payload: undefined }))
    if (payload !== undefined) return payload
  }
  return undefined
}

async function isOfCurrentSession({ ctx }: Exchange, { id }: Client, { sub, sid }: Hint): Promise<boolean> {
  const { principal } = ctx
  // A user who has worked in the app for hours is signed in there, but no longer here.
  const current = principal.kind === 'session' ? principal : await idleSessionOf(ctx, sessionRules(ctx))
  if (current === undefined || current.user.subject !== sub) return false
  const signedIn = await clientSessionsOf(ctx, current.session.id)
  return signedIn.some((one) => one.clientId === id && one.sid === sid)
}

function withState(uri: string, state: string | undefined): string {
  if (state === undefined) return uri
  const url = new URL(uri)
  url.searchParams.set('state', state)
  return url.href
}
