import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { hostUrls, serverNameIn } from './database-url.ts'

const READ: readonly [url: string, hosts: string[] | undefined][] = [
  ['postgres://ada:p@a:5432/d', ['postgres://ada:p@a:5432/d']],
  [
    'postgres://ada:p%40@a:5432,b:5433/d?sslmode=verify-full&sslrootcert=/x,y',
    [
      'postgres://ada:p%40@a:5432/d?sslmode=verify-full&sslrootcert=/x,y',
      'postgres://ada:p%40@b:5433/d?sslmode=verify-full&sslrootcert=/x,y',
    ],
  ],
  ['postgresql://[::1]:5432,[2001:db8::1]/d', ['postgresql://[::1]:5432/d', 'postgresql://[2001:db8::1]/d']],
  ['postgres://a,%2Frun%2Fpostgresql/d', ['postgres://a/d', 'postgres://%2Frun%2Fpostgresql/d']],
  ['postgres://ada:p,q@a,b/d', ['postgres://ada:p,q@a/d', 'postgres://ada:p,q@b/d']],
  ['postgres:///d?host=/run/postgresql', ['postgres:///d?host=/run/postgresql']],
  ['postgres://a,b/d?host=c', undefined],
  ['postgres://a,b/d?port=5433', undefined],
  ['postgres://a,/d', undefined],
  ['postgres://,a/d', undefined],
  ['postgres://a,,b/d', undefined],
  ['postgres://a:5432,b:99999/d', undefined],
  ['postgres://a:x,b/d', undefined],
  ['sqlite:/srv/a.db', undefined],
]

for (const [url, hosts] of READ) {
  test(`${url} names ${hosts?.length ?? 'no'} hosts`, () => assert.deepEqual(hostUrls(url), hosts))
}

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
