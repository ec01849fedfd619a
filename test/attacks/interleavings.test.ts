// Two requests use one one-time value. Each is stopped after each of its statements while the other continues, in every order: one
// signs in, the other is refused, and nothing is half written.
import assert from 'node:assert/strict'

import { openAttempt } from '../../src/domain/attempts/attempt.service.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import {
  assertGrown,
  countsIn,
  inEveryOrder,
  newScene,
  raceOnEachDatabase,
} from '../support/interleaving/interleaving.ts'
import type { Asking } from '../support/interleaving/interleaving.ts'
import { ask } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import {
  asksForPasskey,
  givePasskey,
  giveRecoveryCodes,
  provesSecondStep,
  rowOf,
} from '../support/people/second-factors.ts'

/** An attempt whose password is verified. */
async function attemptOf(person: Person): Promise<string> {
  const { subject, credentialEpoch: epoch } = await rowOf(person)
  const wanted = { purpose: 'sign-in', stage: 'second-factor', subject, epoch, methods: ['password'] } as const
  return (await openAttempt(person.server.operator(), wanted)).attempt.reveal()
}

const REFUSED = { one: { success: 200, refusals: [401] } } as const

onEachDatabase(
  'an attempt is finished once, by whichever factor was first; the other is not consumed',
  async (t, dialect) => {
    const { parties, server, ada } = await newScene(t, dialect)
    await inEveryOrder(parties, 'each against the whole', async () => {
      const [recovery = ''] = await giveRecoveryCodes(ada)
      const attempt = await attemptOf(ada)
      const code = ada.code()
      const before = await countsIn(server)
      return {
        ...REFUSED,
        asking: [
          (node) => provesSecondStep(node, attempt, ['totp', code]),
          (node) => provesSecondStep(node, attempt, ['recovery-code', recovery]),
        ],
        assertAfter: ([, other]) => assertGrown(server, before, { attempts: 1, codes: other.status === 200 ? 1 : 0 }),
      }
    })
  },
)

raceOnEachDatabase('a code of an app opens one of two attempts, and the other goes on', async (t, dialect, steps) => {
  const { parties, server, ada } = await newScene(t, dialect)
  const orders = await inEveryOrder(parties, steps, async () => {
    const attempts = [await attemptOf(ada), await attemptOf(ada)]
    const code = ada.code()
    const before = await countsIn(server)
    const [one, other] = attempts.map(
      (attempt): Asking =>
        (node) =>
          provesSecondStep(node, attempt, ['totp', code]),
    )
    assert.ok(one && other)
    return { ...REFUSED, asking: [one, other], assertAfter: () => assertGrown(server, before, { attempts: 1 }) }
  })
  t.diagnostic(`${orders} orders`)
})

onEachDatabase('a recovery code opens one of two attempts, and the other goes on', async (t, dialect) => {
  const { parties, server, ada } = await newScene(t, dialect)
  let left = await giveRecoveryCodes(ada)
  await inEveryOrder(parties, 'each against the whole', async () => {
    if (left.length === 0) left = await giveRecoveryCodes(ada)
    const [code = ''] = left.splice(0, 1)
    const attempts = [await attemptOf(ada), await attemptOf(ada)]
    const before = await countsIn(server)
    const [one, other] = attempts.map(
      (attempt): Asking =>
        (node) =>
          provesSecondStep(node, attempt, ['recovery-code', code]),
    )
    assert.ok(one && other)
    return {
      ...REFUSED,
      asking: [one, other],
      assertAfter: () => assertGrown(server, before, { attempts: 1, codes: 1 }),
    }
  })
})

raceOnEachDatabase('an answer of a passkey signs in once', async (t, dialect, steps) => {
  const { parties, server, ada } = await newScene(t, dialect)
  const phone = await givePasskey(ada)
  const orders = await inEveryOrder(parties, steps, async () => {
    const payload = { response: phone.assert(await asksForPasskey(server)) }
    const before = await countsIn(server)
    const show: Asking = (node) => ask(node, 'POST', '/attempts/passkey', { payload })
    return { ...REFUSED, asking: [show, show], assertAfter: () => assertGrown(server, before, {}) }
  })
  t.diagnostic(`${orders} orders`)
})

onEachDatabase('one code re-authenticates one of two sessions', async (t, dialect) => {
  const { parties, server, ada } = await newScene(t, dialect)
  const tokens = [ada.token, (await ada.signsIn()).token]
  await inEveryOrder(parties, 'each against the whole', async () => {
    const proof = { password: ada.password, code: ada.code() }
    // A re-authentication gives its session another token.
    const [one, other] = tokens.map((token, index): Asking => async (node) => {
      const headers = { authorization: `Bearer ${token}` }
      const reply = await ask(node, 'POST', '/session/proof', { payload: proof, headers })
      if (reply.status === 200) tokens[index] = String(reply.body['access_token'])
      return reply
    })
    assert.ok(one && other)
    const before = await countsIn(server)
    const assertAfter = (): Promise<void> => assertGrown(server, before, { sessions: 0 })
    return { asking: [one, other], one: { success: 200, refusals: [403] }, assertAfter }
  })
})
