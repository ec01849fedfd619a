// Threats of self-registration: an outsider learns who has an account, gets more than an account, or lets the server send mails to others.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { assertAlike, assertWait, watchedServer } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import {
  APPROVAL,
  asksForAccount,
  mailedToken,
  newProof,
  OPEN,
  outboxOf,
  solved,
  submitsAccount,
  waitingPerson,
} from '../support/people/registrations.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const HARD = { ...OPEN, registration_proof_of_work: '8' }

onEitherDatabase(
  'every kind of address gets the same answer after the same statements, from the page and from JSON',
  async (t, dialect) => {
    const { server, root, watched } = await watchedServer(t, dialect, { settings: APPROVAL })
    await newcomer(root, 'known', { email: 'known@example.org' })
    await root.asks('POST', '/users', { username: 'invited', email: 'invited@example.org' })
    const disabled = await newcomer(root, 'disabled', { email: 'disabled@example.org' })
    await root.asks('POST', `/users/${(await rowOf(disabled)).id}/disable`)
    await waitingPerson(server, 'waiting', 'waiting@example.org')
    const headers = { origin: 'http://localhost:8000', 'content-type': 'application/x-www-form-urlencoded' }
    const ways = {
      json: (email: string) => asksForAccount(server, email),
      page: (email: string) => ask(server, 'POST', '/register', { headers, payload: `email=${email}` }),
    }
    for (const [way, asking] of Object.entries(ways)) {
      // The first request writes the bucket of the network; those that follow change it.
      await asking('first@example.org')
      const fresh = await watched(() => asking(`new-${way}@example.org`))
      assert.equal(fresh.reply.status, way === 'json' ? 202 : 303)
      for (const kind of ['known', 'invited', 'disabled', 'waiting']) {
        const before = (await outboxOf(server)).length
        assertAlike(fresh, await watched(() => asking(`${kind}@example.org`)), `${way}: ${kind}`)
        assert.equal((await outboxOf(server)).length, before + 1, `${way}: ${kind}`)
      }
    }
  },
)

leaveToTestAll()

onEitherDatabase('an answer beyond the limit of an address is the same as within it', async (t, dialect) => {
  const { root, server, watched } = await watchedServer(t, dialect, { settings: OPEN })
  await newcomer(root, 'known', { email: 'known@example.org' })
  const first = await watched(() => asksForAccount(server, 'known@example.org'))
  for (const email of ['known@example.org', 'eve@example.org']) {
    for (let time = 0; time < 3; time++) await asksForAccount(server, email)
  }
  const known = await watched(() => asksForAccount(server, 'known@example.org'))
  const unknown = await watched(() => asksForAccount(server, 'eve@example.org'))
  assertAlike(known, unknown, 'beyond the limit')
  assert.deepEqual(known.seen, first.seen)
})

test('a network that asks again and again has to wait, and others do not', async (t) => {
  const server = await start(t, { settings: OPEN })
  const asking = (person: number, ipAddress: string) =>
    asksForAccount(server, `person-${person}@example.org`, { ipAddress })
  for (let person = 0; person < 20; person++) assert.equal((await asking(person, '192.0.2.1')).status, 202)
  assert.equal(assertWait(await asking(21, '192.0.2.1')), 30)
  assert.equal((await asking(22, '192.0.2.2')).status, 202)
  assert.equal((await outboxOf(server)).length, 21)
})

onEitherDatabase('nobody registers as an admin: not by a field, and not by an approval', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, settings: APPROVAL })
  const token = await mailedToken(server, 'eve@example.org')
  for (const [field, value] of Object.entries({ role: 'admin', email: 'root@example.org', disabled: false })) {
    const reply = await submitsAccount(server, token, { [field]: value })
    assert.equal(reply.status, 422, field)
  }
  const visitor = new Visitor(server)
  await visitor.submit(`/registration/${token}`, {
    username: 'eve',
    password: PASSWORD,
    role: 'admin',
    email: 'x@y.example',
  })
  const [row] = await server.doorward.db.selectFrom('registration').selectAll().execute()
  assert.deepEqual([row?.state, row?.email], ['waiting', 'eve@example.org'])
  const approved = await root.asks('POST', `/registrations/${row?.id}/approve`)
  assert.deepEqual([approved.body['role'], approved.body['email']], ['user', 'eve@example.org'])
})

test('a link registers one person, once', async (t) => {
  const server = await start(t, { settings: APPROVAL })
  const token = await mailedToken(server, 'eve@example.org')
  assert.deepEqual((await submitsAccount(server, token)).body['stage'], 'waiting')
  const again = await submitsAccount(server, token, { username: 'eve' })
  assert.deepEqual([again.status, again.body['code']], [404, 'link.used'])
  const other = await submitsAccount(server, `${token.slice(0, -3)}AAA`)
  assert.equal(other.body['code'], 'link.unknown')
  const asInvitation = await ask(server, 'POST', '/invitations/accept', {
    payload: { token: await mailedToken(server, 'kim@example.org'), password: PASSWORD },
  })
  assert.equal(asInvitation.body['code'], 'link.unknown', 'a link of another purpose works')
})

test('the link of a known address is never sent, and no link of a waiting person works again', async (t) => {
  const { server, root } = await startWithAdmin(t, { settings: OPEN })
  await newcomer(root, 'ada', { email: 'ada@example.org' })
  await asksForAccount(server, 'ada@example.org')
  const columns = ['sealed_link_token', 'link_id'] as const
  const mails = server.doorward.db.selectFrom('outbox').select(columns).where('template', 'like', 'registration%')
  const rows = await mails.execute()
  assert.deepEqual(rows, [{ sealed_link_token: null, link_id: null }])
})

onEitherDatabase('each taken username counts in the link, and the twenty-first has to wait', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, settings: OPEN })
  await newcomer(root, 'ada')
  const token = await mailedToken(server, 'eve@example.org')
  for (let guess = 0; guess < 20; guess++) {
    const taken = await submitsAccount(server, token, { username: 'ADA' })
    assert.deepEqual([taken.status, taken.body['code']], [409, 'user.username_taken'])
  }
  assertWait(await submitsAccount(server, token, { username: 'free' }))
  const other = await mailedToken(server, 'kim@example.org')
  assertWait(await submitsAccount(server, other, { username: 'ada' }))
  const elsewhere = { payload: { token: other, username: 'kim', password: PASSWORD }, remoteAddress: '192.0.2.9' }
  assert.equal((await ask(server, 'POST', '/registrations/submit', elsewhere)).status, 200)
})

test('a domain is compared as mail servers read it: no subdomain, no look-alike, no second at sign', async (t) => {
  const server = await start(t, { settings: { ...OPEN, registration_domains: 'example.org, bücher.example' } })
  const allowed = [
    'a@example.org',
    'b@EXAMPLE.ORG',
    'c+list@example.org',
    'd@bücher.example',
    'e@xn--bcher-kva.example',
    'f@BÜCHER.example',
  ]
  for (const email of allowed) assert.equal((await asksForAccount(server, email)).status, 202, email)
  const refused = [
    'a@sub.example.org',
    'a@evil-example.org',
    'a@example.org.evil.example',
    'a@example.org@evil.example',
    'a@evil.example@example.org',
    '"a@example.org"@evil.example',
    'a@example.org.',
    'a@ｅxample.org',
    'a@example。org',
    'a@exаmple.org',
    'a@example.org/../evil.example',
    'a@example.org%00.evil.example',
    'a@example.org?evil.example',
    'a@example.org#evil.example',
    'a@[192.0.2.1]',
    'a@example.org, b@evil.example',
    'a@exam\u00adple.org',
  ]
  const sent = (await outboxOf(server)).length
  for (const email of refused) {
    const { status, body } = await asksForAccount(server, email)
    assert.deepEqual([status, body['code']], [422, 'request.validation_failed'], email)
  }
  assert.equal((await outboxOf(server)).length, sent)
})

test('a proof of work is needed, and works once, for its own server, until it expires', async (t) => {
  const server = await start(t, { settings: HARD })
  const refused = async (proof: object | undefined, about: string): Promise<void> => {
    const reply = await asksForAccount(server, 'eve@example.org', { ...(proof && { proof }) })
    assert.deepEqual([reply.status, reply.body['code']], [403, 'registration.proof_refused'], about)
  }
  await refused(undefined, 'no proof')
  const good = await newProof(server)
  await refused({ ...good, solution: unsolved(good.challenge) }, 'a wrong solution')
  await refused({ ...good, solution: ` ${good.solution}` }, 'another spelling')
  assert.equal((await asksForAccount(server, 'eve@example.org', { proof: good })).status, 202)
  await refused(good, 'a replayed proof')
  const [expires = '', , id = '', mac = ''] = (await newProof(server)).challenge.split('.')
  for (const [about, challenge] of Object.entries({
    'fewer bits': `${expires}.1.${id}.${mac}`,
    'a later end': `${Number(expires) + 1}.8.${id}.${mac}`,
    'another id': `${expires}.8.${id.slice(1)}A.${mac}`,
    'no MAC': `${expires}.8.${id}.${'A'.repeat(43)}`,
  }))
    await refused({ challenge, solution: solved(challenge, 8) }, about)
  const other = await start(t, { settings: HARD })
  await refused(await newProof(other), 'a challenge of another server')
  const old = await newProof(server)
  server.clock.pass(minutes(30))
  await refused(old, 'an expired proof')
})

test('of parallel requests with one proof one is accepted', async (t) => {
  const server = await start(t, { settings: HARD })
  const proof = await newProof(server)
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, person) => asksForAccount(server, `person-${person}@example.org`, { proof })),
  )
  const accepted = replies.filter(({ status }) => status === 202)
  assert.equal(accepted.length, 1)
  assert.ok(replies.every(({ status }) => status === 202 || status === 403))
  assert.equal((await outboxOf(server)).length, 1)
})

test('a form without JavaScript is refused with the reason where a proof is needed', async (t) => {
  const server = await start(t, { settings: HARD })
  const visitor = new Visitor(server)
  const page = await visitor.page('/register')
  assert.match(page.markup, /<noscript>.*needs JavaScript/s)
  const refused = await visitor.pageAfter('/register', { email: 'eve@example.org' }, 403)
  assert.equal(refused.field('Email').value, 'eve@example.org')
  assert.match(refused.text, /We couldn’t check your browser in time/)
})

test('parallel requests for one address make at most three mails', async (t) => {
  const server: Server = await start(t, { settings: OPEN })
  const ask20 = Array.from({ length: 15 }, (_, time) =>
    asksForAccount(server, 'victim@example.org', { ipAddress: `192.0.2.${time}` }),
  )
  for (const { status } of await Promise.all(ask20)) assert.equal(status, 202)
  assert.equal((await outboxOf(server)).length, 3)
})

/** A number that does not solve the challenge. */
function unsolved(challenge: string): string {
  const solution = Number(solved(challenge, 8))
  return String(solution === 0 ? 1 : solution - 1)
}
