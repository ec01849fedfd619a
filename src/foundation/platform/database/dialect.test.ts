import assert from 'node:assert/strict'
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { canonicalLocation } from './dialect.ts'

const locationOf = (url: string): Promise<string> => canonicalLocation(Secret.of(url))

test('all paths to a SQLite file have the same location', async (t) => {
  const folder = await realpath(await temporaryFolder(t))
  const file = join(folder, 'data', 'a.db')
  await mkdir(join(folder, 'data'))
  await writeFile(file, '')
  await symlink(join(folder, 'data'), join(folder, 'link'))
  await symlink(file, join(folder, 'b.db'))
  for (const path of [file, join(folder, 'link', 'a.db'), join(folder, 'b.db'), `${folder}/data/../data/a.db`]) {
    assert.equal(await locationOf(`sqlite:${path}`), `sqlite:${file}`)
  }
  assert.equal(await locationOf(`sqlite:${folder}/none.db`), `sqlite:${folder}/none.db`)
})

for (const [url, location] of [
  ['postgres://ada:s3cret@db.internal/doorward', 'postgres://db.internal:5432/doorward'],
  ['postgresql://eve:other@DB.internal:5432/doorward?sslmode=disable', 'postgres://db.internal:5432/doorward'],
  ['postgres://db.internal:6432/doorward?user=ada&password=s3cret', 'postgres://db.internal:6432/doorward'],
  ['postgres:///doorward?host=/run/postgresql', 'postgres:///run/postgresql:5432/doorward'],
  ['postgres://ada:s3cret@B.internal:6432,a.internal/doorward', 'postgres://a.internal:5432,b.internal:6432/doorward'],
] as const) {
  test(`${url} has the location ${location}, independent of user and password`, async () => {
    assert.equal(await locationOf(url), location)
  })
}
