// Modules of the OpenID Foundation’s Basic plan about when and how the user was authenticated.
import assert from 'node:assert/strict'

import { seconds } from '#foundation/kernel/time.ts'
import { errorIn } from '../support/openid/conformance/authorization-conditions.ts'
import { metadataOf } from '../support/openid/conformance/environment.ts'
import { authorize, checkError, type Parameters, signIn, takeTokens } from '../support/openid/conformance/flow.ts'
import { type ModuleRun, ofModule } from '../support/openid/conformance/module-run.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

test(
  'oidcc-prompt-login: somebody who is signed in authenticates again, and the second ID token is of a later time',
  ofModule(async (module) => {
    await signIn(module)
    module.clock.pass(seconds(1))
    module.took('WaitForOneSecond')
    await signIn(module, { prompt: 'login' })
    module.check('ExpectSecondLoginPage', 'CheckSecondIdTokenAuthTimeIsLaterIfPresent')
  }),
)

test(
  'oidcc-prompt-none-not-logged-in: without a session the app is told so, and no page is shown',
  ofModule(async (module) => {
    await authorize(module, { prompt: 'none' })
    checkError(module)
    module.check('CheckErrorFromAuthorizationEndpointIsOneThatRequiredAUserInterface')
    assert.equal(errorIn(module.env), 'login_required')
    assert.deepEqual(module.env.forms, [])
  }),
)

test(
  'oidcc-max-age-1: an authentication that is older than a second is asked for again',
  ofModule(async (module) => {
    await signIn(module)
    module.clock.pass(seconds(2))
    module.took('WaitFor2Seconds')
    await signIn(module, { max_age: '1' })
    module.check('ExpectSecondLoginPage', 'CheckSecondIdTokenAuthTimeIsLaterIfPresent')
    module.check('CheckIdTokenAuthTimeClaimPresentDueToMaxAge', 'CheckIdTokenAuthTimeIsRecentIfPresent')
  }),
)

leaveToTestAll()

test(
  'oidcc-prompt-none-logged-in: with a session the app gets a code without any page, for the same person and time',
  ofModule((module) => signInTwice(module, { prompt: 'none' })),
)

test(
  'oidcc-max-age-10000: an authentication that is recent enough is not asked for again',
  ofModule(async (module) => {
    await signInTwice(module, { max_age: '10000' })
    module.check('CheckIdTokenAuthTimeClaimPresentDueToMaxAge')
  }),
)

test(
  'oidcc-id-token-hint: a hint of the person who is signed in gives a code without any page',
  ofModule(async (module) => {
    await signIn(module)
    const hint = module.env.idToken?.raw
    await again(module, { prompt: 'none', id_token_hint: hint })
  }),
)

test(
  'oidcc-ensure-request-with-acr-values-succeeds: of the advertised values the one that was reached stands in the ID token',
  ofModule(async (module) => {
    await authorize(module)
    const offered = metadataOf(module.env)['acr_values_supported'] as string[]
    await signIn(module, { acr_values: offered.join(' ') })
    module.check('ValidateIdTokenACRClaimAgainstAcrValuesRequest')
  }),
)

async function signInTwice(module: ModuleRun, changed: Parameters): Promise<void> {
  await signIn(module)
  await again(module, changed)
}

/** A second authorization in the same browser, which shows no page. */
async function again(module: ModuleRun, changed: Parameters): Promise<void> {
  module.clock.pass(seconds(5))
  await authorize(module, changed)
  assert.deepEqual(module.env.forms, [])
  await takeTokens(module)
  module.check('CheckIdTokenAuthTimeClaimsSameIfPresent', 'CheckIdTokenSubConsistentForSecondAuthorization')
}
