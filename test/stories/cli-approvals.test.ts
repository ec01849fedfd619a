// The two-person rule on the server: the start notices the setting, commands go past the rule, and requests are listed and ended.
import assert from 'node:assert/strict'

import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { newWaitingRequest } from '../support/people/waiting-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, runner, withAdmin } from '../support/server/command-line.ts'
import { startProcess } from '../support/server/processes.ts'
import { start } from '../support/server/start.ts'

leaveToTestAll()

test('a start notices that the rule was turned on, and a command that changes an admin goes past it', async (t) => {
  const settings = { two_person_rule: 'on' }
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t), settings }
  const run = runner(t, installation)
  await withAdmin(installation)
  const server = await startProcess(t, installation)
  await server.stop()
  const actions = async (action: string): Promise<unknown[]> =>
    outputIn(await run('audit', 'list', '--action', action, '--json'))['items'] as unknown[]
  assert.equal((await actions('approval.rule_changed')).length, 1)
  const created = await run('user', 'create', 'mia', '--role', 'admin', '--json')
  assert.equal(created.code, 0, created.stderr)
  assert.equal((await run('user', 'disable', 'mia')).code, 0)
  assert.equal((await actions('approval.bypassed')).length, 2)
  assert.deepEqual(outputIn(await run('approval', 'list', '--json')), { items: [] })
})

test('requests are listed, shown and withdrawn on the server', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, installation)
  // The commands run at the current time.
  const server = await start(t, { ...installation, clock: new TestClock(Date.now()) })
  const { id } = await newWaitingRequest(server)
  const [listed] = outputIn(await run('approval', 'list', '--json'))['items'] as { id: string; state: string }[]
  assert.deepEqual([listed?.id, listed?.state], [id, 'waiting'])
  assert.match((await run('approval', 'list')).stdout, /Disable a/)
  assert.match((await run('approval', 'show', id)).stdout, /state\s+waiting/)
  assert.equal((await run('approval', 'withdraw', id)).code, 0)
  assert.equal(outputIn(await run('approval', 'show', id, '--json'))['state'], 'withdrawn')
  assert.deepEqual(failureIn(await run('approval', 'withdraw', id, '--json')), [4, 'approval.ended'])
  assert.deepEqual(failureIn(await run('approval', 'show', 'none', '--json')), [3, 'approval.not_found'])
  assert.equal((outputIn(await run('approval', 'list', '--ended', '--json'))['items'] as unknown[]).length, 1)
})
