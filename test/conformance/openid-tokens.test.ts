// Modules of the OpenID Foundation’s Basic plan about codes that are used twice, and refresh tokens.
import assert from 'node:assert/strict'

import { seconds } from '#foundation/kernel/time.ts'
import { required } from '../support/openid/conformance/environment.ts'
import {
  answered,
  askForTokens,
  askUserinfo,
  checkIdToken,
  exchange,
  signIn,
} from '../support/openid/conformance/flow.ts'
import { type ModuleRun, ofModule } from '../support/openid/conformance/module-run.ts'
import { appOf, LOGOUT_URI } from '../support/openid/conformance/shared-server.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

test(
  'oidcc-codereuse: the second use of a code at once is refused, and the first access token is dead',
  ofModule(async (module) => {
    await useCodeTwice(module)
  }),
)

test(
  'oidcc-refresh-token: a refresh token works for its own app, and not for another one',
  ofModule(
    async (module) => {
      const { env } = module
      const other = await appOf(module.server, { redirectUris: ['https://other.example/cb?dummy1=lorem&dummy2=ipsum'] })
      module.took('SetScopeInClientConfigurationToOpenIdOfflineAccessIfServerSupportsOfflineAccess')
      module.took('SetScopeInClientConfigurationToOpenIdOfflineAccess')
      await signIn(module, { scope: 'openid offline_access', prompt: 'consent' })
      await refreshes(module)
      const first = env.app
      module.took('GetStaticClient2Configuration')
      env.app = other
      await signIn(module)
      await refreshes(module)
      const { refresh_token: token } = answered(module)
      env.app = first
      env.tokens = await askForTokens(module, { grant_type: 'refresh_token', refresh_token: String(token) })
      checkInvalidGrant(module)
    },
    { app: { scopes: ['openid', 'offline_access'], logoutUris: [LOGOUT_URI], trusted: false } },
  ),
)

leaveToTestAll()

test(
  'oidcc-codereuse-30seconds: half a minute later the second use of a code is refused, and the first access token is dead',
  ofModule(async (module) => {
    await useCodeTwice(module, () => {
      module.clock.pass(seconds(30))
      module.took('WaitFor30Seconds')
    })
  }),
)

async function useCodeTwice(module: ModuleRun, inBetween: () => void = () => undefined): Promise<void> {
  const { env } = module
  await signIn(module)
  const { tokens } = env
  inBetween()
  await exchange(module)
  module.took('CallTokenEndpointAndReturnFullResponse')
  checkInvalidGrant(module)
  module.check('ServerAllowedReusingAuthorizationCode')
  env.tokens = required(tokens, 'first answer')
  await askUserinfo(module)
  module.check('EnsureHttpStatusCodeIs4xx')
}

function checkInvalidGrant(module: ModuleRun): void {
  module.check(
    'CheckTokenEndpointHttpStatus400',
    'CheckTokenEndpointReturnedJsonContentType',
    'CheckErrorFromTokenEndpointResponseErrorInvalidGrant',
    'ValidateErrorFromTokenEndpointResponseError',
    'CheckErrorDescriptionFromTokenEndpointResponseErrorContainsCRLFTAB',
    'ValidateErrorDescriptionFromTokenEndpointResponseError',
    'ValidateErrorUriFromTokenEndpointResponseError',
  )
}

/** Refreshes the tokens of the last answer; their ID token is compared with the first one. */
async function refreshes(module: ModuleRun): Promise<void> {
  const { env } = module
  module.check('ExtractRefreshTokenFromTokenResponse', 'EnsureServerConfigurationSupportsRefreshToken')
  module.check('EnsureRefreshTokenContainsAllowedCharactersOnly')
  const { access_token: before, refresh_token: token } = answered(module)
  module.clock.pass(seconds(1))
  env.tokens = await askForTokens(module, { grant_type: 'refresh_token', refresh_token: String(token) })
  module.check('CheckTokenEndpointHttpStatus200', 'CheckTokenEndpointReturnedJsonContentType')
  module.check('CheckTokenEndpointCacheHeaders', 'CheckTokenTypeIsBearer', 'ExtractAccessTokenFromTokenResponse')
  module.check('ExtractExpiresInFromTokenEndpointResponse', 'EnsureRefreshTokenContainsAllowedCharactersOnly')
  assert.notEqual(answered(module)['access_token'], before)
  assert.notEqual(answered(module)['refresh_token'], token)
  checkIdToken(module)
  module.check('CompareIdTokenClaims')
  await askUserinfo(module)
  module.check('EnsureHttpStatusCodeIs200')
}
