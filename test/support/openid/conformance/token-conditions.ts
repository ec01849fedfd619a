// Conditions about the answers of the token endpoint (RFC 6749 §5; OpenID Connect Core §3.1.3), and of the resource that takes its token.
import assert from 'node:assert/strict'

import { ERROR_TEXT } from './authorization-conditions.ts'
import {
  assertMediaType,
  type Conditions,
  type Environment,
  type Json,
  jsonIn,
  required,
  type Received,
  textOf,
} from './environment.ts'

/** RFC 6749 appendix A.12 and A.17: the characters of access and refresh tokens. */
const TOKEN = /^[\x20-\x7e]+$/
const LONGEST_LIFE = 3600

export const TOKEN_CONDITIONS = {
  CheckTokenEndpointHttpStatus200: ({ tokens }) => assertStatus(tokens, 200),
  CheckIfTokenEndpointResponseError: (env) => assert.equal(answerOf(env)['error'], undefined),
  CheckForAccessTokenValue: (env) => assert.equal(typeof answerOf(env)['access_token'], 'string'),
  ExtractAccessTokenFromTokenResponse: (env) => assert.match(textOf(answerOf(env)['access_token']), TOKEN),
  ExtractExpiresInFromTokenEndpointResponse: (env) => {
    const life = Number(answerOf(env)['expires_in'])
    assert.ok(Number.isInteger(life) && life > 0 && life <= LONGEST_LIFE, `${life} s`)
  },
  CheckTokenTypeIsBearer: (env) => assert.equal(textOf(answerOf(env)['token_type']).toLowerCase(), 'bearer'),
  CheckTokenEndpointCacheHeaders: ({ tokens }) =>
    assert.match(String(tokens?.headers['cache-control']), /\bno-store\b/),
  CheckForRefreshTokenValue: (env) => assert.equal(typeof answerOf(env)['refresh_token'], 'string'),
  ExtractRefreshTokenFromTokenResponse: (env) => assert.equal(typeof answerOf(env)['refresh_token'], 'string'),
  EnsureRefreshTokenContainsAllowedCharactersOnly: (env) => assert.match(textOf(answerOf(env)['refresh_token']), TOKEN),

  CheckTokenEndpointHttpStatus400: ({ tokens }) => assertStatus(tokens, 400),
  CheckTokenEndpointReturnedJsonContentType: ({ tokens }) =>
    assertMediaType(required(tokens, 'answer'), 'application/json'),
  CheckErrorFromTokenEndpointResponseErrorInvalidGrant: (env) => assert.equal(answerOf(env)['error'], 'invalid_grant'),
  ValidateErrorFromTokenEndpointResponseError: (env) => assert.match(textOf(answerOf(env)['error']), ERROR_TEXT),
  CheckErrorDescriptionFromTokenEndpointResponseErrorContainsCRLFTAB: (env) =>
    assert.doesNotMatch(textOf(answerOf(env)['error_description']), /[\r\n\t]/),
  ValidateErrorDescriptionFromTokenEndpointResponseError: (env) =>
    assert.match(textOf(answerOf(env)['error_description'] ?? 'none'), ERROR_TEXT),
  ValidateErrorUriFromTokenEndpointResponseError: (env) => {
    const uri = answerOf(env)['error_uri']
    assert.ok(uri === undefined || URL.canParse(textOf(uri)))
  },
  ServerAllowedReusingAuthorizationCode: (env) => assert.equal(answerOf(env)['access_token'], undefined),

  EnsureHttpStatusCodeIs200: ({ userinfo }) => assertStatus(userinfo, 200),
  // RFC 6750 §3.1: the answer says that it is the token.
  EnsureHttpStatusCodeIs4xx: ({ userinfo }) => {
    assert.equal(userinfo?.status, 401)
    assert.match(String(userinfo.headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
  },
} satisfies Conditions

function assertStatus(received: Received | undefined, expected: number): void {
  const { status, text } = required(received, 'answer')
  assert.equal(status, expected, text)
}

function answerOf({ tokens }: Environment): Json {
  return jsonIn(tokens, 'answer of the token endpoint')
}
