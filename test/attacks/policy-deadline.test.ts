// Before a deadline the plan names the users who come to the enrolment after it, found out by signing in everyone with all that they hold.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import { FIRST_PAGE, pagePlan, storedPlan } from '#use-cases/administration/policy-rollout/plan.service.ts'
import {
  newUserInState,
  POLICY_STATES,
  type PolicyState,
  type UserInState,
} from '../support/people/enrolment-states.ts'
import { ask, firstAdmin, PASSWORD, type Person, type Reply } from '../support/people/people.ts'
import { firstCodeIn, provesSecondStep, rowOf, showsPasskey, tokenIn } from '../support/people/second-factors.ts'
import { confirmsPasskey } from '../support/people/sign-in-routes.ts'
import {
  type GivenPolicy,
  storeExemption,
  storeGroup,
  storePolicyVersion,
} from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

/** What is planned, one after the other, for the same users: of each state one in the group, one outside and one who is exempt. */
const PLANNED: Readonly<Record<string, GivenPolicy>> = {
  'everyone needs one': { id: 'all', version: 2, secondFactor: 'required' },
  'everyone needs a passkey': { id: 'all', version: 2, secondFactor: 'phishing-resistant' },
  'a group needs an app': { id: 'group', scope: 'group', scopeRef: 'red', secondFactor: 'required', factors: ['totp'] },
  'a group may use apps only, if anything': { id: 'group', scope: 'group', scopeRef: 'red', factors: ['totp'] },
  'a role may use passkeys only, if anything': { id: 'role', scope: 'role', scopeRef: 'user', factors: ['passkey'] },
  'a role may use passkeys only': {
    id: 'role',
    scope: 'role',
    scopeRef: 'user',
    secondFactor: 'required',
    factors: ['passkey'],
  },
}

const KINDS = ['inside', 'outside', 'exempt'] as const

interface Crowd {
  readonly server: Server
  readonly people: readonly UserInState[]
  readonly of: Readonly<Record<(typeof KINDS)[number], readonly string[]>>
}

/** Users who came while the second factor was optional. */
async function crowdOf(server: Server): Promise<Crowd> {
  const admin = await (await firstAdmin(server)).signsIn()
  const { db } = server.doorward
  await sql`pragma synchronous = off`.execute(db)
  const root = { server, username: admin.username, code: () => admin.code(), recoveryCode: () => '', phone: undefined }
  const people: UserInState[] = [{ ...root, link: undefined }]
  const of: Record<(typeof KINDS)[number], string[]> = { inside: [], outside: [], exempt: [] }
  for (const kind of KINDS)
    for (const state of POLICY_STATES) {
      const who = await newUserInState(admin, state satisfies PolicyState, people.length)
      people.push(who)
      of[kind].push((await rowOf(who)).subject)
      await refreshed(admin)
    }
  await storePolicyVersion(db, { id: 'all', secondFactor: 'optional' })
  await storeGroup(db, 'red', [...of.inside, ...of.exempt])
  return { server, people, of }
}

async function refreshed(admin: Person): Promise<void> {
  await admin.server.doorward.db.deleteFrom('throttle_bucket').execute()
  await admin.signsIn()
}

for (const [name, planned] of Object.entries(PLANNED)) {
  test(`the plan names exactly those whom the deadline stops, and each of them gets in: ${name}`, async (t) => {
    const { server, people, of } = await crowdOf(await start(t))
    const { db } = server.doorward
    const deadline = server.clock.now() + days(7)
    await storePolicyVersion(db, { ...planned, from: deadline })
    for (const subject of of.exempt)
      await storeExemption(db, { policyId: planned.id, subject, endsAt: deadline + days(30) })
    const ctx = server.operator()
    const plan = await storedPlan(ctx, planned.id)
    const { items } = await pagePlan(ctx, plan, { after: FIRST_PAGE, limit: 200 })
    const named = items.filter(({ state }) => state !== 'joining').map(({ user }) => user.username)
    assert.deepEqual(await stoppedAmong(people), [], 'nobody is stopped before the deadline')
    server.clock.pass(days(7))
    assert.deepEqual(await stoppedAmong(people), named)
    const invited = people.filter(({ link }) => link !== undefined).map(({ username }) => username)
    const joining = items.filter(({ state }) => state === 'joining').map(({ user }) => user.username)
    assert.ok(joining.every((username) => invited.includes(username)))
    await everyoneGetsIn(people.filter(({ username }) => named.includes(username)))
  })

  leaveToTestAll()
}

/** The users whose complete sign-in leads to the enrolment. */
async function stoppedAmong(people: readonly UserInState[]): Promise<string[]> {
  const stopped: string[] = []
  for (const who of people) {
    if (who.link !== undefined) continue
    const { body, raw } = await signsInWithAll(who)
    assert.ok(['complete', 'enrolment'].includes(String(body['stage'])), `${who.username}: ${raw.body}`)
    if (body['stage'] === 'enrolment') stopped.push(who.username)
    await who.server.doorward.db.deleteFrom('throttle_bucket').execute()
  }
  return stopped
}

/** Password, then the first second factor that is offered; a recovery code only where nothing else is left. */
async function signsInWithAll(who: UserInState): Promise<Reply> {
  const { server, username } = who
  const first = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
  if (first.body['stage'] !== 'second-factor') return first
  const attempt = String(first.body['attempt'])
  const offered = first.body['offered'] as string[]
  if (offered.includes('passkey')) return showsPasskey(server, who.phone ?? assert.fail('no passkey'), attempt)
  return provesSecondStep(server, attempt, ['totp', who.code()])
}

/** Everyone who is stopped enrols what is allowed and has a session: nobody is locked out. */
async function everyoneGetsIn(people: readonly UserInState[]): Promise<void> {
  for (const who of people) {
    const { server, username } = who
    const attempt = String((await signsInWithAll(who)).body['attempt'])
    const byPasskey = await confirmsPasskey(who, attempt)
    const reply = byPasskey.status === 200 ? byPasskey : await enrolsApp(server, attempt)
    assert.equal(reply.status, 200, `${username}: ${reply.raw.body}`)
    assert.ok(tokenIn(reply), username)
    await server.doorward.db.deleteFrom('throttle_bucket').execute()
  }
}

async function enrolsApp(server: Server, attempt: string): Promise<Reply> {
  const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  const payload = { attempt, code: firstCodeIn(server, key) }
  return ask(server, 'POST', '/attempts/totp/confirm', { payload })
}
