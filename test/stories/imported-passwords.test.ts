// Users whose password hash comes from another program keep their password and get a hash of the product's scheme.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { pbkdf2Sync, scryptSync } from 'node:crypto'

import { importedHashes } from '#domain/users/external-rows/imported-hashes.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { Person, postToken, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const SECRET = 'JBSWY3DPEHPK3PXP'
const PASSWORD = 'brought along'
const SALT = 'seasalt0'
const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64').replaceAll('=', '')
const scrypt = scryptSync(PASSWORD, SALT, 64, { N: 1024, r: 8, p: 1 })
const pbkdf2 = pbkdf2Sync(PASSWORD, SALT, 2000, 32, 'sha256')

const BROUGHT: Record<string, string> = {
  phc: `$scrypt$ln=10,r=8,p=1$${b64(SALT)}$${b64(scrypt)}`,
  werkzeug: `scrypt:1024:8:1$${SALT}$${scrypt.toString('hex')}`,
  django: `pbkdf2_sha256$2000$${SALT}$${pbkdf2.toString('base64')}`,
  passlib: `$pbkdf2-sha256$2000$${b64(SALT)}$${b64(pbkdf2).replaceAll('+', '.')}`,
  flask: `pbkdf2:sha256:2000$${SALT}$${pbkdf2.toString('hex')}`,
}

async function bring(server: Server, username: string, hash: string): Promise<void> {
  const values = sql.join([username, hash, SECRET])
  await sql`insert into users (username, hashed_password, otp_secret) values (${values})`.execute(server.doorward.db)
}

const hashOf = async ({ doorward }: Server, username: string) => {
  const query = doorward.db.selectFrom('users').select('hashed_password').where('username', '=', username)
  return String((await query.executeTakeFirstOrThrow()).hashed_password)
}

onEitherDatabase(
  'scrypt and PBKDF2 of other programs let their owners in, once, and become argon2id',
  async (t, dialect) => {
    const { server, root: admin } = await startWithAdmin(t, { dialect })
    for (const [username, hash] of Object.entries(BROUGHT)) await bring(server, username, hash)

    // The check-up counts the hashes and reports none as unreadable; their cost is measured, so that every refusal takes as long.
    assert.equal(new Set(await importedHashes(server.operator())).size, Object.keys(BROUGHT).length)
    const { body } = await admin.asks('GET', '/checkup')
    const findings = body['findings'] as { id?: string; code: string }[]
    assert.ok(JSON.stringify(findings).includes('old-password-hashes'))
    assert.ok(!JSON.stringify(findings).includes('value-unreadable'))

    for (const username of Object.keys(BROUGHT)) {
      const wrong = await postToken(server, { username, password: `${PASSWORD}s000000` })
      assert.equal(wrong.status, 401)
      assert.ok(server.doorward.hasher.stats().responseTimeFloor > 0)
      const person = await new Person(server, username, PASSWORD, new Authenticator(SECRET)).signsIn()
      assert.match(await hashOf(server, username), /^\$argon2id\$v=19\$m=64,t=1,p=1\$/)
      await person.signsIn()
    }
    assert.deepEqual(await importedHashes(server.operator()), [])
  },
)

leaveToTestAll()

onEitherDatabase('the slowest hash of each scheme is found, however many rows there are', async (t, dialect) => {
  const server = await start(t, { dialect })
  const key = pbkdf2.toString('hex')
  for (const [index, cost] of [900_000, 1_000_000, 600_000, 29_000].entries()) {
    await bring(server, `cheap-${index}`, `pbkdf2:sha256:${cost}$salt${index}$${key}`)
  }
  await bring(server, 'junk', 'no hash')
  const samples = await importedHashes(server.operator())
  assert.ok(samples.some((hash) => hash.includes(':1000000$')))
})
