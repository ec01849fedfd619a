// Threat (enumeration) on routes without a password: an invited user, one with a passkey or a blocked one answers as no user does.
import assert from 'node:assert/strict'

import { days } from '../../src/foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ALLOWED_FAILURES, seen, WRONG } from '../support/people/password-guesses.ts'
import { ask, firstAdmin, newcomer, PASSWORD, postToken } from '../support/people/people.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { asksForPasskey, givePasskey, newPhone, opensAttempt, rowOf } from '../support/people/second-factors.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'

interface Scene {
  readonly server: Server
  readonly root: Person
  /** Sends a request and measures its answer and its work, as far as an outsider could. */
  readonly watched: (asking: () => Promise<Reply>) => Promise<Watched>
}

interface Watched {
  readonly reply: Reply
  readonly seen: object
  readonly hashes: number
  /** The number of TOTP secrets that were opened to verify a code. */
  readonly opened: number
  readonly statements: readonly string[]
}

async function newScene(t: Parameters<typeof start>[0], dialect: 'sqlite' | 'postgres'): Promise<Scene> {
  const heard: string[] = []
  const server = await start(t, { dialect, onStatement: (text) => heard.push(text) })
  const root = await (await firstAdmin(server)).signsIn()
  const { mock } = t.mock.method(server.doorward.keyring, 'open')
  const watched = async (asking: () => Promise<Reply>): Promise<Watched> => {
    const before = server.doorward.hasher.stats().hashes
    heard.length = 0
    mock.resetCalls()
    const reply = await asking()
    const hashes = server.doorward.hasher.stats().hashes - before
    return { reply, seen: seen(reply), hashes, opened: mock.callCount(), statements: [...heard] }
  }
  return { server, root, watched }
}

function assertAlike(one: Watched, other: Watched, about: string): void {
  assert.deepEqual(other.seen, one.seen, about)
  assert.deepEqual([other.hashes, other.opened, other.statements], [one.hashes, one.opened, one.statements], about)
}

const KINDS = ['nobody', 'app', 'passkey', 'keyholder', 'invited', 'factorless', 'disabled'] as const

async function populate({ server, root }: Scene): Promise<void> {
  await newcomer(root, 'app')
  await givePasskey(await newcomer(root, 'passkey'))
  await root.asks('POST', '/users', { username: 'keyholder', password: PASSWORD })
  await givePasskey({ server, username: 'keyholder' })
  await root.asks('POST', '/users', { username: 'invited' })
  await root.asks('POST', '/users', { username: 'factorless', password: PASSWORD })
  const { id } = await rowOf(await newcomer(root, 'disabled'))
  await root.signsIn()
  assert.equal((await root.asks('POST', `/users/${id}/disable`)).status, 200)
  await server.doorward.db.deleteFrom('throttle_bucket').execute()
}

const ROUTES: Readonly<Record<string, (server: Server, username: string) => Promise<Reply>>> = {
  'POST /token': (server, username) => postToken(server, { username, password: WRONG, totp: '123456' }),
  'POST /token, the code at the end': (server, username) => postToken(server, { username, password: `${WRONG}123456` }),
  'POST /attempts': (server, username) => ask(server, 'POST', '/attempts', { payload: { username, password: WRONG } }),
}

onEitherDatabase(
  'an existing and an unknown user are blocked alike: each answer up to the block, and the block, are the same',
  async (t, dialect) => {
    const scene = await newScene(t, dialect)
    const { server, watched } = scene
    await populate(scene)
    for (const [route, guess] of Object.entries(ROUTES)) {
      const found = new Map<string, Watched[]>()
      for (const kind of KINDS) {
        const answers: Watched[] = []
        for (let tries = 0; tries < ALLOWED_FAILURES + 2; tries++)
          answers.push(await watched(() => guess(server, kind)))
        assert.deepEqual(
          answers.map(({ reply }) => reply.status),
          [...Array.from({ length: ALLOWED_FAILURES }, () => 401), 429, 429],
          `${route}: ${kind}`,
        )
        found.set(kind, answers)
        await server.doorward.db.deleteFrom('throttle_bucket').execute()
      }
      for (const [kind, answers] of found) {
        for (const [number, answer] of answers.entries()) {
          const unknownUser = found.get('nobody')?.[number]
          assert.ok(unknownUser)
          assertAlike(unknownUser, answer, `${route}: ${kind}, guess ${number + 1}`)
        }
      }
    }
  },
)

onEitherDatabase(
  'an unknown invitation and a malformed one get the same answer after the same work, without a hash',
  async (t, dialect) => {
    const { server, root, watched } = await newScene(t, dialect)
    const ada = await newcomer(root, 'ada')
    const linkOf = async (username: string): Promise<string> => {
      const { body } = await root.asks('POST', '/users', { username })
      return (body['invitation'] as { url: string }).url.split('/').at(-1) ?? ''
    }
    const accept = (token: string): Promise<Watched> =>
      watched(() => ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } }))
    const [good, disabled] = [await linkOf('eve'), await linkOf('kim')]
    const never = await accept(`${good.slice(0, -4)}AAAA`)
    assert.deepEqual([never.reply.status, never.reply.body['code'], never.hashes], [404, 'link.unknown', 0])
    for (const token of ['x', 'dwl_', good.toLowerCase(), `${good}A`, await opensAttempt(ada), root.token ?? ''])
      assertAlike(never, await accept(token), 'no invitation')
    await root.asks('POST', `/users/${(await rowOf({ server, username: 'kim' })).id}/disable`)
    const ofDisabled = await accept(disabled)
    assert.deepEqual([ofDisabled.seen, ofDisabled.hashes], [never.seen, 0], 'the account of a link is disclosed')
    // Only the holder of the link learns that it has expired.
    server.clock.pass(days(30))
    const expired = await accept(good)
    assert.deepEqual([expired.reply.body['code'], expired.hashes], ['link.expired', 0])
    assert.ok(!expired.reply.raw.body.includes('eve'))
  },
)

onEitherDatabase(
  'passkey options without a username are the same whichever users have passkeys',
  async (t, dialect) => {
    const { server, root, watched } = await newScene(t, dialect)
    const options = (payload?: object): Promise<Watched> =>
      watched(() => ask(server, 'POST', '/attempts/passkey/options', { payload }))
    const withoutChallenge = ({ reply, hashes, statements }: Watched): object => {
      const { challenge, ...rest } = reply.body
      assert.equal(String(challenge as string).length, 43)
      return { status: reply.status, rest, hashes, statements, length: reply.raw.body.length }
    }
    const before = withoutChallenge(await options({}))
    await givePasskey(await newcomer(root, 'ada'))
    assert.deepEqual(withoutChallenge(await options({})), before)
    assert.deepEqual(withoutChallenge(await options()), before)
    for (const username of ['ada', 'nobody'])
      assert.equal((await options({ username })).reply.status, 422, 'a name is taken')
    const ended = await options({ attempt: 'dwt_nobody' })
    assert.equal(ended.reply.status, 401)
    assertAlike(ended, await options({ attempt: `dwt_${'A'.repeat(43)}` }), 'an attempt that never was')
  },
)

onEitherDatabase('an unknown passkey is refused as a known one with a wrong signature is', async (t, dialect) => {
  const { server, root, watched } = await newScene(t, dialect)
  const ada = await newcomer(root, 'ada')
  const [phone, unregistered] = [await givePasskey(ada), newPhone(server)]
  unregistered.register({ rp: { id: 'localhost' }, user: { id: 'AAAA' }, challenge: 'AAAA' })
  const [signWith] = unregistered.passkeys
  assert.ok(signWith)
  const unknown = unregistered.assert(await asksForPasskey(server))
  const forged = phone.assert(await asksForPasskey(server), { signWith })
  const show = (response: object): Promise<Watched> =>
    watched(() => ask(server, 'POST', '/attempts/passkey', { payload: { response } }))
  const [one, other] = [await show(unknown), await show(forged)]
  assert.equal(one.reply.body['code'], 'passkey.refused')
  assert.deepEqual([other.seen, other.hashes], [one.seen, one.hashes])
})
