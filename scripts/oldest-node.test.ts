import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../test/support/databases.ts'
import { newDatabaseUrl } from '../test/support/each-database.ts'
import { setUp } from '../test/support/first-steps.ts'
import { runCommand, startProcess } from '../test/support/processes.ts'
import { exhaustive } from '../test/support/scope.ts'
import { findNode, isAtLeast, oldestNode } from './own-node.mjs'

test('versions are compared number by number', () => {
  assert.ok(isAtLeast('24.11.0', '24.11.0'))
  assert.ok(isAtLeast('24.11.1', '24.11.0'))
  assert.ok(isAtLeast('26.0.0', '24.11.0'))
  assert.ok(!isAtLeast('24.9.9', '24.11.0'))
  assert.ok(!isAtLeast('20.20.2', '24.11.0'))
})

test('a machine’s own Node is used where it is new enough', async () => {
  assert.deepEqual(await findNode(), { path: process.execPath, name: `Node ${process.versions.node}` })
})

exhaustive('on exactly the oldest Node that it asks for the program serves, signs in and answers', async (t) => {
  const node = await nodeOf(t, oldestNode())
  const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t), node }
  const server = await startProcess(t, place)
  const [, setupToken = ''] = /\/setup\/(dwl_[\w-]+)/.exec(server.stderr()) ?? []
  const { token } = await setUp(
    { url: server.url.replace('127.0.0.1', 'localhost'), setupToken },
    'ada',
    'three calm words',
  )
  assert.equal((await server.ask('GET', '/users/me', { token })).body['username'], 'ada')
  const { code, stderr } = await server.stop()
  assert.equal(code, 0, stderr)
  assert.doesNotMatch(stderr, /Warning/)
  const listed = await runCommand(t, ['user', 'list', '--json'], place)
  assert.match(listed.stdout, /"username": ?"ada"/)
})

/** The path of one version of Node, as npm brings it for this machine. */
async function nodeOf(t: TestContext, version: string): Promise<string> {
  const folder = await temporaryFolder(t)
  const manifest = readFileSync(join(import.meta.dirname, 'node', 'package.json'), 'utf8')
  const { optionalDependencies } = JSON.parse(manifest) as { optionalDependencies: Record<string, string> }
  const suffix = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const name =
    Object.keys(optionalDependencies).find((one) => one.endsWith(suffix)) ?? assert.fail(`no Node for ${suffix}`)
  const { status, stderr } = spawnSync('npm', ['install', '--no-save', '--ignore-scripts', `${name}@${version}`], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  return join(folder, 'node_modules', name, 'bin', 'node')
}
