// An admin asks users to confirm their email; only a session of the user confirms it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { insertEmailChange } from '#domain/notices/email-change.queries.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { askForConfirmations } from '#use-cases/administration/email-confirmations/email-confirmations.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ADA_EMAIL,
  linkTo,
  type MailedPeople,
  newMails,
  startWithMail,
  tokenOf,
} from '../support/mail/mailed-people.ts'
import { deliverQueuedMails } from '../support/mail/smtp-server.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { ask, newcomer, PASSWORD, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { bearer } from '../support/requests/held-request.ts'
import { idOf, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { runner } from '../support/server/command-line.ts'

const ROUTE = '/users/email-confirmations'
const PAGE = '/admin/users/email-confirmations'

function asks(person: Person, body: object = {}): Promise<Reply> {
  return person.asks('POST', ROUTE, body)
}

/** The numbers of an answer: mailed, asked before, beyond the own permissions. */
function numbersIn({ body }: Reply): unknown[] {
  return [body['mailed'], body['asked_before'], body['beyond_own']]
}

async function isVerified(person: Person): Promise<boolean> {
  return (await rowOf(person)).emailVerifiedAt !== null
}

/** The people of `startWithMail`, of whom an admin has asked `ada`; returns the link that she got. */
async function asked(t: TestContext, dialect: Dialect): Promise<MailedPeople & { readonly link: string }> {
  const people = await startWithMail(t, { dialect })
  await people.root.signsIn()
  const ask = async () => assert.deepEqual(numbersIn(await asks(people.root)), [1, 0, 0])
  return { ...people, link: linkTo('/confirm-email', await newMails(people, ADA_EMAIL, ask)) }
}

onEitherDatabase(
  'an admin asks users to confirm their email, each once in a week, and the user confirms it',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, root, ada } = people
    // Who has no email, has not joined, is disabled, has confirmed it, or has another one to confirm is not asked.
    await root.asks('POST', '/users', { username: 'cleo', password: PASSWORD })
    await root.asks('POST', '/users', { username: 'invited', email: 'invited@example.org' })
    for (const username of ['disabled', 'confirmed', 'routed', 'changing'])
      await root.asks('POST', '/users', { username, password: PASSWORD, email: `${username}@example.org` })
    const { db } = server.doorward
    await db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'disabled').execute()
    await db.updateTable('users').set({ email_verified_at: 1 }).where('username', '=', 'confirmed').execute()
    await db.updateTable('users').set({ email: 'a%b@example.org' }).where('username', '=', 'routed').execute()
    const { subject } = await rowOf({ server, username: 'changing' })
    const former = { formerEmail: null, formerVerifiedAt: null, confirmedAt: null }
    const times = { createdAt: server.clock.now(), expiresAt: server.clock.now() + days(1) }
    await insertEmailChange(db, { id: 'change', subject, email: 'new@example.org', ...former, ...times })
    await root.signsIn()
    assert.deepEqual(numbersIn(await asks(root, { dry_run: true })), [2, 1, 0])
    const [mail, ...others] = await newMails(people, ADA_EMAIL, () => asks(root))
    assert.deepEqual([others.length, mail?.subject], [0, 'Doorward: Confirm your email'])
    assert.match(mail?.text ?? '', /This is the email of the account ada/)
    assert.deepEqual(numbersIn(await asks(root)), [0, 2, 0], 'an address that mail servers route elsewhere is left out')
    await ada.signsIn()
    assert.equal((await ada.asks('DELETE', '/users/me/email/pending')).status, 204)
    assert.deepEqual(numbersIn(await asks(root)), [0, 2, 0], 'also a user who has discarded it is asked once in a week')
    server.clock.pass(days(7) - minutes(10))
    await root.signsIn()
    assert.deepEqual(numbersIn(await asks(root, { dry_run: true })), [2, 1, 0])
    server.clock.pass(minutes(10))
    await root.signsIn()
    const link = linkTo('/confirm-email', await newMails(people, ADA_EMAIL, () => asks(root)))
    await ada.signsIn()
    const confirm = await ada.asks('POST', '/users/me/email/confirm', { token: tokenOf(link) })
    assert.deepEqual([confirm.status, confirm.body['email']], [200, ADA_EMAIL])
    assert.ok(await isVerified(ada))
    const again = await ada.asks('POST', '/users/me/email/confirm', { token: tokenOf(link) })
    assert.deepEqual(refusalIn(again), [404, 'link.used'])
    const { body } = await root.asks('GET', '/audit-events?action=email.confirmation_sent')
    assert.deepEqual(
      (body['items'] as { actor: { username: string } | null }[]).map(({ actor }) => actor?.username),
      ['root', 'root', 'root'],
    )
  },
)

leaveToTestAll()

onEitherDatabase(
  'the link of an admin confirms nothing without a session of its user, whoever reads the mail',
  async (t, dialect) => {
    const { server, root, ada, link } = await asked(t, dialect)
    const token = { token: tokenOf(link) }
    const anyone = await ask(server, 'POST', '/emails/confirm', { payload: token })
    assert.deepEqual(refusalIn(anyone), [403, 'email.sign_in_to_confirm'])
    const other = await root.asks('POST', '/users/me/email/confirm', token)
    assert.deepEqual(refusalIn(other), [403, 'email.sign_in_to_confirm'])
    const stranger = new Visitor(server)
    const page = await stranger.page(link)
    assert.match(page.main.text, /Sign in as ada to confirm it/)
    assert.deepEqual(page.main.buttons(), [])
    assert.equal((await stranger.submit(link, {})).statusCode, 403)
    assert.match((await (await signedInBrowser(root)).page(link)).main.text, /signed in to another account/)
    assert.equal(await isVerified(ada), false)
  },
)

onEitherDatabase(
  'the link of an admin leads through the sign-in and back, also after a new password',
  async (t, dialect) => {
    const { server, ada, link } = await asked(t, dialect)
    await ada.signsIn()
    const change = { current: ada.password, new: 'another four calm words' }
    assert.equal((await ada.asks('PUT', '/users/me/password', change)).status, 200)
    ada.password = change.new
    const page = await new Visitor(server).page(link)
    const path = page.link('Sign in')
    assert.equal(path, `/sign-in?next=${encodeURIComponent(link)}`)
    const browser = await signedInBrowser(ada)
    assertLeadsTo(await browser.open(path), link)
    assert.ok((await browser.page(link)).button('Confirm email'))
    const done = await browser.pageAfter(link, {}, 200)
    assert.match(done.text, /ada@example\.org is now the email of ada/)
    assert.ok(await isVerified(ada))
  },
)

onEitherDatabase(
  'who lacks a permission of a user does not ask them, nor with an API token of fewer scopes',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, root, ada } = people
    await createRole(server.operator(), { name: 'clerk', description: '', permissions: ['users:read', 'users:write'] })
    const clerk = await (await newcomer(root, 'clerk', { role: 'clerk', email: 'clerk@example.org' })).signsIn()
    await newcomer(root, 'boss', { role: 'admin', email: 'boss@example.org' })
    assert.deepEqual(numbersIn(await asks(clerk, { dry_run: true })), [1, 0, 1])
    const { token } = await apiTokenOf(root, ['users:write'])
    const mailed = await newMails(people, 'boss@example.org', async () => {
      assert.deepEqual(numbersIn(await asks(clerk)), [1, 0, 1])
      assert.deepEqual(
        numbersIn(await ask(server, 'POST', ROUTE, { headers: bearer({ token }), payload: {} })),
        [0, 1, 2],
      )
    })
    assert.deepEqual(mailed, [])
    assert.deepEqual(refusalIn(await asks(await ada.signsIn())), [403, 'access.insufficient_permissions'])
    assert.equal((await newMails(people, 'boss@example.org', () => asks(root))).length, 1)
  },
)

onEachDatabase('two admins who ask at once send one mail to each user', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, root } = people
  for (let number = 0; number < 60; number++)
    await root.asks('POST', '/users', { username: `u${number}`, password: PASSWORD, email: `u${number}@example.org` })
  await Promise.all([1, 2, 3].map(() => askForConfirmations(server.operator())))
  const { db } = server.doorward
  const rows = await db
    .selectFrom('outbox')
    .select('recipient')
    .where('template', '=', 'email-confirmation-asked')
    .execute()
  assert.deepEqual([rows.length, new Set(rows.map(({ recipient }) => recipient)).size], [61, 61])
})

onEitherDatabase('a request asks a thousand users, and says that more are left', async (t, dialect) => {
  const { server, root } = await startWithMail(t, { dialect })
  const { db } = server.doorward
  const rows = Array.from({ length: 1000 }, (_, at) => {
    const name = `user-${at}`
    const email = `${name}@example.org`
    return {
      username: name,
      username_key: name,
      email,
      email_key: email,
      subject: name,
      disabled: 0,
      hashed_password: 'x',
    }
  })
  for (let from = 0; from < rows.length; from += 250)
    await db
      .insertInto('users')
      .values(rows.slice(from, from + 250))
      .execute()
  await root.signsIn()
  const first = await asks(root)
  assert.deepEqual([first.body['mailed'], first.body['more']], [1000, true])
  const second = await asks(root)
  assert.deepEqual([second.body['mailed'], second.body['asked_before'], second.body['more']], [1, 1000, false])
})

onEitherDatabase('an admin asks on a page, which says whom, in both languages', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, root, ada } = people
  const browser = await signedInBrowser(root)
  const path = (await browser.page('/admin/users')).link('Ask users to confirm their email')
  assert.equal(path, PAGE)
  const page = await browser.page(PAGE)
  assert.match(page.main.text, /1 user can be asked now/)
  assert.ok(page.button('Email 1 user'))
  const ask = async () => assertLeadsTo(await browser.submit(PAGE, {}), `${PAGE}?done=asked`)
  assert.equal((await newMails(people, ADA_EMAIL, ask)).length, 1)
  const after = await browser.page(`${PAGE}?done=asked`)
  assert.match(after.main.text, /Emails queued.*No users can be asked now.*1 user was asked in the last 7 days/s)
  assert.deepEqual(after.main.buttons(), [])
  await server.doorward.db.updateTable('users').set({ locale: 'de', email_confirmation_asked_at: null }).execute()
  await server.doorward.db.deleteFrom('email_change').execute()
  const german = await signedInBrowser(root)
  assert.match((await german.page(PAGE)).main.text, /1 Benutzer kann jetzt gebeten werden/)
  const [mail] = await newMails(people, ADA_EMAIL, () => german.submit(PAGE, {}))
  assert.match(mail?.text ?? '', /Das ist die E-Mail-Adresse des Kontos ada/)
  const { body } = await root.asks('GET', `/users/${await idOf(ada)}`)
  assert.equal(body['email_verified'], false)
})

onEitherDatabase('where mail is off, nobody is asked, and the page says so', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  assert.deepEqual(refusalIn(await asks(root)), [409, 'mail.off'])
  const browser = await signedInBrowser(root)
  assert.match((await browser.page(PAGE)).main.text, /This server doesn’t send email/)
  assert.deepEqual((await browser.page('/admin/users')).main.linksTo(/email-confirmations/), [])
})

onEitherDatabase('the operator asks on the command line, after a question', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, smtp } = people
  const run = runner(t, { databaseUrl: server.databaseUrl, dataDir: server.dataDir, settings: smtp.settings })
  assert.match((await run('user', 'confirm-emails', '--dry-run')).stderr, /Would mail 1 user; /)
  const question = await run('user', 'confirm-emails')
  assert.deepEqual([question.code, /Mail 1 user a link.* Add --yes/.test(question.stderr)], [2, true])
  assert.match((await run('user', 'confirm-emails', '--yes')).stderr, /Mailed 1 user; /)
  await deliverQueuedMails(server.doorward)
  assert.equal(smtp.to(ADA_EMAIL).filter(({ subject }) => /Confirm your email/.test(subject)).length, 1)
  assert.match(
    (await run('user', 'confirm-emails', '--yes')).stderr,
    /Mailed no users; asked in the last 7 days.*: 1 user/,
  )
})

onEitherDatabase('an email that an admin changed meanwhile is not confirmed by the former link', async (t, dialect) => {
  const { root, ada, link } = await asked(t, dialect)
  await root.signsIn()
  assert.equal((await root.asks('PATCH', `/users/${await idOf(ada)}`, { email: 'other@example.org' })).status, 200)
  await ada.signsIn()
  const reply = await ada.asks('POST', '/users/me/email/confirm', { token: tokenOf(link) })
  assert.deepEqual(refusalIn(reply), [404, 'link.unknown'])
  assert.equal(itemsOf(await root.asks('GET', '/users?q=other')).length, 1)
})
