// The client of clients/node as it is in the clone, compiled for the apps of examples/ that link it.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { install, takeTurn } from '../../../scripts/install.mjs'
import { ROOT } from './markdown.ts'
import { npm } from './packed.ts'

export const CLIENT = join(ROOT, 'clients', 'node')

/** Runs `work` while no other test compiles the client: the compiler empties files that an app may be about to load. */
export async function whileClientStays<Result>(work: () => Promise<Result>): Promise<Result> {
  const release = await takeTurn(join(CLIENT, '.doorward-installing-client'))
  try {
    return await work()
  } finally {
    release()
  }
}

/** Compiles the client if its sources have changed, and runs `work`, which loads it. */
export async function withBuiltClient<Result>(work: () => Promise<Result>): Promise<Result> {
  await install(CLIENT, { what: 'the packages of clients/node', development: true })
  return whileClientStays(async () => {
    const marker = join(CLIENT, 'node_modules', '.doorward-built')
    const made = join(CLIENT, 'dist', 'index.js')
    const hash = hashOfSources()
    if (!existsSync(made) || !existsSync(marker) || readFileSync(marker, 'utf8') !== hash) {
      await npm(CLIENT, 'run', 'build', '--silent')
      writeFileSync(marker, hash)
    }
    return work()
  })
}

function hashOfSources(): string {
  const paths = globSync(['src/*', '*.json', '*.mjs'], { cwd: CLIENT }).toSorted()
  assert.ok(paths.length > 10)
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update(readFileSync(join(CLIENT, path)))
  return hash.digest('hex')
}
