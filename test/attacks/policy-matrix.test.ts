// For each entry point, each state of a user and each policy: which factors are asked for, and the assurance level of the session that starts.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { REQUIREMENTS } from '#domain/policies/policy.ts'
import { isOpen } from '#entry/http/permission.ts'
import {
  newUserInState,
  POLICY_STATES,
  type PolicyState,
  type UserInState,
} from '../support/people/enrolment-states.ts'
import { OTHER_ROUTES } from '../support/people/other-routes.ts'
import { ask, firstAdmin, PASSWORD, type Person } from '../support/people/people.ts'
import { provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { confirmsApp, confirmsPasskey, outcomeAt, outcomeOf, SIGN_IN_ROUTES } from '../support/people/sign-in-routes.ts'
import { type GivenPolicy, storeExemption, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'
import { POLICY_TABLE } from './policy-table.ts'

const USERS = { id: 'users', scope: 'role', scopeRef: 'user' } as const

/** What is stored for each policy. The admin is no `user`, so only the policies for everyone concern them. */
const POLICIES = {
  optional: [{ id: 'all', secondFactor: 'optional' }],
  required: [{ id: 'all', secondFactor: 'required' }],
  'phishing-resistant': [{ ...USERS, secondFactor: 'phishing-resistant' }],
  'only app': [{ ...USERS, secondFactor: 'required', factors: ['totp'] }],
  'only passkey': [{ ...USERS, secondFactor: 'required', factors: ['passkey'] }],
  'optional app': [
    { id: 'all', secondFactor: 'optional' },
    { ...USERS, factors: ['totp'] },
  ],
  'optional passkey': [
    { id: 'all', secondFactor: 'optional' },
    { ...USERS, factors: ['passkey'] },
  ],
  exempt: [
    { id: 'all', secondFactor: 'optional' },
    { ...USERS, secondFactor: 'phishing-resistant' },
  ],
  'exempt after a roll-out': [
    { id: 'all', secondFactor: 'optional' },
    { id: 'all', version: 2, secondFactor: 'required', from: 1 },
  ],
  'exempt without one': [{ id: 'all', secondFactor: 'required' }],
} as const satisfies Readonly<Record<string, readonly GivenPolicy[]>>
type PolicyName = keyof typeof POLICIES

/** The second factors and the password of a user, by which a route that has changed them is noticed. */
async function credentialsOf({ db }: Server['doorward'], who: UserInState): Promise<string> {
  const { subject, secondFactorAt, passkeyAt } = await rowOf(who)
  const count = async (table: 'totp_factor' | 'passkey'): Promise<number> =>
    (await db.selectFrom(table).select('id').where('subject', '=', subject).execute()).length
  return JSON.stringify([secondFactorAt, passkeyAt, await count('totp_factor'), await count('passkey')])
}

/** The outcome of each state at each route. */
async function outcomesUnder(t: TestContext, name: PolicyName): Promise<Record<string, Record<PolicyState, string>>> {
  const server = await start(t)
  const { db } = server.doorward
  // Another test covers power failures, and syncing to the disk is slow.
  await sql`pragma synchronous = off`.execute(db)
  const admin = await (await firstAdmin(server)).signsIn()
  const people = new Map<PolicyState, UserInState>()
  const rows: Record<string, Record<PolicyState, string>> = {}
  let number = 0
  for (const what of Object.keys(SIGN_IN_ROUTES)) {
    const row: Partial<Record<PolicyState, string>> = {}
    for (const state of POLICY_STATES) {
      const who = people.get(state) ?? (await newcomerUnder(admin, name, state, ++number))
      people.set(state, who)
      const before = await credentialsOf(server.doorward, who)
      row[state] = await outcomeAt(who, what)
      if (before !== (await credentialsOf(server.doorward, who)) || state === 'invited') people.delete(state)
      await db.deleteFrom('throttle_bucket').execute()
    }
    rows[what] = row as Record<PolicyState, string>
    await admin.signsIn()
  }
  return rows
}

/** A user who came before the policies: they are stored once the user has enrolled. */
async function newcomerUnder(
  admin: Person,
  name: PolicyName,
  state: PolicyState,
  number: number,
): Promise<UserInState> {
  const { db } = admin.server.doorward
  for (const table of ['policy_version', 'policy'] as const) await db.deleteFrom(table).execute()
  const who = await newUserInState(admin, state, number)
  for (const policy of POLICIES[name]) await storePolicyVersion(db, policy)
  const from = POLICIES[name].at(-1)?.id
  if (name.startsWith('exempt') && from !== undefined) {
    const { subject } = await rowOf(who)
    await storeExemption(db, { policyId: from, subject, endsAt: Number.MAX_SAFE_INTEGER })
  }
  return who
}

/** By outcome the states that have it. */
function byOutcome(row: Readonly<Record<PolicyState, string>>): Record<string, string> {
  const grouped = Object.groupBy(POLICY_STATES, (state) => row[state])
  return Object.fromEntries(Object.entries(grouped).map(([outcome, states = []]) => [outcome, states.join(', ')]))
}

test('each route that anonymous clients may post to is in the table, or listed as no sign-in route', async (t) => {
  const open = (await liveRoutes(await start(t))).filter(({ method, url, config }) => {
    return method !== 'GET' && (isOpen(config.access) || url === '/session/proof' || url === '/confirm')
  })
  const routes = new Set(Object.keys(POLICY_TABLE).map((name) => name.split(' ').slice(0, 2).join(' ')))
  const known = [...routes, ...Object.keys(OTHER_ROUTES)].filter((route) => route.startsWith('POST'))
  assert.deepEqual(open.map(({ method, url }) => `${method} ${url}`).toSorted(), [...new Set(known)].toSorted())
})

leaveToTestAll()

const CLAIM =
  'each state is asked for what its policy wants on every route, and gets a session of that assurance or none'
/** One of each kind: the others combine these. */
const FEW: readonly PolicyName[] = ['optional', 'required', 'phishing-resistant', 'only app', 'exempt']

test(CLAIM, (t) => comparesOutcomes(t, FEW))

exhaustive(`${CLAIM}, under every policy`, (t) => comparesOutcomes(t, Object.keys(POLICIES) as PolicyName[]))

async function comparesOutcomes(t: TestContext, policies: readonly PolicyName[]): Promise<void> {
  const table: Record<string, Record<string, Record<string, string>>> = {}
  for (const name of policies)
    for (const [route, row] of Object.entries(await outcomesUnder(t, name)))
      (table[route] ??= {})[name] = byOutcome(row)
  const expected = Object.entries(POLICY_TABLE).map(([route, rows]) => [route, rowsOf(rows, policies)])
  assert.deepEqual(table, Object.fromEntries(expected))
}

/** The rows of these policies, each by its own name: in the table policies with the same outcomes share a row. */
function rowsOf(
  rows: (typeof POLICY_TABLE)[string],
  policies: readonly PolicyName[],
): Record<string, Readonly<Record<string, string>>> {
  const named = Object.entries(rows).flatMap(([names, row]) => names.split(', ').map((name) => [name, row] as const))
  return Object.fromEntries(named.filter(([name]) => policies.includes(name as PolicyName)))
}

test('each requirement of a policy is in the table', () => {
  const said = Object.values<readonly GivenPolicy[]>(POLICIES).flatMap((policies) =>
    policies.map(({ secondFactor }) => secondFactor),
  )
  for (const requirement of REQUIREMENTS) assert.ok(said.includes(requirement), requirement)
})

const AFTER_STOP: readonly [policy: PolicyName, state: PolicyState, proof: 'app' | 'recovery code', chain: string][] = [
  ['phishing-resistant', 'app', 'app', 'factor.not_allowed, then password+totp+passkey: phishing-resistant'],
  [
    'phishing-resistant',
    'app codes',
    'recovery code',
    'factor.not_allowed, then password+recovery-code+passkey: phishing-resistant',
  ],
  [
    'phishing-resistant',
    'passkey codes',
    'recovery code',
    'factor.not_allowed, then password+recovery-code+passkey: phishing-resistant',
  ],
  ['only passkey', 'app', 'app', 'factor.not_allowed, then password+totp+passkey: phishing-resistant'],
]
for (const [policy, state, proof, chain] of AFTER_STOP) {
  test(`under ${policy}, a user with ${state} who shows a ${proof} can only enrol a passkey: ${chain}`, async (t) => {
    const server = await start(t)
    const admin = await (await firstAdmin(server)).signsIn()
    const who = await newcomerUnder(admin, policy, state, 1)
    const { username, code, recoveryCode } = who
    const first = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
    const shown = proof === 'app' ? (['totp', code()] as const) : (['recovery-code', recoveryCode()] as const)
    const stopped = await provesSecondStep(server, String(first.body['attempt']), shown)
    assert.equal(stopped.body['stage'], 'enrolment')
    const attempt = String(stopped.body['attempt'])
    const withApp = await outcomeOf(server, await confirmsApp(who, attempt))
    assert.equal(`${withApp}, then ${await outcomeOf(server, await confirmsPasskey(who, attempt))}`, chain)
    const again = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
    assert.equal((again.body['offered'] as string[])[0], 'passkey')
  })
}
