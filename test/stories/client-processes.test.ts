// Three processes of an app, each with a verifier of its own: once a user is disabled, none accepts the token for longer than two seconds.
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { disableUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import type { Progress, Watched } from '../support/openid/verifying-process.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { waitUntil } from '../support/server/started-program.ts'

const PROGRAM = join(ROOT, 'test', 'support', 'openid', 'verifying-process.ts')
const BOUND = 2000

leaveToTestAll()

function started(t: TestContext, watched: Watched): ChildProcess {
  const child = fork(PROGRAM, { execArgv: ['--disable-warning=ExperimentalWarning'], env: { PATH: process.env.PATH } })
  t.after(() => child.kill('SIGKILL'))
  child.send(watched)
  return child
}

async function progressOf(child: ChildProcess): Promise<Progress> {
  const answer = once(child, 'message') as Promise<[Progress]>
  child.send('progress')
  return (await answer)[0]
}

test('of three processes none accepts a token two seconds after its user was disabled, nor one that was stopped meanwhile', async (t) => {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  server.clock.pass(seconds(10))
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const { client, secret, ...app } = await registerApp(server)
  const { access_token: token } = await signInAt(browser, { client, secret, ...app })
  await chainPending(server.operator())
  const options = { url: baseUrl, clientId: client.id, clientSecret: secret }
  const processes = [0, 1, 2].map(() => started(t, { options, token }))
  for (const child of processes) await waitUntil(async () => (await progressOf(child)).remembered > 20)

  const [stopped, ...others] = processes
  assert.ok(stopped)
  stopped.kill('SIGSTOP')
  await disableUser(server.operator(), { id: (await stored(server, ada.username)).id })
  const endedAt = Date.now()
  for (const child of others) await waitUntil(async () => (await progressOf(child)).status === 401)
  await waitUntil(async () => Date.now() - endedAt > BOUND)
  stopped.kill('SIGCONT')
  const continuedAt = Date.now()
  await waitUntil(async () => (await progressOf(stopped)).status === 401)
  for (const child of processes) {
    // Until it has sent some more, so that one that accepts again is seen.
    await waitUntil(async () => (await progressOf(child)).sentAt > continuedAt + 500)
    const { acceptedAt, status } = await progressOf(child)
    assert.equal(status, 401)
    assert.ok(acceptedAt - endedAt < BOUND, `accepted ${acceptedAt - endedAt} ms later`)
  }
})
