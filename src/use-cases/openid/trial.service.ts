// A sign-in to an app that an admin tries: the library answers every request of it, and nothing of it is stored or leaves this server.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import { type Client, isPublic } from '#domain/clients/client.ts'
import { unmetRestriction } from '#domain/grants/client-access.service.ts'
import { userCodeIn } from '#domain/grants/device-code.ts'
import { type Context, inTransaction, type InTransaction, type WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { addUserinfoClaims } from './answered-claims.service.ts'
import type { Claims } from './claims.ts'
import { agree } from './consent-question.service.ts'
import { approveDevice, findDevice, missingFor } from './device.service.ts'
import { type Exchange, type LibraryAnswer, newExchange, type ReadRequest } from './exchange.service.ts'
import { MAY_NOT_USE } from './interaction-policy.service.ts'
import { readInteraction } from './interaction.service.ts'
import { DEVICE_GRANT_TYPE } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'

/** What an app would get. */
export interface SignedInTrial {
  readonly kind: 'signed-in'
  /** Undefined for an app that signs users in on devices only. */
  readonly redirectUri: string | undefined
  readonly scopes: readonly string[]
  readonly idToken: Claims
  readonly userinfo: Claims
  readonly hasRefreshToken: boolean
  /** Whether the user would be asked to agree first. */
  readonly asks: boolean
}

export type Trial =
  | SignedInTrial
  /** The user would have to authenticate again, or more strongly, first. */
  | { readonly kind: 'authentication-needed' }
  /** The app, or where it is not sent to, the user, gets this error. */
  | { readonly kind: 'refused'; readonly error: string; readonly description: string | undefined }

type Trying = InTransaction<WithSession<keyof Context>>

/** Carries the outcome out of the transaction, which is rolled back. */
class Tried extends Error {
  readonly trial: Trial

  constructor(trial: Trial) {
    super('A tried sign-in is rolled back')
    this.trial = trial
  }
}

/**
 * Signs the user of the current session in to an app as a browser and the app would: asks for a code with everything that the app may ask for,
 * agrees where that is asked, exchanges the code and reads the claims. All of it happens in one transaction that is rolled back, so it leaves
 * no grant and no event. Throws `app.not_found`.
 */
export async function tryAppSignIn(
  openid: OpenId,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  ctx: WithSession<keyof Context>,
  id: string,
): Promise<Trial> {
  const provider = await openid.requiredProvider(request.ctx)
  try {
    return await inTransaction(ctx, async (tx) => {
      const found = await findClientWithSecrets(tx, id)
      if (found === undefined) throw new Refusal('app.not_found')
      const ask: Ask = async (path, read, client) => {
        const exchange: Exchange = { ...newExchange(request, reply), ctx: tx }
        if (client !== undefined) exchange.clients.set(id, client)
        const answer = await openid.answer(provider, exchange, path, { headers: {}, body: undefined, ...read })
        return { exchange, answer, complete: () => openid.within(exchange, () => addUserinfoClaims(exchange, answer)) }
      }
      throw new Tried(await signInTo(tx, found.client, ask))
    })
  } catch (error) {
    if (error instanceof Tried) return error.trial
    throw error
  }
}

interface Asked {
  readonly exchange: Exchange
  readonly answer: LibraryAnswer
  readonly complete: () => Promise<LibraryAnswer>
}

/** Sends a request to the library; `client` takes the row of the app, with the secrets that are valid in this request alone. */
type Ask = (
  path: string,
  read: { readonly method: 'GET' | 'POST' } & Partial<ReadRequest>,
  client?: Parameters<Exchange['clients']['set']>[1],
) => Promise<Asked>

async function signInTo(tx: Trying, client: Client, ask: Ask): Promise<Trial> {
  const [redirectUri] = client.redirectUris
  if (redirectUri === undefined) return signInOnDevice(tx, client, ask)
  const verifier = randomText(tx)
  const query = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: client.scopes.join(' '),
    state: 'trial',
    code_challenge: Buffer.from(hashOf(Secret.of(verifier)), 'hex').toString('base64url'),
    code_challenge_method: 'S256',
  })
  const { asked, asks } = await authorize(tx, client, await ask(`/auth?${query}`, { method: 'GET' }), ask)
  if (asked === undefined) {
    const isRestricted = (await unmetRestriction(tx, client, tx.principal.user)) !== undefined
    return isRestricted ? refusal('access_denied', MAY_NOT_USE) : { kind: 'authentication-needed' }
  }
  const sent = fieldsOfAnswer(asked)
  const code = sent.get('code')
  if (code === null) return refusal(sent.get('error') ?? 'server_error', sent.get('error_description'))
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
  const tokens = await tokensFor(tx, client, form, ask)
  return outcomeOf(tokens, { redirectUri, asks }, ask)
}

/** Asks for codes as a device of the app would, and allows it as its user would. */
async function signInOnDevice(tx: Trying, client: Client, ask: Ask): Promise<Trial> {
  if (client.disabledAt !== null) return refusal('invalid_client')
  const { answer } = await postAs(tx, client, { path: '/device/auth', form: { scope: client.scopes.join(' ') } }, ask)
  const { error, error_description, device_code, user_code } = answer.body as Readonly<Record<string, string>>
  const device = await findDevice(tx, userCodeIn(user_code ?? '') ?? '')
  if (device === undefined) return refusal(error ?? 'server_error', error_description)
  const missing = await missingFor(tx, device)
  if (missing?.kind === 'access') return refusal('access_denied', MAY_NOT_USE)
  if (missing !== undefined) return { kind: 'authentication-needed' }
  await approveDevice(tx, device, String(client.revision))
  const tokens = await tokensFor(tx, client, { grant_type: DEVICE_GRANT_TYPE, device_code: device_code ?? '' }, ask)
  return outcomeOf(tokens, { redirectUri: undefined, asks: true }, ask)
}

async function outcomeOf(tokens: Tokens, sent: Pick<SignedInTrial, 'redirectUri' | 'asks'>, ask: Ask): Promise<Trial> {
  if (tokens.error !== undefined) return refusal(tokens.error, tokens.error_description)
  const authorization = `Bearer ${tokens.access_token}`
  const { body } = await (await ask('/me', { method: 'GET', headers: { authorization } })).complete()
  return {
    kind: 'signed-in',
    scopes: tokens.scope.split(' '),
    idToken: claimsIn(tokens.id_token),
    userinfo: body as Claims,
    hasRefreshToken: tokens.refresh_token !== undefined,
    ...sent,
  }
}

function refusal(error: string, description?: string | null): Trial {
  return { kind: 'refused', error, description: description ?? undefined }
}

/** Agrees to what the authorization asks; returns no answer where that is not all it needs. */
async function authorize(
  tx: Trying,
  client: Client,
  first: Asked,
  ask: Ask,
): Promise<{ asked?: Asked; asks: boolean }> {
  const uid = /\/oidc\/interaction\/([\w-]+)$/.exec(String(first.answer.headers.location ?? ''))?.[1]
  if (uid === undefined) return { asked: first, asks: false }
  const interaction = await readInteraction(tx, uid)
  if (interaction?.prompt.name !== 'consent') return { asks: false }
  await agree(tx, { interaction, client }, String(client.revision))
  const cookies = [first.answer.headers['set-cookie'] ?? []].flat().map((cookie) => String(cookie).split(';', 1)[0])
  const headers = { cookie: cookies.join('; ') }
  return { asked: await ask(`/auth/${uid}`, { method: 'GET', headers }), asks: true }
}

/** What the app, or the page of an error, would be sent. */
function fieldsOfAnswer({ exchange: { shown }, answer }: Asked): URLSearchParams {
  const { location } = answer.headers
  if (shown === undefined && typeof location === 'string') return new URL(location).searchParams
  const { error = 'server_error', description } = shown ?? {}
  return new URLSearchParams({ error, ...(description !== undefined && { error_description: description }) })
}

interface Tokens {
  readonly access_token: string
  readonly refresh_token?: string
  readonly id_token: string
  readonly scope: string
  readonly error?: string
  readonly error_description?: string
}

type Form = Readonly<Record<string, string>>

/** Asks for tokens as the app would. */
async function tokensFor(tx: Trying, client: Client, form: Form, ask: Ask): Promise<Tokens> {
  const { answer } = await postAs(tx, client, { path: '/token', form }, ask)
  return answer.body as Tokens
}

/** Sends a form as the app would. Only the hash of its secret is stored, so in this exchange alone a random secret is valid. */
function postAs(
  tx: Trying,
  client: Client,
  { path, form }: { readonly path: string; readonly form: Form },
  ask: Ask,
): Promise<Asked> {
  const secret = randomText(tx)
  const secrets = [
    { id: 'trial', hash: hashOf(Secret.of(secret)), createdAt: tx.now, expiresAt: null, lastUsedAt: tx.now },
  ]
  const isBasic = client.authMethod === 'client_secret_basic'
  const sent = new URLSearchParams({
    ...form,
    ...(!isBasic && { client_id: client.id }),
    ...(!isBasic && !isPublic(client) && { client_secret: secret }),
  })
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...(isBasic && { authorization: `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}` }),
  }
  return ask(path, { method: 'POST', headers, body: Buffer.from(sent.toString()) }, { client, secrets })
}

function claimsIn(idToken: string): Claims {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as Claims
}

function randomText({ random }: Trying): string {
  return Buffer.from(random(32)).toString('base64url')
}
