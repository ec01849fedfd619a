// The client as npm packs and installs it: compiled by the TypeScript that apps use, with all checks, and run.
import assert from 'node:assert/strict'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { install } from '../../scripts/install.mjs'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { folderOf } from '../support/documentation/example-apps.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { call, installIn, npm, packedFiles } from '../support/documentation/packed.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

const CLIENT = join(ROOT, 'clients', 'node')
/** The bound of what an app loads. */
const LARGEST = 30_000

exhaustive('the client is installed from its package, compiles in an app, and is small', async (t) => {
  await install(CLIENT, { what: 'the packages of clients/node', development: true })
  const folder = await temporaryFolder(t)
  const file = (await npm(CLIENT, 'pack', '--silent', '--pack-destination', folder)).trim().split('\n').at(-1) ?? ''
  const files = await packedFiles(CLIENT)
  const loaded = files.filter(({ path }) => path.endsWith('.js')).reduce((sum, { size }) => sum + size, 0)
  assert.ok(loaded > 0 && loaded <= LARGEST, `${loaded} bytes`)
  assert.ok(files.some(({ path }) => path === 'LICENSE') && files.some(({ path }) => path === 'README.md'))
  assert.ok(!files.some(({ path }) => path.startsWith('src/')))

  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await installIn(folder, `./${file}`)
  await copyFile(folderOf('client/users.ts'), join(folder, 'users.ts'))
  const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom', '--types', 'node']
  const types = ['--typeRoots', join(ROOT, 'node_modules', '@types')]
  const compiled = await call(process.execPath, {
    args: [join(CLIENT, 'node_modules', 'typescript', 'bin', 'tsc'), ...flags, ...types, 'users.ts'],
    cwd: folder,
  })
  assert.equal(compiled.code, 0, compiled.stdout + compiled.stderr)

  const { server, baseUrl } = await listening(t)
  const { token = '' } = await (await firstAdmin(server)).signsIn()
  const env = { URL: baseUrl, TOKEN: token }
  for (const said of ['', 'There is a grace already.\n']) {
    const { stdout, stderr } = await call(process.execPath, { args: ['users.js'], cwd: folder, env })
    assert.equal(stdout, `${said}grace is Grace Hopper now.\n`, stderr)
  }
})
