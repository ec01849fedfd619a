// A thief who changes password and factors first cannot keep an account from the person whom the notices reach.
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  type MailedPeople,
  newDeviceLink,
  reportsNotMe,
  signsInByStep,
  startWithMail,
  tokenOf,
  validCredentials,
} from '../support/mail/mailed-people.ts'
import { ask } from '../support/people/people.ts'
import { giveRecoveryCodes, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const STOLEN = 'a kettle full of stars'

/** Takes the account over from a stolen session: another password, the thief's app, new recovery codes. */
async function takesOver({ ada }: MailedPeople): Promise<void> {
  const changed = await ada.asks('PUT', '/users/me/password', { current: ada.password, new: STOLEN })
  assert.equal(changed.status, 200, changed.raw.body)
  ada.password = STOLEN
  const begun = await ada.asks('POST', '/users/me/totp')
  const thief = new Authenticator(String(begun.body['secret']))
  const url = `/users/me/totp/${String(begun.body['id'])}/confirm`
  assert.equal((await ada.asks('POST', url, { code: thief.code(ada.server.clock.now()) })).status, 200)
  ada.server.clock.pass(60_000)
  ada.authenticator = thief
  assert.equal((await ada.asks('POST', '/users/me/recovery-codes')).status, 200)
}

/** Tries every way through a review; returns the error codes. */
async function triesReview({ server, ada }: MailedPeople): Promise<unknown[]> {
  const [recovery = ''] = await giveRecoveryCodes(ada)
  const attempt = await opensAttempt({ server, username: 'ada', password: ada.password })
  const byCode = await provesSecondStep(server, attempt, ['recovery-code', recovery])
  const byApp = await signsInByStep(ada)
  const answers = []
  for (const held of [byCode, byApp]) {
    assert.equal(held.body['stage'], 'review', held.raw.body)
    const payload = { attempt: held.body['attempt'], password: 'seven other quiet words' }
    answers.push(refusalIn(await ask(server, 'POST', '/attempts/review', { payload }))[1])
  }
  return answers
}

onEitherDatabase(
  'a thief who changed password and factors first is stopped by the earlier link',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada, root } = people
    const link = await newDeviceLink(people)
    await takesOver(people)
    const { subject } = await rowOf(ada)
    assert.ok((await validCredentials(server, subject)) > 0)
    const reported = await reportsNotMe(server, link)
    assert.deepEqual([reported.status, reported.body], [200, { lifted_by: 'admin' }])
    assert.equal(await validCredentials(server, subject), 0)
    assert.deepEqual(await triesReview(people), ['account.review_by_admin', 'account.review_by_admin'])
    await root.signsIn()
    assert.equal((await root.asks('POST', `/users/${(await rowOf(ada)).id}/review/lift`)).status, 200)
    assert.equal((await signsInByStep(ada)).body['stage'], 'complete')
  },
)

leaveToTestAll()

onEitherDatabase('a link ends by use, by its deadline and by deletion of the user only', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada, root } = people
  const used = await newDeviceLink(people)
  const late = await newDeviceLink(people)
  const deleted = await newDeviceLink(people)
  assert.equal((await reportsNotMe(server, used)).status, 200)
  assert.deepEqual(refusalIn(await reportsNotMe(server, used)), [404, 'link.used'])
  assert.equal((await ask(server, 'POST', '/notices/read', { payload: { token: tokenOf(late) } })).status, 200)
  server.clock.pass(days(7))
  assert.deepEqual(refusalIn(await reportsNotMe(server, late)), [404, 'link.expired'])
  server.clock.pass(-days(1))
  await root.signsIn()
  assert.equal((await root.asks('DELETE', `/users/${(await rowOf(ada)).id}`)).status, 204)
  assert.deepEqual(refusalIn(await reportsNotMe(server, deleted)), [404, 'link.unknown'])
})

onEitherDatabase('an attempt from before the report starts no session', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  const link = await newDeviceLink(people)
  const attempt = await opensAttempt({ server, username: 'ada', password: ada.password })
  await reportsNotMe(server, link)
  assert.deepEqual(refusalIn(await provesSecondStep(server, attempt, ['totp', ada.code()])), [401, 'attempt.ended'])
})

onEitherDatabase('no other use of an attempt at the review starts a session', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  await reportsNotMe(server, await newDeviceLink(people))
  const { attempt } = (await signsInByStep(ada)).body
  const code = ada.code()
  const others = [
    ['/attempts/second-factor', { attempt, kind: 'totp', proof: code }],
    ['/attempts/totp', { attempt }],
    ['/attempts/totp/confirm', { attempt, code }],
    ['/attempts/passkey/options', { attempt }],
    ['/attempts/passkeys/options', { attempt }],
  ] as const
  for (const [url, payload] of others)
    assert.deepEqual(refusalIn(await ask(server, 'POST', url, { payload })), [409, 'attempt.wrong_stage'], url)
})
