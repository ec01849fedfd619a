// The test kit as npm packs and installs it, in the tests of an app under three runners, and compiled by the TypeScript that apps use.
import assert from 'node:assert/strict'
import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { install } from '../../scripts/install.mjs'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { call, installIn, manifest, npm, pack, packedFiles } from '../support/documentation/packed.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { installApp } from './installed-app.ts'

const KIT = join(ROOT, 'clients', 'test')
const APP = join(import.meta.dirname, 'test-kit')

/** The app in a folder of its own, with the runners of its lockfile and the packed kit and server. */
async function installedApp(t: TestContext): Promise<string> {
  await Promise.all([installApp('test-kit'), install(KIT, { what: 'the packages of clients/test', development: true })])
  const folder = await temporaryFolder(t)
  await cp(APP, folder, { recursive: true, verbatimSymlinks: true })
  const kit = (await npm(KIT, 'pack', '--silent', '--pack-destination', folder)).trim().split('\n').at(-1) ?? ''
  await installIn(folder, '--no-save', await pack(t, (await manifest()).version), `./${kit}`)
  return folder
}

exhaustive('the tests of an app use the packed kit under node:test, Vitest and Jest, and in TypeScript', async (t) => {
  const folder = await installedApp(t)
  const files = await packedFiles(KIT)
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await call(process.execPath, { args, cwd: folder, env: { NO_COLOR: '1' } })
    assert.equal(code, 0, `${args.join(' ')}:\n${stdout}${stderr}`)
    return stdout + stderr
  }
  const bin = (name: string): string => join('node_modules', name)
  assert.match(await run('--test', 'node.test.mjs'), /pass 3\b/)
  for (const pool of ['forks', 'threads'])
    assert.match(await run(bin('vitest/vitest.mjs'), 'run', `--pool=${pool}`, 'vitest.test.mjs'), /Tests +2 passed/)
  const jest = await run(bin('jest/bin/jest.js'), '--testMatch', '**/jest.test.cjs')
  assert.match(jest, /Tests: +3 passed/)
  // What keeps Jest from ending: a channel, a socket or a server that is still open.
  assert.doesNotMatch(jest, /did not exit|asynchronous operations/)

  await writeFile(join(folder, 'typed.mts'), TYPED)
  const flags = [
    '--strict',
    '--noEmit',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023,dom,dom.iterable',
  ]
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')]
  await run(join(KIT, 'node_modules', 'typescript', 'bin', 'tsc'), ...flags, ...types, 'typed.mts')

  await rm(join(folder, 'node_modules', 'doorward'), { recursive: true })
  const alone = await call(process.execPath, {
    args: ['--eval', "require('@doorward/test').startDoorward()"],
    cwd: folder,
  })
  assert.match(
    alone.stderr,
    /the package doorward, which is not installed: npm install --save-dev --save-exact doorward/,
  )

  assert.ok(
    ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'dist/steering.js'].every((path) =>
      files.some((file) => file.path === path),
    ),
  )
  assert.ok(!files.some(({ path }) => path.startsWith('src/') || path.includes('source')))
})

const TYPED = `
import { type Doorward, startDoorward, type TestUser } from '@doorward/test'

const door: Doorward = await startDoorward({ settings: { session_idle: '2h' } })
const ada: TestUser = await door.user({ secondStep: 'totp' })
const code: string = await ada.code()
// @ts-expect-error There is no such second step.
await door.user({ secondStep: 'sms' })
await door.stop()
console.log(code)
`
