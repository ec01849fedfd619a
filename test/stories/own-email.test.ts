// A user's own email: confirmed by a link, with a notice to the former one that can undo it.
import assert from 'node:assert/strict'

import { days, minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ADA_EMAIL,
  linkTo,
  type MailedPeople,
  newDeviceLink,
  newMails,
  signsInByStep,
  startWithMail,
  tokenOf,
  validCredentials,
} from '../support/mail/mailed-people.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { ask, newcomer, PASSWORD, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** How many confirmations a session can have sent before it must wait. */
const MAILS_IN_A_ROW = 20

const NEW = 'countess@example.org'

/** Asks for a new email; returns the link that its mail has. */
async function asksFor(people: MailedPeople, email: string): Promise<string> {
  const enter = async () => {
    const reply = await people.ada.asks('PATCH', '/users/me', { email })
    assert.equal(reply.status, 200, reply.raw.body)
  }
  return linkTo('/confirm-email', await newMails(people, email, enter))
}

function confirms({ server }: MailedPeople, link: string): Promise<Reply> {
  return ask(server, 'POST', '/emails/confirm', { payload: { token: tokenOf(link) } })
}

function undoes({ server }: MailedPeople, link: string, more: object = {}): Promise<Reply> {
  return ask(server, 'POST', '/emails/undo', { payload: { token: tokenOf(link), ...more } })
}

/** Changes the email and confirms it; returns the link that undoes it. */
async function changes(people: MailedPeople, email: string, former = ADA_EMAIL): Promise<string> {
  const link = await asksFor(people, email)
  const confirm = async () => assert.equal((await confirms(people, link)).status, 200)
  return linkTo('/undo-email', await newMails(people, former, confirm))
}

async function emailOf({ ada }: MailedPeople): Promise<[email: string | null, verified: boolean]> {
  const { email, emailVerifiedAt } = await rowOf(ada)
  return [email, emailVerifiedAt !== null]
}

onEitherDatabase('a new email counts once it is confirmed, and the former one is told', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, ada } = people
  const link = await asksFor(people, NEW)
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, false])
  const { pending } = (await ada.asks('GET', '/users/me/email')).body as { pending: { email: string } }
  assert.equal(pending.email, NEW)
  const visitor = new Visitor(server)
  const question = await visitor.page(link)
  assert.match(question.text, /ada/)
  assert.match(question.text, /countess@example\.org/)
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, false], 'the page changed the email before its button')
  const [notice, ...others] = await newMails(people, ADA_EMAIL, async () => {
    assert.equal((await visitor.pageAfter(link, {})).heading, 'Email confirmed')
  })
  assert.deepEqual(others, [])
  assert.equal(notice?.subject, 'Doorward: Email changed')
  assert.deepEqual(await emailOf(people), [NEW, true])
  assert.equal((await visitor.page(link, 404)).heading, 'This link no longer works')
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username: NEW, password: PASSWORD } })
  assert.equal(body['stage'], 'second-factor', 'the verified email does not sign in')
})

leaveToTestAll()

onEitherDatabase('the former email is given back by its link, and the later ones end', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const first = await changes(people, NEW)
  people.server.clock.pass(minutes(1))
  const second = await changes(people, 'third@example.org', NEW)
  const waiting = await asksFor(people, 'fourth@example.org')
  assert.deepEqual((await undoes(people, first)).body, { username: 'ada', email: ADA_EMAIL })
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, false], 'an email that was not verified came back as verified')
  assert.deepEqual(refusalIn(await undoes(people, second)), [404, 'link.unknown'])
  assert.deepEqual(refusalIn(await confirms(people, waiting)), [404, 'link.unknown'])
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, false])
})

onEitherDatabase('the undo works after the password changed, for seven days', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const link = await changes(people, NEW)
  const change = { current: PASSWORD, new: 'a kettle full of stars' }
  assert.equal((await ada.asks('PUT', '/users/me/password', change)).status, 200)
  const visitor = new Visitor(server)
  assert.match((await visitor.page(link)).text, /countess@example\.org/)
  server.clock.pass(days(7) - minutes(1))
  assert.equal((await undoes(people, link)).status, 200)
  ada.password = change.new
  await ada.signsIn()
  const late = await changes(people, NEW)
  server.clock.pass(days(7))
  assert.deepEqual(refusalIn(await undoes(people, late)), [404, 'link.expired'])
})

onEitherDatabase('the undo fails with a sentence where another user has the former email', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const link = await changes(people, NEW)
  await people.root.signsIn()
  await newcomer(people.root, 'grace', { email: ADA_EMAIL })
  assert.deepEqual(refusalIn(await undoes(people, link)), [409, 'user.email_taken'])
  const page = await new Visitor(people.server).pageAfter(link, {}, 409)
  assert.match(page.text, /Another account uses the previous email now/)
  assert.deepEqual(await emailOf(people), [NEW, true])
})

onEitherDatabase('the undo with “This wasn’t me” ends sessions and asks for a review', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const link = await changes(people, NEW)
  const page = await new Visitor(server).pageAfter(link, { report: 'yes' })
  assert.match(page.text, /ada@example\.org is your account’s email again/)
  assert.match(page.text, /Every session was ended/)
  assert.equal(await validCredentials(server, (await rowOf(ada)).subject), 0)
  assert.equal((await signsInByStep(ada)).body['stage'], 'review')
})

onEitherDatabase('a confirmation ends with another request, a new password or a day', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const first = await asksFor(people, 'first@example.org')
  const second = await asksFor(people, 'second@example.org')
  assert.deepEqual(refusalIn(await confirms(people, first)), [404, 'link.unknown'])
  const change = { current: PASSWORD, new: 'a kettle full of stars' }
  assert.equal((await ada.asks('PUT', '/users/me/password', change)).status, 200)
  assert.deepEqual(refusalIn(await confirms(people, second)), [404, 'link.unknown'])
  const third = await asksFor(people, 'third@example.org')
  server.clock.pass(days(1))
  assert.deepEqual(refusalIn(await confirms(people, third)), [404, 'link.expired'])
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, false])
})

onEitherDatabase('an email that another user took first is not confirmed', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const link = await asksFor(people, NEW)
  await newcomer(people.root, 'grace', { email: NEW })
  assert.deepEqual(refusalIn(await confirms(people, link)), [409, 'user.email_taken'])
  const page = await new Visitor(people.server).pageAfter(link, {}, 409)
  assert.match(page.text, /Another account uses this email now/)
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, false])
})

onEitherDatabase('a present email is verified on request, and a removed one can be undone', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada } = people
  const ask = async () => assert.equal((await ada.asks('POST', '/users/me/email/verify')).status, 204)
  const link = linkTo('/confirm-email', await newMails(people, ADA_EMAIL, ask))
  assert.equal((await confirms(people, link)).status, 200)
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, true])
  assert.deepEqual(refusalIn(await ada.asks('POST', '/users/me/email/verify')), [409, 'email.nothing_to_verify'])
  const remove = async () => assert.equal((await ada.asks('PATCH', '/users/me', { email: null })).status, 200)
  const undo = linkTo('/undo-email', await newMails(people, ADA_EMAIL, remove))
  assert.deepEqual(await emailOf(people), [null, false])
  assert.equal((await undoes(people, undo)).status, 200)
  assert.deepEqual(await emailOf(people), [ADA_EMAIL, true])
})

onEitherDatabase('an admin’s change of an email is told to the former one, without an undo', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, root } = people
  const waiting = await asksFor(people, 'other@example.org')
  const path = `/users/${await idOf(ada)}`
  const [mail] = await newMails(people, ADA_EMAIL, () => root.asks('PATCH', path, { email: NEW }))
  assert.match(mail?.text ?? '', /An admin changed the email/)
  assert.doesNotMatch(mail?.text ?? '', /undo-email|not-me/)
  assert.deepEqual(await emailOf(people), [NEW, false])
  assert.deepEqual(refusalIn(await confirms(people, waiting)), [404, 'link.unknown'])
})

onEitherDatabase('a session of old cannot change the email, and mails to new ones are limited', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada, server } = people
  const statuses: number[] = []
  for (let number = 0; number <= MAILS_IN_A_ROW; number++)
    statuses.push((await ada.asks('PATCH', '/users/me', { email: `ada-${number}@example.org` })).status)
  assert.deepEqual([statuses.indexOf(429), statuses.at(-2)], [MAILS_IN_A_ROW, 200])
  server.clock.pass(minutes(20))
  assert.deepEqual(refusalIn(await ada.asks('PATCH', '/users/me', { email: NEW })), [
    401,
    'access.reauthentication_required',
  ])
  assert.equal((await ada.asks('PATCH', '/users/me', { full_name: 'Ada' })).status, 200)
})

onEitherDatabase('where mail is off, a new email takes effect at once and stays unverified', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect }, { email: ADA_EMAIL })
  const { body } = await ada.asks('PATCH', '/users/me', { email: NEW })
  assert.deepEqual([body['email'], body['email_verified']], [NEW, false])
  const verify = await ada.asks('POST', '/users/me/email/verify')
  assert.deepEqual(refusalIn(verify), [409, 'email.nothing_to_verify'])
})

onEitherDatabase('the account page shows the email that waits, and discards it', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { ada } = people
  const visitor = await signedInBrowser(ada)
  const shown = await visitor.page('/account')
  assert.ok(shown.button('Verify email'))
  assert.equal(shown.count('#email-hint > button[form=pending-email]'), 1)
  assert.equal(shown.count('form#pending-email[action="/account/email/verify"] > [name=form_token]'), 1)
  const link = linkTo(
    '/confirm-email',
    await newMails(people, NEW, async () => {
      const answer = await visitor.submit('/account', { username: 'ada', email: NEW })
      assert.equal(answer.headers.location, '/account?done=email-sent')
    }),
  )
  const page = await visitor.page('/account?done=email-sent')
  assert.match(page.text, /We sent a link to your new email/)
  assert.match(page.text, /We sent a link to countess@example\.org/)
  await visitor.submit('/account/email/discard', {})
  assert.ok((await visitor.page('/account')).button('Verify email'))
  assert.deepEqual(refusalIn(await confirms(people, link)), [404, 'link.unknown'])
  await visitor.submit('/account/notices', { new_device: 'off' })
  assert.ok((await visitor.page('/account')).button('Turn on'))
})

onEitherDatabase(
  'the forms behind mailed links work in a browser in which their user is signed in',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    let browser = await signedInBrowser(people.ada)
    const link = await asksFor(people, NEW)
    // The fields of the form alone: the footer of the page has a form with a token, too.
    const tokenIn = async (path: string): Promise<string> => {
      const [, form = ''] = /<form method="post">(.*?)<\/form>/s.exec((await browser.open(path)).body) ?? []
      return /name="form_token" value="([^"]+)"/.exec(form)?.[1] ?? ''
    }
    const sends = async (path: string) => (await browser.submit(path, { form_token: await tokenIn(path) })).statusCode
    let confirmed = 0
    const confirm = async () => (confirmed = await sends(link))
    const undo = linkTo('/undo-email', await newMails(people, ADA_EMAIL, confirm))
    assert.deepEqual([confirmed, await sends(undo)], [200, 200])
    // A day has passed, so the session has ended.
    const notMe = await newDeviceLink(people)
    browser = await signedInBrowser(people.ada)
    assert.equal(await sends(notMe), 200)
  },
)
