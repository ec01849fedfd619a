// Conditions about the discovery document and the key set (OpenID Connect Discovery 1.0 §3, §4; RFC 8414 §2; RFC 7517 §4).
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'

import {
  assertMediaType,
  type Conditions,
  type Environment,
  jsonIn,
  keysOf,
  metadataOf,
  required,
} from './environment.ts'

/** Metadata that the registry of IANA knows and this provider uses, with the type of each (RFC 8414 §7.1.2). */
const REGISTERED: Readonly<Record<string, 'url' | 'texts' | 'boolean'>> = {
  issuer: 'url',
  authorization_endpoint: 'url',
  token_endpoint: 'url',
  userinfo_endpoint: 'url',
  jwks_uri: 'url',
  end_session_endpoint: 'url',
  introspection_endpoint: 'url',
  revocation_endpoint: 'url',
  pushed_authorization_request_endpoint: 'url',
  device_authorization_endpoint: 'url',
  response_types_supported: 'texts',
  response_modes_supported: 'texts',
  grant_types_supported: 'texts',
  subject_types_supported: 'texts',
  id_token_signing_alg_values_supported: 'texts',
  token_endpoint_auth_methods_supported: 'texts',
  introspection_endpoint_auth_methods_supported: 'texts',
  revocation_endpoint_auth_methods_supported: 'texts',
  code_challenge_methods_supported: 'texts',
  scopes_supported: 'texts',
  claims_supported: 'texts',
  acr_values_supported: 'texts',
  prompt_values_supported: 'texts',
  ui_locales_supported: 'texts',
  backchannel_logout_supported: 'boolean',
  backchannel_logout_session_supported: 'boolean',
  claims_parameter_supported: 'boolean',
  request_parameter_supported: 'boolean',
  request_uri_parameter_supported: 'boolean',
  require_pushed_authorization_requests: 'boolean',
  authorization_response_iss_parameter_supported: 'boolean',
  client_id_metadata_document_supported: 'boolean',
}

/** The members that only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/

export const DISCOVERY_CONDITIONS = {
  GetDynamicServerConfiguration: (env) => void metadataOf(env),
  EnsureDiscoveryEndpointResponseStatusCodeIs200: ({ discovery }) => assert.equal(discovery?.status, 200),
  CheckDiscoveryEndpointReturnedJsonContentType: ({ discovery }) =>
    assertMediaType(required(discovery, 'discovery document'), 'application/json'),
  CheckServerConfiguration: (env) => {
    for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri']) url(metadataOf(env)[name])
  },
  ValidateServerMetadataAgainstSchema: (env) => {
    const right = { url: isUrl, texts: isTexts, boolean: (value: unknown) => typeof value === 'boolean' }
    const wrong = Object.entries(metadataOf(env)).filter(([name, value]) => !right[REGISTERED[name] ?? 'url'](value))
    assert.deepEqual(wrong, [])
  },
  CheckForUnexpectedParametersInServerMetadata: (env) =>
    assert.deepEqual(
      Object.keys(metadataOf(env)).filter((name) => REGISTERED[name] === undefined),
      [],
    ),
  CheckDiscEndpointDiscoveryUrl: ({ issuer }) =>
    assert.equal(url(`${issuer}/.well-known/openid-configuration`).protocol, 'https:'),
  CheckDiscEndpointBackchannelLogoutSupported: (env) =>
    assert.equal(metadataOf(env)['backchannel_logout_supported'], true),
  CheckDiscEndpointBackchannelLogoutSessionSupported: (env) =>
    assert.equal(metadataOf(env)['backchannel_logout_session_supported'], true),
  CheckDiscEndpointIssuer: (env) => assert.equal(metadataOf(env)['issuer'], env.issuer),
  CheckDiscEndpointIssuerIsValidUrl: (env) => {
    const { protocol, search, hash } = url(metadataOf(env)['issuer'])
    assert.deepEqual([protocol, search, hash], ['https:', '', ''])
  },
  OIDCCCheckDiscEndpointResponseTypesSupported: has('response_types_supported', 'code'),
  OIDCCCheckDiscEndpointGrantTypesSupported: has('grant_types_supported', 'authorization_code'),
  CheckDiscEndpointSubjectTypesSupported: has('subject_types_supported', 'public'),
  OIDCCCheckDiscEndpointIdTokenSigningAlgValuesSupported: has('id_token_signing_alg_values_supported', 'RS256'),
  OIDCCCheckDiscEndpointUserinfoSigningAlgValuesSupported: absentOr('userinfo_signing_alg_values_supported', isTexts),
  CheckDiscEndpointAuthorizationEndpoint: isHttps('authorization_endpoint'),
  CheckDiscEndpointTokenEndpoint: isHttps('token_endpoint'),
  CheckDiscEndpointUserinfoEndpoint: isHttps('userinfo_endpoint'),
  CheckDiscEndSessionEndpoint: isHttps('end_session_endpoint'),
  CheckJwksUri: isHttps('jwks_uri'),
  CheckDiscEndpointRegistrationEndpoint: absentOr('registration_endpoint', isUrl),
  CheckDiscEndpointAllEndpointsAreHttps: (env) => {
    const named = Object.entries(metadataOf(env)).filter(([name]) => /_endpoint$|_uri$/.test(name))
    assert.ok(named.length > 5)
    for (const [, value] of named) assert.equal(url(value).protocol, 'https:')
  },
  // A document that says nothing would mean that `request_uri` is supported (OpenID Connect Discovery 1.0 §3).
  CheckDiscEndpointRequestParameterSupported: says('request_parameter_supported', false),
  CheckDiscEndpointRequestUriParameterSupported: says('request_uri_parameter_supported', false),
  CheckDiscEndpointRequestObjectSigningAlgValuesSupportedIncludesRS256: absentOr(
    'request_object_signing_alg_values_supported',
    (value) => isTexts(value) && value.includes('RS256'),
  ),
  CheckDiscEndpointClaimsParameterSupported: says('claims_parameter_supported', true),
  OIDCCCheckDiscEndpointClaimsSupported: has('claims_supported', 'sub'),
  CheckDiscEndpointScopesSupportedContainsOpenId: has('scopes_supported', 'openid'),
  CheckDiscEndpointScopesSupportedSyntax: (env) => {
    for (const scope of texts(env, 'scopes_supported')) assert.match(scope, SCOPE)
  },
  CheckDiscEndpointLocalesSyntax: (env) => void Intl.getCanonicalLocales(texts(env, 'ui_locales_supported')),
  CheckDiscEndpointLocalesCanonicalCasing: (env) => {
    const locales = texts(env, 'ui_locales_supported')
    assert.deepEqual(locales, Intl.getCanonicalLocales(locales))
  },
  EnsureServerConfigurationCodeChallengeMethodsSupportedIsAnArray: has('code_challenge_methods_supported', 'S256'),
  EnsureServerConfigurationSupportsClientSecretBasic: has(
    'token_endpoint_auth_methods_supported',
    'client_secret_basic',
  ),
  EnsureServerConfigurationSupportsClientSecretPost: has('token_endpoint_auth_methods_supported', 'client_secret_post'),
  EnsureServerConfigurationSupportsRefreshToken: has('grant_types_supported', 'refresh_token'),
  OIDCCCheckIdTokenSigningAlgValuesSupportedAlgNone: (env) =>
    assert.ok(!texts(env, 'id_token_signing_alg_values_supported').includes('none')),
  // Only scopes that are not offered may be left unanswered.
  OIDCCCheckScopesSupportedContainScopeTest: (env) => {
    const offered = texts(env, 'scopes_supported')
    const asked = env.request['scope']?.split(' ') ?? []
    const missing = asked.filter((scope) => !offered.includes(scope))
    assert.deepEqual(
      missing,
      missing.filter((scope) => scope === 'address' || scope === 'phone'),
    )
  },
  FetchServerKeys: ({ keySet }) => assert.ok(keySet?.status === 200 && jsonIn(keySet, 'key set')),
  CheckServerKeysIsValid: (env) => {
    for (const key of keysOf(env)) createPublicKey({ key, format: 'jwk' })
  },
  CheckForKeyIdInServerJWKs: (env) => assert.ok(keysOf(env).every(({ kid }) => typeof kid === 'string' && kid !== '')),
  CheckDistinctKeyIdValueInServerJWKs: (env) =>
    assert.equal(new Set(keysOf(env).map(({ kid }) => kid)).size, keysOf(env).length),
  EnsureServerJwksDoesNotContainPrivateOrSymmetricKeys: (env) =>
    assert.ok(keysOf(env).every((key) => PRIVATE_MEMBERS.every((member) => !(member in key)))),
} satisfies Conditions

function has(name: string, value: string): (env: Environment) => void {
  return (env) => assert.ok(texts(env, name).includes(value), `${name} lacks ${value}`)
}

function says(name: string, value: boolean): (env: Environment) => void {
  return (env) => assert.equal(metadataOf(env)[name], value)
}

function absentOr(name: string, isRight: (value: unknown) => boolean): (env: Environment) => void {
  return (env) => {
    const value = metadataOf(env)[name]
    assert.ok(value === undefined || isRight(value), name)
  }
}

function isHttps(name: string): (env: Environment) => void {
  return (env) => assert.equal(url(metadataOf(env)[name]).protocol, 'https:')
}

function texts(env: Environment, name: string): string[] {
  const value = metadataOf(env)[name]
  assert.ok(isTexts(value), `${name} is no list of texts`)
  return value
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value)
}

function url(value: unknown): URL {
  assert.ok(typeof value === 'string')
  return new URL(value)
}
