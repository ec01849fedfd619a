// The number of apps of a user, and how long the setup key of a pending enrolment is shown.
import assert from 'node:assert/strict'

import { addConfirmedTotp } from '#domain/factors/totp/totp.service.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

test('an eleventh app is refused, and a replacement of one is not', async (t) => {
  const { server, ada } = await peopled(t)
  const ctx = server.operator()
  const { subject } = await rowOf(ada)
  for (let app = 2; app <= 10; app++) {
    assert.equal((await ada.asks('POST', '/users/me/totp')).status, 200, `app ${app} is refused`)
    const id = ctx.newId()
    const sealedSecret = ctx.keyring.seal(ctx.random(20), { purpose: 'totp-secret', subject, factorId: id })
    await addConfirmedTotp(ctx, { id, subject, sealedSecret, step: null })
  }
  assert.deepEqual(refusalIn(await ada.asks('POST', '/users/me/totp')), [409, 'totp.too_many'])
  const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
  assert.equal((await ada.asks('POST', '/users/me/totp', { replaces: totp[0]?.id })).status, 200)
})

leaveToTestAll()

test('a page that is opened again shows the same key for fifteen minutes, and then a new one', async (t) => {
  const { server, ada } = await peopled(t, { settings: { proof_lifetime: '1h' } })
  const browser = await signedInBrowser(ada)
  const keyOn = async (): Promise<string> => textIn((await browser.open('/account/security/app/new')).body, 'setup-key')
  const first = await keyOn()
  assert.match(first, /^[A-Z2-7]{32}$/)
  server.clock.pass(minutes(15) - 1)
  assert.equal(await keyOn(), first)
  server.clock.pass(1)
  assert.notEqual(await keyOn(), first)
})
