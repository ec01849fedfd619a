// The steps of the suite as an app: it discovers the server, sends the browser there, takes the answer, exchanges the code, asks for the user.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'

import type { TestApp } from '../apps.ts'
import { lead } from './browser.ts'
import { STEPS } from './coverage.ts'
import { callbackOf, type Json, jsonIn, metadataOf, type Received } from './environment.ts'
import type { ModuleRun } from './module-run.ts'

export type Parameters = Readonly<Record<string, string | undefined>>
type Sent = { readonly method?: 'GET' | 'POST'; readonly form?: Parameters; readonly headers?: Record<string, string> }

/** Asks the server as a program, at a URL that the discovery document names. */
async function sendTo({ server }: ModuleRun, url: unknown, { method, form, headers }: Sent = {}): Promise<Received> {
  const { pathname, search, origin } = new URL(String(url))
  assert.equal(origin, server.doorward.config.publicUrl)
  const answer = await server.app.inject({
    method: method ?? (form === undefined ? 'GET' : 'POST'),
    url: pathname + search,
    headers: { ...(form && { 'content-type': 'application/x-www-form-urlencoded' }), ...headers },
    ...(form && { payload: new URLSearchParams(given(form)).toString() }),
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body }
}

/** Reads the discovery document and the keys. */
export async function configure(module: ModuleRun): Promise<void> {
  const { env } = module
  env.discovery = await sendTo(module, `${env.issuer}/.well-known/openid-configuration`)
  module.check('GetDynamicServerConfiguration', 'CheckServerConfiguration')
  env.keySet = await sendTo(module, metadataOf(env)['jwks_uri'])
  module.check(
    'FetchServerKeys',
    'CheckServerKeysIsValid',
    'CheckForKeyIdInServerJWKs',
    'CheckDistinctKeyIdValueInServerJWKs',
    'EnsureServerJwksDoesNotContainPrivateOrSymmetricKeys',
    'EnsureServerConfigurationSupportsClientSecretBasic',
    'EnsureServerConfigurationSupportsClientSecretPost',
  )
  module.took(...STEPS.configure)
}

/** Sends the browser to the authorization endpoint with a request, in which these parameters are different; it signs in where it is asked. */
export async function authorize(module: ModuleRun, changed: Parameters = {}): Promise<void> {
  await send(module, requestOf(module, changed))
}

/** Returns the parameters of a request. `undefined` leaves one out. */
export function requestOf(module: ModuleRun, changed: Parameters = {}): Readonly<Record<string, string>> {
  const { client } = module.env.app
  module.took(...STEPS.request)
  return given({
    client_id: client.id,
    redirect_uri: client.redirectUris[0],
    scope: 'openid',
    response_type: 'code',
    state: random(),
    nonce: random(),
    ...changed,
  })
}

/** Sends the browser there with the request. */
export async function send(module: ModuleRun, request: Readonly<Record<string, string>>): Promise<void> {
  const { env } = module
  if (env.discovery === undefined) await configure(module)
  env.request = request
  env.forms = []
  const url = new URL(String(metadataOf(env)['authorization_endpoint']))
  url.search = new URLSearchParams(request).toString()
  env.arrival = await lead(module, url)
}

/** Takes the answer with a code, exchanges it and asks for the user. */
export async function takeTokens(module: ModuleRun, more: Parameters = {}): Promise<void> {
  takeCode(module)
  await exchange(module, more)
  module.check(
    'CheckTokenEndpointHttpStatus200',
    'CheckTokenEndpointReturnedJsonContentType',
    'CheckTokenEndpointCacheHeaders',
    'CheckTokenTypeIsBearer',
    'CheckIfTokenEndpointResponseError',
    'CheckForAccessTokenValue',
    'ExtractAccessTokenFromTokenResponse',
    'ExtractExpiresInFromTokenEndpointResponse',
    'CheckForRefreshTokenValue',
  )
  checkIdToken(module)
  module.check('ValidateIdTokenNonce')
  await askUserinfo(module)
  module.check('EnsureHttpStatusCodeIs200')
}

function takeCode(module: ModuleRun): void {
  module.check(
    'CheckMatchingCallbackParameters',
    'ValidateIssIfPresentInAuthorizationResponse',
    'CheckIfAuthorizationEndpointError',
    'CheckStateInAuthorizationResponse',
    'ExtractAuthorizationCodeFromAuthorizationResponse',
  )
}

/** What holds for each ID token. The one before stays for comparison. */
export function checkIdToken(module: ModuleRun): void {
  const { env } = module
  if (env.idToken !== undefined) env.firstIdToken = env.idToken
  module.check(
    'ExtractIdTokenFromTokenResponse',
    'ValidateIdToken',
    'ValidateIdTokenStandardClaims',
    'CheckForSubjectInIdToken',
    'ValidateIdTokenSignatureUsingKid',
    'ExtractAtHash',
    'ExtractCHash',
  )
}

/** Exchanges the code of the last answer. */
export async function exchange(module: ModuleRun, more: Parameters = {}): Promise<void> {
  const { env } = module
  const code = callbackOf(env).get('code') ?? ''
  const form = { grant_type: 'authorization_code', code, redirect_uri: env.request['redirect_uri'], ...more }
  env.tokens = await askForTokens(module, form)
  module.took(...STEPS['exchange of the code'])
}

/** Asks the token endpoint, authenticated as the app's row says. */
export async function askForTokens(module: ModuleRun, form: Parameters, app = module.env.app): Promise<Received> {
  const isBasic = app.client.authMethod === 'client_secret_basic'
  module.took(isBasic ? 'AddBasicAuthClientSecretToRequest' : 'AddFormBasedClientSecretToRequest')
  return sendTo(module, metadataOf(module.env)['token_endpoint'], {
    form: isBasic ? form : { ...form, client_id: app.client.id, client_secret: app.secret },
    headers: isBasic ? { authorization: basicOf(app) } : {},
  })
}

function basicOf({ client, secret }: TestApp): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

/** Asks for the user with the access token of the last answer: in a header, or in the body of a form. */
export async function askUserinfo(module: ModuleRun, by: 'GET' | 'POST' | 'body' = 'GET'): Promise<void> {
  const { env } = module
  const token = String(answered(module)['access_token'])
  const sent =
    by === 'body' ? { form: { access_token: token } } : { method: by, headers: { authorization: `Bearer ${token}` } }
  env.userinfo = await sendTo(module, metadataOf(env)['userinfo_endpoint'], sent)
}

export function answered({ env }: ModuleRun): Json {
  return jsonIn(env.tokens, 'answer of the token endpoint')
}

/** A whole sign-in at the app. */
export async function signIn(module: ModuleRun, changed: Parameters = {}, more: Parameters = {}): Promise<void> {
  await authorize(module, changed)
  await takeTokens(module, more)
}

/** The answer is an error at the app, in the form of the standard. */
export function checkError(module: ModuleRun): void {
  module.check(
    'CheckStateInAuthorizationResponse',
    'ValidateIssIfPresentInAuthorizationResponse',
    'EnsureErrorFromAuthorizationEndpointResponse',
    'RejectAuthCodeInAuthorizationEndpointResponse',
    'CheckForUnexpectedParametersInErrorResponseFromAuthorizationEndpoint',
    'CheckErrorDescriptionFromAuthorizationEndpointResponseErrorContainsCRLFTAB',
    'ValidateErrorDescriptionFromAuthorizationEndpointResponseError',
    'ValidateErrorUriFromAuthorizationEndpointResponseError',
  )
}

export function random(): string {
  return randomBytes(16).toString('base64url')
}

function given(parameters: Parameters): Record<string, string> {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return Object.fromEntries(pairs)
}
