// Threat: passwords that an attacker who knows the user and the server tries first. No route accepts one; and each character of a
// password is compared (OWASP ASVS 5.0, V6.1.2 and V6.2).
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { resetUserBuckets } from '#domain/throttle/throttle.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days } from '#foundation/kernel/time.ts'
import { setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import {
  ask,
  firstAdmin,
  newcomer,
  type Person,
  postToken,
  type Reply,
  startWithAdmin,
} from '../support/people/people.ts'
import { mailedToken, OPEN, submitsAccount } from '../support/people/registrations.ts'
import { issuedResetLink } from '../support/people/reset-links.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { fieldErrorsIn, idOf, invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const SITE = { instance_name: 'Night Library', public_url: 'https://id.library.example' }
const ADA = { username: 'lovelace', email: 'a.byron@example.org', full_name: 'Ada King' }

/** Passwords that an attacker tries first, with the code of their refusal. */
const REFUSED: Record<string, string> = {
  sevench: 'password.too_short',
  password1: 'password.common',
  Football123: 'password.common',
  qwertzuiop: 'password.pattern',
  Lovelace: 'password.own_name',
  '2026lovelace!': 'password.own_name',
  'a.byron@example.org': 'password.own_name',
  'A-Byron-1815': 'password.own_name',
  'Ada King 1815': 'password.own_name',
  nightlibrary: 'password.site_name',
  'id.library.example': 'password.site_name',
  'Doorward!1': 'password.site_name',
  [`${'three calm words '.repeat(15)}xx`]: 'password.too_long',
}

interface Scene {
  readonly server: Server
  readonly admin: Person
  readonly ada: Person
  readonly adaId: number
}

async function sceneFor(t: TestContext, settings: Readonly<Record<string, string>> = SITE): Promise<Scene> {
  const { server, root: admin } = await startWithAdmin(t, { settings })
  const ada = await (await newcomer(admin, ADA.username, { email: ADA.email, full_name: ADA.full_name })).signsIn()
  return { server, admin, ada, adaId: await idOf(ada) }
}

/** Unlocks ada: a wrong password counts as a guess, which is not what this file tests. */
async function unlock({ server }: Scene): Promise<void> {
  const { subject } = await rowOf({ server, username: ADA.username })
  await inTransaction(server.operator(), (tx) => resetUserBuckets(tx, subject))
}

/** The field errors with which a service refuses, as a route would answer. */
async function fieldErrorsOf(work: Promise<unknown>): Promise<string[]> {
  const [reason] = await Promise.allSettled([work])
  if (reason.status === 'fulfilled') return []
  assert.ok(reason.reason instanceof Refusal, String(reason.reason))
  return (reason.reason.facts.fieldErrors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)
}

const answered = (reply: Reply): string[] => (reply.status < 300 ? [] : fieldErrorsIn(reply))

/** Every route that sets a password, with the pointer of the field and the field errors of a password. */
const ROUTES: Record<string, { pointer: string; set: (scene: Scene, password: string) => Promise<string[]> }> = {
  'a new user': {
    pointer: '/password',
    set: async ({ admin }, password) => answered(await admin.asks('POST', '/users', { ...ADA, password })),
  },
  'the change of one’s password': {
    pointer: '/new',
    set: async ({ ada }, password) =>
      answered(await ada.asks('PUT', '/users/me/password', { current: ada.password, new: password })),
  },
  'the whole record': {
    pointer: '/password',
    set: async ({ ada }, password) => answered(await ada.asks('PUT', '/users/me', { ...ADA, password })),
  },
  'an invitation': {
    pointer: '/password',
    set: async ({ server, admin, adaId }, password) => {
      const reset = await admin.asks('POST', `/users/${adaId}/reset-second-factor`, {
        reason: 'Lost bag',
        reset_password: true,
      })
      // After the first reset the user waits for the invitation.
      const isWaiting = reset.body['code'] === 'user.not_joined'
      const invited = isWaiting ? await admin.asks('POST', `/users/${adaId}/invitation`) : reset
      const payload = { token: invitationIn(invited), password }
      return answered(await ask(server, 'POST', '/invitations/accept', { payload }))
    },
  },
  'the command line': {
    pointer: '/password',
    set: async ({ server, adaId }, password) =>
      fieldErrorsOf(setPassword(server.operator(), { id: adaId }, Secret.of(password))),
  },
}

/** A range service that knows one breached password; returns its URL. */
async function rangeServiceWith(t: TestContext, password: string): Promise<string> {
  const digest = hash('sha1', password).toUpperCase()
  const service = createServer(({ url }, response) => {
    response.end(url?.endsWith(digest.slice(0, 5)) === true ? `${digest.slice(5)}:7` : '')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  t.after(() => service.close())
  return `http://127.0.0.1:${(service.address() as AddressInfo).port}/range`
}

test('V6.2.12: each route refuses a password that the range service knows as breached', async (t) => {
  const breached = 'a kettle full of stars'
  const settings = { ...SITE, ...OPEN, breached_passwords_url: await rangeServiceWith(t, breached) }
  const scene = await sceneFor(t, settings)
  const { server } = scene
  for (const [route, { pointer, set }] of Object.entries(ROUTES))
    assert.deepEqual(await set(scene, breached), [`${pointer} password.breached`], route)
  const token = await issuedResetLink(server, ADA.username)
  const reset = await ask(server, 'POST', '/password-resets/complete', { payload: { token, password: breached } })
  assert.deepEqual(fieldErrorsIn(reset), ['/password password.breached'])
  const registered = await submitsAccount(server, await mailedToken(server, 'new@example.org'), { password: breached })
  assert.deepEqual(fieldErrorsIn(registered), ['/password password.breached'])
  const other = await start(t, { settings })
  const issued = await issueSetupLink(other.operator())
  const begun = beginSetup(other.operator(), {
    token: issued?.token ?? assert.fail('no set-up link'),
    password: Secret.of(breached),
    username: 'root',
    email: null,
    fullName: null,
  })
  assert.deepEqual(await fieldErrorsOf(begun), ['/password password.breached'])
})

leaveToTestAll()

test('V6.1.2, V6.2.1, V6.2.4, V6.2.11: each route refuses the passwords that are tried first, and names the field and the reason', async (t) => {
  for (const [route, { pointer, set }] of Object.entries(ROUTES)) {
    await t.test(route, async (t) => {
      const scene = await sceneFor(t)
      for (const [password, code] of Object.entries(REFUSED)) {
        assert.deepEqual(await set(scene, password), [`${pointer} ${code}`], password)
        await unlock(scene)
      }
    })
  }

  await t.test('the set-up', async (t) => {
    const server = await start(t, { settings: SITE })
    const issued = await issueSetupLink(server.operator())
    assert.ok(issued)
    const names = { username: ADA.username, email: ADA.email, fullName: ADA.full_name }
    for (const [password, code] of Object.entries(REFUSED)) {
      const begun = beginSetup(server.operator(), { token: issued.token, password: Secret.of(password), ...names })
      assert.deepEqual(await fieldErrorsOf(begun), [`/password ${code}`], password)
    }
  })

  await t.test('a user whom the operator makes', async (t) => {
    const { server } = await sceneFor(t)
    const user = { username: 'kingfisher', fullName: 'Halcyon Reed' }
    for (const [password, code] of Object.entries({ kingfisher1: 'own_name', 'Halcyon Reed': 'own_name' })) {
      const made = createUser(server.operator(), { ...user, password: Secret.of(password) })
      assert.deepEqual(await fieldErrorsOf(made), [`/password password.${code}`])
    }
  })

  await t.test('a name that is taken in the same breath counts already', async (t) => {
    const { ada } = await sceneFor(t)
    const reply = await ada.asks('PUT', '/users/me', { ...ADA, username: 'analytical', password: 'Analytical1' })
    assert.deepEqual(fieldErrorsIn(reply), ['/password password.own_name'])
  })
})

test('V6.2.1: where a second factor is optional, a password stands alone and needs fifteen characters', async (t) => {
  const { server, root } = await startWithAdmin(t, { settings: { second_factor: 'optional' } })
  const refused = await root.asks('POST', '/users', { username: 'ada', password: 'fourteen chars' })
  assert.deepEqual(fieldErrorsIn(refused), ['/password password.too_short'])
  assert.match(refused.raw.body, /at least 15 characters/)
  assert.equal((await root.asks('POST', '/users', { username: 'ada', password: 'fifteen charact' })).status, 200)
  const link = invitationIn(await root.asks('POST', '/users', { username: 'grace' }))
  const { raw } = await ask(server, 'GET', `/invitation/${link}`)
  const { description, attribute } = parsePage(raw).field(/password/i)
  assert.match(description, /At least 15 characters/)
  assert.match(attribute('passwordrules') ?? '', /minlength: 15/)
})

/** Changes ada's password; asserts that it is then compared to its last character. */
async function becomes({ ada }: Scene, next: string): Promise<void> {
  const reply = await ada.asks('PUT', '/users/me/password', { current: ada.password, new: next })
  assert.ok(reply.status < 300, `${next}: ${reply.raw.body}`)
  ada.password = next
  await ada.signsIn()
}

test('V6.2.2, V6.2.3: changing a password requires the current one, and each wrong guess at it counts', async (t) => {
  const scene = await sceneFor(t)
  const { ada } = scene
  for (const current of ['not hers at all', '', ada.password.toUpperCase()]) {
    const reply = await ada.asks('PUT', '/users/me/password', { current, new: 'a kettle full of stars' })
    assert.ok(reply.status >= 400 && reply.status < 500)
  }
  const missing = await ada.asks('PUT', '/users/me/password', { new: 'a kettle full of stars' })
  assert.deepEqual(fieldErrorsIn(missing), ['/current field.missing'])
  const change = { current: 'wrong one', new: 'a kettle full of stars' }
  for (let tries = 0; tries < 5; tries += 1) await ada.asks('PUT', '/users/me/password', change)
  assert.equal((await ada.asks('PUT', '/users/me/password', change)).status, 429)
})

test('V6.2.5, V6.2.9: any characters will do, of any length up to the longest, which is not cut', async (t) => {
  const scene = await sceneFor(t)
  const longest = 'three calm words '.repeat(16).slice(0, 256)
  const fine = ['4081623577', 'whiterabbit', 'только строчные буквы', '   all spaces inside   ', '🦊🦉🐢🦔🐈🐎🦆🐝']
  for (const next of [...fine, longest.slice(0, 64), longest.slice(0, 128), longest]) await becomes(scene, next)
})

test('V6.2.8: every character counts: case, spaces at the ends, and what comes after the 72nd byte', async (t) => {
  const scene = await sceneFor(t)
  const { server, ada } = scene
  const password = ` ${'Three calm words '.repeat(6)}`
  await becomes(scene, password)
  const wrong = [password.trim(), password.trimEnd(), password.slice(0, 72), password.toLowerCase(), `${password} `]
  for (const typed of wrong) {
    const reply = await postToken(server, { username: ADA.username, password: typed + ada.code() })
    assert.equal(reply.status, 401, JSON.stringify(typed))
    await unlock(scene)
  }
  await ada.signsIn()
})

test('V6.2.10: a password is good for ever', async (t) => {
  const { server, ada } = await sceneFor(t)
  server.clock.pass(days(5 * 365))
  await ada.signsIn()
  assert.equal((await ada.asks('GET', '/users/me')).body['password_change_asked'], false)
})

test('V6.2.6, V6.2.7: password fields are masked and open to password managers', async (t) => {
  const server = await start(t)
  const issued = await issueSetupLink(server.operator())
  const setup = await ask(server, 'GET', `/setup/${issued?.token.reveal() ?? ''}`)
  await firstAdmin(server)
  const signIn = await ask(server, 'GET', '/sign-in')
  for (const [page, purpose] of [
    [setup, 'new-password'],
    [signIn, 'current-password'],
  ] as const) {
    const { type, attribute } = parsePage(page.raw).field(/password/i)
    assert.deepEqual([type, attribute('autocomplete')], ['password', purpose])
    for (const obstacle of ['maxlength', 'pattern', 'onpaste', 'readonly']) assert.equal(attribute(obstacle), null)
  }
})
