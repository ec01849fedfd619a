import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '../../kernel/secret.ts'
import { serverNameIn } from './database-facts.ts'

const NAMES: readonly [url: string, name: string | undefined][] = [
  ['postgres://ada:hush@db.internal/doorward', 'db.internal:5432'],
  ['postgresql://db.internal:6432/doorward', 'db.internal:6432'],
  ['postgres://[::1]:5433/doorward', '[::1]:5433'],
  ['postgres:///doorward', 'localhost:5432'],
  [
    'postgres://ada:hush@db-a.internal,db-b.internal:6432/doorward?password=hush',
    'db-a.internal:5432,db-b.internal:6432',
  ],
  ['postgres:///doorward?host=/run/postgresql&password=hush', '/run/postgresql'],
  ['postgres://%2Frun%2Fpostgresql/doorward', '/run/postgresql'],
  ['sqlite:/srv/doorward.db', undefined],
]

for (const [url, name] of NAMES) {
  test(`${url.replaceAll('hush', '…')} is ${name ?? 'no server'}`, () =>
    assert.equal(serverNameIn(Secret.of(url)), name))
}
