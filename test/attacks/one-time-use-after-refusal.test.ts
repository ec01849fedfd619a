// Threat (replay): a user presents every required value and is refused for another reason. The values are consumed, so that an
// attacker who has seen them cannot use them once the reason is gone.
import assert from 'node:assert/strict'

import { FLAG } from '../../clients/test/src/software-authenticator.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, type Person } from '../support/people/people.ts'
import {
  asksForPasskey,
  givePasskey,
  giveRecoveryCodes,
  newPhone,
  opensAttempt,
  passkeyForReauthentication,
  provesSecondStep,
  rowOf,
} from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

type Outcome = readonly [status: number, code: unknown]

interface Shown {
  /** Returns a request that presents the same values each time. */
  readonly make: (person: Person) => Promise<() => Promise<Outcome>>
  readonly again: Outcome
}

const SHOWN: Readonly<Record<string, Shown>> = {
  'a code of an app': {
    make: (person) => Promise.resolve(secondStep(person, 'totp', person.code())),
    again: [401, 'attempt.code_used'],
  },
  'a recovery code': {
    make: async (person) => secondStep(person, 'recovery-code', (await giveRecoveryCodes(person))[0] ?? ''),
    again: [401, 'attempt.recovery_code_used'],
  },
  'an answer of a passkey': {
    make: async (person) => {
      const phone = await givePasskey(person)
      const response = phone.assert(await asksForPasskey(person.server))
      return async () => refusalIn(await ask(person.server, 'POST', '/attempts/passkey', { payload: { response } }))
    },
    again: [401, 'passkey.challenge_ended'],
  },
}

function secondStep(person: Person, kind: 'totp' | 'recovery-code', proof: string): () => Promise<Outcome> {
  return async () => refusalIn(await provesSecondStep(person.server, await opensAttempt(person), [kind, proof]))
}

for (const [what, { make, again }] of Object.entries(SHOWN)) {
  test(`${what} that was sent while its owner was disabled is consumed`, async (t) => {
    const { root, ada } = await peopled(t)
    const show = await make(ada)
    const path = `/users/${(await rowOf(ada)).id}`
    await root.asks('POST', `${path}/disable`)
    assert.deepEqual(await show(), [403, 'sign_in.disabled'])
    await root.asks('POST', `${path}/enable`)
    assert.deepEqual(await show(), again)
  })

  leaveToTestAll()
}

test('a passkey response without user verification is consumed', async (t) => {
  const { server, ada } = await peopled(t)
  const phone = await givePasskey(ada, newPhone(server, { flags: FLAG.up }))
  const payload = { response: phone.assert(await asksForPasskey(server)) }
  for (const code of ['passkey.not_verified', 'passkey.challenge_ended'])
    assert.deepEqual(refusalIn(await ask(server, 'POST', '/attempts/passkey', { payload })), [401, code])
})

test('a passkey challenge of one session is refused in another session of the same user', async (t) => {
  const { ada } = await peopled(t)
  const phone = await givePasskey(ada)
  const response = await passkeyForReauthentication(ada, phone)
  const first = ada.token
  await ada.signsIn()
  const prove = () => ada.asks('POST', '/session/proof', { passkey: response })
  assert.deepEqual(refusalIn(await prove()), [403, 'reauthentication.passkey_refused'])
  ada.token = first
  assert.equal((await prove()).status, 200)
})
