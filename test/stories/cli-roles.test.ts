// Roles on the command line, and those of the configuration at a start.
import assert from 'node:assert/strict'

import { newDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { failureIn, outputIn, runner, withAdmin } from '../support/server/command-line.ts'
import { startProcess } from '../support/server/processes.ts'

leaveToTestAll()

test('roles are made, given, changed and deleted on the server, and a start brings in those of the configuration', async (t) => {
  const settings = { roles: 'auditor=audit:read' }
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t), settings }
  const run = runner(t, installation)
  await withAdmin(installation)
  const server = await startProcess(t, installation)
  await server.stop()
  const made = await run('role', 'create', 'desk', '--permissions', 'users:read, users:reset-factors', '--json')
  assert.deepEqual(outputIn(made)['permissions'], ['users:read', 'users:reset-factors'])
  assert.match(
    (await run('role', 'list')).stdout,
    /admin +all +1 +built-in[^]*auditor +audit:read +0 +configuration[^]*desk/,
  )
  assert.equal((await run('user', 'create', 'hal', '--role', 'desk')).code, 0)
  assert.deepEqual(failureIn(await run('role', 'delete', 'desk', '--yes', '--json')), [4, 'role.in_use'])
  const listed = outputIn(await run('user', 'list', '--role', 'desk', '--json'))['items'] as { username: string }[]
  assert.deepEqual(
    listed.map(({ username }) => username),
    ['hal'],
  )
  assert.equal((await run('user', 'update', 'hal', '--role', 'user')).code, 0)
  assert.match((await run('role', 'update', 'desk', '--permissions', '')).stderr, /desk: none/)
  assert.equal((await run('role', 'update', 'desk')).code, 2)
  assert.match((await run('role', 'show', 'desk')).stdout, /permissions +none/)
  assert.deepEqual(failureIn(await run('role', 'update', 'auditor', '--permissions', '', '--json')), [4, 'role.fixed'])
  assert.equal((await run('role', 'create', 'desc', '--permissions', 'users:fly')).code, 2)
  assert.equal((await run('role', 'delete', 'desk', '--yes')).code, 0)
  assert.deepEqual(failureIn(await run('role', 'show', 'desk', '--json')), [3, 'role.not_found'])
})
