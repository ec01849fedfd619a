// A user of a group whose policy lets devices be remembered, with two remembered devices and a session on one of them.
import assert from 'node:assert/strict'

import { finishSignIn } from '#domain/attempts/attempt.service.ts'
import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { NO_GUESS } from '#domain/throttle/throttle.service.ts'
import { contextFor, inTransaction } from '#foundation/context.ts'
import { networkOf } from '#foundation/kernel/network.ts'
import { days } from '#foundation/kernel/time.ts'
import { rowOf } from '../people/second-factors.ts'
import { storeGroup, storePolicyVersion } from '../policies/stored-policies.ts'
import type { Server } from './start.ts'

const REMEMBERED_FOR = days(30)

/** Stores all of it; returns the session's cookie. */
export async function rememberedSession(
  server: Server,
  { username, agents }: { readonly username: string; readonly agents: readonly [string, string] },
): Promise<string> {
  const user = await rowOf({ server, username })
  const { db } = server.doorward
  await storeGroup(db, 'Lab', [user.subject])
  await storePolicyVersion(db, {
    id: 'lab',
    name: 'Remembered devices in the lab',
    scope: 'group',
    scopeRef: 'Lab',
    rememberFor: REMEMBERED_FOR,
  })
  const at = (ipAddress: string, userAgent: string) => {
    const source = { ipAddress, network: networkOf(ipAddress), userAgent, deviceCookie: null }
    return contextFor(server.doorward, { kind: 'anonymous', source })
  }
  const [phone, laptop] = agents
  const earlier = at('198.51.100.23', phone)
  await inTransaction({ ...earlier, now: earlier.now - days(9) }, (tx) => rememberDevice(tx, user, REMEMBERED_FOR))
  const finished = await inTransaction(at('203.0.113.7', laptop), async (tx) => {
    const remembered = await rememberDevice(tx, user, REMEMBERED_FOR)
    const signIn = { user, methods: ['password'], transport: 'cookie', attemptId: null, guess: NO_GUESS } as const
    return finishSignIn(tx, { ...signIn, remembered })
  })
  assert.equal(finished.stage, 'complete')
  return `session=${finished.token.reveal()}`
}
