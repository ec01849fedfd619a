// For each policy, each state of a user and each way in which a session came to be: an app gets and keeps exactly what the session is allowed here,
// and what reaches the level that the app itself requires.
// It learns the truth about the factors.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { REQUIRED_LEVELS, type RequiredLevel } from '#domain/clients/client.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { type AssuranceLevel, meetsLevel } from '#foundation/kernel/assurance.ts'
import { days } from '#foundation/kernel/time.ts'
import { authorizationOf, follow, registerApp, type TestApp } from '../support/openid/apps.ts'
import { codeFor, exchangeAs, isAlive, refreshAs } from '../support/openid/attack-scene.ts'
import { allows, codesFor, PLAYER, poll, typesCode } from '../support/openid/devices.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newUserInState, type PolicyState, type UserInState } from '../support/people/enrolment-states.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { type GivenPolicy, storeExemption, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const USERS = { id: 'users', scope: 'role', scopeRef: 'user' } as const

const POLICIES: Readonly<Record<string, readonly GivenPolicy[]>> = {
  'a phishing-resistant factor is required': [{ ...USERS, secondFactor: 'phishing-resistant' }],
  'a second factor is optional': [{ id: 'all', secondFactor: 'optional' }],
  'a second factor is required': [{ id: 'all', secondFactor: 'required' }],
  'a second factor is required, and browsers are remembered': [
    { id: 'all', secondFactor: 'required', rememberFor: days(30) },
  ],
  'only authenticator apps are allowed': [{ ...USERS, secondFactor: 'required', factors: ['totp'] }],
  'only passkeys are allowed': [{ ...USERS, secondFactor: 'required', factors: ['passkey'] }],
  'the user is exempt': [
    { id: 'all', secondFactor: 'optional' },
    { ...USERS, secondFactor: 'phishing-resistant' },
  ],
}

/** The ways in which a session can have begun, with the factors that its user has now, and what an app learns of them (RFC 8176). */
const SESSIONS: readonly (readonly [state: PolicyState, methods: string, acr: string, amr: string])[] = [
  ['none', 'password', 'one-factor', 'pwd'],
  ['app', 'password totp', 'two-factors', 'pwd otp mfa'],
  ['app', 'password', 'one-factor', 'pwd'],
  ['app', 'password remembered-device', 'one-factor', 'pwd'],
  ['passkey', 'passkey', 'phishing-resistant', 'pop user mfa'],
  ['app passkey', 'password totp', 'two-factors', 'pwd otp mfa'],
  ['app passkey', 'password passkey', 'phishing-resistant', 'pwd pop user mfa'],
  ['app codes', 'password recovery-code', 'two-factors', 'pwd otp mfa'],
  ['passkey codes', 'password recovery-code', 'two-factors', 'pwd otp mfa'],
]

interface Apps {
  readonly app: TestApp
  /** Its tokens outlive sessions. */
  readonly offline: TestApp
  /** Its devices may sign in. */
  readonly player: TestApp
}

async function appsOf(server: Server): Promise<Apps> {
  const scopes = ['openid', 'profile', 'email', 'offline_access'] as const
  return {
    app: await registerApp(server),
    offline: await registerApp(server, { name: 'Phone', scopes }),
    player: await registerApp(server, PLAYER),
  }
}

async function browserOf(server: Server, who: UserInState, methods: string): Promise<Visitor> {
  const browser = new Visitor(server)
  const wanted = { user: await rowOf(who), methods: methods.split(' '), transport: 'cookie' } as const
  browser.cookies.set('session', (await startSession(server.operator(), wanted)).token.reveal())
  // Its forms need the token that a page has.
  await browser.open('/oidc/device')
  return browser
}

async function setPolicies(
  { doorward: { db } }: Server,
  policies: readonly GivenPolicy[],
  exempt?: string,
): Promise<void> {
  for (const table of ['policy_exemption', 'policy_version', 'policy'] as const) await db.deleteFrom(table).execute()
  for (const policy of policies) await storePolicyVersion(db, policy)
  const policyId = policies.at(-1)?.id ?? ''
  if (exempt !== undefined) await storeExemption(db, { policyId, subject: exempt, endsAt: Number.MAX_SAFE_INTEGER })
}

/** What is left of what the apps hold after a change, and what `prompt=none` is answered with. */
async function usesAfter(
  server: Server,
  { app, offline, player }: Apps,
  browser: Visitor,
  change: () => Promise<unknown>,
) {
  const held = (await exchangeAs(server, app, await codeFor(browser, app))).body
  const lasting = (await exchangeAs(server, offline, await codeFor(browser, offline))).body
  const code = await codeFor(browser, app)
  const [allowed, waiting] = [await codesFor(server, player), await codesFor(server, player)]
  await allows(browser, allowed.userCode)
  const typed = await typesCode(browser, waiting.userCode)
  await change()
  await browser.submit('/oidc/device/allow', typed)
  const at = await follow(browser, (await authorizationOf(app, { prompt: 'none' })).url)
  const error = at.searchParams.get('error')
  const found = {
    authorization: error === null,
    access: await isAlive(server, app, held['access_token']),
    offlineAccess: await isAlive(server, offline, lasting['access_token']),
    code: (await exchangeAs(server, app, code)).status === 200,
    device: (await poll(server, player, allowed)).status === 200,
    deviceApproval: (await poll(server, player, waiting)).status === 200,
    refresh: (await refreshAs(server, app, held['refresh_token'])).status === 200,
    offlineRefresh: (await refreshAs(server, offline, lasting['refresh_token'])).status === 200,
  }
  return { found, error }
}

function assertAll(found: Readonly<Record<string, boolean>>, expected: boolean, about: string): void {
  assert.deepEqual(found, Object.fromEntries(Object.keys(found).map((name) => [name, expected])), about)
}

/** What the apps hold before the policy is stored, and what is left of it afterwards. */
async function assertAgrees(
  server: Server,
  apps: Apps,
  browser: Visitor,
  tighten: () => Promise<void>,
): Promise<boolean> {
  let isAccepted = false
  const { found, error } = await usesAfter(server, apps, browser, async () => {
    await tighten()
    isAccepted = (await browser.open('/account')).statusCode === 200
  })
  assertAll(found, isAccepted, `the session is ${isAccepted ? '' : 'not '}accepted here`)
  if (!isAccepted) assert.equal(error, 'login_required')
  return isAccepted
}

async function compares(t: TestContext, name: string, policies: readonly GivenPolicy[]): Promise<void> {
  const { server, admin } = await visitorScene(t)
  const before = [{ id: 'all', secondFactor: 'optional', rememberFor: days(30) }] as const
  await setPolicies(server, before)
  await admin.signsIn()
  const apps = await appsOf(server)
  const accepted: string[] = []
  for (const [index, [state, methods]] of SESSIONS.entries()) {
    await setPolicies(server, before)
    await admin.signsIn()
    const who = await newUserInState(admin, state, index)
    const { subject } = await rowOf(who)
    shareClockOnce(t, server)
    const browser = await browserOf(server, who, methods)
    const tighten = (): Promise<void> => setPolicies(server, policies, name.includes('exempt') ? subject : undefined)
    const isAccepted = await assertAgrees(server, apps, browser, tighten)
    if (isAccepted) accepted.push(`${state}: ${methods}`)
  }
  t.diagnostic(`accepted: ${accepted.join(', ')}`)
  assert.ok(accepted.length > 0, 'nothing is accepted')
}

function shareClockOnce(t: TestContext, server: Server): void {
  t.mock.timers.reset()
  shareClock(t, server)
}

for (const [name, policies] of Object.entries(POLICIES)) {
  test(`where ${name}, an app gets and keeps what the session is allowed here`, (t) => compares(t, name, policies))

  leaveToTestAll()
}

test('an app learns the truth about the factors of a session, however it began', async (t) => {
  const { server, admin } = await visitorScene(t)
  await setPolicies(server, [{ id: 'all', secondFactor: 'optional', rememberFor: days(30) }])
  await admin.signsIn()
  const app = await registerApp(server)
  for (const [index, [state, methods, acr, amr]] of SESSIONS.entries()) {
    await admin.signsIn()
    const browser = await browserOf(server, await newUserInState(admin, state, index), methods)
    shareClockOnce(t, server)
    const { body } = await exchangeAs(server, app, await codeFor(browser, app))
    const claims = JSON.parse(
      Buffer.from(String(body['id_token']).split('.')[1] ?? '', 'base64url').toString(),
    ) as object
    assert.deepEqual(
      { acr: 'acr' in claims && claims.acr, amr: 'amr' in claims && claims.amr },
      { acr: `urn:doorward:${acr}`, amr: amr.split(' ') },
      methods,
    )
  }
})

for (const least of REQUIRED_LEVELS)
  test(`an app that requires ${least} gets and keeps something in exactly the sessions that reach it`, async (t) => {
    const { server, admin } = await visitorScene(t)
    await setPolicies(server, [{ id: 'all', secondFactor: 'optional', rememberFor: days(30) }])
    await admin.signsIn()
    const apps = await appsOf(server)
    for (const [index, [state, methods, acr]] of SESSIONS.entries()) {
      await requireOf(server, { least_assurance: null, max_age: null })
      await admin.signsIn()
      const browser = await browserOf(server, await newUserInState(admin, state, index), methods)
      shareClockOnce(t, server)
      const { found, error } = await usesAfter(server, apps, browser, () =>
        requireOf(server, { least_assurance: least, max_age: 3600 }),
      )
      const isReached = meetsLevel(acr as AssuranceLevel, least)
      assertAll(found, isReached, methods)
      assert.equal(error, isReached ? null : 'unmet_authentication_requirements', methods)
    }
  })

/** What all apps require beside the policies. */
async function requireOf(
  { doorward: { db } }: Server,
  row: { least_assurance: RequiredLevel | null; max_age: number | null },
) {
  await db.updateTable('client').set(row).execute()
}
