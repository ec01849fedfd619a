// Links that confirm an email: each confirms its own email only, and of two users one gets an email.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ADA_EMAIL,
  linkTo,
  type MailedPeople,
  newMails,
  startWithMail,
  tokenOf,
} from '../support/mail/mailed-people.ts'
import { ask, newcomer, PASSWORD, type Person, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** The token that confirms a new email of this user. */
async function asksFor(people: MailedPeople, person: Person, email: string): Promise<string> {
  const enter = async () => assert.equal((await person.asks('PATCH', '/users/me', { email })).status, 200)
  return tokenOf(linkTo('/confirm-email', await newMails(people, email, enter)))
}

onEitherDatabase(
  'F8 release notes 65.12.1: an older link confirms no newer address, and of two users one gets an address',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, root, ada } = people
    const confirms = (token: string): Promise<Reply> => ask(server, 'POST', '/emails/confirm', { payload: { token } })
    const older = await asksFor(people, ada, 'first@example.org')
    const newer = await asksFor(people, ada, 'wanted@example.org')
    assert.deepEqual(refusalIn(await confirms(older)), [404, 'link.unknown'])
    assert.equal((await rowOf(ada)).email, ADA_EMAIL)

    const bob = await (await newcomer(root, 'bob', { password: PASSWORD, email: 'bob@example.org' })).signsIn()
    const rival = await asksFor(people, bob, 'wanted@example.org')
    const replies = await Promise.all([confirms(newer), confirms(rival)])
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200, 409]))
    const owners = [await rowOf(ada), await rowOf(bob)].filter(({ email }) => email === 'wanted@example.org')
    assert.equal(owners.length, 1)
    assert.ok(owners.every(({ emailVerifiedAt }) => emailVerifiedAt !== null))
  },
)

leaveToTestAll()

onEitherDatabase('a link whose change is that of another user confirms nothing', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, root, ada } = people
  const { db } = server.doorward
  const bob = await (await newcomer(root, 'bob', { password: PASSWORD, email: 'bob@example.org' })).signsIn()
  const [ofAda, ofBob] = [await asksFor(people, ada, 'ada@example.com'), await asksFor(people, bob, 'bob@example.com')]
  // No request makes such rows: another program has written the table, or a part of it was restored.
  const changes = db.updateTable('email_change').where('email', '=', 'ada@example.com')
  await changes.set({ subject: (await rowOf(bob)).subject }).execute()
  const payload = { token: ofAda }
  assert.deepEqual(refusalIn(await ask(server, 'POST', '/emails/confirm', { payload })), [404, 'link.unknown'])
  assert.equal((await rowOf(ada)).email, ADA_EMAIL)
  assert.equal((await ask(server, 'POST', '/emails/confirm', { payload: { token: ofBob } })).status, 200)
})
