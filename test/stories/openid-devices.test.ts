// A device without a browser signs its user in to an app by a code (RFC 8628), with a certified client library.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { registerApp } from '../support/openid/apps.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'

onEitherDatabase(
  'a device signs its user in by the code that they type, and stays so with the session',
  async (t, dialect) => {
    const { server, admin, visitor } = await visitorScene(t, { dialect })
    const clock = shareClock(t, server)
    const { config } = await registerApp(server, { name: 'Player', deviceSignIn: true, redirectUris: [] })
    const asked = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile' })
    const { user_code: code, verification_uri_complete: complete = '', ...rest } = asked
    assert.match(code, /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/)
    assert.deepEqual(
      { ...rest, device_code: '' },
      { device_code: '', verification_uri: 'http://localhost:8000/device', expires_in: 600, interval: 5 },
    )
    const poll = () =>
      oidc.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:device_code', {
        device_code: asked.device_code,
      })
    await assert.rejects(poll(), { error: 'authorization_pending' })

    // The URL with the code leads to the sign-in, and from there to a field that is filled in.
    const { pathname, search } = new URL(complete)
    const field = `/oidc/device?user_code=${code}`
    assertLeadsTo(await visitor.open(pathname + search), field)
    assertLeadsTo(await visitor.open(field), `/sign-in?next=${encodeURIComponent(field)}`)
    await signsIn(visitor, admin)
    assert.match((await visitor.open(field)).body, new RegExp(`value="${code}"`))
    const typed = code.replace('-', ' ').toLowerCase()
    const question = await visitor.submit('/oidc/device', { user_code: typed })
    assert.equal(question.statusCode, 200, question.body)
    assert.match(question.body, /Sign in to .*Player.* on a device/)
    clock.pass(seconds(5))
    await assert.rejects(poll(), { error: 'authorization_pending' }, 'it was approved by typing the code')
    const revision = /name="revision" value="(\d+)"/.exec(question.body)?.[1] ?? ''
    const done = await visitor.submit('/oidc/device/allow', { user_code: code, revision })
    assert.match(done.body, /The device is signed in/)

    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...asked, interval: 0 })
    const claims = tokens.claims()
    assert.equal(claims?.['acr'], 'urn:doorward:two-factors')
    assert.deepEqual(claims?.['amr'], ['pwd', 'otp', 'mfa'])
    const info = await oidc.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
    assert.equal(info.preferred_username, admin.username)
    await assert.rejects(poll(), { error: 'invalid_grant' }, 'a second use')
  },
)

onEitherDatabase(
  'a device lives as long as the session that allowed it, or longer where it asked for that',
  async (t, dialect) => {
    const { server, admin, visitor } = await visitorScene(t, { dialect })
    const clock = shareClock(t, server)
    await signsIn(visitor, admin)
    const { config } = await registerApp(server, {
      name: 'Player',
      deviceSignIn: true,
      scopes: ['openid', 'profile', 'offline_access'],
    })
    const signIn = async (scope: string) => {
      const asked = await oidc.initiateDeviceAuthorization(config, { scope })
      const question = await visitor.submit('/oidc/device', { user_code: asked.user_code })
      const revision = /name="revision" value="(\d+)"/.exec(question.body)?.[1] ?? ''
      await visitor.submit('/oidc/device/allow', { user_code: asked.user_code, revision })
      const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...asked, interval: 0 })
      return { page: question.body, token: tokens.refresh_token ?? '' }
    }
    const [bound, offline] = [await signIn('openid profile'), await signIn('openid offline_access')]
    assert.match(bound.page, /Until you sign out in this browser, at the latest until/)
    assert.match(offline.page, /even if you sign out here/)
    // Time without a request ends the session here, not the device.
    clock.pass(hours(2))
    const next = await oidc.refreshTokenGrant(config, bound.token)
    clock.pass(minutes(1))
    await signsIn(visitor, admin)
    await visitor.submit('/sign-out', {})
    await assert.rejects(oidc.refreshTokenGrant(config, next.refresh_token ?? ''), { error: 'invalid_grant' })
    assert.ok((await oidc.refreshTokenGrant(config, offline.token)).access_token)
  },
)
