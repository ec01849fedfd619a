// An email that waits for its confirmation claims nothing: whoever proves it first has it, by a confirmation, a registration or an admin.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, newcomer, type Person, startWithAdmin } from '../support/people/people.ts'
import {
  APPROVAL,
  asksForAccount,
  mailedToken,
  OPEN,
  outboxOf,
  submitsAccount,
} from '../support/people/registrations.ts'
import { itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const WANTED = 'wanted@example.org'

/** A server on which ada waits for the confirmation of an email; `confirms` opens its link. */
async function waitingScene(t: TestContext, dialect: Dialect, settings: Readonly<Record<string, string>>) {
  const { server, root } = await startWithAdmin(t, { dialect, settings })
  const ada = await newcomer(root, 'ada', { email: 'ada@example.org' })
  await ada.signsIn()
  const asked = await ada.asks('PATCH', '/users/me', { email: WANTED })
  assert.equal(asked.status, 200, asked.raw.body)
  const mail = (await outboxOf(server)).findLast(({ template }) => template === 'email-confirmation')
  assert.equal(mail?.recipient, WANTED)
  const token = mail.link?.split('/').at(-1)
  return { server, root, ada, confirms: () => ask(server, 'POST', '/emails/confirm', { payload: { token } }) }
}

async function emailOf(person: Person): Promise<unknown> {
  return (await person.asks('GET', '/users/me')).body['email']
}

async function templatesTo(server: Server, email: string): Promise<string[]> {
  return (await outboxOf(server)).filter(({ recipient }) => recipient === email).map(({ template }) => template)
}

onEitherDatabase(
  'who confirms first has the email, and a registration that comes after is refused',
  async (t, dialect) => {
    const { server, ada, confirms } = await waitingScene(t, dialect, OPEN)
    const token = await mailedToken(server, WANTED)
    assert.equal((await confirms()).status, 200)
    assert.equal(await emailOf(ada), WANTED)
    assert.deepEqual(refusalIn(await submitsAccount(server, token)), [409, 'user.email_taken'])
    await asksForAccount(server, WANTED)
    assert.equal((await templatesTo(server, WANTED)).at(-1), 'registration-known')
  },
)

leaveToTestAll()

onEitherDatabase('a confirmation that comes after the approval of a registration is refused', async (t, dialect) => {
  const { server, root, ada, confirms } = await waitingScene(t, dialect, APPROVAL)
  const submitted = await submitsAccount(server, await mailedToken(server, WANTED))
  assert.equal(submitted.body['stage'], 'waiting')
  const [waiting] = itemsOf(await root.asks('GET', '/registrations'))
  assert.equal((await root.asks('POST', `/registrations/${String(waiting?.['id'])}/approve`)).status, 200)
  assert.deepEqual(refusalIn(await confirms()), [409, 'user.email_taken'])
  assert.equal(await emailOf(ada), 'ada@example.org')
})

onEitherDatabase('an approval that comes after the confirmation is refused', async (t, dialect) => {
  const { server, root, ada, confirms } = await waitingScene(t, dialect, APPROVAL)
  await submitsAccount(server, await mailedToken(server, WANTED))
  assert.equal((await confirms()).status, 200)
  const [waiting] = itemsOf(await root.asks('GET', '/registrations'))
  const refused = await root.asks('POST', `/registrations/${String(waiting?.['id'])}/approve`)
  assert.deepEqual(refusalIn(refused), [409, 'user.email_taken'])
  assert.equal(await emailOf(ada), WANTED)
})

onEitherDatabase('a user whom an admin creates with the email has it', async (t, dialect) => {
  const { root, ada, confirms } = await waitingScene(t, dialect, OPEN)
  assert.equal((await root.asks('POST', '/users', { username: 'wim', email: WANTED })).status, 200)
  assert.deepEqual(refusalIn(await confirms()), [409, 'user.email_taken'])
  assert.equal(await emailOf(ada), 'ada@example.org')
})

onEitherDatabase(
  'an admin’s own email waits too: the route for other users does not change it at once',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, settings: OPEN })
    const { body } = await root.asks('GET', '/users/me')
    const refused = await root.asks('PATCH', `/users/${String(body['id'])}`, { email: WANTED })
    assert.deepEqual(refusalIn(refused), [409, 'user.own_account'])
    assert.deepEqual(await outboxOf(server), [])
  },
)

onEitherDatabase('the address of an expired account counts as known', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, settings: OPEN })
  await newcomer(root, 'ada', { email: 'ada@example.org' })
  await server.doorward.db
    .updateTable('users')
    .set({ expires_at: server.clock.now() })
    .where('username', '=', 'ada')
    .execute()
  await asksForAccount(server, 'ada@example.org')
  assert.equal((await templatesTo(server, 'ada@example.org')).at(-1), 'registration-known')
})
