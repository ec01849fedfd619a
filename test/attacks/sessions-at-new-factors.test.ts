// Threat: a second factor is added while other sessions exist, some of an attacker. A session with fewer factors never outlives the first
// one; at a further one the user chooses, and neither way revives a session that had ended.
import assert from 'node:assert/strict'

import { startSession } from '#domain/sessions/session.service.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { inEveryOrder, interleaveOnEachDatabase, newScene } from '../support/interleaving/interleaving.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, type Person, postToken, type Reply } from '../support/people/people.ts'
import {
  beginsApp,
  firstCodeIn,
  newPhone,
  opensAttempt,
  provesSecondStep,
  rowOf,
} from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

/** Begins a session of the user with these factors, in an epoch that lies `past` changes back; returns its token. */
async function beginsSession(person: Person, methods: readonly string[], past = 0): Promise<string> {
  const user = await rowOf(person)
  const inEpoch = { ...user, credentialEpoch: user.credentialEpoch - past }
  const { token } = await startSession(person.server.operator(), { user: inEpoch, methods, transport: 'bearer' })
  return token.reveal()
}

async function statusOf(server: Server, token: string): Promise<number> {
  return (await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })).status
}

/** Removes every second factor, as of a user who never had one. */
async function withoutFactors({ server, username }: Person): Promise<void> {
  const { db } = server.doorward
  await db.deleteFrom('totp_factor').execute()
  const none = { second_factor_at: null, passkey_at: null }
  await db.updateTable('users').set(none).where('username', '=', username).execute()
}

const ADDITIONS = {
  app: async (ada, wish) => {
    const { url, code } = await beginsApp(ada)
    return ada.asks('POST', url, { code, ...wish })
  },
  passkey: async (ada, wish) => {
    const { body } = await ada.asks('POST', '/users/me/passkeys/options')
    return ada.asks('POST', '/users/me/passkeys', { response: newPhone(ada.server).register(body as never), ...wish })
  },
  replacement: async (ada, wish) => {
    const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: readonly { id: string }[] }
    const begun = await ada.asks('POST', '/users/me/totp', { replaces: totp[0]?.id })
    const code = firstCodeIn(ada.server, begun)
    return ada.asks('POST', `/users/me/totp/${String(begun.body['id'])}/confirm`, { code, ...wish })
  },
} satisfies Readonly<Record<string, (person: Person, wish: object) => Promise<Reply>>>

const ROWS = [
  ['app', 'further', {}, 'stays'],
  ['app', 'further', { sign_out_others: false }, 'stays'],
  ['app', 'further', { sign_out_others: true }, 'ends'],
  ['app', 'first', { sign_out_others: false }, 'ends'],
  ['passkey', 'further', {}, 'stays'],
  ['passkey', 'further', { sign_out_others: true }, 'ends'],
  ['passkey', 'first', { sign_out_others: false }, 'ends'],
  ['replacement', 'further', { sign_out_others: false }, 'ends'],
] as const

for (const [kind, position, wish, outcome] of ROWS) {
  const claim = `at a ${position} ${kind} with ${JSON.stringify(wish)} another session ${outcome}, and nothing older returns`
  onEachDatabase(claim, async (t, dialect) => {
    const { server, root, ada } = await peopled(t, { dialect, settings: { second_factor: 'optional' } })
    if (position === 'first') await withoutFactors(ada)
    const methods = position === 'first' ? ['password'] : ['password', 'totp']
    const [other, ended] = [await beginsSession(ada, methods), await beginsSession(ada, methods, 1)]
    const before = await beginsSession(ada, methods)
    ada.token = before
    // A user without a second factor is signed in by the password alone, which leaves no attempt.
    const attempt = position === 'first' ? undefined : await opensAttempt(ada)
    const added = await ADDITIONS[kind](ada, wish)
    assert.equal(added.status, 200, added.raw.body)
    const stays = outcome === 'stays'
    assert.equal(await statusOf(server, other), stays ? 200 : 401)
    assert.deepEqual([await statusOf(server, ended), await statusOf(server, before)], [401, 401])
    assert.equal((await ada.asks('GET', '/users/me')).status, 200)
    if (attempt !== undefined) {
      const late = await provesSecondStep(server, attempt, ['totp', '000000'])
      assert.deepEqual([late.status, late.body['code']], [401, 'attempt.ended'])
    }
    const action = kind === 'passkey' ? 'passkey.registered' : 'totp.confirmed'
    const { body } = await root.asks('GET', `/audit-events?action=${action}&limit=1`)
    const [event] = body['items'] as readonly { details: { sessions: number } }[]
    assert.equal(event?.details.sessions === 0, stays)
  })

  leaveToTestAll()
}

interleaveOnEachDatabase(
  'a sign-in that finishes while a passkey is added belongs to the new epoch or has ended',
  async (t, dialect) => {
    const { parties, server, ada } = await newScene(t, dialect)
    const { db } = server.doorward
    const { subject } = await rowOf(ada)
    let [lived, refused] = [0, 0]
    await inEveryOrder(parties, 'each against the whole', async () => {
      await db.deleteFrom('passkey').where('subject', '=', subject).execute()
      await db.updateTable('users').set({ passkey_at: null }).where('subject', '=', subject).execute()
      const password = ada.password + ada.code()
      ada.token = await beginsSession(ada, ['password', 'totp'])
      const { body } = await ada.asks('POST', '/users/me/passkeys/options')
      const response = newPhone(server).register(body as never)
      return {
        asking: [
          (node) => asks(node, ada, 'POST', '/users/me/passkeys', { response }),
          (node) => postToken(node, { username: 'ada', password }),
        ],
        assertAfter: async ([added, signedIn]) => {
          assert.equal(added.status, 200, added.raw.body)
          if (signedIn.status !== 200) return void (refused += 1)
          const token = String(signedIn.body['access_token'])
          const hash = hashOf(Secret.of(token))
          const row = db.selectFrom('session').select('epoch').where('token_hash', '=', hash)
          const [status, { epoch }] = [await statusOf(server, token), await row.executeTakeFirstOrThrow()]
          assert.equal(status === 200, epoch === (await rowOf(ada)).credentialEpoch)
          if (status === 200) lived += 1
        },
      }
    })
    assert.ok(lived > 0, `no session outlived the addition, ${refused} sign-ins were refused`)
  },
)

interleaveOnEachDatabase('no sign-in with an app outlives the replacement of the app', async (t, dialect) => {
  const { parties, server, ada } = await newScene(t, dialect)
  await inEveryOrder(parties, 'each against the whole', async () => {
    const password = ada.password + ada.code()
    ada.token = await beginsSession(ada, ['password', 'totp'])
    const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: readonly { id: string }[] }
    const begun = await ada.asks('POST', '/users/me/totp', { replaces: totp[0]?.id })
    const payload = { code: firstCodeIn(server, begun), sign_out_others: false }
    return {
      asking: [
        (node) => asks(node, ada, 'POST', `/users/me/totp/${String(begun.body['id'])}/confirm`, payload),
        (node) => postToken(node, { username: 'ada', password }),
      ],
      assertAfter: async ([replaced, signedIn]) => {
        assert.equal(replaced.status, 200, replaced.raw.body)
        ada.authenticator = new Authenticator(String(begun.body['secret']))
        if (signedIn.status === 200)
          assert.equal(await statusOf(server, String(signedIn.body['access_token'])), 401, 'a session of the old app')
      },
    }
  })
})
