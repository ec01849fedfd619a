import assert from 'node:assert/strict'

import { contextOn, onBothEngines } from '../../../../test/support/databases/stores.ts'
import { days } from '../../../foundation/kernel/time.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import { challengeIn, issueChallenge } from './challenge.service.ts'
import type { ChallengeScope } from './passkey.ts'

const PROOF = { purpose: 'reauthentication', subject: 's1', boundTo: 'session' } as const
const OTHERS: readonly ChallengeScope[] = [
  { ...PROOF, purpose: 'registration' },
  { ...PROOF, boundTo: 'another session' },
  { purpose: 'sign-in', subject: null, boundTo: null },
]

type Ctx = ReturnType<typeof contextOn>

/** The challenge as a browser's answer brings it back. */
function answering(challenge: string): { response: { clientDataJSON: string } } {
  const data = { type: 'webauthn.get', challenge, origin: 'https://accounts.example' }
  return { response: { clientDataJSON: Buffer.from(JSON.stringify(data)).toString('base64url') } }
}

async function doubtAbout(ctx: Ctx, challenge: string, scope: ChallengeScope = PROOF): Promise<string | undefined> {
  const found = await challengeIn(ctx, answering(challenge), scope)
  return 'reason' in found ? found.reason : undefined
}

async function countOf(db: Database, { purpose, boundTo }: ChallengeScope): Promise<number> {
  const rows = db.selectFrom('passkey_challenge').select('id').where('purpose', '=', purpose)
  return (await rows.where('bound_to', boundTo === null ? 'is' : '=', boundTo).execute()).length
}

onBothEngines('of one session five challenges stay open for each purpose, and the oldest gives way', async (_, db) => {
  const ctx = contextOn(db)
  for (const other of OTHERS) await issueChallenge(ctx, other)
  const issued: string[] = []
  for (let number = 0; number < 7; number++) issued.push(await issueChallenge({ ...ctx, now: ctx.now + number }, PROOF))
  const doubts = await Promise.all(issued.map((challenge) => doubtAbout(ctx, challenge)))
  assert.deepEqual(doubts, ['unknown_challenge', 'unknown_challenge', ...Array.from({ length: 5 }, () => undefined)])
  for (const other of OTHERS) assert.equal(await countOf(db, other), 1)
})

onBothEngines('one that was used takes no place of those that are open', async (_, db) => {
  const ctx = contextOn(db)
  await issueChallenge(ctx, PROOF)
  await db.updateTable('passkey_challenge').set({ consumed_at: ctx.now }).execute()
  for (let number = 0; number < 6; number++) await issueChallenge(ctx, PROOF)
  assert.equal(await countOf(db, PROOF), 6)
})

onBothEngines('of many asked for at once, at two nodes, five are left', async (_, db, store) => {
  const nodes = [contextOn(db), contextOn(await store.open())]
  const issued = await Promise.all(
    Array.from({ length: 40 }, (_unused, index) => issueChallenge(nodes[index % 2]!, PROOF)),
  )
  assert.equal(await countOf(db, PROOF), 5)
  const doubts = await Promise.all(issued.map((challenge) => doubtAbout(nodes[0]!, challenge)))
  assert.equal(doubts.filter((doubt) => doubt === undefined).length, 5)
})

onBothEngines('five made by a clock that was ahead give way to those of the present', async (_, db) => {
  const ctx = contextOn(db)
  for (let number = 0; number < 5; number++) await issueChallenge({ ...ctx, now: ctx.now + days(1) }, PROOF)
  const issued: string[] = []
  for (let number = 0; number < 5; number++) issued.push(await issueChallenge({ ...ctx, now: ctx.now + number }, PROOF))
  const doubts = await Promise.all(issued.map((challenge) => doubtAbout(ctx, challenge)))
  assert.deepEqual(
    doubts,
    Array.from({ length: 5 }, () => undefined),
  )
})
