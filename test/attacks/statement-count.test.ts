// The number of commits and statements of a request: each commit waits for the disk.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { days, minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertArrived, HostBrowser, protect, TRUSTING, WIKI } from '../support/hosts/protected-site.ts'
import { browserOf } from '../support/openid/app-race.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { hostRule } from '../support/people/hosts.ts'
import { guess } from '../support/people/password-guesses.ts'
import { ask, PASSWORD, postToken, type Reply, startWithAdmin } from '../support/people/people.ts'
import { opensAttempt, provesSecondStep } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** A server with an admin, and a function that sends a request, checks its status and returns its statements. */
async function heardServer(t: TestContext, dialect: Dialect) {
  const heard: string[] = []
  const { root } = await startWithAdmin(t, { dialect, onStatement: (text) => heard.push(text) })
  const statementsOf = async (asking: () => Promise<Pick<Reply, 'status'>>, status: number): Promise<string[]> => {
    heard.length = 0
    assert.equal((await asking()).status, status)
    return [...heard]
  }
  return { root, statementsOf }
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

/** How many statements read the policies of a user: outside of any transaction, and inside of one. */
function evaluationsIn(statements: readonly string[]): [before: number, inTransaction: number] {
  let inside = false
  const counts: [number, number] = [0, 0]
  for (const text of statements) {
    if (/^\s*(begin|start transaction)/i.test(text)) inside = true
    else if (/^\s*(commit|rollback)/i.test(text)) inside = false
    else if (/join policy_version/.test(text)) counts[inside ? 1 : 0] += 1
  }
  return counts
}

onEitherDatabase('a sign-in by POST /token is two commits', async (t, dialect) => {
  const { root, statementsOf } = await heardServer(t, dialect)
  const password = root.password + root.code()
  const statements = await statementsOf(() => postToken(root.server, { username: 'root', password }), 200)
  assert.equal(commitsIn(statements), 2, statements.join('\n'))
})

leaveToTestAll()

onEachDatabase('reading one’s own record is one statement, a read', async (t, dialect) => {
  const { root, statementsOf } = await heardServer(t, dialect)
  const statements = await statementsOf(() => root.asks('GET', '/users/me'), 200)
  assert.equal(statements.length, 1, statements.join('\n'))
  assert.match(statements[0] ?? '', /^\s*select\b/i)
})

onEachDatabase(
  'a request of a protected host is one statement, a read, with groups and a hundred rules too',
  async (t, dialect) => {
    const heard: string[] = []
    const onStatement = (text: string) => heard.push(text)
    const { server, root } = await startWithAdmin(t, { dialect, onStatement, settings: TRUSTING })
    const rules = Array.from({ length: 100 }, (_, index) =>
      hostRule(`/part/${index}`, { who: 'groups', names: ['none'] }),
    )
    await protect(server, { rules })
    const browser = new HostBrowser(server, await browserOf(root))
    assertArrived(await browser.open(`https://${WIKI}/page`), `https://${WIKI}/page`, 'root')
    heard.length = 0
    assert.equal((await browser.send(`https://${WIKI}/page`)).statusCode, 204)
    assert.equal(heard.length, 1, heard.join('\n'))
    assert.match(heard[0] ?? '', /^\s*select\b/i)
  },
)

onEachDatabase('a refused sign-in is two commits, and a blocked one is none', async (t, dialect) => {
  const { root, statementsOf } = await heardServer(t, dialect)
  for (const status of [401, 401, 401, 401, 401, 429, 429]) {
    const statements = await statementsOf(() => guess(root.server, 'root'), status)
    assert.equal(commitsIn(statements), status === 401 ? 2 : 0, statements.join('\n'))
  }
})

onEachDatabase(
  'with a policy it is one statement too, but for the first after the policy was stored',
  async (t, dialect) => {
    const { root, statementsOf } = await heardServer(t, dialect)
    const reading = () => statementsOf(() => root.asks('GET', '/users/me'), 200)
    const policy = { name: 'Everyone', scope: 'everyone', second_factor: 'required' }
    const stored = await root.asks('POST', '/policies', policy)
    assert.equal(stored.status, 200)
    // The first reads the versions by a query of its own. Another node may have stored the policy.
    root.server.doorward.db.seen.policies = false
    assert.equal((await reading()).length, 2)
    const [one, ...more] = await reading()
    assert.match(one ?? '', /policy_version/)
    assert.deepEqual(more, [])
  },
)

onEachDatabase(
  'a sign-in evaluates the policy once before the factors and once in the transaction that finishes it',
  async (t, dialect) => {
    const { root, statementsOf } = await heardServer(t, dialect)
    const { server, username } = root
    const policy = { id: 'all', secondFactor: 'required', rememberFor: days(30) } as const
    await storePolicyVersion(server.doorward.db, policy)
    const evaluations = async (asking: () => Promise<Pick<Reply, 'status'>>, status = 200) =>
      evaluationsIn(await statementsOf(asking, status))
    /** A code that was not used before. */
    const code = (): string => {
      server.clock.pass(minutes(1))
      return root.code()
    }
    const begins = (payload: object) =>
      ask(server, 'POST', '/attempts', { payload: { password: PASSWORD, ...payload } })

    assert.deepEqual(await evaluations(() => postToken(server, { username, password: PASSWORD + code() })), [1, 1])
    assert.deepEqual(await evaluations(() => begins({ username, code: code() })), [1, 1], 'both factors at once')
    assert.deepEqual(await evaluations(() => begins({ username })), [1, 0], 'the password')
    const attempt = await opensAttempt(root)
    assert.deepEqual(await evaluations(() => provesSecondStep(server, attempt, ['totp', code()])), [1, 1], 'the code')

    const unknown = { username: 'nobody' }
    const wrong = { username, password: 'a wrong password' }
    for (const refused of [unknown, wrong]) {
      assert.deepEqual(await evaluations(() => postToken(server, { password: PASSWORD, ...refused }), 401), [1, 0])
      assert.deepEqual(await evaluations(() => begins(refused), 401), [1, 0])
    }

    const browser = new Visitor(server, {})
    await browser.submit('/sign-in', { username, password: PASSWORD })
    const remembering = async () => {
      const { statusCode } = await browser.submit('/sign-in/second-step', { code: code(), remember: 'yes' })
      return { status: statusCode }
    }
    assert.deepEqual(await evaluations(remembering, 303), [1, 1], 'the code, in a browser to be remembered')
  },
)
