// For each policy and each state of a user, what the password opens in a browser that is remembered, and at the routes of programs with the
// cookie of that browser.
import assert from 'node:assert/strict'

import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { assuranceOf } from '#foundation/kernel/assurance.ts'
import { days } from '#foundation/kernel/time.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newUserInState, POLICY_STATES, type UserInState } from '../support/people/enrolment-states.ts'
import { ask, firstAdmin, PASSWORD, postForm } from '../support/people/people.ts'
import { COOKIE } from '../support/people/remembered-devices.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { outcomeOf } from '../support/people/sign-in-routes.ts'
import { type GivenPolicy, storeExemption, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const THIRTY = { rememberFor: days(30) }
const USERS = { id: 'users', scope: 'role', scopeRef: 'user' } as const

/** What is stored for each policy; `exempt` users are exempt from the one that remembers. */
const POLICIES = {
  'no policy': [],
  remembered: [{ id: 'all', ...THIRTY }],
  'remembered, optional': [{ id: 'all', secondFactor: 'optional', ...THIRTY }],
  'remembered, role never': [
    { id: 'all', ...THIRTY },
    { ...USERS, rememberFor: 0 },
  ],
  'remembered, phishing-resistant': [
    { id: 'all', ...THIRTY },
    { ...USERS, secondFactor: 'phishing-resistant' },
  ],
  'remembered, only app': [{ id: 'all', factors: ['totp'], ...THIRTY }],
  'remembered, exempt': [{ id: 'all', ...THIRTY }],
} as const satisfies Readonly<Record<string, readonly GivenPolicy[]>>
type PolicyName = keyof typeof POLICIES

const SKIPS = 'password+remembered-device: one-factor'
const STEP = 'to /sign-in/second-step'

/** By policy: the outcome for users with a second factor, without one, and without a password; for an admin it is always the second step. */
const EXPECTED: Readonly<Record<PolicyName, readonly [withFactor: string, none: string, invited: string]>> = {
  'no policy': [STEP, 'to /enrolment', 'page 401'],
  remembered: [SKIPS, 'to /enrolment', 'page 401'],
  'remembered, optional': [SKIPS, 'password: one-factor', 'page 401'],
  'remembered, role never': [STEP, 'to /enrolment', 'page 401'],
  'remembered, phishing-resistant': [STEP, 'to /enrolment', 'page 401'],
  'remembered, only app': [STEP, 'to /enrolment', 'page 401'],
  'remembered, exempt': [STEP, 'to /enrolment', 'page 401'],
}

type Named = Pick<UserInState, 'server' | 'username'>

/** Remembers a browser of the user, whatever the policy says; returns the value of its cookie. */
async function cookieOf(who: Named): Promise<string> {
  const user = await rowOf(who)
  return (await inTransaction(who.server.operator(), (tx) => rememberDevice(tx, user, days(30)))).value.reveal()
}

async function onThePage(who: Named): Promise<string> {
  const { server, username } = who
  const visitor = new Visitor(server)
  visitor.cookies.set(COOKIE, await cookieOf(who))
  const { statusCode, headers } = await visitor.submit('/sign-in', { username, password: PASSWORD })
  if (!visitor.cookies.has('session')) return statusCode === 303 ? `to ${headers.location}` : `page ${statusCode}`
  const { body } = await ask(server, 'GET', '/session', {
    headers: { cookie: `session=${visitor.cookies.get('session')}` },
  })
  const methods = body['methods'] as string[]
  return `${methods.join('+')}: ${assuranceOf(methods)}`
}

/** The outcomes at `POST /token` and `POST /attempts`, with the cookie and without it. */
async function forPrograms(who: Named): Promise<readonly [readonly string[], readonly string[]]> {
  const { server, username } = who
  const outcomes = async (headers: Record<string, string>): Promise<string[]> => [
    await outcomeOf(server, await postForm(server, '/token', { username, password: PASSWORD }, headers)),
    await outcomeOf(
      server,
      await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD }, headers }),
    ),
  ]
  return [await outcomes({ cookie: `${COOKIE}=${await cookieOf(who)}` }), await outcomes({})]
}

for (const name of Object.keys(POLICIES) as PolicyName[]) {
  const [withFactor, none, invited] = EXPECTED[name]
  test(`${name}: ${withFactor} with a second factor, ${none} without`, async (t) => {
    const server = await start(t)
    const { db } = server.doorward
    const admin = await (await firstAdmin(server)).signsIn()
    for (const [number, state] of POLICY_STATES.entries()) {
      for (const table of ['policy_version', 'policy', 'policy_exemption'] as const)
        await db.deleteFrom(table).execute()
      const who = await newUserInState(await admin.signsIn(), state, number)
      for (const policy of POLICIES[name]) await storePolicyVersion(db, policy)
      const { subject } = await rowOf(who)
      if (name === 'remembered, exempt')
        await storeExemption(db, { policyId: 'all', subject, endsAt: server.clock.now() + days(1) })
      const outcomes: Readonly<Record<string, string>> = { none, invited }
      const expected = outcomes[state] ?? withFactor
      assert.equal(await onThePage(who), expected, state)
      const [withCookie, without] = await forPrograms(who)
      assert.deepEqual(withCookie, without, `a program is remembered: ${state}`)
      await db.deleteFrom('throttle_bucket').execute()
    }
    assert.equal(await onThePage(admin), STEP, 'admin')
  })

  leaveToTestAll()
}
