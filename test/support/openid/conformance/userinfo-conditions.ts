// Conditions about the answer of the userinfo endpoint (OpenID Connect Core §5.1, §5.3, §5.4).
import assert from 'node:assert/strict'

import {
  assertMediaType,
  type Conditions,
  type Environment,
  idTokenOf,
  type Json,
  jsonIn,
  required,
  textOf,
} from './environment.ts'

type Kind = 'text' | 'boolean' | 'number'

/** The standard claims that this provider has, by scope. */
const CLAIMS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  openid: { sub: 'text' },
  profile: { name: 'text', preferred_username: 'text', zoneinfo: 'text', locale: 'text' },
  email: { email: 'text', email_verified: 'boolean' },
}
const YEAR_1990 = Date.UTC(1990) / 1000

export const USERINFO_CONDITIONS = {
  EnsureContentTypeJson: ({ userinfo }) => assertMediaType(required(userinfo, 'userinfo'), 'application/json'),
  ExtractUserInfoFromUserInfoEndpointResponse: (env) => void claimsOf(env),
  EnsureUserInfoContainsSub: (env) => assert.match(textOf(claimsOf(env)['sub']), /./),
  ValidateUserInfoStandardClaims: (env) => {
    const kinds: Readonly<Record<string, Kind>> = Object.assign({}, ...Object.values(CLAIMS))
    const wrong = Object.entries(claimsOf(env)).filter(([name, value]) => !isRight(kinds[name], value))
    assert.deepEqual(wrong, [])
  },
  EnsureUserInfoUpdatedAtValid: (env) => {
    const { updated_at: at } = claimsOf(env)
    assert.ok(at === undefined || (Number.isInteger(at) && Number(at) > YEAR_1990 && Number(at) <= env.now / 1000))
  },
  // OpenID Connect Core §5.6.2: every claim stands in the answer itself.
  EnsureMemberValuesInClaimNameReferenceToMemberNamesInClaimSources: (env) =>
    assert.ok(!('_claim_names' in claimsOf(env)) && !('_claim_sources' in claimsOf(env))),
  VerifyUserInfoAndIdTokenInTokenEndpointSameSub: (env) =>
    assert.equal(claimsOf(env)['sub'], idTokenOf(env).claims['sub']),
  /** Every claim that the asked scopes stand for, as far as accounts have it, and none of another scope. */
  VerifyScopesReturnedInUserInfoClaims: (env) => {
    const expected = (env.request['scope'] ?? '').split(' ').flatMap((scope) => Object.keys(CLAIMS[scope] ?? {}))
    const asked = Object.keys(JSON.parse(env.request['claims'] ?? '{}').userinfo ?? {})
    const given = Object.keys(claimsOf(env))
    assert.deepEqual(
      expected.filter((claim) => !given.includes(claim)),
      [],
    )
    if (asked.length === 0) assert.deepEqual(given.toSorted(), expected.toSorted())
  },
  EnsureUserInfoContainsName: (env) => assert.match(textOf(claimsOf(env)['name']), /./),
  EnsureUserInfoDoesNotContainName: (env) => assert.ok(!('name' in claimsOf(env))),
  UserInfoEndpointWithAccessTokenInBodyNotSupported: ({ userinfo }) => assert.equal(userinfo?.status, 200),
} satisfies Conditions

function claimsOf({ userinfo }: Environment): Json {
  return jsonIn(userinfo, 'userinfo')
}

function isRight(kind: Kind | undefined, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string' && value !== ''
  return typeof value === kind
}
