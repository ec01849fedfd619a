// Conditions about what the browser brings back to the app from the authorization endpoint, or the page on which it stays.
import assert from 'node:assert/strict'

import { callbackOf, type Conditions, type Environment, pageOf } from './environment.ts'

/** The errors of a request that needs its user, where it must not ask (OpenID Connect Core §3.1.2.6). */
const NEEDS_USER = ['interaction_required', 'login_required', 'account_selection_required', 'consent_required']
const PARAMETERS_OF_ERROR = ['error', 'error_description', 'error_uri', 'state', 'iss']
/** RFC 6749 appendix A.7 and A.8. */
export const ERROR_TEXT = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/
/** RFC 6749 §10.10: an attacker guesses a value with a probability of 2^-128 at most. */
const LEAST_BITS = 128
const BITS_OF_CHARACTER = 6

export const AUTHORIZATION_CONDITIONS = {
  CheckMatchingCallbackParameters: (env) => {
    const registered = new URL(env.request['redirect_uri'] ?? '')
    for (const [name, value] of registered.searchParams) assert.equal(callbackOf(env).get(name), value)
  },
  ValidateIssIfPresentInAuthorizationResponse: (env) => assert.deepEqual(callbackOf(env).getAll('iss'), [env.issuer]),
  CheckIfAuthorizationEndpointError: (env) =>
    assert.equal(callbackOf(env).get('error'), null, callbackOf(env).toString()),
  CheckStateInAuthorizationResponse: (env) =>
    assert.deepEqual(callbackOf(env).getAll('state'), env.request['state'] === undefined ? [] : [env.request['state']]),
  ExtractAuthorizationCodeFromAuthorizationResponse: (env) => assert.equal(callbackOf(env).getAll('code').length, 1),
  EnsureMinimumAuthorizationCodeLength: (env) => {
    const [, random = ''] = /^(?:[a-z]+_)?([\w-]+)$/.exec(callbackOf(env).get('code') ?? '') ?? []
    assert.ok(random.length * BITS_OF_CHARACTER >= LEAST_BITS, `${random.length} characters`)
  },
  EnsureMinimumAuthorizationCodeEntropy: (env) => {
    const entropy = shannonEntropy(callbackOf(env).get('code') ?? '')
    assert.ok(entropy >= LEAST_BITS, `${entropy} bits`)
  },
  ExpectRedirectUriHasBeenCalled: (env) => {
    const { origin, pathname } = new URL(env.request['redirect_uri'] ?? '')
    assert.ok(env.arrival?.at === 'app')
    assert.equal(env.arrival.url.origin + env.arrival.url.pathname, origin + pathname)
  },
  ExpectSecondLoginPage: ({ forms }) => assert.deepEqual(forms, ['/confirm']),

  EnsureErrorFromAuthorizationEndpointResponse: (env) => assert.match(errorIn(env), ERROR_TEXT),
  RejectAuthCodeInAuthorizationEndpointResponse: (env) => assert.equal(callbackOf(env).has('code'), false),
  CheckForUnexpectedParametersInErrorResponseFromAuthorizationEndpoint: (env) =>
    assert.deepEqual(
      [...callbackOf(env).keys()].filter((name) => !PARAMETERS_OF_ERROR.includes(name)),
      [],
    ),
  CheckErrorDescriptionFromAuthorizationEndpointResponseErrorContainsCRLFTAB: (env) =>
    assert.doesNotMatch(callbackOf(env).get('error_description') ?? '', /[\r\n\t]/),
  ValidateErrorDescriptionFromAuthorizationEndpointResponseError: (env) =>
    assert.match(callbackOf(env).get('error_description') ?? 'none', ERROR_TEXT),
  ValidateErrorUriFromAuthorizationEndpointResponseError: (env) => {
    const uri = callbackOf(env).get('error_uri')
    assert.ok(uri === null || URL.canParse(uri), String(uri))
  },
  CheckErrorFromAuthorizationEndpointErrorInvalidRequestOrUnsupportedResponseType: (env) =>
    assert.ok(['invalid_request', 'unsupported_response_type'].includes(errorIn(env)), errorIn(env)),
  CheckErrorFromAuthorizationEndpointIsOneThatRequiredAUserInterface: (env) =>
    assert.ok(NEEDS_USER.includes(errorIn(env)), errorIn(env)),

  ExpectRedirectUriErrorPage: (env) => assertErrorPage(env),
  EnsureOPDoesNotUseDefaultRedirectUriInCaseOfInvalidRedirectUri: (env) => assert.equal(env.arrival?.at, 'page'),
} satisfies Conditions

export function errorIn(env: Environment): string {
  return callbackOf(env).get('error') ?? ''
}

/** The browser stays on a page of the server that says what is wrong, and nothing on it leads to the app. */
function assertErrorPage(env: Environment): void {
  const { status, text } = pageOf(env)
  assert.equal(status, 400)
  assert.doesNotMatch(text, /http-equiv="refresh"|href="https:\/\/app\./)
}

/** Bits, estimated by the frequency of the characters of one value; a lower bound for long random ones. */
function shannonEntropy(text: string): number {
  const counts = [...Map.groupBy(text, (character) => character).values()].map(({ length }) => length)
  return -counts.reduce((sum, count) => sum + count * Math.log2(count / text.length), 0)
}
