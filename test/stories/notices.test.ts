// Notices by mail: which changes they are about, to whom, and how often.
import assert from 'node:assert/strict'

import { Secret } from '#foundation/kernel/secret.ts'
import { days, minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import { setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ADA_EMAIL, newMails, startWithMail } from '../support/mail/mailed-people.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { mailScene, resetLink, resets } from '../support/people/forgotten-passwords.ts'
import { PASSWORD, type Person } from '../support/people/people.ts'
import {
  beginsApp,
  giveRecoveryCodes,
  newPhone,
  opensAttempt,
  provesSecondStep,
  rowOf,
} from '../support/people/second-factors.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const ANOTHER = 'a kettle full of stars'

async function done(reply: ReturnType<Person['asks']>): Promise<Record<string, unknown>> {
  const { status, body, raw } = await reply
  assert.ok(status < 300, raw.body)
  return body
}

/** What users and admins do, and the subjects of the mails about it. */
const CHANGES: Readonly<Record<string, (ada: Person, root: Person) => Promise<unknown>>> = {
  'Authenticator app added': async (ada) => {
    const { url, code } = await beginsApp(ada)
    await done(ada.asks('POST', url, { code }))
  },
  'Passkey added': async (ada) => {
    const options = await done(ada.asks('POST', '/users/me/passkeys/options'))
    await done(ada.asks('POST', '/users/me/passkeys', { response: newPhone(ada.server).register(options as never) }))
  },
  'New recovery codes': (ada) => done(ada.asks('POST', '/users/me/recovery-codes')),
  'API token created': (ada) =>
    done(
      ada.asks('POST', '/users/me/tokens', {
        name: 'Script',
        scopes: ['self:read'],
        expires_at: toRfc3339(ada.server.clock.now() + days(1)),
      }),
    ),
  'Password changed': (ada) => done(ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER })),
  'New password set': async (ada) => {
    const { server } = ada
    return setPassword(server.operator(), await rowOf(ada), Secret.of(ANOTHER))
  },
  'Username changed': async (ada, root) => {
    const path = `/users/${await idOf(ada)}`
    await done(root.asks('PATCH', path, { username: 'countess' }))
  },
  'Second step reset': async (ada, root) =>
    done(root.asks('POST', `/users/${await idOf(ada)}/reset-second-factor`, { reason: 'lost' })),
}

for (const [heading, change] of Object.entries(CHANGES)) {
  onEitherDatabase(`a user is told by one mail: ${heading}`, async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { ada, root } = people
    const mails = await newMails(people, ADA_EMAIL, () => change(ada, root))
    assert.deepEqual(
      mails.map(({ subject }) => subject),
      [`Doorward: ${heading}`],
    )
    assert.match(mails[0]?.text ?? '', /\/not-me\/dwl_[\w-]+/)
  })

  leaveToTestAll()
}

onEitherDatabase('removed factors and a used recovery code are told', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const { url, id, code } = await beginsApp(ada)
  await done(ada.asks('POST', url, { code }))
  const removed = await newMails(people, ADA_EMAIL, () => done(ada.asks('DELETE', `/users/me/totp/${id}`)))
  assert.equal(removed[0]?.subject, 'Doorward: Authenticator app removed')
  const [recovery = ''] = await giveRecoveryCodes(ada)
  const attempt = await opensAttempt({ server, username: 'ada', password: PASSWORD })
  const used = await newMails(people, ADA_EMAIL, () => provesSecondStep(server, attempt, ['recovery-code', recovery]))
  assert.deepEqual(
    used.map(({ subject }) => subject),
    ['Doorward: Recovery code used'],
  )
})

onEitherDatabase('a sign-in from a new device is told once for each network and day', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const signIn = () => ada.signsIn()
  assert.deepEqual(await newMails(people, ADA_EMAIL, signIn), [], 'the network was told of at the first sign-in')
  server.clock.pass(days(1))
  const [mail, ...others] = await newMails(people, ADA_EMAIL, async () => {
    await signIn()
    await signIn()
  })
  assert.deepEqual(others, [])
  assert.equal(mail?.subject, 'Doorward: New sign-in')
  assert.match(mail.text.replaceAll('\u2060', ''), /IP address: 127\.0\.0\.1/)
})

onEitherDatabase('a browser in which the user has signed in before is told of once', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const visitor = new Visitor(server)
  const signIn = async () => {
    await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
    await visitor.submit('/sign-in/second-step', { code: ada.code() })
    visitor.cookies.delete('session')
  }
  server.clock.pass(days(1))
  assert.equal((await newMails(people, ADA_EMAIL, signIn)).length, 1)
  server.clock.pass(days(1))
  assert.equal((await newMails(people, ADA_EMAIL, signIn)).length, 0)
})

onEitherDatabase('the sign-in that follows a reset of the password is told by its notice alone', async (t, dialect) => {
  const scene = await mailScene(t, { dialect })
  const { server, ada } = scene
  server.clock.pass(days(1))
  const subjectsDuring = async (work: () => Promise<unknown>) =>
    (await newMails(scene, ADA_EMAIL, work)).map(({ subject }) => subject)
  const signsIn = (attempt: unknown, remoteAddress: string) =>
    provesSecondStep(server, String(attempt), ['totp', ada.code()], { remoteAddress })
  const link = await resetLink(scene)
  const reset = await subjectsDuring(async () => {
    const { body } = await resets(server, link, ANOTHER)
    assert.equal((await signsIn(body['attempt'], '127.0.0.1')).body['stage'], 'complete')
  })
  assert.deepEqual(reset, ['Doorward: Password reset'])
  // From another network, the new password gets its notice as ever.
  const elsewhere = await opensAttempt({ server, username: 'ada', password: ANOTHER })
  assert.deepEqual(await subjectsDuring(() => signsIn(elsewhere, '192.0.2.7')), ['Doorward: New sign-in'])
  // And so is the next reset on the same day.
  const again = await resetLink(scene)
  assert.deepEqual(await subjectsDuring(() => resets(server, again, PASSWORD)), ['Doorward: Password reset'])
})

onEitherDatabase('users can turn off the notice of new devices, and no other', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const choice = await done(ada.asks('PATCH', '/users/me/notices', { new_device: false }))
  assert.equal(choice['new_device'], false)
  assert.ok((choice['always'] as string[]).includes('password-changed'))
  server.clock.pass(days(1))
  assert.deepEqual(await newMails(people, ADA_EMAIL, () => ada.signsIn()), [])
  const change = () => done(ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER }))
  assert.equal((await newMails(people, ADA_EMAIL, change)).length, 1)
  server.clock.pass(days(1))
  ada.password = ANOTHER
  await ada.signsIn()
  server.clock.pass(minutes(20))
  const stale = await ada.asks('PATCH', '/users/me/notices', { new_device: true })
  assert.deepEqual(refusalIn(stale), [401, 'access.reauthentication_required'])
})

onEitherDatabase('a change of a user without an email queues nothing', async (t, dialect) => {
  const { root, server } = await startWithMail(t, { dialect })
  const queued = () => server.doorward.db.selectFrom('outbox').select('id').execute()
  const before = await queued()
  await done(root.asks('POST', '/users/me/recovery-codes'))
  await root.signsIn()
  assert.deepEqual(await queued(), before)
})
