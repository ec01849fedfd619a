// Names, emails, tokens and whose they are: vulnerabilities of similar products, each row of the attack book tested here.
//
// Rows that other files test:
//   E18            test/attacks/advisories-enumeration.test.ts, G5 to G7; test/attacks/api-tokens.test.ts: an API token is only in the one
//                  answer to its owner.
//   E19            test/attacks/api-tokens.test.ts: each scope on its routes, and a token as a bearer token only.
//   F7             test/attacks/mass-assignment.test.ts: a field that the principal may not set is refused by name.
//   F18            test/attacks/mass-assignment.test.ts for sessions and factors; F18 to F20 for API tokens in api-tokens.test.ts.
//   F22            test/attacks/malformed-bodies.test.ts: a key given twice, a NUL, half a surrogate pair.
//   F24, F25       test/attacks/passkeys.test.ts.
//   CVE-2024-4629  src/domain/throttle/throttle.service.test.ts: of fifty parallel guesses exactly five are allowed.
//   CVE-2025-3910  test/attacks/advisories-second-factor-bypass.test.ts, A10.
//   CVE-2021-43177 test/attacks/advisories-replay.test.ts, B1.
// Rows that do not apply yet:
//   E1 to E17, E21 to E24  The server is no OpenID provider: there are no clients, codes, consents, audiences or device codes.
//   E25            No setting that holds a secret can be changed by a request.
//   F12 to F16     There are no external identities.
//   F17            There is one organization.
import assert from 'node:assert/strict'

import { durableRowsOf } from '../support/databases/database-dump.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
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
import { givePasskey, opensAttempt, provesSecondStep, rowOf, showsPasskey } from '../support/people/second-factors.ts'
import { fieldErrorsIn, idOf, invitationIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** The same token cut, lengthened, in another case, in another spelling of base64, and with other bits that no byte holds. */
function spelledOtherwise(token: string): string[] {
  const last = token.slice(-1)
  const prefix = token.slice(0, 4)
  const value = token.slice(4)
  const neighbour = String.fromCodePoint((last.codePointAt(0) ?? 0) + 1)
  return [
    token.slice(0, -1),
    token.slice(0, 20),
    prefix,
    value,
    `${token}A`,
    `${token}=`,
    `${token}%00`,
    `${token}.`,
    token.toUpperCase(),
    token.toLowerCase(),
    token.slice(0, -1) + neighbour,
    `${prefix}${prefix}${value}`,
    encodeURIComponent(`${token} `),
    `${prefix}${Buffer.from(value, 'base64url').toString('hex')}`,
  ].filter((text) => text !== token)
}

test('E20 GHSA-6mq3-xmgp-pjm5: a token that is cut, lengthened or spelled otherwise is no token', async (t) => {
  const { server, root, ada } = await peopled(t)
  const browser = await signedInBrowser(ada)
  const made = { invitation: invitationIn(await root.asks('POST', '/users', { username: 'eve' })), code: ada.code() }
  const attempt = await opensAttempt(ada)
  const uses: readonly (readonly [token: string, use: (token: string) => Promise<Reply>])[] = [
    [ada.token ?? '', (token) => ask(server, 'GET', '/session', { headers: { authorization: `Bearer ${token}` } })],
    [
      (await apiTokenOf(ada)).token,
      (token) => ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } }),
    ],
    [
      browser.cookies.get('session') ?? '',
      (token) => ask(server, 'GET', '/session', { headers: { cookie: `session=${token}` } }),
    ],
    [attempt, (token) => provesSecondStep(server, token, ['totp', made.code])],
    [
      made.invitation,
      (token) => ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } }),
    ],
  ]
  for (const [token, use] of uses) {
    assert.match(token, /^dw[a-z]_[\w-]{43}$/)
    for (const other of spelledOtherwise(token)) {
      const { status, raw } = await use(other)
      assert.ok(status >= 400 && status < 500, `${other}: ${status} ${raw.body}`)
    }
    assert.ok((await use(token)).status < 300, 'the token itself does not work either')
  }
})

leaveToTestAll()

const STRANGE_EMAILS = [
  ...'ada＠example.org ada@@example.org ada@eve@example.org "ada@eve"@example.org ada,eve@example.org'.split(' '),
  'ada@example.org, eve@example.org',
  'ada@example.org\nBcc: eve@example.org',
  'ada@example.org\u0000',
  'ada@example.org\u202e',
  ' ada@example.org',
  'ada@',
  '@example.org',
  'ada',
  '<ada@example.org>',
]
/** Spellings of one email: letters of full width, capitals, a ligature, an accent apart from its letter. */
const SPELLINGS = [
  ['ada@example.org', 'ADA@EXAMPLE.ORG', 'ａｄａ@example.org', 'ada@ｅxample.org', 'ada@example。org'],
  ['office@example.org', 'oﬃce@example.org', 'OFFICE@example.org'],
  ['zoé@example.org', 'zoe\u0301@example.org', 'ZOÉ@example.org'],
] as const

test('F9 GHSA-7rqj-j65f-68wh: an address is one address, and no spelling of it makes a second account', async (t) => {
  const { root } = await startWithAdmin(t)
  for (const email of STRANGE_EMAILS) {
    const reply = await root.asks('POST', '/users', { username: 'strange', email })
    assert.equal(reply.status, 422, `${JSON.stringify(email)}: ${reply.raw.body}`)
    assert.deepEqual(
      fieldErrorsIn(reply).map((error) => error.split(' ')[0]),
      ['/email'],
    )
  }
  for (const [at, [first, ...others]] of SPELLINGS.entries()) {
    assert.equal((await root.asks('POST', '/users', { username: `first${at}`, email: first })).status, 200, first)
    for (const email of others) {
      const reply = await root.asks('POST', '/users', { username: `other${at}`, email })
      assert.ok([409, 422].includes(reply.status), `${email} after ${first}: ${reply.raw.body}`)
    }
  }
})

const NO_TEXT: readonly unknown[] = [{ $ne: null }, { $gt: '' }, ['x'], [], {}, true, 7, null]

test('F10 CVE-2026-30941: an object, a list or a number in place of a token, a name or a code is refused', async (t) => {
  const { server, root, ada } = await peopled(t)
  const token = invitationIn(await root.asks('POST', '/users', { username: 'eve' }))
  const attempt = await opensAttempt(ada)
  const requests: readonly (readonly [url: string, body: Record<string, unknown>])[] = [
    ['/invitations/accept', { token, password: PASSWORD }],
    ['/attempts', { username: 'ada', password: ada.password }],
    ['/attempts/second-factor', { attempt, kind: 'totp', proof: '123456' }],
    ['/attempts/totp', { attempt }],
    ['/attempts/passkey/options', { attempt }],
  ]
  const before = await durableRowsOf(server.doorward.db)
  for (const [url, body] of requests) {
    for (const [field, value] of Object.entries(body)) {
      for (const other of [...NO_TEXT, [value]]) {
        const { status, raw } = await ask(server, 'POST', url, { payload: { ...body, [field]: other } })
        assert.ok(status >= 400 && status < 500, `${url} ${field} ${JSON.stringify(other)}: ${status} ${raw.body}`)
      }
    }
  }
  assert.deepEqual(await durableRowsOf(server.doorward.db), before)
})

const PATTERNS = [
  ...'% _ a% %a% ad_ a* * .* ^ada$ [a]da ada%00 ada; ada-- \\ada ada\\ $1 :username'.split(' '),
  "' or 1=1 --",
  "ada' --",
  '{"$ne":null}',
  '["ada"]',
  '"ada"',
  'ada OR username = root',
  '(ada)',
]

onEitherDatabase(
  'F11 CVE-2026-32248: a pattern or an operator as login finds nobody, with the right password of a user',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    for (const username of PATTERNS) {
      const token = await postToken(server, { username, password: ada.password + ada.code() })
      assert.deepEqual(refusalIn(token), [401, 'sign_in.incorrect'], username)
      const begun = await ask(server, 'POST', '/attempts', { payload: { username, password: ada.password } })
      assert.deepEqual(refusalIn(begun), [401, 'sign_in.incorrect'], username)
      await server.doorward.db.deleteFrom('throttle_bucket').execute()
    }
    await ada.signsIn()
  },
)

test('F21 CVE-2026-94001: who may change users cannot, by a token, reset, delete or promote anybody', async (t) => {
  const { server, root, bob } = await peopled(t)
  const { token } = await apiTokenOf(root, ['users:read', 'users:write'])
  const asRoot = (method: 'PATCH' | 'POST' | 'DELETE', path: string, payload?: object): Promise<Reply> =>
    ask(server, method, path, { headers: { authorization: `Bearer ${token}` }, payload })
  const user = `/users/${await idOf(bob)}`
  assert.equal((await asRoot('PATCH', user, { full_name: 'Bob' })).status, 200)
  const before = await durableRowsOf(server.doorward.db)
  for (const reply of [
    await asRoot('PATCH', user, { role: 'admin' }),
    await asRoot('POST', '/users', { username: 'eve', role: 'admin' }),
    await asRoot('POST', `${user}/reset-second-factor`, { reset_password: true }),
    await asRoot('DELETE', user),
  ])
    assert.ok([401, 403].includes(reply.status), `${reply.status} ${reply.raw.body}`)
  assert.deepEqual({ ...(await durableRowsOf(server.doorward.db)), api_token: [] }, { ...before, api_token: [] })
})

/** A user who has no password, as one who was invited or who only has a passkey. */
async function withoutPassword(person: Person, stored: string | null): Promise<void> {
  const { db } = person.server.doorward
  await db.updateTable('users').set({ hashed_password: stored }).where('username', '=', person.username).execute()
}

for (const stored of [null, ''] as const) {
  test(`F23 allauth 65.11.1: a user whose stored password is ${JSON.stringify(stored)} has none, and not an empty one`, async (t) => {
    const { server, root } = await startWithAdmin(t)
    const ada = await (await newcomer(root, 'ada')).signsIn()
    const phone = await givePasskey(ada)
    await withoutPassword(ada, stored)
    for (const password of ['', ' ', 'null', 'undefined', '\u0000', null, undefined]) {
      const payload = { username: 'ada', password }
      const { status, raw } = await ask(server, 'POST', '/attempts', { payload })
      assert.ok([401, 422].includes(status), `${String(password)}: ${status} ${raw.body}`)
      const token = await postToken(server, { username: 'ada', password: `${password ?? ''}${ada.code()}` })
      assert.ok([401, 422].includes(token.status), `${String(password)}: ${token.status}`)
      const browser = new Visitor(server)
      await browser.submit('/sign-in', { username: 'ada', password: password ?? '' })
      const names = [...browser.cookies.keys()].filter((name) => name !== 'refused')
      assert.deepEqual(names, [], String(password))
      await server.doorward.db.deleteFrom('throttle_bucket').execute()
    }
    const proof = await ada.asks('POST', '/session/proof', { password: '', code: ada.code() })
    assert.ok([401, 403, 422].includes(proof.status), proof.raw.body)
    assert.equal((await showsPasskey(server, phone)).status, 200, 'the passkey does not sign in either')
    assert.equal((await rowOf(ada)).hashedPassword?.reveal() ?? '', '')
  })
}

test('CVE-2024-7318: a code of two steps ago or two steps ahead opens nothing', async (t) => {
  const { server, ada } = await peopled(t)
  for (const steps of [-2, 2, -1]) {
    server.clock.pass(300_000)
    const code = ada.authenticator.code(server.clock.now() + steps * 30_000)
    const reply = await postToken(server, { username: 'ada', password: ada.password + code })
    assert.equal(reply.status, steps === -1 ? 200 : 401, `${steps}: ${reply.raw.body}`)
  }
})

test('CVE-2024-8796: a new authenticator app has a secret of 160 bits', async (t) => {
  const { ada } = await peopled(t)
  const { body } = await ada.asks('POST', '/users/me/totp', {})
  assert.match(String(body['secret']).replaceAll(' ', ''), /^[A-Z2-7]{32}$/)
})

test('CVE-2021-3632: nobody registers a passkey without a session or an attempt that enrols', async (t) => {
  const { server, ada } = await peopled(t)
  const attempt = await opensAttempt(ada)
  const before = await durableRowsOf(server.doorward.db)
  for (const reply of [
    await ask(server, 'POST', '/users/me/passkeys/options', { payload: {} }),
    await ask(server, 'POST', '/users/me/passkeys', { payload: { response: {} } }),
    await ask(server, 'POST', '/users/me/passkeys', { payload: { response: {}, username: 'ada' } }),
    await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } }),
    await ask(server, 'POST', '/attempts/passkeys', { payload: { attempt, response: {} } }),
  ])
    assert.ok([401, 404, 409, 422].includes(reply.status), `${reply.status} ${reply.raw.body}`)
  assert.deepEqual(await durableRowsOf(server.doorward.db), before)
})
