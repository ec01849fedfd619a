// Replay of TOTP codes, recovery codes and other one-time values: vulnerabilities of similar products, each row tested here.
//
// Rows that other files test:
//   B2, B7      test/attacks/code-replay.test.ts: fifty concurrent uses on every route; test/attacks/interleavings.test.ts: in
//               every order. docs/where.md names the one function that consumes values.
//   B4          test/attacks/code-replay.test.ts: a code in other Unicode digits is the same code.
//   B9, B10     test/attacks/interleavings.test.ts: one recovery code at two attempts, in every order.
//   B14         test/attacks/passkeys.test.ts.
// Rows that do not apply yet:
//   B12         There is no sign-in through another provider. Passkey responses: B14.
//   B17         There are no authorization codes: the server is no OpenID provider.
//   B18         There is no remember-me: a device cookie does not sign in (test/attacks/device-cookie.test.ts).
// Part of B8: a database restored from a backup contains only what was consumed before the backup; see docs/threats.md.
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { peopled } from '../support/people/password-guesses.ts'
import {
  ask,
  newcomer,
  PASSWORD,
  type Person,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import {
  beginsEnrolment,
  giveRecoveryCodes,
  opensAttempt,
  provesSecondStep,
  rowOf,
  tokenIn,
} from '../support/people/second-factors.ts'
import { assertRefused, invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

test('B1 CVE-2021-45331, B3 CVE-2025-43798, B5 GO-2025-3856: a consumed code is refused on every route', async (t) => {
  const { server, ada } = await peopled(t)
  const attempt = await opensAttempt(ada)
  const code = ada.code()
  const password = PASSWORD
  assert.equal((await postToken(server, { username: 'ada', password, totp: code })).status, 200)
  assertRefused(await postToken(server, { username: 'ada', password: password + code }), 'sign_in.incorrect')
  const begun = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password, code } })
  assertRefused(begun, 'attempt.code_used')
  assertRefused(await provesSecondStep(server, attempt, ['totp', code]), 'attempt.code_used')
  assertRefused(await ada.asks('POST', '/session/proof', { password, code }), 'reauthentication.refused')
  const browser = new Visitor(server)
  await browser.submit('/sign-in', { username: 'ada', password })
  await browser.submit('/sign-in/second-step', { code })
  assert.ok(!browser.cookies.has('session'))
  assert.equal((await provesSecondStep(server, attempt, ['totp', ada.code()])).status, 200, 'the owner is locked out')
})

leaveToTestAll()

function accept(server: Server, token: string, password = PASSWORD): Promise<Reply> {
  return ask(server, 'POST', '/invitations/accept', { payload: { token, password } })
}

/** Accepts an invitation and begins the enrolment of an app; returns the request that confirms it. */
async function follow(server: Server, token: string, password = PASSWORD): Promise<() => Promise<Reply>> {
  const { body, raw } = await accept(server, token, password)
  assert.equal(typeof body['attempt'], 'string', raw.body)
  const payload = await beginsEnrolment(server, body['attempt'])
  return () => ask(server, 'POST', '/attempts/totp/confirm', { payload })
}

async function invite(admin: Person, username: string): Promise<string> {
  return invitationIn(await admin.asks('POST', '/users', { username }))
}

test('B6 Infisical PR 6112: the code that confirms an app is consumed by it', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const begun = (await accept(server, await invite(root, 'eve'))).body
  const payload = await beginsEnrolment(server, begun['attempt'])
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  const attempt = await opensAttempt({ server, username: 'eve', password: PASSWORD })
  assertRefused(await provesSecondStep(server, attempt, ['totp', payload.code]), 'attempt.code_used')
  assertRefused(await postToken(server, { username: 'eve', password: PASSWORD + payload.code }), 'sign_in.incorrect')
})

onEitherDatabase('B8 CVE-2026-31875: a recovery code works once, also after a restart', async (t, dialect) => {
  const installation = await newInstallation(t, dialect)
  let codes: readonly string[] = []
  const uses = async (server: Server, code: string | undefined): Promise<Reply> => {
    const attempt = await opensAttempt({ server, username: 'ada', password: PASSWORD })
    return provesSecondStep(server, attempt, ['recovery-code', code ?? ''])
  }
  await t.test('before', async (inner) => {
    const { server, ada } = await peopled(inner, installation)
    codes = await giveRecoveryCodes(ada)
    assert.equal((await uses(server, codes[0])).body['recovery_codes_left'], 9)
    assertRefused(await uses(server, codes[0]?.toUpperCase().replaceAll('-', ' ')), 'attempt.recovery_code_used')
  })
  const again = await start(t, installation)
  assertRefused(await uses(again, codes[0]), 'attempt.recovery_code_used')
  assert.equal((await uses(again, codes[1])).body['recovery_codes_left'], 8)
})

onEitherDatabase('B11 CVE-2025-64175: a recovery code opens its owner’s account only', async (t, dialect) => {
  const { server, ada, bob } = await peopled(t, { dialect })
  const [codes] = [await giveRecoveryCodes(bob), await giveRecoveryCodes(ada)]
  const shown = ['recovery-code', codes[0] ?? ''] as const
  const refused = await provesSecondStep(server, await opensAttempt(ada), shown)
  assertRefused(refused, 'attempt.recovery_code_wrong')
  const proof = { password: PASSWORD, kind: 'recovery-code', code: codes[0] }
  assertRefused(await ada.asks('POST', '/session/proof', proof), 'reauthentication.refused')
  assert.equal((await provesSecondStep(server, await opensAttempt(bob), shown)).status, 200, 'and it was not consumed')
})

onEitherDatabase(
  'B13 CVE-2026-37982: an invitation enrols once, and a change of the account ends the enrolment that it began',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const token = await invite(root, 'eve')
    const confirm = await follow(server, token)
    const confirmOther = await follow(server, token, 'another rather calm password')
    assert.equal((await confirm()).status, 200)
    assertRefused(await confirmOther(), 'attempt.ended', 'link.used')
    assertRefused(await accept(server, token), 'link.used', 'link.unknown')
    const confirmLate = await follow(server, await invite(root, 'kim'))
    await root.asks('PATCH', `/users/${(await rowOf({ server, username: 'kim' })).id}`, { role: 'admin' })
    assertRefused(await confirmLate(), 'attempt.ended')
  },
)

test('B15 CVE-2022-23555: a token of one purpose is refused for any other', async (t) => {
  const empty = await start(t)
  const setup = await issueSetupLink(empty.operator())
  assert.ok(setup)
  const { server, root } = await startWithAdmin(t)
  const ada = await newcomer(root, 'ada')
  const attempt = await opensAttempt(ada)
  const values: Readonly<Record<string, string>> = {
    invitation: await invite(root, 'eve'),
    attempt,
    'enrolment attempt': String((await accept(server, await invite(root, 'kim'))).body['attempt']),
    session: tokenIn(await provesSecondStep(server, await opensAttempt(ada), ['totp', ada.code()])),
    'API token': (await apiTokenOf(await ada.signsIn())).token,
    'set-up link': setup.token.reveal(),
  }
  const proof = ada.code()
  const uses: Readonly<Record<string, (value: string) => Promise<Reply>>> = {
    invitation: (token) => accept(server, token, 'x'),
    attempt: (value) => provesSecondStep(server, value, ['totp', proof]),
    'enrolment attempt': (value) => ask(server, 'POST', '/attempts/totp', { payload: { attempt: value } }),
    session: (value) => ask(server, 'GET', '/session', { headers: { authorization: `Bearer ${value}` } }),
    'API token': (value) => ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${value}` } }),
    'set-up link': (value) => ask(server, 'POST', `/setup/${value}`, { payload: {} }),
  }
  for (const [use, tries] of Object.entries(uses)) {
    for (const [kind, value] of Object.entries(values)) {
      if (use === kind || (use === 'API token' && kind === 'session')) continue
      const { status, raw } = await tries(value)
      assert.ok(status >= 400 && status < 500, `${kind} used as ${use}: ${status} ${raw.body}`)
    }
  }
  assert.equal((await uses['attempt']?.(attempt))?.status, 200, 'and none of it was consumed by that')
})

onEitherDatabase('B16 CVE-2025-64708: an invitation ends by the clock, though no job ever ran', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const token = await invite(root, 'eve')
  const links = server.doorward.db.selectFrom('link').select('expires_at').where('purpose', '=', 'invitation')
  const { expires_at: end } = await links.executeTakeFirstOrThrow()
  server.clock.pass(end - server.clock.now() - 1)
  const confirm = await follow(server, token)
  server.clock.pass(1)
  assertRefused(await accept(server, token), 'link.expired')
  assert.ok((await new Visitor(server).open(`/invitation/${token}`)).statusCode >= 400)
  server.clock.pass(days(1))
  assertRefused(await confirm(), 'attempt.ended')
  const ada = await newcomer(await root.signsIn(), 'ada')
  const half = await opensAttempt(ada)
  server.clock.pass(server.doorward.config.attemptLifetime)
  assertRefused(await provesSecondStep(server, half, ['totp', ada.code()]), 'attempt.ended')
})
