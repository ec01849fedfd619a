import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hostUrls } from './postgres-url.ts'

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
