import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'

import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { ACCOUNT, type Seen } from '#test/support/databases/unprivileged-process.ts'
import { call } from '#test/support/documentation/packed.ts'
import { projectPath } from '../../project.ts'

/** A database, its folder and a write-ahead log, whose owner is the account that will use them. */
async function databaseOf(t: TestContext): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder(t, { onDisk: true })
  t.after(() => chmodSync(folder, 0o700))
  const file = join(folder, 'doorward.db')
  const db = new DatabaseSync(file)
  db.exec('create table t (a)')
  db.close()
  writeFileSync(`${file}-wal`, '')
  for (const path of [folder, file, `${file}-wal`]) chownSync(path, ACCOUNT, process.getgid?.() ?? 0)
  return { folder, file }
}

async function seen(file: string): Promise<Partial<Seen>> {
  const program = projectPath('test/support/databases/unprivileged-process.ts')
  const args = ['--disable-warning=ExperimentalWarning', program, file]
  const { code, stdout, stderr } = await call(process.execPath, { args, cwd: import.meta.dirname })
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Partial<Seen>
}

test('a file that may be read and written, or a folder for it, has no access problem', async (t) => {
  const { folder, file } = await databaseOf(t)
  for (const each of [file, join(folder, 'new.db')]) assert.deepEqual(await seen(each), {})
})

test('a file that may not be read is refused with its owner and mode', async (t) => {
  const { file } = await databaseOf(t)
  chmodSync(file, 0)
  const problem = `this process runs as user ${ACCOUNT} and may not read ${file}, which belongs to user ${ACCOUNT} and has the mode 0000`
  assert.deepEqual(await seen(file), { problem, refused: `The database ${file} cannot be opened: ${problem}.` })
})

test('a file that may be read and not written is refused at the first write, with the reason', async (t) => {
  const { file } = await databaseOf(t)
  chmodSync(file, 0o400)
  const { problem, refused } = await seen(file)
  assert.match(problem ?? '', /may not write .*doorward\.db, which belongs to user \d+ and has the mode 0400$/)
  assert.equal(refused, `The database ${file} cannot be used: ${problem}.`)
})

test('the error names a write-ahead log that may not be written', async (t) => {
  const { file } = await databaseOf(t)
  chmodSync(`${file}-wal`, 0o400)
  assert.match((await seen(file)).problem ?? '', /may not write .*doorward\.db-wal, which belongs to user/)
})

test('the error names a folder that may not be written, and the reason why SQLite needs it', async (t) => {
  const { folder, file } = await databaseOf(t)
  chmodSync(folder, 0o500)
  const { problem, refused } = await seen(join(folder, 'new.db'))
  assert.match(problem ?? '', /may not write .*, which .* mode 0500\. SQLite keeps its write-ahead log in that folder$/)
  assert.match(refused ?? '', /cannot be opened: this process/)
  assert.equal((await seen(file)).problem, problem)
})

test('a database in a folder that may not be entered is not called missing, and the error says as whom to run', async (t) => {
  const { folder } = await databaseOf(t)
  const below = join(folder, 'data')
  mkdirSync(below, { mode: 0o700 })
  const isRoot = process.getuid?.() === 0
  // Where the tests do not run as root they own the folder, so its mode keeps them out, and no other user could be named.
  if (!isRoot) chmodSync(below, 0o000)
  t.after(() => chmodSync(below, 0o700))
  for (const name of ['doorward.db', 'deeper/doorward.db']) {
    const { problem, refused } = await seen(join(below, name))
    const advice = isRoot ? '; run the command as that user, with sudo -u root in front' : ''
    const expected = new RegExp(
      `may not enter ${below}, which belongs to user ${process.getuid?.()} and has the mode 0[07]00${advice}$`,
    )
    assert.match(problem ?? '', expected)
    assert.equal(refused, `The database ${join(below, name)} cannot be opened: ${problem}.`)
  }
})

test('the error for an accessible file that is no database has SQLite’s reason', async (t) => {
  const file = join(await temporaryFolder(t, { onDisk: true }), 'letter.db')
  writeFileSync(file, 'Dear Ada, this is a letter and certainly no database.\n'.repeat(30))
  chownSync(join(file, '..'), ACCOUNT, process.getgid?.() ?? 0)
  chownSync(file, ACCOUNT, process.getgid?.() ?? 0)
  assert.deepEqual(await seen(file), { refused: `The database ${file} cannot be opened: file is not a database.` })
})
