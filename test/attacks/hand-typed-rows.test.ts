// A row typed into the table holds a code secret that nobody has seen yet. Somebody knows the password and no code, and
// tries to be there first.
import assert from 'node:assert/strict'

import { sql } from 'kysely'

import { Secret } from '../../src/kernel/secret.ts'
import { Authenticator } from '../support/authenticator.ts'
import { onEachDatabase } from '../support/each-database.ts'
import { ask, PASSWORD } from '../support/people.ts'
import { start, type Server } from '../support/start.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

async function type(server: Server, username: string, secret: string | null): Promise<void> {
  const hash = await server.doorward.hasher.hash(Secret.of(PASSWORD))
  const values = sql`${username}, ${hash}, ${secret}`
  await sql`insert into users (username, hashed_password, otp_secret) values (${values})`.execute(server.doorward.db)
}

async function stageOf(server: Server, username: string): Promise<unknown> {
  return (await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })).body['stage']
}

onEachDatabase('of many first sign-ins at once none gets past the code', async (t, dialect) => {
  const server = await start(t, { dialect })
  await type(server, 'ada', SECRET)
  const stages = await Promise.all(Array.from({ length: 4 }, () => stageOf(server, 'ada')))
  assert.deepEqual([...new Set(stages)], ['second-factor'])
})

onEachDatabase('a secret that cannot be read is not replaced by whoever has the password', async (t, dialect) => {
  const server = await start(t, { dialect })
  await type(server, 'eve', 'n0t base 1')
  assert.equal(await stageOf(server, 'eve'), 'second-factor')
  assert.equal(await stageOf(server, 'eve'), 'second-factor')
})

onEachDatabase('an enrolment that was begun before a secret was typed in is not finished', async (t, dialect) => {
  const server = await start(t, { dialect })
  await type(server, 'dan', null)
  const begun = await ask(server, 'POST', '/attempts', { payload: { username: 'dan', password: PASSWORD } })
  assert.equal(begun.body['stage'], 'enrolment')
  const attempt = begun.body['attempt']
  const { body } = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  await sql`update users set otp_secret = ${SECRET} where username = 'dan'`.execute(server.doorward.db)
  assert.equal(await stageOf(server, 'dan'), 'second-factor')
  const code = new Authenticator(String(body['secret'])).code(server.clock.now())
  const confirmed = await ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code } })
  assert.equal(confirmed.body['code'], 'attempt.ended')
})
