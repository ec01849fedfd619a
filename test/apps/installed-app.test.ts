// What a developer reads where an app is missing, and what npm would install.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT } from '../support/documentation/markdown.ts'
import { startApp } from './installed-app.ts'

const read = <Content>(path: string): Content => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Content

test('an app that is missing is named, with the way to install it', async (t) => {
  await assert.rejects(
    startApp(t, 'auth-js', 'none.js', { env: {}, ready: () => Promise.resolve(true) }),
    /^Error: none\.js is not installed\. Run `npm ci` in test\/apps\/auth-js\.$/,
  )
})

test('each app is pinned by its version, and has a lockfile; so is Lighthouse', () => {
  const manifests = globSync('test/{apps,browser}/*/package.json', { cwd: ROOT })
  assert.ok(manifests.length >= 5)
  for (const path of manifests) {
    const { dependencies } = read<{ dependencies: Record<string, string> }>(path)
    for (const version of Object.values(dependencies)) assert.match(version, /^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/, path)
    const { packages } = read<{ packages: Record<string, { dependencies: unknown }> }>(
      path.replace('package.json', 'package-lock.json'),
    )
    assert.deepEqual(packages['']?.dependencies, dependencies)
  }
})

test('no lockfile names another registry than npm’s public one', () => {
  const lockfiles = globSync('{.,clients/*,examples/*,scripts/*,bench/*,test/*/*}/package-lock.json', { cwd: ROOT })
  assert.ok(lockfiles.length >= 10, lockfiles.join(' '))
  const elsewhere = lockfiles.flatMap((path) =>
    Object.values(read<{ packages: Record<string, { resolved?: string; link?: boolean }> }>(path).packages)
      // A link leads to a folder of the clone.
      .filter(({ link = false }) => !link)
      .map(({ resolved = 'https://registry.npmjs.org/' }) => resolved)
      .filter((resolved) => !resolved.startsWith('https://registry.npmjs.org/')),
  )
  assert.deepEqual(elsewhere, [])
})
