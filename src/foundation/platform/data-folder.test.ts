import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { DataFolderError, makeDataFolder } from './data-folder.ts'

test('the data folder and its missing parents are created with access for their owner only', async (t) => {
  const above = join(await temporaryFolder(t), 'above')
  const folder = join(above, 'data')
  makeDataFolder(folder)
  makeDataFolder(folder)
  if (process.platform === 'win32') return
  assert.deepEqual(
    [above, folder].map((path) => statSync(path).mode & 0o777),
    [0o700, 0o700],
  )
})

test('a file at the path of the data folder is named in the error with the setting, and is not changed', async (t) => {
  const file = join(await temporaryFolder(t), 'afile')
  writeFileSync(file, 'letter')
  for (const folder of [file, join(file, 'below', 'it')]) {
    assert.throws(
      () => makeDataFolder(folder),
      (error) =>
        error instanceof DataFolderError &&
        error.message.startsWith(`${file} is a file, but data_dir must be a folder`),
    )
  }
  assert.ok(statSync(file).isFile())
})

const NEVER_TAKES_FOLDERS = '/proc/doorward'

test('a path where no folder can be created fails at once', { timeout: 600_000 }, () => {
  if (!existsSync('/proc')) return
  // In a process of its own: a synchronous call that never returns can only be ended from outside.
  const script = `import { makeDataFolder } from ${JSON.stringify(join(import.meta.dirname, 'data-folder.ts'))}
    makeDataFolder('${NEVER_TAKES_FOLDERS}/data')`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 600_000,
    killSignal: 'SIGKILL',
  })
  assert.equal(status, 1, stderr)
  assert.match(
    stderr,
    /DataFolderError: The data folder \/proc\/doorward\/data cannot be created \(\w+ at \/proc\/doorward\)/,
  )
})
