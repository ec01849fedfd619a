import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import { challengeIn, issueChallenge } from './challenge.service.ts'
import type { ChallengeScope } from './passkey.ts'

const SCOPE = { purpose: 'reauthentication', subject: 's1', boundTo: 'session' } as const
const OTHERS: readonly ChallengeScope[] = [
  { ...SCOPE, purpose: 'registration' },
  { ...SCOPE, boundTo: 'another session' },
  { purpose: 'sign-in', subject: null, boundTo: null },
]

type Ctx = ReturnType<typeof contextOn>

/** A browser's response that contains the challenge. */
function answering(challenge: string): { response: { clientDataJSON: string } } {
  const data = { type: 'webauthn.get', challenge, origin: 'https://accounts.example' }
  return { response: { clientDataJSON: Buffer.from(JSON.stringify(data)).toString('base64url') } }
}

async function problemWith(ctx: Ctx, challenge: string, scope: ChallengeScope = SCOPE): Promise<string | undefined> {
  const found = await challengeIn(ctx, answering(challenge), scope)
  return 'reason' in found ? found.reason : undefined
}

async function countOf(db: Database, { purpose, boundTo }: ChallengeScope): Promise<number> {
  const rows = db.selectFrom('passkey_challenge').select('id').where('purpose', '=', purpose)
  return (await rows.where('bound_to', boundTo === null ? 'is' : '=', boundTo).execute()).length
}

onBothEngines(
  'a session has at most five open challenges for each purpose, and a new one replaces the oldest',
  async (_, db) => {
    const ctx = contextOn(db)
    for (const other of OTHERS) await issueChallenge(ctx, other)
    const issued: string[] = []
    for (let number = 0; number < 7; number++)
      issued.push(await issueChallenge({ ...ctx, now: ctx.now + number }, SCOPE))
    const doubts = await Promise.all(issued.map((challenge) => problemWith(ctx, challenge)))
    assert.deepEqual(doubts, ['unknown_challenge', 'unknown_challenge', ...Array.from({ length: 5 }, () => undefined)])
    for (const other of OTHERS) assert.equal(await countOf(db, other), 1)
  },
)

onBothEngines('a consumed challenge does not count as an open one', async (_, db) => {
  const ctx = contextOn(db)
  await issueChallenge(ctx, SCOPE)
  await db.updateTable('passkey_challenge').set({ consumed_at: ctx.now }).execute()
  for (let number = 0; number < 6; number++) await issueChallenge(ctx, SCOPE)
  assert.equal(await countOf(db, SCOPE), 6)
})

onBothEngines('of many parallel challenges, on two nodes, five are left', async (_, db, store) => {
  const nodes = [contextOn(db), contextOn(await store.open())]
  const issued = await Promise.all(
    Array.from({ length: 40 }, (_unused, index) => issueChallenge(nodes[index % 2]!, SCOPE)),
  )
  assert.equal(await countOf(db, SCOPE), 5)
  const doubts = await Promise.all(issued.map((challenge) => problemWith(nodes[0]!, challenge)))
  assert.equal(doubts.filter((doubt) => doubt === undefined).length, 5)
})

onBothEngines('new challenges replace five that were issued by a clock ahead', async (_, db) => {
  const ctx = contextOn(db)
  for (let number = 0; number < 5; number++) await issueChallenge({ ...ctx, now: ctx.now + days(1) }, SCOPE)
  const issued: string[] = []
  for (let number = 0; number < 5; number++) issued.push(await issueChallenge({ ...ctx, now: ctx.now + number }, SCOPE))
  const doubts = await Promise.all(issued.map((challenge) => problemWith(ctx, challenge)))
  assert.deepEqual(
    doubts,
    Array.from({ length: 5 }, () => undefined),
  )
})
