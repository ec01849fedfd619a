// "This wasn't me": ends sessions, and asks for a review before the next one.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ADA_EMAIL,
  linkTo,
  newDeviceLink,
  newMails,
  reportsNotMe,
  signsInByStep,
  startWithMail,
  tokenOf,
  validCredentials,
} from '../support/mail/mailed-people.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, PASSWORD, postToken } from '../support/people/people.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import {
  beginsApp,
  givePasskey,
  giveRecoveryCodes,
  opensAttempt,
  provesSecondStep,
  rowOf,
  showsPasskey,
} from '../support/people/second-factors.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { runner } from '../support/server/command-line.ts'
import { newInstallation } from '../support/server/start.ts'

const ANOTHER = 'a kettle full of stars'

onEitherDatabase(
  'the link shows what it is about, and does nothing until the button is pressed',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    const link = await newDeviceLink(people)
    const { subject } = await rowOf(ada)
    const before = await validCredentials(server, subject)
    const visitor = new Visitor(server)
    const question = await visitor.page(link)
    assert.equal(question.heading, 'Lock down your account?')
    assert.match(question.text, /ada/)
    assert.match(question.text, /Sign-in from a new device/)
    assert.equal(await validCredentials(server, subject), before)
    const answer = await visitor.pageAfter(link, {})
    assert.equal(answer.heading, 'Your account is locked down')
    assert.equal(await validCredentials(server, subject), 0)
    assert.equal(visitor.cookies.has('session'), false, 'the link opened a session')
    assert.equal((await visitor.page(link, 404)).heading, 'This link no longer works')
  },
)

leaveToTestAll()

onEitherDatabase('the next complete sign-in leads to the review, and the review to a session', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  const foreign = await givePasskey(ada)
  const link = await newDeviceLink(people)
  assert.deepEqual((await reportsNotMe(people.server, link)).body, { lifted_by: 'user' })
  const token = await postToken(server, { username: 'ada', password: PASSWORD + ada.code() })
  assert.deepEqual(refusalIn(token), [403, 'account.review_required'])
  const held = await signsInByStep(ada)
  assert.deepEqual([held.status, held.body['stage'], held.body['session']], [200, 'review', undefined])
  const attempt = held.body['attempt']
  const { body } = await ask(server, 'POST', '/attempts/review/factors', { payload: { attempt } })
  const factors = body['factors'] as { id: string; kind: string }[]
  assert.deepEqual(factors.map(({ kind }) => kind).toSorted(), ['passkey', 'recovery-codes', 'totp'])
  const remove = factors.filter(({ kind }) => kind === 'passkey').map(({ id }) => id)
  const same = await ask(server, 'POST', '/attempts/review', { payload: { attempt, password: PASSWORD, remove } })
  assert.deepEqual(refusalIn(same), [422, 'request.validation_failed'])
  const payload = { attempt, password: ANOTHER, remove }
  const reviewed = await ask(server, 'POST', '/attempts/review', { payload })
  assert.equal(reviewed.body['stage'], 'complete', reviewed.raw.body)
  assert.equal((await showsPasskey(server, foreign)).status, 401, 'the removed passkey still signs in')
  ada.password = ANOTHER
  await ada.signsIn()
})

onEitherDatabase('the pages lead through the review', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  await reportsNotMe(people.server, await newDeviceLink(people))
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
  const after = await visitor.submit('/sign-in/second-step', { code: ada.code() })
  assert.equal(after.headers.location, '/sign-in/review')
  assert.equal(visitor.cookies.has('session'), false)
  assert.equal((await visitor.open('/account')).statusCode, 303, 'the account opened before the review')
  assert.equal((await visitor.open('/sign-in/second-step')).headers.location, '/sign-in/review')
  assert.equal((await visitor.open('/enrolment')).headers.location, '/sign-in/review')
  const page = await visitor.page('/sign-in/review')
  assert.equal(page.heading, 'Review your account')
  const short = await visitor.pageAfter('/sign-in/review', { password: 'short' }, 422)
  assert.match(short.text, /at least/)
  const done = await visitor.submit('/sign-in/review', { password: ANOTHER, 'remove-recovery-codes': 'yes' })
  assert.equal(done.headers.location, '/account')
  await visitor.page('/account')
})

onEitherDatabase('a review that removes every second step leads to a new one', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  await reportsNotMe(people.server, await newDeviceLink(people))
  const held = await signsInByStep(ada)
  const { attempt } = held.body
  const { body } = await ask(server, 'POST', '/attempts/review/factors', { payload: { attempt } })
  const remove = (body['factors'] as { id: string }[]).map(({ id }) => id)
  const next = await ask(server, 'POST', '/attempts/review', { payload: { attempt, password: ANOTHER, remove } })
  assert.deepEqual([next.status, next.body['stage']], [200, 'enrolment'])
})

onEitherDatabase(
  'a password that was reset by mail after the report leads to the review, which the second step of before ends',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    const link = await newDeviceLink(people)
    await verifyEmail(server, 'ada')
    assert.deepEqual((await reportsNotMe(server, link)).body, { lifted_by: 'user' })
    const asks = () => ask(server, 'POST', '/password-resets', { payload: { login: 'ada' } })
    const token = tokenOf(linkTo('/password-reset', await newMails(people, ADA_EMAIL, asks)))
    const done = await ask(server, 'POST', '/password-resets/complete', { payload: { token, password: ANOTHER } })
    assert.equal(done.body['stage'], 'second-factor', done.raw.body)
    const held = await provesSecondStep(server, String(done.body['attempt']), ['totp', ada.code()])
    assert.equal(held.body['stage'], 'review')
    const payload = { attempt: held.body['attempt'], password: 'seven other quiet words' }
    const reviewed = await ask(server, 'POST', '/attempts/review', { payload })
    assert.equal(reviewed.body['stage'], 'complete', reviewed.raw.body)
  },
)

onEitherDatabase(
  'without a second step, a reset by mail after the report leads to the review too',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect, settings: { second_factor: 'optional' } })
    const { server, root } = people
    const email = 'bob@example.org'
    await root.asks('POST', '/users', { username: 'bob', email, password: PASSWORD })
    await verifyEmail(server, 'bob')
    const asks = () => ask(server, 'POST', '/password-resets', { payload: { login: 'bob' } })
    const resets = async (password: string) => {
      const token = tokenOf(linkTo('/password-reset', await newMails(people, email, asks)))
      return ask(server, 'POST', '/password-resets/complete', { payload: { token, password } })
    }
    const notice = linkTo('/not-me', await newMails(people, email, () => resets(ANOTHER)))
    assert.equal((await reportsNotMe(server, notice)).status, 200)
    const again = await resets('seven other quiet words')
    assert.deepEqual([again.body['stage'], again.body['session']], ['review', undefined], again.raw.body)
  },
)

onEitherDatabase('what the reported change gave does not lead through the review', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  const mails = await newMails(people, ADA_EMAIL, () => ada.asks('POST', '/users/me/recovery-codes'))
  const codes = await giveRecoveryCodes(ada)
  await reportsNotMe(people.server, linkTo('/not-me', mails))
  const attempt = await opensAttempt({ server, username: 'ada', password: PASSWORD })
  const held = await provesSecondStep(server, attempt, ['recovery-code', codes[0] ?? ''])
  const asked = { attempt: held.body['attempt'], password: ANOTHER }
  assert.deepEqual(refusalIn(await ask(server, 'POST', '/attempts/review', { payload: asked })), [
    403,
    'account.review_by_admin',
  ])
  const byApp = await signsInByStep(ada)
  const right = { attempt: byApp.body['attempt'], password: ANOTHER }
  assert.equal((await ask(server, 'POST', '/attempts/review', { payload: right })).body['stage'], 'complete')
})

onEitherDatabase('an admin sees the review and lifts it, and nobody lifts their own', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada, root } = people
  const id = await idOf(ada)
  assert.deepEqual((await root.asks('GET', `/users/${id}/review`)).body, { required: false, reported: [] })
  await reportsNotMe(people.server, await newDeviceLink(people))
  await root.signsIn()
  const review = await root.asks('GET', `/users/${id}/review`)
  assert.deepEqual([review.body['required'], review.body['lifted_by']], [true, 'user'])
  const own = await root.asks('POST', `/users/${await idOf(root)}/review/lift`)
  assert.deepEqual(refusalIn(own), [409, 'user.own_account'])
  assert.equal((await root.asks('POST', `/users/${id}/review/lift`)).status, 200)
  assert.deepEqual(refusalIn(await root.asks('POST', `/users/${id}/review/lift`)), [409, 'account.no_review'])
  await ada.signsIn()
  const events = await server.doorward.db.selectFrom('audit_event').select('action').execute()
  const actions = events.map(({ action }) => action)
  assert.ok(actions.includes('review.required') && actions.includes('review.lifted'))
})

onEitherDatabase('the mail of the last admin names the command that lifts the review', async (t, dialect) => {
  const installation = await newInstallation(t, dialect)
  const people = await startWithMail(t, installation)
  const { server, root } = people
  const entered = () => root.asks('PATCH', '/users/me', { email: 'root@example.org' })
  const confirmation = tokenOf(linkTo('/confirm-email', await newMails(people, 'root@example.org', entered)))
  assert.equal((await ask(server, 'POST', '/emails/confirm', { payload: { token: confirmation } })).status, 200)
  const change = async () => {
    const { url, code } = await beginsApp(root)
    assert.equal((await root.asks('POST', url, { code })).status, 200)
  }
  const mails = await newMails(people, 'root@example.org', change)
  const id = await idOf(root)
  assert.match(mails[0]?.text ?? '', new RegExp(`user lift-review ${id}`))
  assert.deepEqual((await reportsNotMe(people.server, linkTo('/not-me', mails))).body, { lifted_by: 'operator' })
  const held = await signsInByStep(root)
  const asked = { attempt: held.body['attempt'], password: 'seven other quiet words' }
  assert.deepEqual(refusalIn(await ask(server, 'POST', '/attempts/review', { payload: asked })), [
    403,
    'account.review_by_admin',
  ])
  const lift = () => runner(t, installation)('user', 'lift-review', String(id), '--json')
  const lifted = await lift()
  assert.equal(lifted.code, 0, lifted.stderr)
  assert.match((await lift()).stderr, /account\.no_review/)
  await root.signsIn()
})
