// An attacker who can write the database changes the sealed secret of an app, or replaces it by another user's. The owner is refused
// as with a wrong code, at every entry point; the check-up tells the operator.
import assert from 'node:assert/strict'

import { minutes } from '../../src/foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { peopled, seen, WRONG } from '../support/people/password-guesses.ts'
import { ask, firstAdmin, newcomer, postToken } from '../support/people/people.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'

const EXPECTED = { expectedErrors: /could not be opened/ }

/** The value that replaces ada's sealed secret. */
const TAMPERED: Readonly<Record<string, (own: string, others: string) => string>> = {
  'a changed one': (own) => `${own.slice(0, -2)}${own.endsWith('AA') ? 'BB' : 'AA'}`,
  'that of another user': (_own, others) => others,
  'one that is cut off': (own) => own.slice(0, 30),
  'a text that is none': () => 'otpauth://totp/ada',
}

async function sealedOf({ doorward: { db } }: Server, person: Person): Promise<string> {
  const { subject } = await rowOf(person)
  const app = db.selectFrom('totp_factor').select('sealed_secret').where('subject', '=', subject)
  return (await app.executeTakeFirstOrThrow()).sealed_secret
}

async function store({ doorward: { db } }: Server, person: Person, sealed: string): Promise<void> {
  const { subject } = await rowOf(person)
  await db.updateTable('totp_factor').set({ sealed_secret: sealed }).where('subject', '=', subject).execute()
}

/** Signs in with the right password and code. */
function signsInAt(server: Server, person: Person): Promise<Reply> {
  server.clock.pass(minutes(1))
  return postToken(server, { username: person.username, password: person.password + person.code() })
}

/** The check-up's findings about users, by code. */
async function warnings(admin: Person): Promise<unknown[]> {
  const findings = (await admin.asks('GET', '/checkup')).body['findings'] as Record<string, unknown>[]
  return findings.filter(({ code }) => code === 'app-secret-unreadable').map((finding) => finding['user_id'])
}

function errorsIn({ logLines }: Server): unknown[] {
  return logLines.filter(({ msg = '' }) => /secret of an authenticator app could not be opened/.test(msg))
}

for (const [what, tampered] of Object.entries(TAMPERED)) {
  onEitherDatabase(`${what} in place of an app's secret makes every code wrong on every route`, async (t, dialect) => {
    const { server, ada, bob } = await peopled(t, { dialect, ...EXPECTED })
    await store(server, ada, tampered(await sealedOf(server, ada), await sealedOf(server, bob)))
    const refused = await signsInAt(server, ada)
    assert.deepEqual([refused.status, refused.body['code']], [401, 'sign_in.incorrect'])
    assert.deepEqual(seen(refused), seen(await postToken(server, { username: 'nobody', password: `${WRONG}123456` })))
    const first = { username: 'ada', password: ada.password }
    const { attempt } = (await ask(server, 'POST', '/attempts', { payload: first })).body
    const second = await ask(server, 'POST', '/attempts/second-factor', {
      payload: { attempt, kind: 'totp', proof: ada.code() },
    })
    assert.equal(second.body['code'], 'attempt.code_wrong', second.raw.body)
    const proof = await ada.asks('POST', '/session/proof', { password: ada.password, code: ada.code() })
    assert.equal(proof.body['code'], 'reauthentication.refused', proof.raw.body)
    assert.equal(errorsIn(server).length, 1, 'logged once, however many attempts there are')
  })
}

onEitherDatabase('the check-up names whose secret cannot be opened until it can be again', async (t, dialect) => {
  const server = await start(t, { dialect, ...EXPECTED })
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada')
  const own = await sealedOf(server, ada)
  await store(server, ada, `${own}AAAA`)
  assert.deepEqual(await warnings(admin), [])
  await signsInAt(server, ada)
  assert.deepEqual(await warnings(admin), [(await rowOf(ada)).id])
  await store(server, ada, own)
  assert.equal((await signsInAt(server, ada)).status, 200)
  assert.deepEqual(await warnings(admin), [])
})
