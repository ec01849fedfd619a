// `node scripts/earlier.ts COMMIT` generates test/fixtures/earlier: the packed program of that commit, and a database of each engine with
// users that this program created. With `--beside` it only packs the program, for the tests in which it runs beside this one.
// docs/releasing.md says when.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'

import { KEY_PURPOSES } from '#foundation/platform/crypto/keyring-file.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { DIALECTS, newDatabaseUrl } from '#test/support/databases/each-database.ts'
import {
  type EarlierPeople,
  type EarlierPerson,
  earlierProgram,
  FIXTURE,
  type KeptPasskey,
} from '#test/support/databases/previous-version.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { npm } from '#test/support/documentation/packed.ts'
import { invited, type OnboardedUser, setUp } from '#test/support/people/onboarding.ts'
import { type Installation, startProcess } from '#test/support/server/processes.ts'
import { type ServerClient, signIn } from '#test/support/server/server-client.ts'
import { type CreationOptions, SoftwareAuthenticator } from '../clients/test/src/software-authenticator.ts'
import { postgresAsText } from './postgres-text.ts'

const ROOT = join(import.meta.dirname, '..')
const PUBLIC_URL = 'https://earlier.example.org'
const NOTE =
  'Made by scripts/earlier.ts for test/stories/previous-version.test.ts. Every secret here and in the databases is a test value.'

const [commit = '', part] = process.argv.slice(2)
test(`the version of ${commit}`, { timeout: 600_000 }, (t) => (part === '--beside' ? pack(t, FIXTURE.beside) : make(t)))

async function make(t: TestContext): Promise<void> {
  await pack(t, FIXTURE.program)
  await writeFile(FIXTURE.keyring, `${JSON.stringify({ version: 1, keys: KEY_PURPOSES.map(testKey) }, null, 2)}\n`)
  const program = await earlierProgram(t)
  const people: Partial<Record<Dialect, EarlierPeople>> = {}
  for (const dialect of DIALECTS) people[dialect] = await makeDatabase(t, program, dialect)
  await writeFile(FIXTURE.people, `${JSON.stringify({ note: NOTE, commit, ...people }, null, 2)}\n`)
}

/** Packs the program in a worktree of its own, which installs the packages that its lockfile pins. */
async function pack(t: TestContext, file: string): Promise<void> {
  assert.match(commit, /^[0-9a-f]{7,40}$/, 'name the commit')
  await mkdir(dirname(file), { recursive: true })
  const tree = join(await temporaryFolder(t), 'tree')
  const git = (...args: string[]): unknown => execFileSync('git', ['-C', ROOT, ...args])
  git('worktree', 'add', '--detach', tree, commit)
  try {
    await npm(tree, 'run', '-s', 'package')
    const packed = (await readdir(tree)).find((name) => name.endsWith('.tgz'))
    assert.ok(packed)
    execFileSync('tar', ['-xzf', join(tree, packed), '-C', tree])
    // No test opens the page of the API, whose files are a third of the package.
    execFileSync('tar', ['-czf', file, '-C', tree, '--exclude', 'swagger-ui', 'package'])
  } finally {
    git('worktree', 'remove', '--force', tree)
  }
}

/** A key that is recognizable as a test value. */
function testKey(purpose: string): object {
  const secret = `${purpose}-key-of-a-test`.padEnd(43, '-')
  return { id: `${purpose}-000000000000`, purpose, secret, created_at: 0 }
}

async function makeDatabase(t: TestContext, program: string, dialect: Dialect): Promise<EarlierPeople> {
  const options = { program, databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
  await copyFile(FIXTURE.keyring, join(options.dataDir, 'keyring.json'))
  await chmod(join(options.dataDir, 'keyring.json'), 0o600)
  const root = await foundServer(t, options)
  const people = await fillServer(t, { ...options, settings: { public_url: PUBLIC_URL } }, root)
  if (dialect === 'postgres') await writeFile(FIXTURE.postgres, await postgresAsText(options.databaseUrl))
  else
    await writeFile(FIXTURE.sqlite, gzipSync(await readFile(options.databaseUrl.slice('sqlite:'.length)), { level: 9 }))
  const [file = ''] = (await readdir(options.dataDir)).filter((name) => /^audit-(?:checkpoints|head)/.test(name))
  await copyFile(join(options.dataDir, file), FIXTURE.checkpointsOf(dialect))
  return people
}

/** The set-up form is answered at the public URL only, which is the URL of the listening server here. */
async function foundServer(t: TestContext, options: Installation): Promise<OnboardedUser> {
  const node = await startProcess(t, options)
  const root = await setUp(node)
  assert.equal((await node.stop()).code, 0)
  return root
}

async function fillServer(t: TestContext, options: Installation, root: OnboardedUser): Promise<EarlierPeople> {
  const node = await startProcess(t, options)
  const session = await signIn(node, root)
  const ada = await invited(node, session, 'ada')
  await node.ask('POST', '/token', { form: { username: 'ada', password: 'a wrong password 000000' } })
  const asAda = { token: await signIn(node, ada) }
  const codes = await node.ask('POST', '/users/me/recovery-codes', asAda)
  const newToken = { name: 'Script', scopes: ['self:read'], expires_in_days: 366 }
  const made = await node.ask('POST', '/users/me/tokens', { payload: newToken, ...asAda })
  const passkey = await addPasskey(node, asAda.token)
  assert.equal((await node.stop()).code, 0)
  return {
    at: Date.now(),
    publicUrl: PUBLIC_URL,
    root: earlierPerson(root, session),
    ada: {
      ...earlierPerson(ada, asAda.token),
      recoveryCodes: codes.body['recovery_codes'] as string[],
      apiToken: String(made.body['token']),
      passkey,
    },
  }
}

async function addPasskey(node: ServerClient, token: string): Promise<KeptPasskey> {
  const phone = new SoftwareAuthenticator({ origin: PUBLIC_URL })
  const options = await node.ask('POST', '/users/me/passkeys/options', { token })
  const response = phone.register(options.body as unknown as CreationOptions)
  const added = await node.ask('POST', '/users/me/passkeys', { payload: { response, name: 'Phone' }, token })
  assert.equal(added.status, 200, added.text)
  const [passkey] = phone.passkeys
  assert.ok(passkey)
  const { id, rpId, userHandle, privateKey } = passkey
  return { id, rpId, userHandle, privateKey: privateKey.export({ format: 'jwk' }) }
}

function earlierPerson({ username, password, secret }: OnboardedUser, session: string): EarlierPerson {
  return { username, password, secret, session }
}
