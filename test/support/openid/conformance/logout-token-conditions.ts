// Conditions about the logout token that an app is sent (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5).
import assert from 'node:assert/strict'

import type { LogoutToken } from '../logout-receiver.ts'
import { type Conditions, type Environment, idTokenOf, required } from './environment.ts'
import { assertSignedByKeyOf } from './id-token-conditions.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds. */
const RECENT = 60

export const LOGOUT_TOKEN_CONDITIONS = {
  ExtractLogoutTokenFromBackchannelLogoutRequest: (env) => assert.match(tokenOf(env).text, /^[\w-]+\.[\w-]+\.[\w-]+$/),
  CheckForUnexpectedParametersInBackchannelLogoutRequest: (env) =>
    assert.deepEqual(tokenOf(env).parameters, ['logout_token']),
  ValidateLogoutTokenSignature: (env) => {
    const { text, header } = tokenOf(env)
    assert.equal(header['alg'], env.app.client.idTokenAlg)
    assertSignedByKeyOf(env, { raw: text, header })
  },
  ValidateLogoutTokenClaims: (env) => {
    const { iss, aud, iat, exp, jti, events } = tokenOf(env).claims
    assert.equal(iss, env.issuer)
    assert.deepEqual([aud].flat(), [env.app.client.id])
    const now = env.now / 1000
    assert.ok(Number(iat) <= now && Number(iat) > now - RECENT && Number(exp) > now)
    assert.match(String(jti), /./)
    assert.deepEqual(events, { [EVENT]: {} })
  },
  CheckLogoutTokenNoNonce: (env) => assert.ok(!('nonce' in tokenOf(env).claims)),
  CheckLogoutTokenHasSubOrSid: (env) => {
    const [sent, signedIn] = [tokenOf(env).claims, idTokenOf(env).claims]
    assert.deepEqual([sent['sub'], sent['sid']], [signedIn['sub'], signedIn['sid']])
  },
} satisfies Conditions

function tokenOf({ logoutToken }: Environment): LogoutToken {
  return required(logoutToken, 'logout token')
}
