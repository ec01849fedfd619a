// A user's own passkeys and recovery codes through JSON.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import {
  type CreationOptions,
  FLAG,
  type SoftwareAuthenticator,
} from '../../clients/test/src/software-authenticator.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { type AdminAndUser, startWithUser } from '../support/people/admin-and-user.ts'
import { ask, firstAdmin, type Person, type Reply } from '../support/people/people.ts'
import {
  givePasskey,
  newPhone,
  opensAttempt,
  passkeyForReauthentication,
  provesSecondStep,
  showsPasskey,
} from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

interface Factors {
  readonly totp: readonly { id: string }[]
  readonly passkeys: readonly { id: string; name: string; last_used_at: string | null; synced: boolean }[]
  readonly recovery_codes: { left: number; made_at: string | null }
  readonly accepted_credentials: { rpId: string; userId: string; allAcceptedCredentialIds: string[] }
}

async function factorsOf(person: Person): Promise<Factors> {
  const { status, body, raw } = await person.asks('GET', '/users/me/factors')
  assert.equal(status, 200, raw.body)
  return body as unknown as Factors
}

async function optionsFor(person: Person): Promise<CreationOptions> {
  const { status, body, raw } = await person.asks('POST', '/users/me/passkeys/options')
  assert.equal(status, 200, raw.body)
  return body as unknown as CreationOptions
}

async function adds(person: Person, phone: SoftwareAuthenticator, name?: string): Promise<Reply> {
  const response = phone.register(await optionsFor(person))
  const others = { sign_out_others: true }
  return person.asks('POST', '/users/me/passkeys', { response, ...others, ...(name !== undefined && { name }) })
}

function assertRefused({ status, body }: Reply, wanted: readonly [status: number, code: string]): void {
  assert.deepEqual([status, body['code']], wanted)
}

async function confirmsWith(person: Person, phone: SoftwareAuthenticator): Promise<void> {
  const { status, raw } = await person.asks('POST', '/session/proof', {
    passkey: await passkeyForReauthentication(person, phone),
  })
  assert.equal(status, 200, raw.body)
}

async function eventsAbout({ ada, root }: AdminAndUser): Promise<string[]> {
  const { id } = (await ada.asks('GET', '/users/me')).body
  const { body } = await root.asks('GET', `/audit-events?about=${String(id)}&limit=50`)
  const items = body['items'] as readonly { action: string; result: string; reason: string | null }[]
  return items.map(({ action, result, reason }) => (result === 'done' ? action : `${action} ${reason}`)).toReversed()
}

onEitherDatabase(
  'a passkey is added, listed, renamed, used and removed; other sessions end by choice',
  async (t, dialect) => {
    const all = await startWithUser(t, { dialect })
    const { ada } = all
    const { server } = ada
    const elsewhere = String((await ada.signsIn()).token)
    await ada.signsIn()
    const phone = newPhone(server)
    const added = await adds(ada, phone, 'Phone')
    assert.equal(added.status, 200, added.raw.body)
    assert.deepEqual(
      [added.body['name'], added.body['last_used_at'], added.body['synced'], added.body['transports']],
      ['Phone', null, false, ['internal']],
    )
    assert.ok(!('recovery_codes' in added.body), 'a user with a set gets another')
    const gone = await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${elsewhere}` } })
    assert.equal(gone.status, 401, 'a session from before goes on')

    await confirmsWith(ada, phone)
    const second = (await optionsFor(ada)) as unknown as { readonly excludeCredentials: readonly unknown[] }
    assert.equal(second.excludeCredentials.length, 1)
    const id = String(added.body['id'])
    const renamed = await ada.asks('PATCH', `/users/me/passkeys/${id}`, { name: 'Old phone' })
    assert.deepEqual([renamed.status, renamed.body['name']], [200, 'Old phone'])
    assert.equal((await showsPasskey(server, phone)).status, 200, 'it does not sign in')
    const factors = await factorsOf(ada)
    assert.deepEqual(
      factors.passkeys.map(({ name, last_used_at: used }) => [name, used !== null]),
      [['Old phone', true]],
    )
    const [credential] = phone.passkeys
    assert.deepEqual(factors.accepted_credentials, {
      rpId: 'localhost',
      userId: credential?.userHandle,
      allAcceptedCredentialIds: [credential?.id],
    })

    assert.equal((await ada.asks('DELETE', `/users/me/passkeys/${id}`)).status, 200)
    assertRefused(await ada.asks('DELETE', `/users/me/passkeys/${id}`), [404, 'passkey.not_found'])
    assert.deepEqual((await factorsOf(ada)).accepted_credentials.allAcceptedCredentialIds, [])
    assert.equal((await showsPasskey(server, phone)).status, 401, 'a removed passkey signs in')
    // Without a passkey the app suffices again for re-authentication.
    assert.equal((await (await ada.signsIn()).asks('POST', '/users/me/passkeys/options')).status, 200)
    const events = await eventsAbout(all)
    for (const action of ['passkey.registered', 'passkey.renamed', 'passkey.removed'])
      assert.ok(events.includes(action), action)
  },
)

leaveToTestAll()

onEitherDatabase(
  'a passkey is added after re-authentication, by its session, for its user, once',
  async (t, dialect) => {
    const { ada, root } = await startWithUser(t, { dialect })
    const { server } = ada
    const response = newPhone(server).register(await optionsFor(ada))
    const older = ada.token
    await ada.signsIn()
    assertRefused(await ada.asks('POST', '/users/me/passkeys', { response }), [401, 'passkey.refused'])
    assertRefused(await root.asks('POST', '/users/me/passkeys', { response }), [401, 'passkey.refused'])
    ada.token = older
    assert.equal((await ada.asks('POST', '/users/me/passkeys', { response })).status, 200)
    assertRefused(await ada.asks('POST', '/users/me/passkeys', { response }), [401, 'passkey.challenge_ended'])
    assert.equal((await factorsOf(ada)).passkeys.length, 1)
    // From now on the app alone does not suffice for re-authentication.
    await ada.signsIn()
    assertRefused(await ada.asks('POST', '/users/me/passkeys/options'), [
      401,
      'access.stronger_authentication_required',
    ])
    server.clock.pass(minutes(11))
    assertRefused(await root.asks('POST', '/users/me/passkeys/options'), [401, 'access.reauthentication_required'])
    assertRefused(await root.asks('POST', '/users/me/recovery-codes'), [401, 'access.reauthentication_required'])
  },
)

onEitherDatabase(
  'the last second factor cannot be removed where one is required, whatever its kind',
  async (t, dialect) => {
    const all = await startWithUser(t, { dialect })
    const { ada } = all
    const phone = newPhone(ada.server)
    assert.equal((await adds(ada, phone)).status, 200)
    await confirmsWith(ada, phone)
    const { totp, passkeys } = await factorsOf(ada)
    assert.equal((await ada.asks('DELETE', `/users/me/totp/${totp[0]?.id}`)).status, 200, 'a passkey is left')
    await confirmsWith(ada, phone)
    assertRefused(await ada.asks('DELETE', `/users/me/passkeys/${passkeys[0]?.id}`), [409, 'passkey.last_one'])
    assert.equal((await factorsOf(ada)).passkeys.length, 1, 'it was refused and removed')
    assert.ok((await eventsAbout(all)).includes('passkey.removed last_one'))
    assert.equal((await showsPasskey(ada.server, phone)).status, 200)
  },
)

onEitherDatabase(
  'where no second factor is required the last one may be removed, except an admin’s; the recovery codes are deleted with it',
  async (t, dialect) => {
    const { ada, root } = await startWithUser(t, { dialect, settings: { second_factor: 'optional' } })
    const [app] = (await factorsOf(ada)).totp
    assert.equal((await ada.asks('DELETE', `/users/me/totp/${app?.id}`)).status, 200)
    assert.deepEqual((await factorsOf(ada)).recovery_codes, { left: 0, made_at: null })
    const [own] = (await factorsOf(root)).totp
    assertRefused(await root.asks('DELETE', `/users/me/totp/${own?.id}`), [409, 'totp.last_one'])
    // Adding the first factor creates recovery codes.
    const added = await adds(ada, newPhone(ada.server))
    assert.equal((added.body['recovery_codes'] as string[]).length, 10)
    assert.equal((await factorsOf(ada)).recovery_codes.left, 10)
  },
)

test('a refused re-authentication by passkey names the passkey and no code, and asks for the password beside it', async (t) => {
  const server = await start(t)
  const ada = await (await firstAdmin(server)).signsIn()
  const phone = await givePasskey(ada, newPhone(server, { flags: FLAG.up }))
  const passkey = await passkeyForReauthentication(ada, phone)
  const refused = await ada.asks('POST', '/session/proof', { passkey })
  assertRefused(refused, [403, 'reauthentication.passkey_refused'])
  assert.match(String(refused.body['detail']), /passkey.*password/)
  assert.doesNotMatch(JSON.stringify(refused.body), /\bcode did\b|next code/)
})

onEachDatabase('of two concurrent removals one is refused, so that a second factor remains', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect })
  const phone = newPhone(ada.server)
  await adds(ada, phone)
  await confirmsWith(ada, phone)
  const { totp, passkeys } = await factorsOf(ada)
  const replies = await Promise.all([
    ada.asks('DELETE', `/users/me/totp/${totp[0]?.id}`),
    ada.asks('DELETE', `/users/me/passkeys/${passkeys[0]?.id}`),
  ])
  const [done, refused = 0] = replies.map(({ status }) => status).toSorted((a, b) => a - b)
  assert.equal(done, 200)
  // The other removal renewed the token, or left this factor as the last one.
  assert.ok([401, 409].includes(refused), String(refused))
  const left = await factorsOf(ada)
  assert.equal(left.totp.length + left.passkeys.length, 1)
})

onEitherDatabase('new recovery codes take the place of the old, and each works once', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect })
  const { server } = ada
  const made = await ada.asks('POST', '/users/me/recovery-codes')
  assert.equal(made.status, 200, made.raw.body)
  const [old = ''] = made.body['recovery_codes'] as string[]
  const again = (await ada.asks('POST', '/users/me/recovery-codes')).body['recovery_codes'] as string[]
  assert.equal(new Set(again).size, 10)
  const named = { server, username: 'ada', password: ada.password }
  const late = await provesSecondStep(server, await opensAttempt(named), ['recovery-code', old])
  assertRefused(late, [401, 'attempt.recovery_code_wrong'])
  const used = await provesSecondStep(server, await opensAttempt(named), ['recovery-code', again[0] ?? ''])
  assert.equal(used.status, 200, used.raw.body)
  const left = await ada.asks('GET', '/users/me/recovery-codes')
  assert.equal(left.body['left'], 9)
  assert.deepEqual((await factorsOf(ada)).recovery_codes, left.body)
})

onEitherDatabase('enrolling an app brings recovery codes to a user who has none', async (t, dialect) => {
  const { ada } = await startWithUser(t, { dialect })
  const { db } = ada.server.doorward
  await db.deleteFrom('recovery_code').execute()
  const confirm = async (): Promise<Reply> => {
    const { body } = await ada.asks('POST', '/users/me/totp')
    const code = new Authenticator(String(body['secret'])).code(ada.server.clock.now())
    return ada.asks('POST', `/users/me/totp/${String(body['id'])}/confirm`, { code })
  }
  const first = await confirm()
  assert.equal((first.body['recovery_codes'] as string[]).length, 10)
  assert.ok(!('recovery_codes' in (await confirm()).body))
})

onEitherDatabase('another user’s passkey answers as an unknown one does', async (t, dialect) => {
  const { ada, root } = await startWithUser(t, { dialect })
  const theirs = newPhone(ada.server)
  await givePasskey(root, theirs)
  await confirmsWith(root, theirs)
  const [passkey] = (await factorsOf(root)).passkeys
  for (const id of [String(passkey?.id), 'none']) {
    assertRefused(await ada.asks('PATCH', `/users/me/passkeys/${id}`, { name: 'mine' }), [404, 'passkey.not_found'])
    assertRefused(await ada.asks('DELETE', `/users/me/passkeys/${id}`), [404, 'passkey.not_found'])
  }
  assert.equal((await factorsOf(root)).passkeys.length, 1)
})

onEitherDatabase('programs find the URLs for creating and managing passkeys', async (t, dialect) => {
  const server = await start(t, { dialect })
  const endpoints = await ask(server, 'GET', '/.well-known/passkey-endpoints')
  const url = server.doorward.config.publicUrl
  assert.deepEqual(endpoints.body, {
    enroll: `${url}/account/security/passkeys/new`,
    manage: `${url}/account/security#passkeys`,
  })
  const numbered = await start(t, { settings: { public_url: 'http://192.0.2.1:8000' } })
  assert.equal((await ask(numbered, 'GET', '/.well-known/passkey-endpoints')).status, 404)
})
