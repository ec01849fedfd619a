// A backup of PostgreSQL and its restore, as the page describes them, with PostgreSQL's own programs on a server of their version.
import assert from 'node:assert/strict'
import { chownSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { account, run } from '../support/databases/postgres-programs.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { openTerminal, runShell, setUp, startShown } from '../support/documentation/fresh-clone.ts'
import { readPage } from '../support/documentation/markdown.ts'
import { freePort } from '../support/server/ports.ts'
import { installedPostgres } from './programs.ts'

const PAGE = 'docs/backup.md'
const PASSWORD = 'three calm words'

test('a backup by pg_dump is restored by pg_restore, and the audit log is whole', async (t) => {
  const [backup = '', restore = '', checkpoints = '', ...others] = readPage(PAGE)
    .fences.filter(({ kind }) => kind === 'sh foreign')
    .map(({ code }) => code)
  assert.equal(others.length, 0)
  const { programs, port } = await startServer(t)
  const databaseUrl = `postgres://doorward@127.0.0.1:${port}/doorward`
  const opened = await openTerminal(t, { besideData: true, programs: [programs], databaseUrl })
  const terminal = { ...opened, env: { ...opened.env, PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres' } }
  await runShell('createuser doorward; createdb --owner=doorward doorward', terminal)
  const started = await startShown(t, 'npm start', terminal)
  const { token } = await setUp(started, 'ada', PASSWORD)
  await runShell('npm run -s doorward -- user create grace', terminal)
  await runShell('while ! ls data/audit-checkpoints.*; do sleep 0.1; done', terminal)

  await runShell(backup, terminal)
  for (const file of ['database/doorward.dump', 'keyring/keyring.json']) {
    assert.equal(statSync(join(terminal.folder, 'backup', file)).mode & 0o077, 0, `${file} can be read by others`)
  }
  await runShell('npm run -s doorward -- user disable grace', terminal)
  await started.stop()
  rmSync(join(terminal.dataDir, 'keyring.json'))

  await runShell(restore, terminal)
  await startShown(t, 'npm start', terminal)
  const headers = { authorization: `Bearer ${token}` }
  assert.equal(
    (await fetch(`${terminal.url}/users/me`, { headers })).status,
    401,
    'a session of the backup works again',
  )
  assert.match(await runShell('npm run -s doorward -- user show grace --json', terminal), /"status":\s*"invited"/)
  await runShell(checkpoints, terminal)
  await runShell('npm run -s doorward -- audit verify', terminal)
})

/** Starts the machine's own PostgreSQL: pg_dump refuses a server newer than itself, such as the one of the tests. */
async function startServer(t: TestContext): Promise<{ programs: string; port: number }> {
  const programs = installedPostgres()
  const folder = await temporaryFolder(t)
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const options = { ...account, cwd: folder }
  run(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--no-sync'], options)
  const port = await freePort()
  const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`
  run(join(programs, 'pg_ctl'), ['start', '-w', '-D', data, '-l', join(folder, 'log'), '-o', settings], options)
  t.after(() => run(join(programs, 'pg_ctl'), ['stop', '-m', 'immediate', '-D', data], options))
  return { programs, port }
}
