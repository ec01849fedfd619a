// Threat: somebody between Doorward and its PostgreSQL reads or answers for it. With sslmode=verify-full the connection is encrypted, and
// a server without TLS or with another certificate gets neither a password nor a query.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { appendFileSync, chownSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { rootCertificates } from 'node:tls'

import { openFor } from '../support/databases/each-database.ts'
import { account, usablePrograms } from '../support/databases/postgres-programs.ts'
import { createCluster, guard, launch, runFolder } from '../support/databases/postgres-server.ts'
import { newPostgresDatabase, temporaryFolder } from '../support/databases/temporary.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/mail/certificate.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** Starts a PostgreSQL that offers TLS under a certificate of its own; returns its URL without parameters. */
async function startWithTls(t: TestContext): Promise<string> {
  const folder = runFolder(tmpdir())
  const stop = guard(folder)
  t.after(() => t.after(() => stop()))
  const programs = usablePrograms(folder)
  createCluster(programs, folder)
  const data = join(folder, 'data')
  for (const [name, text] of Object.entries({ 'server.crt': CERTIFICATE, 'server.key': CERTIFICATE_KEY })) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    if (account.uid !== undefined && account.gid !== undefined) chownSync(join(data, name), account.uid, account.gid)
  }
  appendFileSync(join(data, 'postgresql.conf'), 'ssl = on\n')
  return `postgres://doorward@127.0.0.1:${await launch(programs, folder)}/postgres`
}

test('a connection to PostgreSQL is encrypted, and only to the certificate that the URL names', async (t) => {
  const url = await startWithTls(t)
  const trusted = join(await temporaryFolder(t), 'authority.crt')
  writeFileSync(trusted, CERTIFICATE)
  const usesTls = sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`

  const encrypted = await openFor(t, `${url}?sslmode=verify-full&sslrootcert=${trusted}`)
  assert.deepEqual((await usesTls.execute(encrypted)).rows, [{ ssl: true }])
  const plain = await openFor(t, url)
  assert.deepEqual((await usesTls.execute(plain)).rows, [{ ssl: false }], 'TLS is what the URL asks for')

  const others = join(await temporaryFolder(t), 'others.crt')
  writeFileSync(others, rootCertificates.slice(0, 3).join('\n'))
  const unknown = await openFor(t, `${url}?sslmode=verify-full&sslrootcert=${others}`)
  await assert.rejects(usesTls.execute(unknown), /self.signed certificate|unable to verify/i)
})

leaveToTestAll()

test('a PostgreSQL without TLS is refused where the URL asks for it', async (t) => {
  const url = await newPostgresDatabase(t)
  const db = await openFor(t, `${url}${url.includes('?') ? '&' : '?'}sslmode=verify-full`)
  await assert.rejects(sql`select 1`.execute(db), /does not support SSL/i)
})
