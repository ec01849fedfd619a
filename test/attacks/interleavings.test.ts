// Two requests use one one-time value. Each is stopped after each of its statements while the other continues, in every order: one
// signs in, the other is refused, and nothing is half written.
import assert from 'node:assert/strict'

import { openAttempt } from '#domain/attempts/attempt.service.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import {
  type Asking,
  assertGrown,
  countsIn,
  inEveryOrder,
  newScene,
  raceOnEachDatabase,
} from '../support/interleaving/interleaving.ts'
import { ask, type Person } from '../support/people/people.ts'
import {
  asksForPasskey,
  givePasskey,
  giveRecoveryCodes,
  provesSecondStep,
  rowOf,
} from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

/** An attempt whose password is verified. */
async function attemptOf(person: Person): Promise<string> {
  const { subject, credentialEpoch: epoch } = await rowOf(person)
  const wanted = { purpose: 'sign-in', stage: 'second-factor', subject, epoch, methods: ['password'] } as const
  return (await openAttempt(person.server.operator(), wanted)).attempt.reveal()
}

const REFUSED = { one: { success: 200, refusals: [401] } } as const

/** Proves two attempts by one value. */
async function proving(person: Person, proof: Parameters<typeof provesSecondStep>[2]) {
  const [one, other] = [await attemptOf(person), await attemptOf(person)]
  const asking: readonly [Asking, Asking] = [
    (node) => provesSecondStep(node, one, proof),
    (node) => provesSecondStep(node, other, proof),
  ]
  return { ...REFUSED, asking }
}

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

leaveToTestAll()

raceOnEachDatabase('a code of an app opens one of two attempts, and the other goes on', async (t, dialect, steps) => {
  const { parties, server, ada } = await newScene(t, dialect)
  await inEveryOrder(parties, steps, async () => {
    const before = await countsIn(server)
    const assertAfter = () => assertGrown(server, before, { attempts: 1 })
    return { ...(await proving(ada, ['totp', ada.code()])), assertAfter }
  })
})

onEachDatabase('a recovery code opens one of two attempts, and the other goes on', async (t, dialect) => {
  const { parties, server, ada } = await newScene(t, dialect)
  let left = await giveRecoveryCodes(ada)
  await inEveryOrder(parties, 'each against the whole', async () => {
    if (left.length === 0) left = await giveRecoveryCodes(ada)
    const [code = ''] = left.splice(0, 1)
    const before = await countsIn(server)
    const assertAfter = () => assertGrown(server, before, { attempts: 1, codes: 1 })
    return { ...(await proving(ada, ['recovery-code', code])), assertAfter }
  })
})

raceOnEachDatabase('an answer of a passkey signs in once', async (t, dialect, steps) => {
  const { parties, server, ada } = await newScene(t, dialect)
  const phone = await givePasskey(ada)
  await inEveryOrder(parties, steps, async () => {
    // The pairs of steps are more than the request rate of one network.
    server.clock.pass(seconds(10))
    const payload = { response: phone.assert(await asksForPasskey(server)) }
    const before = await countsIn(server)
    const show: Asking = (node) => ask(node, 'POST', '/attempts/passkey', { payload })
    return { ...REFUSED, asking: [show, show], assertAfter: () => assertGrown(server, before, {}) }
  })
})

onEachDatabase('one code re-authenticates one of two sessions', async (t, dialect) => {
  const { parties, server, ada } = await newScene(t, dialect)
  const tokens = [ada.token, (await ada.signsIn()).token]
  await inEveryOrder(parties, 'each against the whole', async () => {
    const proof = { password: ada.password, code: ada.code() }
    // A re-authentication gives its session another token.
    const [one, other] = tokens.map((token, index): Asking => async (node) => {
      const reply = await asks(node, { token }, 'POST', '/session/proof', proof)
      if (reply.status === 200) tokens[index] = String(reply.body['access_token'])
      return reply
    })
    assert.ok(one && other)
    const before = await countsIn(server)
    const assertAfter = (): Promise<void> => assertGrown(server, before, { sessions: 0 })
    return { asking: [one, other], one: { success: 200, refusals: [403] }, assertAfter }
  })
})
