// Two nodes that are killed at random notify apps of ended sessions: each of every end at least once, and a copy has the same jti.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { hours } from '#foundation/kernel/time.ts'
import { registerApp } from '../support/openid/apps.ts'
import { type LogoutReceiver, startReceiver } from '../support/openid/logout-receiver.ts'
import { firstAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { startProcess } from '../support/server/processes.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

const APPS = 8
const SESSIONS = 125
const TOKENS = APPS * SESSIONS
const KILLS = 5

/** Whose sessions they are, and which apps are signed in by each. */
interface Signed {
  readonly subject: string
  readonly clientIds: readonly string[]
}

async function signIn(server: Server, { subject, clientIds }: Signed): Promise<void> {
  const expiresAt = server.clock.now() + hours(24)
  for (let at = 0; at < SESSIONS; at++) {
    const rows = clientIds.map((id) => ({ session_id: `session-${at}`, client_id: id, sid: `${id} ${at}`, subject }))
    const signedIn = rows.map((row) => ({ ...row, grant_id: row.sid, expires_at: expiresAt }))
    await server.doorward.db.insertInto('client_session').values(signedIn).execute()
  }
}

/** Ends the sessions from one number to before another, each in a transaction of its own. */
async function endSessions(server: Server, { subject }: Signed, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at++) {
    const sessionId = `session-${at}`
    await inTransaction(server.operator(), (tx) =>
      recordEvent(tx, { action: 'session.ended', target: subject, details: {}, ending: { sessionId } }),
    )
  }
}

async function openTokens({ doorward: { db } }: Server): Promise<number> {
  const { count } = await db
    .selectFrom('client_delivery')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('delivered_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return TOKENS - Number(count)
}

function heardBy(receivers: readonly LogoutReceiver[]): number {
  return receivers.reduce((sum, { received }) => sum + received.length, 0)
}

/** Waits until so much more has arrived, which for most of it is before that is stored. */
async function hearMore(receivers: readonly LogoutReceiver[], more: number): Promise<void> {
  const enough = heardBy(receivers) + more
  while (heardBy(receivers) < enough) await sleep(1)
}

/** How many tokens came again; fails where one is missing, or where two of one session at one app have a different `jti`. */
function copiesIn(receivers: readonly LogoutReceiver[]): number {
  const claims = receivers.flatMap(({ received }) => received.map((token) => token.claims))
  const bySession = Map.groupBy(claims, ({ aud, sid }) => `${String(aud)} ${String(sid)}`)
  assert.equal(bySession.size, TOKENS)
  for (const copies of bySession.values()) assert.equal(new Set(copies.map(({ jti }) => jti)).size, 1)
  assert.equal(new Set(claims.map(({ jti }) => jti)).size, TOKENS)
  return claims.length - TOKENS
}

async function killedNodesNotify(t: TestContext, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const installation = await newInstallation(t, dialect)
  const server = await start(t, { ...installation, clock: new TestClock(Date.now()) })
  const { db } = server.doorward
  const { subject } = await rowOf(await firstAdmin(server))
  const receivers = await Promise.all(Array.from({ length: APPS }, () => startReceiver(t)))
  const clientIds: string[] = []
  for (const [at, { uri }] of receivers.entries())
    clientIds.push((await registerApp(server, { name: `App ${at}`, backchannelUri: uri })).client.id)
  await signIn(server, { subject, clientIds })
  let ended = 0
  for (let kills = 0; kills <= KILLS; kills++) {
    const nodes = await Promise.all([startProcess(t, installation), startProcess(t, installation)])
    const until = kills === KILLS ? SESSIONS : Math.floor((SESSIONS * (kills + 1)) / (KILLS + 1))
    const ending = endSessions(server, { subject, clientIds }, ended, until)
    ended = until
    if (kills === KILLS) while ((await openTokens(server)) > 0) await sleep(50)
    // Before anything is queued, while it is, or right after an app has answered, which is not stored yet.
    else if (kills % 2 === 0) await sleep(randomInt(1500))
    else await hearMore(receivers, randomInt(1, 100))
    await Promise.all(nodes.map((node) => node.kill()))
    await ending
    // The leases of dead nodes last for half a minute.
    await db.updateTable('client_delivery').set({ lease_until: 0 }).where('lease_until', 'is not', null).execute()
  }
  t.diagnostic(`${copiesIn(receivers)} of ${TOKENS} logout tokens arrived more than once`)
}

for (const dialect of ['sqlite', 'postgres'] as const)
  exhaustive(
    `two nodes, killed at random, deliver ${TOKENS} logout tokens at least once, a copy with the same jti (${dialect})`,
    (t) => killedNodesNotify(t, dialect),
  )
