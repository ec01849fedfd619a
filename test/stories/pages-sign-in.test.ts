// The states of a sign-in on the pages, in a browser without scripts.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { hours, minutes, seconds } from '../../src/foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, mainOf, signsIn, wordsOn } from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

onEachDatabase(
  'a server without users leads every visitor to its set-up, and one with users does not',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const visitor = new Visitor(server)
    assertLeadsTo(await visitor.open('/'), '/sign-in')
    assertLeadsTo(await visitor.open('/sign-in'), '/setup')
    assert.equal((await visitor.open('/setup')).statusCode, 200)
    await createUser(server.operator(), { username: 'ada' })
    assert.equal((await visitor.open('/sign-in')).statusCode, 200)
  },
)

test('an expired enrolment is reported on the sign-in page', async (t) => {
  const visitor = new Visitor(await start(t))
  assertLeadsTo(await visitor.open('/sign-in?because=ended'), '/setup?because=ended')
  assert.match(parsePage(await visitor.open('/setup?because=ended')).text, /took too long/)
})

onEitherDatabase(
  'an ended session is explained with its reason, and the sign-in leads back to the same page',
  async (t, dialect) => {
    const server = await start(t, { dialect, settings: { session_absolute: '3h' } })
    const admin = await firstAdmin(server)
    const ends: readonly [said: RegExp, end: (visitor: Visitor) => Promise<unknown> | void][] = [
      [/You were signed out after 1\u00A0hour without activity\./, () => server.clock.pass(hours(1))],
      [/You were signed out, as every session ends after 3\u00A0hours\./, keepsBusy],
      [/You are signed out\. Sign\u00A0in again\./, signsOutElsewhere],
    ]
    async function keepsBusy(visitor: Visitor): Promise<void> {
      server.clock.pass(hours(3))
      const used = { last_seen_at: server.clock.now() - minutes(5) }
      await server.doorward.db.updateTable('session').set(used).where('revoked_at', 'is', null).execute()
      assert.equal((await visitor.open('/sign-in')).statusCode, 200)
    }
    async function signsOutElsewhere(visitor: Visitor): Promise<void> {
      const copy = new Visitor(server)
      for (const [name, value] of visitor.cookies) copy.cookies.set(name, value)
      await copy.open('/account')
      assertLeadsTo(await copy.submit('/sign-out', {}), '/sign-out')
    }
    for (const [said, end] of ends) {
      const visitor = new Visitor(server)
      await signsIn(visitor, admin)
      await end(visitor)
      const place = '/sign-in?next=%2Faccount%2Fsecurity%3Fx%3D1&because=signed-out'
      assertLeadsTo(await visitor.open('/account/security?x=1'), place)
      const page = await visitor.open(place)
      assert.match(page.body, said)
      assert.match(page.body, /action="\/sign-in\?next=%2Faccount%2Fsecurity%3Fx%3D1"/)
    }
    assert.match(
      parsePage(await new Visitor(server).open('/sign-in?because=signed-out')).text,
      /You are signed out\. Sign\u00A0in/,
    )
  },
)

test('an unknown word in the query shows nothing', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  // Each page has another challenge.
  const withoutChallenge = (page: string): string => page.replace(/challenge&quot;:&quot;[\w-]+/, 'challenge')
  const plain = withoutChallenge(mainOf(await new Visitor(server).open('/sign-in')))
  for (const because of ['nothing', '<b>', 'toString', '__proto__']) {
    const page = await new Visitor(server).open(`/sign-in?because=${encodeURIComponent(because)}`)
    assert.equal(withoutChallenge(mainOf(page)), plain)
  }
})

test('a block counts down from the time that the server gives, and the button stays', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  for (const [language, sentence, over] of [
    ['en', /Too many tries\. You can try again in 1 minute\./, 'You can try again now.'],
    [
      'de',
      /Zu viele Versuche\. Sie können es in 1 Minute noch einmal versuchen\./,
      'Sie können es jetzt noch einmal versuchen.',
    ],
  ] as const) {
    const visitor = new Visitor(server, { language })
    const username = `nobody-${language}`
    for (let tries = 0; tries < 5; tries++) await visitor.submit('/sign-in', { username, password: 'x' })
    server.clock.pass(seconds(30))
    await visitor.submit('/sign-in', { username, password: 'x' })
    const page = await visitor.submit('/sign-in', { username, password: 'x' })
    assert.equal(page.statusCode, 429)
    assert.match(wordsOn(page).replaceAll(' .', '.'), sentence)
    assert.match(page.body, new RegExp(`data-counts-to="60" data-over="${over}"`))
    assert.match(page.body, /modules\/countdown\.[0-9a-f]+\.js/)
    assert.doesNotMatch(page.body, /\sdisabled/)
  }
})

test('a block at the second step counts down beside its field', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  for (let tries = 0; tries < 5; tries++) await visitor.submit('/sign-in/second-step', { code: '000000' })
  const page = await visitor.submit('/sign-in/second-step', { code: '000000' })
  assert.equal(page.statusCode, 429)
  assert.match(page.body, /id="code-error"><span data-counts-to="30"/)
})

test('a code is submitted by itself only the first time, and the page says so', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  const fresh = await visitor.open('/sign-in/second-step')
  assert.match(fresh.body, /data-sends-itself/)
  assert.match(parsePage(fresh).text, /It is checked as soon as all six digits are in\./)
  assert.match(fresh.body, /modules\/submit-code\.[0-9a-f]+\.js/)
  const wrong = await visitor.submit('/sign-in/second-step', { code: '000000' })
  assert.doesNotMatch(wrong.body, /data-sends-itself|as soon as all six/)
})

onEitherDatabase('a double submit of the sign-in signs in once', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  const first = await visitor.submitTwice('/sign-in', { username: 'root', password: PASSWORD })
  for (const answer of first) assertLeadsTo(answer, '/sign-in/second-step')
  await visitor.open('/sign-in/second-step')
  const [one, two] = await visitor.submitTwice('/sign-in/second-step', { code: admin.code() })
  assert.ok(one && two)
  for (const answer of [one, two]) assertLeadsTo(answer, '/account')
  assert.deepEqual(one.headers['set-cookie'], two.headers['set-cookie'])
  assert.equal((await visitor.open('/account')).statusCode, 200)
  const { rows } = await sessionsOf(server)
  assert.equal(rows.length, 1)
  assertLeadsTo(await visitor.open('/sign-in/second-step'), '/sign-in')
  for (const answer of await visitor.submitTwice('/sign-out', {})) assertLeadsTo(answer, '/sign-out')
  assert.match(parsePage(await visitor.open('/sign-out')).text, /You’re signed out/)
})

async function sessionsOf({ doorward: { db } }: Awaited<ReturnType<typeof start>>) {
  return { rows: await db.selectFrom('session').select('id').where('transport', '=', 'cookie').execute() }
}

test('a user who cannot sign in sees whom to ask and which details to give', async (t) => {
  const contacts = [
    [undefined, /Ask whoever looks after Doorward\./],
    ['help@example.org', /<a href="mailto:help@example\.org">help@example\.org<\/a>/],
    ['https://example.org/help', /<a href="https:\/\/example\.org\/help">/],
    ['The desk in room <12>', /<strong>The desk in room &lt;12&gt;<\/strong>/],
    ['javascript:alert(1)', /<strong>javascript:alert\(1\)<\/strong>/],
  ] as const
  for (const [contact, shown] of contacts) {
    const server = await start(t, { settings: contact === undefined ? {} : { support_contact: contact } })
    await firstAdmin(server)
    const visitor = new Visitor(server)
    assert.equal(parsePage(await visitor.open('/sign-in?next=/x')).linksTo('/sign-in/help?next=%2Fx').length, 1)
    const help = await visitor.open('/sign-in/help?next=/x')
    assert.match(help.body, shown)
    assert.match(wordsOn(help), /Never tell anybody your password or a code/)
    assert.equal(parsePage(help).linksTo('/sign-in?next=%2Fx').length, 1)
    await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
    assert.match(
      (await visitor.open('/sign-in/second-step')).body,
      /href="\/sign-in\/help"[^>]*>I can’t use any of these/,
    )
  }
})

test('a disabled user sees whom to ask, and the sign-in attempt ends', async (t) => {
  const server = await start(t, { settings: { support_contact: 'help@example.org' } })
  const admin = await (await firstAdmin(server)).signsIn()
  const bob = await newcomer(admin, 'bob')
  const { body } = await admin.asks('GET', '/users?q=bob')
  const [{ id } = { id: 0 }] = body['items'] as { id: number }[]
  await admin.asks('POST', `/users/${id}/disable`)
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username: 'bob', password: PASSWORD })
  const page = await visitor.submit('/sign-in/second-step', { code: bob.code() })
  assert.equal(page.statusCode, 403)
  assert.equal(parsePage(page).heading, 'This account is turned off')
  assert.equal(parsePage(page).link('help@example.org'), 'mailto:help@example.org')
  assert.equal(visitor.cookies.size, 0)
})

test('tabs that wait for a sign-in and tabs of a signed-in user are distinguished', async (t) => {
  const server = await start(t)
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  const elsewhere = /modules\/elsewhere\.[0-9a-f]+\.js/
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  for (const path of ['/sign-in', '/sign-in/second-step']) {
    const { body } = await visitor.open(path)
    assert.match(body, /<html[^>]*\sdata-waits/, path)
    assert.doesNotMatch(body, /data-signed-in/, path)
    assert.match(body, elsewhere, path)
  }
  await signsIn(visitor, admin)
  const { body } = await visitor.open('/account')
  assert.match(body, /<html[^>]*\sdata-signed-in/)
  assert.doesNotMatch(body, /data-waits/)
  assert.match(body, elsewhere)
  assert.doesNotMatch((await new Visitor(server).open('/sign-out')).body, /data-waits|data-signed-in|elsewhere/)
})
