// The number of commits and statements of a request: each commit waits for the disk.
import assert from 'node:assert/strict'

import { onEachDatabase } from '../support/databases/each-database.ts'
import { firstAdmin, postToken } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'

/** Runs `work`; returns its statements. */
async function statementsOf(heard: string[], work: () => Promise<void>): Promise<string[]> {
  heard.length = 0
  await work()
  return [...heard]
}

/** The number of commits: committed transactions, and writes outside of any transaction. */
function commitsIn(statements: readonly string[]): number {
  let inside = false
  let commits = 0
  for (const text of statements) {
    if (/^\s*(begin|start transaction)/i.test(text)) inside = true
    else if (/^\s*rollback/i.test(text)) inside = false
    else if (/^\s*commit/i.test(text)) [inside, commits] = [false, commits + 1]
    else if (!inside && !/^\s*select\b/i.test(text)) commits += 1
  }
  return commits
}

onEachDatabase('a sign-in by POST /token is two commits', async (t, dialect) => {
  const heard: string[] = []
  const server = await start(t, { dialect, onStatement: (text) => heard.push(text) })
  const admin = await (await firstAdmin(server)).signsIn()
  const password = admin.password + admin.code()
  const statements = await statementsOf(heard, async () => {
    assert.equal((await postToken(server, { username: 'root', password })).status, 200)
  })
  assert.equal(commitsIn(statements), 2, statements.join('\n'))
})

onEachDatabase('reading one’s own record is one statement, a read', async (t, dialect) => {
  const heard: string[] = []
  const server = await start(t, { dialect, onStatement: (text) => heard.push(text) })
  const admin = await (await firstAdmin(server)).signsIn()
  const statements = await statementsOf(heard, async () => {
    assert.equal((await admin.asks('GET', '/users/me')).status, 200)
  })
  assert.equal(statements.length, 1, statements.join('\n'))
  assert.match(statements[0] ?? '', /^\s*select\b/i)
})

onEachDatabase('a refused sign-in is two commits, and a blocked one is none', async (t, dialect) => {
  const heard: string[] = []
  const server = await start(t, { dialect, onStatement: (text) => heard.push(text) })
  await firstAdmin(server)
  const guess = async (status: number): Promise<void> => {
    assert.equal((await postToken(server, { username: 'root', password: 'wrong horse000000' })).status, status)
  }
  const refused = await statementsOf(heard, () => guess(401))
  assert.equal(commitsIn(refused), 2, refused.join('\n'))
  for (let more = 0; more < 4; more++) await guess(401)
  for (let more = 0; more < 2; more++) {
    const waiting = await statementsOf(heard, () => guess(429))
    assert.equal(commitsIn(waiting), 0, waiting.join('\n'))
  }
})
