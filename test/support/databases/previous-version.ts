// The version before this one: its packed program, the databases that it made, and their users (made by scripts/earlier.ts).
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { chmod, copyFile, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Client } from 'pg'

import { checkpointPaths } from '#domain/audit/checkpoint.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import type { SoftwarePasskey } from '../../../clients/test/src/software-authenticator.ts'
import { ROOT } from '../documentation/markdown.ts'
import { call } from '../documentation/packed.ts'
import { newDatabaseUrl } from './each-database.ts'
import { temporaryFolder } from './temporary.ts'

const FOLDER = join(ROOT, 'test', 'fixtures', 'earlier')

/** The paths of the fixtures. */
export const FIXTURE = {
  program: join(FOLDER, 'program.tgz'),
  /** A program that knows nothing of apps, and runs beside this one. */
  beside: join(FOLDER, 'beside.tgz'),
  keyring: join(FOLDER, 'keyring.json'),
  people: join(FOLDER, 'people.json'),
  sqlite: join(FOLDER, 'doorward.db.gz'),
  postgres: join(FOLDER, 'postgres.sql'),
  checkpointsOf: (dialect: Dialect) => join(FOLDER, `audit-head.${dialect}`),
} as const

export interface EarlierPerson {
  readonly username: string
  readonly password: string
  /** The setup key of the user's app, in base32. */
  readonly secret: string
  readonly session: string
}

export interface KeptPasskey {
  readonly id: string
  readonly rpId: string
  readonly userHandle: string
  readonly privateKey: JsonWebKey
}

/** The users in a database of the earlier program with their credentials, and when that program was stopped. */
export interface EarlierPeople {
  readonly at: Instant
  readonly publicUrl: string
  readonly root: EarlierPerson
  readonly ada: EarlierPerson & {
    readonly recoveryCodes: readonly string[]
    readonly apiToken: string
    readonly passkey: KeptPasskey
  }
}

export async function earlierPeople(dialect: Dialect): Promise<EarlierPeople> {
  const { [dialect]: people } = JSON.parse(await readFile(FIXTURE.people, 'utf8')) as Record<Dialect, EarlierPeople>
  return people
}

export function passkeyOf({ privateKey, ...rest }: KeptPasskey): SoftwarePasskey {
  return { ...rest, privateKey: createPrivateKey({ key: privateKey, format: 'jwk' }), signCount: 0 }
}

/** Unpacks the program for one test and links the packages of this version; returns the path of its main module. */
export async function earlierProgram(t: TestContext, packed: string = FIXTURE.program): Promise<string> {
  const folder = await temporaryFolder(t)
  const { code, stderr } = await call('tar', { args: ['-xzf', packed, '-C', folder], cwd: folder })
  assert.equal(code, 0, stderr)
  await symlink(join(ROOT, 'node_modules'), join(folder, 'package', 'node_modules'), 'junction')
  return join(folder, 'package', 'dist', 'doorward.js')
}

/** A copy of the database that the earlier program made, with its keyring and the checkpoints of its audit log. */
export async function earlierDatabase(
  t: TestContext,
  dialect: Dialect,
): Promise<{ databaseUrl: string; dataDir: string }> {
  const [databaseUrl, dataDir] = [await newDatabaseUrl(t, dialect), await temporaryFolder(t)]
  if (dialect === 'postgres') await runText(databaseUrl, await readFile(FIXTURE.postgres, 'utf8'))
  else await writeFile(databaseUrl.slice('sqlite:'.length), await promisify(gunzip)(readFileSync(FIXTURE.sqlite)))
  await copyFile(FIXTURE.keyring, join(dataDir, 'keyring.json'))
  await chmod(join(dataDir, 'keyring.json'), 0o600)
  const { formerPath } = await checkpointPaths({ dataDir, databaseUrl: Secret.of(databaseUrl) })
  await copyFile(FIXTURE.checkpointsOf(dialect), formerPath)
  return { databaseUrl, dataDir }
}

async function runText(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
