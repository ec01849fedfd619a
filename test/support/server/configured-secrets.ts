// Secrets of a server that no answer and no log may contain.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Server } from './start.ts'

/** The keys of the keyring, and the URL of a PostgreSQL database with its password. */
export function secretsOf({ dataDir, databaseUrl }: Server): string[] {
  const { keys } = JSON.parse(readFileSync(join(dataDir, 'keyring.json'), 'utf8')) as {
    keys: readonly { secret: string }[]
  }
  assert.ok(keys.length >= 4)
  const [, password] = /:\/\/[^/]*:([^@/]+)@/.exec(databaseUrl) ?? []
  const databaseUrls = databaseUrl.startsWith('sqlite:') ? [] : [databaseUrl]
  return [...keys.map(({ secret }) => secret), ...databaseUrls, ...(password === undefined ? [] : [password])]
}
