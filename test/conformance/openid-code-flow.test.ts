// Modules of the OpenID Foundation’s Basic plan about the code flow and its requests.
import assert from 'node:assert/strict'
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client'

import { errorIn } from '../support/openid/conformance/authorization-conditions.ts'
import { lead } from '../support/openid/conformance/browser.ts'
import { metadataOf, pageOf } from '../support/openid/conformance/environment.ts'
import {
  authorize,
  checkError,
  configure,
  random,
  requestOf,
  send,
  signIn,
  takeTokens,
} from '../support/openid/conformance/flow.ts'
import { ofModule } from '../support/openid/conformance/module-run.ts'
import { REDIRECT_URI } from '../support/openid/conformance/shared-server.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

test(
  'oidcc-server: an app with a secret signs a user in by the code flow',
  ofModule(async (module) => {
    await signIn(module)
    module.check(
      'ExtractAtHash',
      'ExtractCHash',
      'ExtractExpiresInFromTokenEndpointResponse',
      'EnsureIdTokenDoesNotContainName',
      'EnsureIdTokenDoesNotContainNonRequestedClaims',
      'EnsureMinimumAuthorizationCodeLength',
      'EnsureMinimumAuthorizationCodeEntropy',
    )
  }),
)

test(
  'oidcc-idtoken-signature: an app whose row says RS256 gets that, with the kid of a published key',
  ofModule(async (module) => {
    await signIn(module)
    module.check('EnsureIdTokenContainsKid', 'EnsureIdTokenSignatureIsRS256')
  }),
)

test(
  'oidcc-ensure-registered-redirect-uri: a redirect URI that is not registered gets an error page, and no redirect',
  ofModule(async (module) => {
    module.took('CreateBadRedirectUriByAppending')
    await authorize(module, { redirect_uri: `${REDIRECT_URI}/${random()}` })
    module.check('ExpectRedirectUriErrorPage')
    assert.deepEqual(module.env.forms, [], 'somebody was asked to sign in')
  }),
)

test(
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: a request object is refused at the app, and never ignored',
  ofModule(async (module) => {
    const request = requestOf(module)
    await configure(module)
    module.took('ConvertAuthorizationEndpointRequestToRequestObject', 'SerializeRequestObjectWithNullAlgorithm')
    module.took('BuildRequestObjectByValueRedirectToAuthorizationEndpoint')
    await send(module, { ...withoutState(request), request: unsignedObject(request) })
    assert.equal(errorIn(module.env), 'request_not_supported')
    checkError(module)
    module.check('CheckDiscEndpointRequestParameterSupported')
  }),
)

leaveToTestAll()

test(
  'oidcc-response-type-missing: a request without a response type is refused at the app',
  ofModule(async (module) => {
    await authorize(module, { response_type: undefined })
    checkError(module)
    module.check('CheckErrorFromAuthorizationEndpointErrorInvalidRequestOrUnsupportedResponseType')
  }),
)

test(
  'oidcc-idtoken-unsigned: discovery does not list unsigned ID tokens, and none is unsigned',
  ofModule(async (module) => {
    await signIn(module)
    module.check('OIDCCCheckIdTokenSigningAlgValuesSupportedAlgNone', 'CheckIdTokenSignatureAlgorithm')
  }),
)

test(
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow: a request without a nonce gets a code, and an ID token without one',
  ofModule(async (module) => {
    await signIn(module, { nonce: undefined })
    assert.ok(!('nonce' in (module.env.idToken?.claims ?? {})))
  }),
)

test(
  'oidcc-ensure-request-with-unknown-parameter-succeeds: a parameter that no standard knows is ignored',
  ofModule(async (module) => {
    await signIn(module, { extra: 'foobar' })
  }),
)

test(
  'oidcc-ensure-post-request-succeeds: a request by POST reaches the app',
  ofModule(async (module) => {
    const request = requestOf(module)
    await configure(module)
    const { env, browser } = module
    const { pathname } = new URL(String(metadataOf(env)['authorization_endpoint']))
    const answer = await browser.submit(pathname, request, { origin: 'https://app.example' })
    assert.equal(answer.statusCode, 303)
    env.request = request
    env.arrival = await lead(module, new URL(String(answer.headers.location), env.issuer))
    module.check('ExpectRedirectUriHasBeenCalled')
    await takeTokens(module)
  }),
)

test(
  'oidcc-server-client-secret-post: an app sends its secret in the body',
  ofModule(
    async (module) => {
      await signIn(module)
      assert.ok(module.covered.has('AddFormBasedClientSecretToRequest'))
    },
    { app: { authMethod: 'client_secret_post' } },
  ),
)

test(
  'oidcc-ensure-request-with-valid-pkce-succeeds: an app whose row requires PKCE signs a user in with S256, and is refused without',
  ofModule(
    async (module) => {
      const verifier = randomPKCECodeVerifier()
      const challenge = { code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }
      module.took('AddCodeVerifierToTokenEndpointRequest')
      await signIn(module, challenge, { code_verifier: verifier })
      await authorize(module)
      assert.equal(errorIn(module.env), 'invalid_request')
    },
    { app: { requirePkce: true } },
  ),
)

test(
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: a request URI is refused at the app, and nothing is fetched',
  ofModule(async (module) => {
    const request = requestOf(module)
    await configure(module)
    module.took('ConvertAuthorizationEndpointRequestToRequestObject', 'SerializeRequestObjectWithNullAlgorithm')
    module.took('CreateRandomRequestUriWithFragment', 'BuildRequestObjectByReferenceRedirectToAuthorizationEndpoint')
    const uri = `https://app.example/request/${random()}#${random()}`
    await send(module, { ...withoutState(request), request_uri: uri })
    assert.equal(errorIn(module.env), 'request_uri_not_supported')
    checkError(module)
    module.check('CheckDiscEndpointRequestUriParameterSupported')
  }),
)

test(
  'oidcc-ensure-request-object-with-redirect-uri: of two redirect URIs, a wrong one beside the request object gets the error page',
  ofModule(async (module) => {
    const request = requestOf(module)
    await configure(module)
    module.took('ConvertAuthorizationEndpointRequestToRequestObject', 'SerializeRequestObjectWithNullAlgorithm')
    module.took('BuildRequestObjectByValueRedirectToAuthorizationEndpoint')
    const wrong = `https://app.example/${random()}`
    await send(module, { ...withoutState(request), redirect_uri: wrong, request: unsignedObject(request) })
    module.check('ExpectRedirectUriErrorPage', 'EnsureOPDoesNotUseDefaultRedirectUriInCaseOfInvalidRedirectUri')
    module.check('CheckDiscEndpointRequestParameterSupported')
    assert.equal(pageOf(module.env).headers['location'], undefined)
  }),
)

/** The suite sends the state and the nonce in the request object only. */
function withoutState({ state: _, nonce: __, ...request }: Readonly<Record<string, string>>): Record<string, string> {
  return request
}

/** A request object with `alg: none` (OpenID Connect Core §6.1). */
function unsignedObject(request: Readonly<Record<string, string>>): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(request)}.`
}
