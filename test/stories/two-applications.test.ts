// Two applications in one process share no memory: the counters and caches of one do not change the answers of the other.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { SECRET_BYTES } from '#domain/factors/totp/setup-key.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { DUMMY } from '#foundation/platform/crypto/keyring.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { ALLOWED_FAILURES, assertWait, guess, guessInVain } from '../support/people/password-guesses.ts'
import { ask, firstAdmin, newcomer, postToken } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { asks, twoNodes } from '../support/server/nodes.ts'
import { type Server, start } from '../support/server/start.ts'

const OPTIONS = '/attempts/passkey/options'

async function eventsOf({ doorward }: Server, action: string): Promise<number> {
  return (await doorward.db.selectFrom('audit_event').select('id').where('action', '=', action).execute()).length
}

test('requests that used up the limit of a network in one application are not counted by the other', async (t) => {
  const { nodes } = await twoNodes(t, 'sqlite')
  const [one, other] = nodes
  let answer = await ask(one, 'POST', OPTIONS)
  for (let asked = 1; answer.status === 200; asked++) {
    assert.ok(asked < 1000, 'the limit is never reached')
    answer = await ask(one, 'POST', OPTIONS)
  }
  assertWait(answer)
  assert.equal((await ask(other, 'POST', OPTIONS)).status, 200)
})

leaveToTestAll()

test('guesses that one application rejected are reported by that application, and not by the other', async (t) => {
  const { nodes, root } = await twoNodes(t, 'sqlite')
  const [one, other] = nodes
  const signsIn = (server: Server) =>
    postToken(server, { username: root.username, password: root.password + root.code() })
  await guessInVain(one, root.username, ALLOWED_FAILURES)
  for (let blocked = 0; blocked < 3; blocked++) assertWait(await guess(one, root.username))
  one.clock.pass(seconds(31))
  assert.equal((await signsIn(other)).status, 200)
  assert.equal(await eventsOf(one, 'throttle.unblocked'), 0)
  assert.equal((await signsIn(one)).status, 200)
  assert.equal(await eventsOf(one, 'throttle.unblocked'), 1)
})

test('each application records a forbidden request once a minute, whatever the other recorded', async (t) => {
  const { nodes, root } = await twoNodes(t, 'sqlite')
  const [one, other] = nodes
  const ada = await (await newcomer(root, 'ada')).signsIn()
  for (const node of [one, one, other, other]) assert.equal((await asks(node, ada, 'GET', '/users')).status, 403)
  assert.equal(await eventsOf(one, 'access.refused'), 2)
})

test('of two applications that verify their audit logs at once each reports its own', async (t) => {
  const [one, other] = [await start(t), await start(t)]
  const browsers = []
  for (const server of [one, other]) {
    const browser = await signedInBrowser(await firstAdmin(server))
    await chainPending(server.operator())
    browsers.push(browser)
  }
  await sql`update audit_event set reason = 'other' where position = 2`.execute(other.doorward.db)
  const pages = await Promise.all(browsers.map((browser) => browser.pageAfter('/admin/activity/chain', {})))
  const found = pages.map(({ main }) => main.text.includes('Tampering found'))
  assert.deepEqual(found, [false, true])
})

test('an application that cannot write is not ready, and the other one is', async (t) => {
  const [one, other] = [await start(t), await start(t, { expectedErrors: /is not writable/ })]
  await sql`pragma query_only = on`.execute(other.doorward.db)
  for (const { doorward } of [one, other]) await doorward.writeProbe.probe()
  assert.deepEqual([(await ask(one, 'GET', '/readyz')).status, (await ask(other, 'GET', '/readyz')).status], [200, 503])
})

test('each application opens the dummy secret of its own keyring only', async (t) => {
  const [one, other] = [(await start(t)).doorward.keyring, (await start(t)).doorward.keyring]
  for (const keyring of [one, other]) {
    assert.equal(keyring.open(keyring.dummySecret(), DUMMY).length, SECRET_BYTES)
    assert.equal(keyring.dummySecret(), keyring.dummySecret(), 'it is sealed again and again')
  }
  assert.throws(() => other.open(one.dummySecret(), DUMMY), KeyringError)
})
