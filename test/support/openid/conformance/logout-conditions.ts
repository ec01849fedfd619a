// Conditions about signing out at the wish of an app (OpenID Connect RP-Initiated Logout 1.0 §2, §3).
import assert from 'node:assert/strict'

import { callbackOf, type Conditions, type Environment, pageOf } from './environment.ts'

export const LOGOUT_CONDITIONS = {
  CheckPostLogoutState: (env) => assert.deepEqual(callbackOf(env).getAll('state'), [env.logoutState]),
  CheckNoPostLogoutState: (env) => assert.equal(callbackOf(env).has('state'), false),
  CheckForUnexpectedParametersInPostLogoutRedirect: (env) =>
    assert.deepEqual(
      [...callbackOf(env).keys()].filter((name) => name !== 'state'),
      [],
    ),
  ExpectPostLogoutRedirectUriNotRegisteredErrorPage: assertQuestion,
  ExpectInvalidIdTokenHintErrorPage: assertQuestion,
  ExpectIdTokenHintRequiredErrorPage: assertQuestion,
  ExpectSuccessfulLogoutPage: (env) => {
    const { status } = pageOf(env)
    assert.deepEqual([env.arrival?.at === 'page' && env.arrival.path, status], ['/sign-out', 200])
  },
} satisfies Conditions

/** The user is asked whether to sign out, and nothing on the page leads to the app. */
function assertQuestion(env: Environment): void {
  const { status, text } = pageOf(env)
  assert.equal(status, 200)
  assert.match(text, /action="\/oidc\/session\/end\/confirm\?/)
  assert.doesNotMatch(text, /http-equiv="refresh"|href="https:\/\/app\./)
}
