// Conditions about the ID token (OpenID Connect Core §2, §3.1.3.7).
import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'

import {
  callbackOf,
  type Conditions,
  decodedPart,
  type Environment,
  type IdToken,
  idTokenOf,
  jsonIn,
  keysOf,
  required,
  textOf,
} from './environment.ts'

/** The claims that an ID token may have unasked (OpenID Connect Core §2; RFC 7519 §4.1; `sid`: Front-Channel Logout 1.0 §3). */
const UNASKED = 'iss sub aud exp iat nbf jti auth_time nonce acr amr azp at_hash c_hash s_hash sid'.split(' ')
/** Seconds. */
const RECENT = 60
const LONGEST_LIFE = 24 * 3600

export const ID_TOKEN_CONDITIONS = {
  ExtractIdTokenFromTokenResponse: (env) => {
    const raw = jsonIn(env.tokens, 'answer of the token endpoint')['id_token']
    assert.match(String(raw), /^[\w-]+\.[\w-]+\.[\w-]+$/)
    env.idToken = parsedIdToken(String(raw))
  },
  ValidateIdToken: (env) => {
    const { iss, aud, azp, exp, iat } = idTokenOf(env).claims
    assert.equal(iss, env.issuer)
    assert.deepEqual([aud].flat(), [env.app.client.id])
    assert.ok(azp === undefined || azp === env.app.client.id)
    assert.ok(secondsIn(iat) <= env.now / 1000 && secondsIn(exp) > env.now / 1000)
    assert.ok(secondsIn(exp) - secondsIn(iat) <= LONGEST_LIFE)
  },
  ValidateIdTokenStandardClaims: (env) => {
    const { acr, amr, auth_time: time, sid } = idTokenOf(env).claims
    assert.ok([acr, sid].every((text) => typeof text === 'string' && text !== ''))
    assert.ok(Array.isArray(amr) && amr.length > 0 && amr.every((method) => typeof method === 'string'))
    assert.ok(secondsIn(time) <= env.now / 1000)
  },
  CheckForSubjectInIdToken: (env) => assert.match(String(idTokenOf(env).claims['sub']), /^[\x20-\x7e]{1,255}$/),
  ValidateIdTokenNonce: (env) => assert.equal(idTokenOf(env).claims['nonce'], env.request['nonce']),
  ValidateIdTokenSignatureUsingKid: (env) => assertSignedByKeyOf(env, idTokenOf(env)),
  ExtractAtHash: (env) => assertHash(env, 'at_hash', String(jsonIn(env.tokens, 'answer')['access_token'])),
  ExtractCHash: (env) => assertHash(env, 'c_hash', callbackOf(env).get('code') ?? ''),
  EnsureIdTokenContainsKid: (env) => assert.match(textOf(idTokenOf(env).header['kid']), /./),
  EnsureIdTokenSignatureIsRS256: (env) => assert.equal(idTokenOf(env).header['alg'], 'RS256'),
  CheckIdTokenSignatureAlgorithm: (env) => assert.equal(idTokenOf(env).header['alg'], env.app.client.idTokenAlg),
  EnsureIdTokenDoesNotContainName: (env) => assert.ok(!('name' in idTokenOf(env).claims)),
  EnsureIdTokenDoesNotContainEmailForScopeEmail: (env) => assert.ok(!('email' in idTokenOf(env).claims)),
  EnsureIdTokenDoesNotContainNonRequestedClaims: (env) =>
    assert.deepEqual(
      Object.keys(idTokenOf(env).claims).filter((claim) => !UNASKED.includes(claim)),
      [],
    ),

  CheckSecondIdTokenAuthTimeIsLaterIfPresent: (env) => assert.ok(authTime(idTokenOf(env)) > authTime(firstOf(env))),
  CheckIdTokenAuthTimeClaimsSameIfPresent: (env) => assert.equal(authTime(idTokenOf(env)), authTime(firstOf(env))),
  CheckIdTokenSubConsistentForSecondAuthorization: (env) =>
    assert.equal(idTokenOf(env).claims['sub'], firstOf(env).claims['sub']),
  CheckIdTokenAuthTimeClaimPresentDueToMaxAge: (env) => {
    assert.ok(env.now / 1000 - authTime(idTokenOf(env)) <= Number(env.request['max_age']) + 1)
  },
  CheckIdTokenAuthTimeIsRecentIfPresent: (env) => assert.ok(env.now / 1000 - authTime(idTokenOf(env)) <= RECENT),
  ValidateIdTokenACRClaimAgainstAcrValuesRequest: (env) => {
    const asked = env.request['acr_values']?.split(' ') ?? []
    assert.ok(asked.includes(String(idTokenOf(env).claims['acr'])), String(idTokenOf(env).claims['acr']))
  },
  // OpenID Connect Core §12.2: what a refreshed ID token shares with the first one.
  CompareIdTokenClaims: (env) => {
    const [first, second] = [firstOf(env).claims, idTokenOf(env).claims]
    for (const claim of ['iss', 'sub', 'aud', 'azp', 'auth_time']) assert.deepEqual(second[claim], first[claim], claim)
    assert.ok(second['nonce'] === undefined || second['nonce'] === first['nonce'])
    assert.ok(secondsIn(second['iat']) > secondsIn(first['iat']))
  },
} satisfies Conditions

function parsedIdToken(raw: string): IdToken {
  const [header = '', claims = ''] = raw.split('.')
  return { raw, header: decodedPart(header), claims: decodedPart(claims) }
}

function isSignedBy(raw: string, key: ReturnType<typeof createPublicKey>): boolean {
  const [signed, signature] = [raw.slice(0, raw.lastIndexOf('.')), raw.slice(raw.lastIndexOf('.') + 1)]
  const by = { key, dsaEncoding: 'ieee-p1363' } as const
  return verify('sha256', Buffer.from(signed), by, Buffer.from(signature, 'base64url'))
}

/** A hash may be absent where the code flow is used; one that is there is right (OpenID Connect Core §3.1.3.6). */
function assertHash(env: Environment, claim: string, of: string): void {
  const value = idTokenOf(env).claims[claim]
  const half = createHash('sha256').update(of).digest().subarray(0, 16)
  assert.ok(value === undefined || value === half.toString('base64url'), `${claim} is wrong`)
}

function firstOf({ firstIdToken }: Environment): IdToken {
  return required(firstIdToken, 'first ID token')
}

function authTime({ claims }: IdToken): number {
  return secondsIn(claims['auth_time'])
}

function secondsIn(value: unknown): number {
  assert.ok(Number.isInteger(value), `${String(value)} is no number of seconds`)
  return Number(value)
}

/** One key of the server has the `kid` of the token, and has signed it. */
export function assertSignedByKeyOf(env: Environment, { raw, header }: Pick<IdToken, 'raw' | 'header'>): void {
  const matching = keysOf(env).filter(({ kid }) => kid === header['kid'])
  assert.equal(matching.length, 1, 'not one key has this kid')
  assert.ok(isSignedBy(raw, createPublicKey({ key: matching[0] ?? {}, format: 'jwk' })), 'the signature is wrong')
}
