// Replay of TOTP codes, recovery codes and other one-time values: vulnerabilities of similar products, each row tested here.
//
// Rows that other files test:
//   B2, B7      test/attacks/code-replay.test.ts: fifty concurrent uses on every route; test/attacks/interleavings.test.ts: in
//               every order. ARCHITECTURE.md names the one place where values are consumed.
//   B4          test/attacks/code-replay.test.ts: a code in other Unicode digits is the same code.
//   B10         As B9; test/attacks/interleavings.test.ts in every order.
//   B14         test/attacks/passkeys.test.ts.
// Rows that do not apply yet:
//   B12         There is no sign-in through another provider. Passkey responses: B14.
//   B17         There are no authorization codes: the server is no OpenID provider.
//   B18         There is no remember-me: a device cookie does not sign in (test/attacks/device-cookie.test.ts).
// Part of B8: a database restored from a backup contains only what was consumed before the backup; see docs/threats.md.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days } from '../../src/foundation/kernel/time.ts'
import { issueSetupLink } from '../../src/use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../support/people/authenticator.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { TestClock } from '../support/server/clock.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { migratedDatabaseUrl, onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { assertOneOf } from '../support/server/nodes.ts'
import { ask, firstAdmin, newcomer, PASSWORD, postToken } from '../support/people/people.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { giveRecoveryCodes, opensAttempt, provesSecondStep, tokenIn } from '../support/people/second-factors.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'

function refusedWith({ status, body, raw }: Reply, codes: readonly string[]): void {
  assert.ok(status >= 400, raw.body)
  assert.ok(codes.includes(String(body['code'])), raw.body)
}

test('B1 CVE-2021-45331, B3 CVE-2025-43798, B5 GO-2025-3856: a consumed code is refused on every route', async (t) => {
  const { server, ada } = await peopled(t)
  const attempt = await opensAttempt(ada)
  const code = ada.code()
  const password = PASSWORD
  assert.equal((await postToken(server, { username: 'ada', password, totp: code })).status, 200)
  const used = ['attempt.code_used']
  refusedWith(await postToken(server, { username: 'ada', password: password + code }), ['sign_in.incorrect'])
  refusedWith(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password, code } }), used)
  refusedWith(await provesSecondStep(server, attempt, ['totp', code]), used)
  refusedWith(await ada.asks('POST', '/session/proof', { password, code }), ['reauthentication.refused'])
  const browser = new Visitor(server)
  await browser.submit('/sign-in', { username: 'ada', password })
  await browser.submit('/sign-in/second-step', { code })
  assert.ok(!browser.cookies.has('session'))
  assert.equal((await provesSecondStep(server, attempt, ['totp', ada.code()])).status, 200, 'the owner is locked out')
})

interface Enrolling {
  readonly attempt: string
  readonly code: string
}

/** Accepts an invitation and begins the enrolment of an app. */
async function follow(server: Server, token: string, password: string): Promise<Enrolling> {
  const { body, raw } = await ask(server, 'POST', '/invitations/accept', { payload: { token, password } })
  assert.equal(typeof body['attempt'], 'string', raw.body)
  const attempt = String(body['attempt'])
  const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  return { attempt, code: new Authenticator(String(key.body['secret'])).code(server.clock.now()) }
}

async function invite(admin: Person, username: string, fields: object = {}): Promise<string> {
  const { body } = await admin.asks('POST', '/users', { username, ...fields })
  return String((body['invitation'] as { url: string }).url.split('/').at(-1))
}

test('B6 Infisical PR 6112: the code that confirms an app is consumed by it', async (t) => {
  const server = await start(t)
  const token = await invite(await (await firstAdmin(server)).signsIn(), 'eve')
  const payload = await follow(server, token, PASSWORD)
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  const { code } = payload
  const attempt = await opensAttempt({ server, username: 'eve', password: PASSWORD })
  refusedWith(await provesSecondStep(server, attempt, ['totp', code]), ['attempt.code_used'])
  refusedWith(await postToken(server, { username: 'eve', password: PASSWORD + code }), ['sign_in.incorrect'])
})

onEitherDatabase('B8 CVE-2026-31875: a recovery code works once, also after a restart', async (t, dialect) => {
  const place = {
    databaseUrl: await migratedDatabaseUrl(t, dialect),
    dataDir: await temporaryFolder(t),
    clock: new TestClock(),
  }
  let codes: readonly string[] = []
  const uses = async (server: Server, code: string | undefined): Promise<Reply> => {
    const attempt = await opensAttempt({ server, username: 'ada', password: PASSWORD })
    return provesSecondStep(server, attempt, ['recovery-code', code ?? ''])
  }
  await t.test('before', async (inner) => {
    const { server, ada } = await peopled(inner, place)
    codes = await giveRecoveryCodes(ada)
    assert.equal((await uses(server, codes[0])).body['recovery_codes_left'], 9)
    refusedWith(await uses(server, codes[0]?.toUpperCase().replaceAll('-', ' ')), ['attempt.recovery_code_used'])
  })
  const again = await start(t, place)
  refusedWith(await uses(again, codes[0]), ['attempt.recovery_code_used'])
  assert.equal((await uses(again, codes[1])).body['recovery_codes_left'], 8)
})

onEachDatabase(
  'B9 CVE-2026-34224: one recovery code at many attempts at once makes one session',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const [code = ''] = await giveRecoveryCodes(ada)
    const attempts = await Promise.all(Array.from({ length: 5 }, () => opensAttempt(ada)))
    const replies = attempts.map((attempt) => provesSecondStep(server, attempt, ['recovery-code', code]))
    assertOneOf(await Promise.all(replies), 200, [401, 429])
  },
)

onEitherDatabase('B11 CVE-2025-64175: a recovery code opens its owner’s account only', async (t, dialect) => {
  const { server, ada, bob } = await peopled(t, { dialect })
  const [codes] = [await giveRecoveryCodes(bob), await giveRecoveryCodes(ada)]
  const shown = ['recovery-code', codes[0] ?? ''] as const
  const refused = await provesSecondStep(server, await opensAttempt(ada), shown)
  refusedWith(refused, ['attempt.recovery_code_wrong'])
  const proof = { password: PASSWORD, kind: 'recovery-code', code: codes[0] }
  refusedWith(await ada.asks('POST', '/session/proof', proof), ['reauthentication.refused'])
  assert.equal((await provesSecondStep(server, await opensAttempt(bob), shown)).status, 200, 'and it was not consumed')
})

onEitherDatabase(
  'B13 CVE-2026-37982: an invitation enrols once, and a change of the account ends the enrolment that it began',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const admin = await (await firstAdmin(server)).signsIn()
    const token = await invite(admin, 'eve')
    const mine = await follow(server, token, PASSWORD)
    const theirs = await follow(server, token, 'another rather calm password')
    assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload: mine })).status, 200)
    const late = await ask(server, 'POST', '/attempts/totp/confirm', { payload: theirs })
    refusedWith(late, ['attempt.ended', 'link.used'])
    const payload = { token, password: PASSWORD }
    refusedWith(await ask(server, 'POST', '/invitations/accept', { payload }), ['link.used', 'link.unknown'])
    const other = await invite(admin, 'kim')
    const begun = await follow(server, other, PASSWORD)
    const { body } = await admin.asks('GET', '/users?q=kim')
    const [{ id = 0 } = {}] = body['items'] as { id?: number }[]
    await admin.asks('PATCH', `/users/${id}`, { role: 'admin' })
    const stale = await ask(server, 'POST', '/attempts/totp/confirm', { payload: begun })
    refusedWith(stale, ['attempt.ended'])
  },
)

test('B15 CVE-2022-23555: a token of one purpose is refused for any other', async (t) => {
  const empty = await start(t)
  const setup = await issueSetupLink(empty.operator())
  assert.ok(setup)
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada')
  const attempt = await opensAttempt(ada)
  const values: Readonly<Record<string, string>> = {
    invitation: await invite(admin, 'eve'),
    attempt,
    'enrolment attempt': (await follow(server, await invite(admin, 'kim'), PASSWORD)).attempt,
    session: tokenIn(await provesSecondStep(server, await opensAttempt(ada), ['totp', ada.code()])),
    'API token': (await apiTokenOf(await ada.signsIn())).token,
    'set-up link': setup.token.reveal(),
  }
  const proof = ada.code()
  const uses: Readonly<Record<string, (value: string) => Promise<Reply>>> = {
    invitation: (token) => ask(server, 'POST', '/invitations/accept', { payload: { token, password: 'x' } }),
    attempt: (value) =>
      ask(server, 'POST', '/attempts/second-factor', { payload: { attempt: value, kind: 'totp', proof } }),
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
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const token = await invite(admin, 'eve')
  const { expires_at: end } = await server.doorward.db
    .selectFrom('link')
    .select('expires_at')
    .where('purpose', '=', 'invitation')
    .executeTakeFirstOrThrow()
  const accept = (): Promise<Reply> =>
    ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
  server.clock.pass(end - server.clock.now() - 1)
  const { attempt, code } = await follow(server, token, PASSWORD)
  server.clock.pass(1)
  refusedWith(await accept(), ['link.expired'])
  assert.ok((await new Visitor(server).open(`/invitation/${token}`)).statusCode >= 400)
  server.clock.pass(days(1))
  refusedWith(await ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code } }), ['attempt.ended'])
  const ada = await newcomer(await admin.signsIn(), 'ada')
  const half = await opensAttempt(ada)
  server.clock.pass(server.doorward.config.attemptLifetime)
  refusedWith(await provesSecondStep(server, half, ['totp', ada.code()]), ['attempt.ended'])
})
