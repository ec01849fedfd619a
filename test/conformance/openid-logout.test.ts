// Modules of the OpenID Foundation’s plans about signing out at the wish of an app, and the one about the app that is notified of it.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'

import { lead, press } from '../support/openid/conformance/browser.ts'
import { type EvaluatedName, STEPS } from '../support/openid/conformance/coverage.ts'
import { metadataOf } from '../support/openid/conformance/environment.ts'
import { authorize, checkError, type Parameters, random, signIn } from '../support/openid/conformance/flow.ts'
import { type ModuleRun, ofModule } from '../support/openid/conformance/module-run.ts'
import { LOGOUT_URI } from '../support/openid/conformance/shared-server.ts'
import { notifyApps, startReceiver } from '../support/openid/logout-receiver.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** Comes after the browser is back at the app. */
const BACK_AT_APP = ['CheckErrorFromAuthorizationEndpointIsOneThatRequiredAUserInterface'] as const

test(
  'oidcc-rp-initiated-logout: the browser comes back to the app with the state, and nobody is signed in',
  ofModule(async (module) => {
    await signsOut(module)
    module.check('CheckPostLogoutState', 'CheckForUnexpectedParametersInPostLogoutRedirect')
    await checkSignedOut(module)
  }),
)

test(
  'oidcc-rp-initiated-logout-modified-id-token-hint: a hint without a signature is believed nothing',
  ofModule(
    async (module) => {
      module.took('ChangeIdTokenToAlgNone')
      await signsOut(module, (hint) => ({ id_token_hint: withoutSignature(hint) }))
      await checkNotBack(module, 'ExpectInvalidIdTokenHintErrorPage')
    },
    { after: BACK_AT_APP },
  ),
)

leaveToTestAll()

test(
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri: an address that is not registered gets a question, and no redirect',
  ofModule(
    async (module) => {
      module.took('AddBadPostLogoutRedirectUriToEndSessionEndpointRequest')
      await signsOut(module, () => ({ post_logout_redirect_uri: `${LOGOUT_URI}/${random()}` }))
      await checkNotBack(module, 'ExpectPostLogoutRedirectUriNotRegisteredErrorPage')
    },
    { after: BACK_AT_APP },
  ),
)

test(
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri: a registered address with a query added is not registered',
  ofModule(
    async (module) => {
      module.took('AddPostLogoutRedirectUriWithQueryAddedToEndSessionEndpointRequest')
      await signsOut(module, () => ({ post_logout_redirect_uri: `${LOGOUT_URI}?added=1` }))
      await checkNotBack(module, 'ExpectPostLogoutRedirectUriNotRegisteredErrorPage')
    },
    { after: BACK_AT_APP },
  ),
)

test(
  'oidcc-rp-initiated-logout-bad-id-token-hint: a hint that somebody else has signed is believed nothing',
  ofModule(
    async (module) => {
      module.took('GenerateJWKsFromClientSecret', 'GenerateFakeIdTokenClaims', 'SignFakeIdToken')
      await signsOut(module, (hint) => ({ id_token_hint: signedBySecret(hint, module.env.app.secret) }))
      await checkNotBack(module, 'ExpectInvalidIdTokenHintErrorPage')
    },
    { after: BACK_AT_APP },
  ),
)

test(
  'oidcc-rp-initiated-logout-no-id-token-hint: an address without a hint leads nowhere',
  ofModule(
    async (module) => {
      module.took('RemoveIdTokenHintFromEndSessionEndpointRequest')
      await signsOut(module, () => ({ id_token_hint: undefined }))
      await checkNotBack(module, 'ExpectIdTokenHintRequiredErrorPage')
    },
    { after: BACK_AT_APP },
  ),
)

test('oidcc-backchannel-rp-initiated-logout: the app gets a logout token for the session, and the browser comes back', async (t) => {
  const receiver = await startReceiver(t)
  const signsOutAtApp = ofModule(
    async (module) => {
      module.took(...STEPS['address for logout tokens'])
      await signsOut(module)
      module.check('CheckPostLogoutState', 'CheckForUnexpectedParametersInPostLogoutRedirect')
      await notifyApps(module.server)
      const [token, ...others] = receiver.received
      assert.deepEqual(others, [], 'one session has ended')
      assert.ok(token)
      module.env.logoutToken = token
      module.check(
        'ExtractLogoutTokenFromBackchannelLogoutRequest',
        'CheckForUnexpectedParametersInBackchannelLogoutRequest',
        'ValidateLogoutTokenSignature',
        'ValidateLogoutTokenClaims',
        'CheckLogoutTokenNoNonce',
        'CheckLogoutTokenHasSubOrSid',
      )
      await checkSignedOut(module)
    },
    { app: { backchannelUri: receiver.uri, backchannelSessionRequired: true } },
  )
  await signsOutAtApp(t)
})

test(
  'oidcc-rp-initiated-logout-no-state: the browser comes back to the app without a state',
  ofModule(async (module) => {
    module.took('RemoveStateFromEndSessionEndpointRequest')
    await signsOut(module, () => ({ state: undefined }))
    module.check('CheckNoPostLogoutState', 'CheckForUnexpectedParametersInPostLogoutRedirect')
    await checkSignedOut(module)
  }),
)

test(
  'oidcc-rp-initiated-logout-no-params: without any parameter the user is asked, and then signed out here',
  ofModule(async (module) => {
    module.took('RemoveAllParametersFromEndSessionEndpointRequest')
    await signsOut(module, () => ({ id_token_hint: undefined, post_logout_redirect_uri: undefined, state: undefined }))
    await checkSignedOutHere(module)
  }),
)

test(
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri: without an address the user is asked, and then signed out here',
  ofModule(async (module) => {
    module.took('RemovePostLogoutRedirectUriFromEndSessionEndpointRequest')
    await signsOut(module, () => ({ post_logout_redirect_uri: undefined }))
    await checkSignedOutHere(module)
  }),
)

test(
  'oidcc-rp-initiated-logout-only-state: with a state alone the user is asked, and then signed out here',
  ofModule(async (module) => {
    module.took('RemoveIdTokenHintFromEndSessionEndpointRequest')
    module.took('RemovePostLogoutRedirectUriFromEndSessionEndpointRequest')
    await signsOut(module, () => ({ id_token_hint: undefined, post_logout_redirect_uri: undefined }))
    await checkSignedOutHere(module)
  }),
)

/** Signs in to the app, and sends the browser to sign out with a request in which these parameters are different. */
async function signsOut(module: ModuleRun, change: (hint: string) => Parameters = () => ({})): Promise<void> {
  const { env } = module
  await signIn(module)
  module.took(...STEPS['request to sign out'])
  env.logoutState = random() + random()
  const hint = env.idToken?.raw ?? ''
  const usual = { id_token_hint: hint, post_logout_redirect_uri: LOGOUT_URI, state: env.logoutState }
  const url = new URL(String(metadataOf(env)['end_session_endpoint']))
  for (const [name, value] of Object.entries({ ...usual, ...change(hint) }))
    if (value !== undefined) url.searchParams.set(name, value)
  env.arrival = await lead(module, url)
  if (env.arrival.at === 'app') assert.equal(env.arrival.url.href.split('?')[0], LOGOUT_URI)
}

/** The user is asked; whoever presses the button is signed out, and does not come to the app. */
async function checkNotBack(module: ModuleRun, condition: EvaluatedName): Promise<void> {
  module.check(condition)
  await press(module)
  module.check('ExpectSuccessfulLogoutPage')
}

async function checkSignedOutHere(module: ModuleRun): Promise<void> {
  assert.equal(module.env.arrival?.at, 'page')
  await press(module)
  module.check('ExpectSuccessfulLogoutPage')
  await checkSignedOut(module)
}

async function checkSignedOut(module: ModuleRun): Promise<void> {
  await authorize(module, { prompt: 'none' })
  checkError(module)
  module.check('CheckErrorFromAuthorizationEndpointIsOneThatRequiredAUserInterface')
}

function withoutSignature(token: string): string {
  const [, claims = ''] = token.split('.')
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`
}

/** The same claims, signed with the secret of the app as a symmetric key. */
function signedBySecret(token: string, secret: string): string {
  const [, claims = ''] = token.split('.')
  const signed = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${claims}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
