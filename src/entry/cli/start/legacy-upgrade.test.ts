import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { openApplication } from '#entry/boot.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { newPostgresDatabase, temporaryFolder } from '#test/support/databases/temporary.ts'
import { CHEAP_HASH } from '../../../../clients/test/src/server-process.ts'
import { takeOverLines } from './legacy-upgrade.ts'

/** The lines of the first start in this folder, and those of the second. */
async function twoStarts(t: TestContext, flags: Record<string, string>): Promise<string[][]> {
  const said: string[][] = []
  const cwd = await temporaryFolder(t)
  mkdirSync(join(cwd, 'there'))
  const loaded = loadConfig({ cwd, env: {}, flags: { ...CHEAP_HASH, ...flags, log_level: 'silent' } })
  for (let start = 0; start < 2; start++) {
    const doorward = await openApplication(loaded.config, { createDatabase: true })
    said.push((await takeOverLines({ doorward, loaded })).map((line) => line.replaceAll(cwd, '.')))
    await doorward.close()
  }
  return said
}

const CHOOSE =
  'The data folder is ./data, in the folder where you started Doorward. To choose another: --data-dir FOLDER or DOORWARD_DATA_DIR.'

test('a new database without a configured folder is reported once, with the way to configure one', async (t) => {
  const made = 'Created a new, empty database at ./data/doorward.db.'
  assert.deepEqual(await twoStarts(t, {}), [[made, CHOOSE], []])
})

const STOP = 'It has no users yet. Expected existing users? Stop and check'

test('a new database with a configured folder is reported once, with that setting', async (t) => {
  assert.deepEqual(await twoStarts(t, { database_url: 'sqlite:there/x.db' }), [
    ['Created a new, empty database at ./there/x.db.', `${STOP} database_url.`, CHOOSE],
    [],
  ])
  assert.deepEqual(await twoStarts(t, { data_dir: 'new/data' }), [
    ['Created a new, empty database at ./new/data/doorward.db.', `${STOP} data_dir.`],
    [],
  ])
})

test('a schema created in an empty PostgreSQL database is reported once, without its password', async (t) => {
  const url = await newPostgresDatabase(t)
  const [[made, stop] = []] = await twoStarts(t, { database_url: url })
  assert.match(made ?? '', /^Created new, empty tables in postgres:\/\/[^@]+\/test_\w+\.$/)
  assert.equal(stop, `${STOP} database_url.`)
})
