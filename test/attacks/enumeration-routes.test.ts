// Threat (enumeration) on routes without a password: an invited user, one with a passkey or a blocked one answers as no user does.
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertAlike, type Watched, watchedServer } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD } from '../support/people/people.ts'
import { asksForPasskey, givePasskey, newPhone, opensAttempt, rowOf } from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

onEitherDatabase(
  'an unknown invitation and a malformed one get the same answer after the same work, without a hash',
  async (t, dialect) => {
    const { server, root, watched } = await watchedServer(t, dialect)
    const ada = await newcomer(root, 'ada')
    const linkOf = async (username: string) => invitationIn(await root.asks('POST', '/users', { username }))
    const accept = (token: string): Promise<Watched> =>
      watched(() => ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } }))
    const [good, disabled] = [await linkOf('evangeline'), await linkOf('kim')]
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
    assert.ok(!expired.reply.raw.body.includes('evangeline'))
  },
)

leaveToTestAll()

onEitherDatabase(
  'passkey options without a username are the same whichever users have passkeys',
  async (t, dialect) => {
    const { server, root, watched } = await watchedServer(t, dialect)
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
  const { server, root, watched } = await watchedServer(t, dialect)
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
