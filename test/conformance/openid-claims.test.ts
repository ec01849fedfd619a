// Modules of the OpenID Foundation’s Basic plan about claims, and about what a request wishes of pages.
import assert from 'node:assert/strict'

import { askUserinfo, requestOf, send, signIn, takeTokens } from '../support/openid/conformance/flow.ts'
import { type ModuleRun, ofModule } from '../support/openid/conformance/module-run.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

test(
  'oidcc-scope-email: the confirmed email comes from the userinfo endpoint, and nothing of it stands in the ID token',
  ofModule(async (module) => {
    module.took('SetScopeInClientConfigurationToOpenIdEmail')
    await signIn(module, { scope: 'openid email' })
    module.check('OIDCCCheckScopesSupportedContainScopeTest', 'EnsureUserInfoDoesNotContainName')
    module.check('EnsureIdTokenDoesNotContainName', 'EnsureIdTokenDoesNotContainEmailForScopeEmail')
    await checkUserinfo(module)
  }),
)

test(
  'oidcc-claims-essential: a name that is asked for as essential comes from the userinfo endpoint',
  ofModule(async (module) => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
    await signIn(module, { claims })
    module.check('OIDCCCheckScopesSupportedContainScopeTest')
    await checkUserinfo(module)
    module.check('EnsureUserInfoContainsName', 'EnsureIdTokenDoesNotContainName')
  }),
)

leaveToTestAll()

test(
  'oidcc-userinfo-get: the userinfo endpoint takes the token in a header of GET',
  ofModule((module) => asksForUser(module, 'GET')),
)

test(
  'oidcc-userinfo-post-header: the userinfo endpoint takes the token in a header of POST',
  ofModule((module) => {
    module.took('SetResourceMethodToPost')
    return asksForUser(module, 'POST')
  }),
)

test(
  'oidcc-userinfo-post-body: the userinfo endpoint takes the token in the body of a form',
  ofModule(async (module) => {
    module.took('CallUserInfoEndpointWithBearerTokenInBody')
    await asksForUser(module, 'body')
    module.check('UserInfoEndpointWithAccessTokenInBodyNotSupported')
  }),
)

test(
  'oidcc-scope-profile: every claim of the profile that accounts have comes from the userinfo endpoint',
  ofModule(async (module) => {
    module.took('SetScopeInClientConfigurationToOpenIdProfile')
    await signIn(module, { scope: 'openid profile' })
    module.check('OIDCCCheckScopesSupportedContainScopeTest', 'EnsureIdTokenDoesNotContainName')
    await checkUserinfo(module)
  }),
)

test(
  'oidcc-scope-address: an app that asks for a postal address signs a user in, and gets none',
  ofModule(async (module) => {
    module.took('SetScopeInClientConfigurationToOpenIdAddress')
    await signIn(module, { scope: 'openid address' })
    module.check('OIDCCCheckScopesSupportedContainScopeTest')
    await checkUserinfo(module)
  }),
)

test(
  'oidcc-scope-phone: an app that asks for a phone number signs a user in, and gets none',
  ofModule(async (module) => {
    module.took('SetScopeInClientConfigurationToOpenIdPhone')
    await signIn(module, { scope: 'openid phone' })
    module.check('OIDCCCheckScopesSupportedContainScopeTest')
    await checkUserinfo(module)
  }),
)

test(
  'oidcc-scope-all: an app that asks for all scopes of the standard gets what accounts have of them',
  ofModule(async (module) => {
    module.took('SetScopeInClientConfigurationToOpenIdEmailPhoneAddressProfile')
    await signIn(module, { scope: 'openid email phone address profile' })
    module.check('OIDCCCheckScopesSupportedContainScopeTest')
    await checkUserinfo(module)
  }),
)

test(
  'oidcc-alternate-happy-flow: another order of scopes and parameters changes nothing',
  ofModule(async (module) => {
    module.took('SetScopeInClientConfigurationToOpenIdEmail')
    module.took('BuildPlainRedirectToAuthorizationEndpointReorderedParams')
    const reversed = Object.fromEntries(Object.entries(requestOf(module, { scope: 'email openid' })).toReversed())
    await send(module, reversed)
    await takeTokens(module)
    module.check('OIDCCCheckScopesSupportedContainScopeTest', 'EnsureUserInfoDoesNotContainName')
    module.check('EnsureIdTokenDoesNotContainName', 'EnsureIdTokenDoesNotContainEmailForScopeEmail')
    await checkUserinfo(module)
  }),
)

test(
  'oidcc-display-page: a wish for a whole page is no error',
  ofModule((module) => signIn(module, { display: 'page' })),
)

test(
  'oidcc-display-popup: a wish for a small window is no error',
  ofModule((module) => signIn(module, { display: 'popup' })),
)

test(
  'oidcc-claims-locales: a wish for the language of claims is no error',
  ofModule((module) => signIn(module, { claims_locales: 'se' })),
)

test(
  'oidcc-login-hint: the hint fills in the name of the sign-in',
  ofModule(async (module) => {
    const page = await signInPage(module, { login_hint: 'ada' })
    assert.equal(page.field('Username or email').value, 'ada')
    await signIn(module, { login_hint: 'ada' })
  }),
)

test(
  'oidcc-ui-locales: the sign-in is in the first language that both sides have',
  ofModule(async (module) => {
    const page = await signInPage(module, { ui_locales: 'se de en' })
    assert.equal(page.language, 'de')
    await signIn(module, { ui_locales: 'se de en' })
  }),
)

async function asksForUser(module: ModuleRun, by: 'GET' | 'POST' | 'body'): Promise<void> {
  await signIn(module)
  await checkUserinfo(module, by)
  module.check('EnsureContentTypeJson')
}

async function checkUserinfo(module: ModuleRun, by: 'GET' | 'POST' | 'body' = 'GET'): Promise<void> {
  module.took('CallUserInfoEndpoint')
  await askUserinfo(module, by)
  module.check(
    'EnsureHttpStatusCodeIs200',
    'ExtractUserInfoFromUserInfoEndpointResponse',
    'ValidateUserInfoStandardClaims',
    'EnsureUserInfoContainsSub',
    'EnsureUserInfoUpdatedAtValid',
    'EnsureMemberValuesInClaimNameReferenceToMemberNamesInClaimSources',
    'VerifyUserInfoAndIdTokenInTokenEndpointSameSub',
    'VerifyScopesReturnedInUserInfoClaims',
  )
}

/** The page of the sign-in to which a request leads in a browser of its own. */
async function signInPage(module: ModuleRun, changed: Readonly<Record<string, string>>) {
  const browser = new Visitor(module.server)
  const query = new URLSearchParams(requestOf(module, changed))
  const { publicUrl } = module.server.doorward.config
  let at = new URL(`${publicUrl}/oidc/auth?${query}`)
  for (let hop = 0; hop < 3; hop++) {
    const answer = await browser.open(at.pathname + at.search)
    if (answer.statusCode === 200) return parsePage(answer)
    at = new URL(String(answer.headers.location), at)
  }
  return assert.fail(`the browser is not led to the sign-in: ${at}`)
}
