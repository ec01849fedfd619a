// The first admin's set-up, an invitation and the enrolment behind both, in the states a person can meet.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes } from '../../src/kernel/time.ts'
import { issueSetupLink } from '../../src/onboarding/setup.service.ts'
import { onEachDatabase } from '../support/each-database.ts'
import { assertLeadsTo, authenticatorOn, wordsOn } from '../support/page-answers.ts'
import { firstAdmin, PASSWORD } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { start } from '../support/start.ts'
import type { Server } from '../support/start.ts'
import { Visitor } from '../support/visitor.ts'

const ADA = { username: 'ada', email: '', full_name: '', password: PASSWORD }

async function setupPath(server: Server): Promise<string> {
  return `/setup/${(await issueSetupLink(server.operator()))?.token.reveal() ?? ''}`
}

async function invitationPath(admin: Person, username: string): Promise<string> {
  const { body } = await admin.asks('POST', '/users', { username })
  return new URL((body['invitation'] as { url: string }).url).pathname
}

onEachDatabase('a set-up that was left goes on where it was, from either of its pages', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.submit(path, ADA), '/enrolment')
  const key = authenticatorOn(await visitor.open('/enrolment'))
  for (const place of [path, '/setup']) {
    const page = await visitor.open(place)
    assert.match(wordsOn(page), /Welcome back\./)
    assert.match(page.body, /<a href="\/enrolment">Go on with step 2<\/a>/)
    assert.doesNotMatch((await new Visitor(server).open(place)).body, /Welcome back/)
  }
  assertLeadsTo(await new Visitor(server).open('/sign-in'), '/setup')
  const again = authenticatorOn(await visitor.open('/enrolment'))
  assert.equal(again.code(server.clock.now()), key.code(server.clock.now()))
  const done = await visitor.submit('/enrolment', { code: again.code(server.clock.now()) })
  assertLeadsTo(done, '/admin/checkup?done=set-up')
  assert.equal((await visitor.open('/setup')).statusCode, 404)
})

onEachDatabase('pressing the buttons of a set-up twice makes one admin, signed in', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  for (const answer of await visitor.submitTwice('/setup', { setup_token: path })) assertLeadsTo(answer, path)
  for (const answer of await visitor.submitTwice(path, ADA)) assertLeadsTo(answer, '/enrolment')
  const app = authenticatorOn(await visitor.open('/enrolment'))
  const [one, two] = await visitor.submitTwice('/enrolment', { code: app.code(server.clock.now()) })
  assert.ok(one && two)
  assert.equal(one.statusCode, 303)
  assert.equal(one.headers.location, two.headers.location)
  assert.equal((await visitor.open('/account')).statusCode, 200)
  const admins = await server.doorward.db.selectFrom('users').select('username').execute()
  assert.deepEqual(admins, [{ username: 'ada' }])
})

test('a set-up says under which address the server will be reached, and how to change that', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  const right = await visitor.open(path, 'GET', { host: 'localhost:8000' })
  assert.match(wordsOn(right), /People will reach this server at http:\/\/localhost:8000\./)
  assert.doesNotMatch(right.body, /DOORWARD_PUBLIC_URL/)
  const other = await visitor.open(path, 'GET', { host: '127.0.0.1:9000' })
  assert.match(other.body, /<code class="command">DOORWARD_PUBLIC_URL=http:\/\/127\.0\.0\.1:9000<\/code>/)
})

test('a set-up link that another one replaced says so', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  await setupPath(server)
  const page = await new Visitor(server).open(path)
  assert.equal(page.statusCode, 404)
  assert.match(wordsOn(page), /A newer one may have replaced it\. .*doorward setup-link/)
  const other = await new Visitor(server).submit('/setup', { setup_token: 'no such thing' })
  assert.match(other.body, /id="setup_token-error"/)
})

onEachDatabase('an invitation says what became of it', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const used = await invitationPath(admin, 'used')
  const visitor = new Visitor(server)
  for (const answer of await visitor.submitTwice(used, { password: PASSWORD })) assertLeadsTo(answer, '/enrolment')
  const app = authenticatorOn(await visitor.open('/enrolment'))
  for (const answer of await visitor.submitTwice('/enrolment', { code: app.code(server.clock.now()) })) {
    assertLeadsTo(answer, '/account?set')
  }
  const withdrawn = await invitationPath(admin, 'withdrawn')
  const { body } = await admin.asks('GET', '/users?q=withdrawn')
  const [{ id } = { id: 0 }] = body['items'] as { id: number }[]
  assert.equal((await admin.asks('POST', `/users/${id}/invitation`)).status, 200)
  const expired = await invitationPath(admin, 'expired')
  server.clock.pass(hours(24 * 7))
  const states = [
    [used, /This invitation was already used Sign in with the username and password you chose/],
    [withdrawn, /This invitation does not work It may have been withdrawn, or replaced by a newer one/],
    [`${withdrawn}x`, /This invitation does not work .* Check that the link is whole/],
    [expired, /This invitation ran out It ran out on \w+ \d+, 20\d\d\. Ask root for a new one/],
  ] as const
  for (const [path, said] of states) {
    const page = await new Visitor(server).open(path)
    assert.equal(page.statusCode, 404)
    assert.match(wordsOn(page), said)
    assert.match(page.body, /<a class="button" href="\/sign-in">/)
    assert.equal((await new Visitor(server).submit(path, { password: PASSWORD })).statusCode, 404)
  }
  const german = await new Visitor(server, { language: 'de' }).open(expired)
  assert.match(
    wordsOn(german),
    /Diese Einladung ist abgelaufen Sie galt bis zum \d+\. \p{L}+ 20\d\d\. Bitten Sie root um eine neue/u,
  )
})

test('the enrolment of an invitation says who signs in, and takes the key by camera, by hand or by link', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const visitor = new Visitor(server)
  await visitor.submit(await invitationPath(admin, 'bob'), { password: PASSWORD })
  const page = await visitor.open('/enrolment?next=/account/security')
  assert.match(wordsOn(page), /Signing in as bob \. Not you\?/)
  assert.match(page.body, /role="img" aria-label="QR code/)
  assert.match(page.body, /data-copies="setup-key"[\s\S]*hidden/)
  assert.match(page.body, /modules\/copy\.[0-9a-f]+\.js/)
  assert.match(page.body, /href="otpauth:\/\/totp\/Doorward:bob\?secret=[A-Z2-7]{32}&amp;issuer=Doorward&amp;/)
  assert.match(wordsOn(page), /Which app\?.*Time-based, SHA-1, 6 digits/)
  assert.doesNotMatch(page.body, /data-sends-itself/)
  const code = authenticatorOn(page).code(server.clock.now())
  assertLeadsTo(await visitor.submit('/enrolment?next=/account/security', { code }), '/account/security')
})

test('an enrolment that took too long keeps where the person wanted to go', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const visitor = new Visitor(server)
  await visitor.submit(await invitationPath(admin, 'bob'), { password: PASSWORD })
  server.clock.pass(minutes(16))
  assertLeadsTo(
    await visitor.open('/enrolment?next=/account/security'),
    '/sign-in?next=%2Faccount%2Fsecurity&because=ended',
  )
})
