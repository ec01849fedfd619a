// Browsers that are remembered, by a policy that lets devices be remembered.
import assert from 'node:assert/strict'

import type { Duration } from '#foundation/kernel/time.ts'
import { assertLeadsTo } from '../pages/page-answers.ts'
import { Visitor, type VisitorOptions } from '../pages/visitor.ts'
import { type GivenPolicy, storePolicyVersion } from '../policies/stored-policies.ts'
import type { Server } from '../server/start.ts'
import type { Person } from './people.ts'

export const COOKIE = 'remembered'
const STEP = '/sign-in/second-step'

/** Stores the next version of the policy for everyone, in force from now on. */
export async function letDevicesBeRemembered(
  { doorward: { db }, clock }: Server,
  rememberFor: Duration,
  terms: Partial<GivenPolicy> = {},
): Promise<void> {
  const stored = await db.selectFrom('policy_version').select('id').where('policy_id', '=', 'remembering').execute()
  const version = stored.length + 1
  await storePolicyVersion(db, { id: 'remembering', version, from: clock.now(), rememberFor, ...terms })
}

/** A browser in which the user has just verified both steps and chosen to be remembered. */
export async function rememberedBrowser(person: Person, options: VisitorOptions = {}): Promise<Visitor> {
  const visitor = new Visitor(person.server, options)
  await signsInRemembered(visitor, person)
  assert.ok(visitor.cookies.has(COOKIE), 'the browser was not remembered')
  return visitor
}

/** Password, code and the choice to be remembered. */
export async function signsInRemembered(visitor: Visitor, person: Person): Promise<void> {
  assert.equal(await afterPassword(visitor, person), STEP)
  assertLeadsTo(await visitor.submit(STEP, { code: person.code(), remember: 'yes' }), '/account')
  assert.equal((await visitor.open('/account')).statusCode, 200)
}

/** Signs the browser out and submits the password; returns where it leads: to the second step, or to the account. */
export async function afterPassword(visitor: Visitor, { username, password }: Person): Promise<string> {
  visitor.cookies.delete('session')
  const answer = await visitor.submit('/sign-in', { username, password })
  assert.equal(answer.statusCode, 303, answer.body.slice(0, 2000))
  return String(answer.headers.location)
}

/** Whether the password alone leads into the account in this browser. */
export async function skipsSecondStep(visitor: Visitor, person: Person): Promise<boolean> {
  const path = await afterPassword(visitor, person)
  assert.ok(path === '/account' || path === STEP, path)
  if (path === '/account') assert.equal((await visitor.open('/account')).statusCode, 200)
  return path === '/account'
}

/** Another browser with the cookie of a remembered one, and with no other. */
export function withCookieOf(visitor: Visitor, server: Server): Visitor {
  const copy = new Visitor(server)
  copy.cookies.set(COOKIE, visitor.cookies.get(COOKIE) ?? assert.fail('the browser has no such cookie'))
  return copy
}
