// Threat: a flood of invalid passkey responses. Each would be an event that is kept forever, and no guess is consumed, because a
// signature cannot be guessed. Refusals of one network are recorded only up to a limit.
import assert from 'node:assert/strict'

import { EXAMPLE_ASSERTION, EXAMPLE_REGISTRATION } from '#domain/factors/passkeys/passkey.schema.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { PASSKEY_FIELD } from '#foundation/web/pages/passkey-form.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, PASSWORD, type Reply } from '../support/people/people.ts'
import {
  asksForPasskey,
  givePasskey,
  opensAttempt,
  passkeyForReauthentication,
} from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const MOST = 120
const TRIES = 130

/** The number of refusals in the audit log. */
async function refusals({ doorward }: Server): Promise<number> {
  return (await doorward.db.selectFrom('audit_event').select('id').where('result', '=', 'refused').execute()).length
}

/** Sends one request repeatedly, a minute after the requests before; returns the answers and the number of new events. */
async function flood<Answer>(server: Server, send: () => Promise<Answer>) {
  server.clock.pass(minutes(1))
  const before = await refusals(server)
  const answers: Answer[] = []
  for (let times = 0; times < TRIES; times++) answers.push(await send())
  return { answers, written: (await refusals(server)) - before }
}

async function assertBounded(server: Server, code: string, send: () => Promise<Reply>): Promise<void> {
  const { answers, written } = await flood(server, send)
  assert.equal(written, MOST, code)
  assert.deepEqual([...new Set(answers.slice(0, MOST).map(({ body }) => body['code']))], [code])
  for (const { status, body, raw } of answers.slice(MOST)) {
    assert.deepEqual([status, body['code']], [429, 'throttle.blocked'])
    assert.ok(Number(raw.headers['retry-after']) > 0)
  }
}

onEitherDatabase('a wrong password beside a refused passkey is counted as ever', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  await givePasskey(ada)
  const wrong = { password: 'not the password', passkey: EXAMPLE_ASSERTION }
  const { answers, written } = await flood(server, () => ada.asks('POST', '/session/proof', wrong))
  assert.deepEqual([written, answers.at(-1)?.body['code']], [5, 'throttle.blocked'])
})

leaveToTestAll()

onEitherDatabase('refused passkeys are recorded up to a limit, whichever client sends them', async (t, dialect) => {
  const { server, root, ada } = await peopled(t, { dialect })
  const phone = await givePasskey(ada)
  const [assertion, registration] = [{ response: EXAMPLE_ASSERTION }, { response: EXAMPLE_REGISTRATION }]
  const posts = (url: string, payload: object) => () => ask(server, 'POST', url, { payload })
  await assertBounded(server, 'passkey.refused', posts('/attempts/passkey', assertion))
  const attempt = await opensAttempt(ada)
  await assertBounded(server, 'passkey.refused', posts('/attempts/passkey', { attempt, ...assertion }))
  const invited = { token: invitationIn(await root.asks('POST', '/users', { username: 'grace' })), password: PASSWORD }
  const { body } = await ask(server, 'POST', '/invitations/accept', { payload: invited })
  const enrols = { attempt: body['attempt'], ...registration }
  await assertBounded(server, 'passkey.refused', posts('/attempts/passkeys', enrols))

  await ada.signsIn()
  await assertBounded(server, 'passkey.refused', () => ada.asks('POST', '/users/me/passkeys', registration))
  const proofs = [{ passkey: EXAMPLE_ASSERTION }, { passkey: EXAMPLE_ASSERTION, password: ada.password }]
  for (const proof of proofs)
    await assertBounded(server, 'reauthentication.passkey_refused', () => ada.asks('POST', '/session/proof', proof))
  server.clock.pass(minutes(1))
  // The password was right each time.
  const right = { password: ada.password, passkey: await passkeyForReauthentication(ada, phone) }
  assert.equal((await ada.asks('POST', '/session/proof', right)).status, 200)
})

onEitherDatabase('the page says that guesses are blocked, and a valid passkey still signs in', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  const phone = await givePasskey(ada)
  server.clock.pass(minutes(1))
  const response = phone.assert(await asksForPasskey(server))
  const untrusted = new Visitor(server)
  const fields = { [PASSKEY_FIELD]: JSON.stringify(EXAMPLE_ASSERTION) }
  const { answers, written } = await flood(server, () => untrusted.submit('/sign-in/passkey', fields))
  assert.ok(written <= MOST, `${written} written`)
  const last = answers.at(-1) ?? assert.fail()
  assert.equal(last.statusCode, 429)
  assert.notEqual(parsePage(last).alert().text, '')
  assert.equal((await ask(server, 'POST', '/attempts/passkey', { payload: { response } })).status, 200)
})
