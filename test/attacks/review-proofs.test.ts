// Who may end the review of a reported account: only a sign-in by a second factor that no change gave from the oldest reported one on.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { resetSecondFactor } from '#use-cases/administration/credentials/credentials.service.ts'
import {
  beginEnrolmentFor,
  confirmEnrolmentFor,
} from '#use-cases/administration/invitations/in-person-enrolment.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ADA_EMAIL,
  linkTo,
  type MailedPeople,
  newDeviceLink,
  newMails,
  reportsNotMe,
  startWithMail,
  tokenOf,
  validCredentials,
} from '../support/mail/mailed-people.ts'
import { assertLeadsTo, authenticatorOn, hiddenIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, type Person, type Reply } from '../support/people/people.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import {
  beginsApp,
  firstCodeIn,
  givePasskey,
  giveRecoveryCodes,
  newPhone,
  opensAttempt,
  provesSecondStep,
  rowOf,
  showsPasskey,
  tokenIn,
} from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const STOLEN = 'a kettle full of stars'

/** Signs in by a second factor and sends the review with another password; returns the answer. */
async function reviewsBy({ server, ada }: MailedPeople, [kind, proof]: Parameters<typeof provesSecondStep>[2]) {
  const attempt = await opensAttempt({ server, username: 'ada', password: ada.password })
  const held = await provesSecondStep(server, attempt, [kind, proof])
  assert.equal(held.body['stage'], 'review', held.raw.body)
  return sendsReview(server, held.body['attempt'])
}

function sendsReview(server: MailedPeople['server'], attempt: unknown, remove: readonly string[] = []) {
  const payload = { attempt, password: 'seven other quiet words', remove }
  return ask(server, 'POST', '/attempts/review', { payload })
}

/** Resets the password of ada by the mailed link; returns the answer, and the link of the notice about it. */
async function resetsPassword(people: MailedPeople, password: string) {
  const { server, ada } = people
  await verifyEmail(server, 'ada')
  const asks = () => ask(server, 'POST', '/password-resets', { payload: { login: 'ada' } })
  const token = tokenOf(linkTo('/password-reset', await newMails(people, ADA_EMAIL, asks)))
  const complete = () => ask(server, 'POST', '/password-resets/complete', { payload: { token, password } })
  const answers: Reply[] = []
  const mails = await newMails(people, ADA_EMAIL, async () => answers.push(await complete()))
  ada.password = password
  const [answer] = answers
  assert.ok(answer?.status === 200, answer?.raw.body ?? 'no answer')
  return { answer, notice: linkTo('/not-me', mails) }
}

onEitherDatabase(
  'a thief who reset the password and added an app passes the review with nothing that came in between',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada, root } = people
    const phone = await givePasskey(ada)
    await server.doorward.db.deleteFrom('recovery_code').execute()
    const reset = await resetsPassword(people, STOLEN)
    // The thief gets one session: the owner confirmed a sign-in with the passkey that was not theirs.
    const stolen = await showsPasskey(server, phone, String(reset.answer.body['attempt']))
    ada.token = tokenIn(stolen)
    const { url, code } = await beginsApp(ada)
    assert.equal((await ada.asks('POST', url, { code })).status, 200)
    const codes = (await ada.asks('POST', '/users/me/recovery-codes')).body['recovery_codes'] as string[]
    assert.deepEqual((await reportsNotMe(server, reset.notice)).body, { lifted_by: 'user' })
    for (const proof of [
      ['totp', ada.code()],
      ['recovery-code', codes[0] ?? ''],
    ] as const)
      assert.deepEqual(refusalIn(await reviewsBy(people, proof)), [403, 'account.review_by_admin'])
    // The owner resets the password again, and has the passkey.
    await resetsPassword(people, 'a harbour of slow boats')
    const held = await showsPasskey(server, phone)
    const read = await ask(server, 'POST', '/attempts/review/factors', { payload: { attempt: held.body['attempt'] } })
    assert.deepEqual([read.body['lifted_by'], read.body['unchanged_factors']], ['user', ['passkey']])
    const factors = read.body['factors'] as { id: string; kind: string }[]
    const remove = factors.filter(({ kind }) => kind !== 'passkey').map(({ id }) => id)
    const passed = await sendsReview(server, held.body['attempt'], remove)
    assert.equal(passed.body['stage'], 'complete', passed.raw.body)
    await root.signsIn()
    assert.equal((await root.asks('GET', `/users/${(await rowOf(ada)).id}/review`)).body['required'], false)
  },
)

leaveToTestAll()

onEitherDatabase(
  'a thief who reset the password of an account without a second step, and set one up, is stopped',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    await loseSecondSteps(people)
    const reset = await resetsPassword(people, STOLEN)
    assert.equal(reset.answer.body['stage'], 'enrolment')
    const { enrolled, app: thief } = await enrolsApp(server, reset.answer.body['attempt'])
    assert.equal(enrolled.body['stage'], 'complete', enrolled.raw.body)
    const phone = await addsPasskey(people, enrolled)
    assert.deepEqual((await reportsNotMe(server, reset.notice)).body, { lifted_by: 'admin' })
    const [recovery = ''] = enrolled.body['recovery_codes'] as string[]
    server.clock.pass(minutes(1))
    const byApp = await reviewsBy(people, ['totp', thief.code(server.clock.now())])
    const byCode = await reviewsBy(people, ['recovery-code', recovery])
    const byPasskey = await sendsReview(server, (await showsPasskey(server, phone)).body['attempt'])
    for (const answer of [byApp, byCode, byPasskey])
      assert.deepEqual(refusalIn(answer), [403, 'account.review_by_admin'], answer.raw.body)
    assert.equal(await validCredentials(server, (await rowOf(ada)).subject), 0)
  },
)

/** Sets up an app in an attempt. */
async function enrolsApp(server: MailedPeople['server'], attempt: unknown) {
  const begun = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  const app = new Authenticator(String(begun.body['secret']))
  const payload = { attempt, code: app.code(server.clock.now()) }
  return { app, enrolled: await ask(server, 'POST', '/attempts/totp/confirm', { payload }) }
}

/** Takes every second step from ada, as an admin's reset of long ago. */
async function loseSecondSteps({ server, ada }: MailedPeople): Promise<void> {
  const { db } = server.doorward
  const { subject } = await rowOf(ada)
  for (const table of ['totp_factor', 'recovery_code', 'notice'] as const)
    await db.deleteFrom(table).where('subject', '=', subject).execute()
  await db.updateTable('users').set({ second_factor_at: null }).where('subject', '=', subject).execute()
}

/** Adds a passkey in the session that an answer has opened. */
async function addsPasskey({ server, ada }: MailedPeople, opened: Reply) {
  ada.token = tokenIn(opened)
  const phone = newPhone(server)
  const options = await ada.asks('POST', '/users/me/passkeys/options')
  const added = await ada.asks('POST', '/users/me/passkeys', { response: phone.register(options.body as never) })
  assert.equal(added.status, 200, added.raw.body)
  return phone
}

/** The id of the only app of a signed-in user. */
async function appOf(person: Person): Promise<string> {
  const { totp } = (await person.asks('GET', '/users/me/factors')).body as { totp: { id: string }[] }
  assert.equal(totp.length, 1)
  return String(totp[0]?.id)
}

onEitherDatabase('the new password alone leads through no review', async (t, dialect) => {
  const people = await startWithMail(t, { dialect, settings: { second_factor: 'optional' } })
  const { server } = people
  await loseSecondSteps(people)
  const reset = await resetsPassword(people, STOLEN)
  assert.equal(reset.answer.body['stage'], 'complete')
  assert.deepEqual((await reportsNotMe(server, reset.notice)).body, { lifted_by: 'admin' })
  const held = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: STOLEN } })
  assert.equal(held.body['stage'], 'review', held.raw.body)
  const refused = await sendsReview(server, held.body['attempt'])
  assert.deepEqual(refusalIn(refused), [403, 'account.review_by_admin'])
})

onEitherDatabase('a second step that a thief removed leaves the review to an admin', async (t, dialect) => {
  const people = await startWithMail(t, { dialect, settings: { second_factor: 'optional' } })
  const { server, ada } = people
  const app = await appOf(ada)
  const removes = () => ada.asks('DELETE', `/users/me/totp/${app}`)
  const notice = linkTo('/not-me', await newMails(people, ADA_EMAIL, removes))
  assert.deepEqual((await reportsNotMe(server, notice)).body, { lifted_by: 'admin' })
  const held = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: ada.password } })
  const refused = await sendsReview(server, held.body['attempt'])
  assert.deepEqual(refusalIn(refused), [403, 'account.review_by_admin'])
})

onEitherDatabase('recovery codes that came with a replaced app do not end its review', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  await server.doorward.db.deleteFrom('recovery_code').execute()
  const begun = await ada.asks('POST', '/users/me/totp', { replaces: await appOf(ada) })
  const url = `/users/me/totp/${String(begun.body['id'])}/confirm`
  let codes: string[] = []
  const mails = await newMails(people, ADA_EMAIL, async () => {
    const done = await ada.asks('POST', url, { code: firstCodeIn(server, begun) })
    codes = done.body['recovery_codes'] as string[]
  })
  assert.deepEqual(mails.map(({ subject }) => subject).toSorted(), [
    'Doorward: Authenticator app replaced',
    'Doorward: New recovery codes',
  ])
  const replaced = mails.filter(({ subject }) => subject.endsWith('replaced'))
  await reportsNotMe(server, linkTo('/not-me', replaced))
  const refused = await reviewsBy(people, ['recovery-code', codes[0] ?? ''])
  assert.deepEqual(refusalIn(refused), [403, 'account.review_by_admin'])
})

onEitherDatabase(
  'an app whose report was reviewed, and which was kept, does not end the review of an earlier event',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    const phone = await givePasskey(ada)
    const earlier = await newDeviceLink(people)
    ada.token = tokenIn(await showsPasskey(server, phone))
    const adds = async () => {
      const { url, code } = await beginsApp(ada)
      assert.equal((await ada.asks('POST', url, { code })).status, 200)
    }
    const later = linkTo('/not-me', await newMails(people, ADA_EMAIL, adds))
    await reportsNotMe(server, later)
    const { attempt } = (await showsPasskey(server, phone)).body
    const reviewed = await ask(server, 'POST', '/attempts/review', { payload: { attempt, password: STOLEN } })
    assert.equal(reviewed.body['stage'], 'complete', reviewed.raw.body)
    ada.password = STOLEN
    assert.equal((await reportsNotMe(server, earlier)).status, 200)
    const refused = await reviewsBy(people, ['totp', ada.code()])
    assert.deepEqual(refusalIn(refused), [403, 'account.review_by_admin'])
  },
)

onEitherDatabase(
  'an app that the operator set up in person since the report does not end the review',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    const notice = await newDeviceLink(people)
    await reportsNotMe(server, notice)
    const user = await rowOf(ada)
    await resetSecondFactor(server.operator(), user, { reason: 'called, and talked well' })
    const begun = await beginEnrolmentFor(server.operator(), user)
    const thief = new Authenticator(begun.secret.reveal())
    const code = thief.code(server.clock.now())
    assert.equal(await confirmEnrolmentFor(server.operator(), { user, id: begun.id, code }), 'confirmed')
    server.clock.pass(minutes(1))
    const refused = await reviewsBy(people, ['totp', thief.code(server.clock.now())])
    assert.deepEqual(refusalIn(refused), [403, 'account.review_by_admin'])
  },
)

onEitherDatabase(
  'a thief with the phone and the mailbox is told of each time, and ends with the owner’s recovery code',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    const codes = await giveRecoveryCodes(ada)
    const phone = ada.authenticator
    const reset = await resetsPassword(people, STOLEN)
    assert.deepEqual((await reportsNotMe(server, reset.notice)).body, { lifted_by: 'user' })
    // App and mailbox are all that a sign-in of the owner asks for, so they pass: the owner is notified of this.
    const passed: Reply[] = []
    const mails = await newMails(people, ADA_EMAIL, async () =>
      passed.push(await reviewsBy(people, ['totp', ada.code()])),
    )
    assert.equal(passed[0]?.body['stage'], 'complete')
    assert.deepEqual((await reportsNotMe(server, linkTo('/not-me', mails))).body, { lifted_by: 'user' })
    assert.equal(await validCredentials(server, (await rowOf(ada)).subject), 0)
    // The owner reads the mail elsewhere, too, and has a recovery code.
    await resetsPassword(people, 'a harbour of slow boats')
    const attempt = await opensAttempt({ server, username: 'ada', password: ada.password })
    const held = await provesSecondStep(server, attempt, ['recovery-code', codes[0] ?? ''])
    const read = await ask(server, 'POST', '/attempts/review/factors', { payload: { attempt: held.body['attempt'] } })
    const remove = (read.body['factors'] as { id: string; kind: string }[]).filter(({ kind }) => kind === 'totp')
    const answer = await sendsReview(
      server,
      held.body['attempt'],
      remove.map(({ id }) => id),
    )
    assert.equal(answer.body['stage'], 'enrolment', answer.raw.body)
    const { enrolled } = await enrolsApp(server, answer.body['attempt'])
    assert.equal(enrolled.body['stage'], 'complete', enrolled.raw.body)
    server.clock.pass(minutes(1))
    const again = await resetsPassword(people, STOLEN)
    const proof = ['totp', phone.code(server.clock.now())] as const
    const late = await provesSecondStep(server, String(again.answer.body['attempt']), proof)
    assert.equal(refusalIn(late)[1], 'attempt.code_wrong')
  },
)

onEitherDatabase('a lost phone that was replaced by a recovery code signs nobody in', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  const [code = ''] = await giveRecoveryCodes(ada)
  const thief = new Visitor(server)
  await thief.submit('/sign-in', { username: 'ada', password: ada.password })
  const owner = new Visitor(server)
  await owner.submit('/sign-in', { username: 'ada', password: ada.password })
  const lost = await owner.page('/sign-in/lost')
  const used = await owner.submit(lost.link('Use a recovery code'), { recovery_code: code })
  const replacement = String((await owner.open(String(used.headers.location))).headers.location)
  const { body } = await owner.open(replacement)
  const app = authenticatorOn(body)
  const form = { id: hiddenIn(body, 'id'), code: app.code(server.clock.now()), name: '' }
  assertLeadsTo(await owner.submit(replacement.replace(/\?.*$/, ''), form), '/account/security?done=replaced')
  const late = await thief.submit('/sign-in/second-step', { code: ada.code() })
  assert.equal(thief.cookies.has('session'), false, late.body)
  const attempt = await opensAttempt({ server, username: 'ada', password: ada.password })
  assert.equal(refusalIn(await provesSecondStep(server, attempt, ['totp', ada.code()]))[1], 'attempt.code_wrong')
})

onEitherDatabase('the page sends a sign-in with a changed second step to one that is unchanged', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  const adds = async () => {
    const { url, code } = await beginsApp(ada)
    assert.equal((await ada.asks('POST', url, { code })).status, 200)
  }
  const notice = linkTo('/not-me', await newMails(people, ADA_EMAIL, adds))
  await reportsNotMe(server, notice)
  const visitor = new Visitor(server)
  const signsIn = async () => {
    await visitor.submit('/sign-in', { username: 'ada', password: ada.password })
    await visitor.submit('/sign-in/second-step?way=totp', { code: ada.code() })
    return visitor.page('/sign-in/review')
  }
  assert.equal((await signsIn()).heading, 'An admin has to check first')
  await givePasskey(ada)
  const page = await signsIn()
  assert.equal(page.heading, 'Sign in with another second step')
  assert.match(page.text, /Sign in again with one of these: passkey\./)
  await visitor.submit('/sign-in/review', { password: 'seven other quiet words' })
  assert.equal(visitor.cookies.has('session'), false)
})
