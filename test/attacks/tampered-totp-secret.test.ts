// An attacker who can write the database changes the sealed secret of an app, or replaces it by another user's. The owner is refused
// as with a wrong code, at every entry point; the check-up shows it to the operator.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { peopled, seen, WRONG } from '../support/people/password-guesses.ts'
import { type Person, postToken, type Reply } from '../support/people/people.ts'
import { opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const EXPECTED = { expectedErrors: /could not be opened/ }

/** The value that replaces ada's sealed secret. */
const TAMPERED: Readonly<Record<string, (own: string, others: string) => string>> = {
  'a changed one': (own) => `${own.slice(0, -2)}${own.endsWith('AA') ? 'BB' : 'AA'}`,
  'that of another user': (_own, others) => others,
  'one that is cut off': (own) => own.slice(0, 30),
  'a text that is none': () => 'otpauth://totp/ada',
}

async function sealedOf(person: Person): Promise<string> {
  const { subject } = await rowOf(person)
  const app = person.server.doorward.db.selectFrom('totp_factor').where('subject', '=', subject)
  return (await app.select('sealed_secret').executeTakeFirstOrThrow()).sealed_secret
}

async function store(person: Person, sealed: string): Promise<void> {
  const { subject } = await rowOf(person)
  const { db } = person.server.doorward
  await db.updateTable('totp_factor').set({ sealed_secret: sealed }).where('subject', '=', subject).execute()
}

/** Signs in with the right password and code. */
function signsIn(person: Person): Promise<Reply> {
  person.server.clock.pass(minutes(1))
  return postToken(person.server, { username: person.username, password: person.password + person.code() })
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
    await store(ada, tampered(await sealedOf(ada), await sealedOf(bob)))
    const refused = await signsIn(ada)
    assert.deepEqual(refusalIn(refused), [401, 'sign_in.incorrect'])
    assert.deepEqual(seen(refused), seen(await postToken(server, { username: 'nobody', password: `${WRONG}123456` })))
    const second = await provesSecondStep(server, await opensAttempt(ada), ['totp', ada.code()])
    assert.equal(second.body['code'], 'attempt.code_wrong', second.raw.body)
    const proof = await ada.asks('POST', '/session/proof', { password: ada.password, code: ada.code() })
    assert.equal(proof.body['code'], 'reauthentication.refused', proof.raw.body)
    assert.equal(errorsIn(server).length, 1, 'logged once, however many attempts there are')
  })

  leaveToTestAll()
}

onEitherDatabase('the check-up names whose secret cannot be opened until it can be again', async (t, dialect) => {
  const { root, ada } = await peopled(t, { dialect, ...EXPECTED })
  const own = await sealedOf(ada)
  await store(ada, `${own}AAAA`)
  assert.deepEqual(await warnings(root), [])
  await signsIn(ada)
  assert.deepEqual(await warnings(root), [(await rowOf(ada)).id])
  await store(ada, own)
  assert.equal((await signsIn(ada)).status, 200)
  assert.deepEqual(await warnings(root), [])
})
