// Follows the pages for operators: run, PostgreSQL, policies, ways back in, audit log, backup.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { days } from '#foundation/kernel/time.ts'
import { newPostgresDatabase } from '../databases/temporary.ts'
import { PASSWORD } from '../people/people.ts'
import { openTerminal, runProgram, runShell, setUp, startShown, withOurNode } from './fresh-clone.ts'
import { type Blocks, ROOT } from './markdown.ts'
import { ownSqlite } from './shell-programs.ts'

/** The lines that `audit verify` prints when the log does not match later checkpoints. */
const ALTERED = /\t(cut-off|recomputed)\t/

export async function walkRun(t: TestContext, page: Blocks): Promise<void> {
  const terminal = withOurNode(await openTerminal(t))
  const byNpm = await startShown(t, page.next(), terminal)
  await setUp(byNpm, 'ada', PASSWORD)
  await byNpm.stop()
  const direct = await startShown(t, page.next(), terminal)
  assert.equal((await fetch(`${direct.url}/readyz`)).status, 200)
  assert.match(await runShell(page.next(), terminal), /data_dir[^]*?DOORWARD_DATA_DIR/)
  await runShell(page.next(), terminal)
  assert.match(await runShell(page.next(), terminal), /^expired-sessions\b/m)
  const { url, says } = await startShown(t, page.next(), await openTerminal(t))
  await says(/Sign in +https:\/\/id\.example\.org\n/)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
}

export async function walkPostgres(t: TestContext, page: Blocks): Promise<void> {
  const database = await newPostgresDatabase(t)
  const lines = page.next({ 'postgres://doorward:PASSWORD@db.internal/doorward': database })
  const { says } = await startShown(t, lines, await openTerminal(t))
  await says(/ Data .*\(PostgreSQL\)/)
}

export async function walkRecovery(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  const { token } = await setUp(started, 'ada', PASSWORD)
  await runShell(page.next(), terminal)
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await fetch(`${started.url}/users/me`, { headers })).status, 401)
  await runShell(page.next(), terminal)
  assert.match(await runShell(page.next(), terminal), /\/(reset|invitation|password)[\w/-]*\/dwl_/)
  assert.match(await runShell(page.next(), terminal), /\/invitation\/dwl_/)
  assert.match(await runShell(page.next(), terminal), /\/setup\/dwl_/)
  await started.stop()
  const keyring = join(terminal.dataDir, 'keyring.json')
  rmSync(keyring)
  await assert.rejects(startShown(t, 'npm start', terminal), /The server ended/)
  await runShell(page.next(), terminal)
  assert.ok(existsSync(keyring))
}

const DEADLINE_IN_PAGE = '2027-01-11T08:00:00Z'
const END_OF_EXEMPTION_IN_PAGE = '2027-02-01T08:00:00Z'

/** A morning as the page writes it. The day of the page passes, and a policy with a past deadline would be in force at once. */
function inWeeks(weeks: number): string {
  return `${new Date(Date.now() + days(7 * weeks)).toISOString().slice(0, 10)}T08:00:00Z`
}

/** The roll-out of a policy in a company in which `grace` was invited. */
export async function walkPolicies(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  await setUp(started, 'ada', PASSWORD)
  await started.stop()
  const doorward = (words: string): Promise<string> => runProgram(words, terminal)
  await doorward('user create grace')
  await runShell(page.next(), terminal)
  assert.match(await runShell(page.next(), terminal), /grace .*No second step/)
  await runShell(page.next({ [DEADLINE_IN_PAGE]: inWeeks(2) }), terminal)
  assert.match(await runShell(page.next(), terminal), /not ready yet +1 user/)
  const exempted = await runShell(page.next({ [END_OF_EXEMPTION_IN_PAGE]: inWeeks(5) }), terminal)
  assert.match(exempted, /grace .*Waits for a new phone/)
  await runShell(page.next(), terminal)
  assert.doesNotMatch(await doorward('policy exemptions everyone'), /grace/)
  assert.match(await runShell(page.next(), terminal), /^second step +optional +policy +everyone +1/m)
  await runShell(page.next(), terminal)
  assert.match(await doorward('policy show everyone'), /version 2 +cancelled/)
}

export async function walkAuditLog(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  await setUp(started, 'ada', PASSWORD)
  await started.stop()
  const file = join(terminal.folder, 'audit.jsonl')
  assert.match(await runShell(page.next({ 'audit.jsonl': file }), terminal), /Signed in +ada/)
  assert.match(readFileSync(file, 'utf8'), /"action":"sign_in.succeeded"/)
  await runShell(page.next(), terminal)
}

/** A backup, changes after it, and the restore with and without the checkpoints of its time. */
export async function walkBackup(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t, { besideData: true, programs: [await ownSqlite(t)] })
  const started = await startShown(t, 'npm start', terminal)
  const ada = await setUp(started, 'ada', PASSWORD)
  const doorward = (words: string): Promise<string> => runProgram(words, terminal)
  const ask = async (change?: object): Promise<[status: number, fullName: unknown]> => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
    const changed = change !== undefined && { method: 'PATCH', body: JSON.stringify(change) }
    const answer = await fetch(`${terminal.url}/users/me`, { headers, ...changed })
    return [answer.status, ((await answer.json()) as Record<string, unknown>)['full_name']]
  }
  await doorward('user create grace')
  // The server writes the first checkpoint within a second or so of the first event.
  while (!existsSync(join(terminal.dataDir, 'audit-checkpoints'))) await sleep(20)

  await runShell(page.next(), terminal)
  for (const file of ['database/doorward.db', 'database/audit-checkpoints', 'keyring/keyring.json']) {
    assert.equal(statSync(join(terminal.folder, 'backup', file)).mode & 0o077, 0, `${file} can be read by others`)
  }
  assert.ok(readFileSync(join(ROOT, '.gitignore'), 'utf8').includes('\n/backup/\n'), 'a backup may be committed')
  await doorward('user disable grace')
  await started.stop()
  const later = join(terminal.folder, 'later-audit-checkpoints')
  copyFileSync(join(terminal.dataDir, 'audit-checkpoints'), later)
  // The crash leaves the last change in the write-ahead log; the keyring is lost.
  const crashing = await startShown(t, 'npm start', terminal)
  assert.deepEqual(await ask({ full_name: 'Ada Lovelace' }), [200, 'Ada Lovelace'])
  await crashing.stop('SIGKILL')
  assert.ok(statSync(join(terminal.dataDir, 'doorward.db-wal')).size > 0)
  rmSync(join(terminal.dataDir, 'keyring.json'))

  await runShell(page.next(), terminal)
  const restored = await startShown(t, 'npm start', terminal)
  assert.match(await doorward('user show ada --json'), /"full_name":\s*null/)
  assert.match(await doorward('user show grace --json'), /"status":\s*"invited"/)
  assert.equal((await ask())[0], 401, 'a session of the backup works again')
  await runShell(page.next(), terminal)
  assert.match(await doorward('user show grace --json'), /"status":\s*"disabled"/)
  await runShell(page.next(), terminal)

  renameSync(later, join(terminal.dataDir, 'audit-checkpoints'))
  await assert.rejects(doorward('audit verify'), ALTERED)
  await runShell(page.next(), terminal)
  await restored.stop()
  await doorward('audit verify')
  const kept = join(terminal.folder, 'backup', 'before-restore', 'audit-checkpoints')
  await assert.rejects(doorward(`audit verify --checkpoint ${kept}`), ALTERED)
}
