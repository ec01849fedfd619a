// The overview: numbers, second steps, sign-ins by day, what is left to do, and the page on how to connect an app.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { days, toRfc3339 } from '#foundation/kernel/time.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { ask, firstAdmin, type Person } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import { type Server, start, type StartOptions } from '../support/server/start.ts'

interface Scene {
  readonly server: Server
  readonly root: Person
  readonly visitor: Visitor
}

/** A server that was just set up, and its admin in a browser. */
async function newServer(t: TestContext, options: StartOptions = {}): Promise<Scene> {
  const server = await start(t, options)
  const root = await (await firstAdmin(server)).signsIn()
  return { server, root, visitor: await signedInBrowser(root) }
}

leaveToTestAll()

onEachDatabase('the overview counts users by their second step and links each part to its list', async (t, dialect) => {
  const { server, root } = await startWithUser(t, { dialect })
  await givePasskey({ server, username: 'ada' })
  await createUser(server.operator(), { username: 'bob' })
  await createUser(server.operator(), { username: 'karla', invite: false })
  await createUser(server.operator(), { username: 'gone' })
  const [gone] = itemsOf(await root.asks('GET', '/users?q=gone'))
  await root.asks('POST', `/users/${String(gone?.['id'])}/disable`)
  const page = await (await signedInBrowser(root)).page('/admin')
  assert.match(
    page.part('second-steps').text,
    /2 of 3 people who joined have a second step\. Passkey 1 33% App 1 33% No second step 1 33% Not counted: 1 invited · 1 disabled 1 admin/,
  )
  assert.ok(page.linksTo('/admin/users?status=active&second_factor=passkey').includes('Passkey 1'))
  assert.ok(page.linksTo('/admin/users?status=active&second_factor=app').includes('App 1'))
  assert.ok(page.linksTo('/admin/users?status=no-factor').includes('No second step 1'))
  assert.ok(page.linksTo('/admin/users?status=invited').includes('1 invited'))
  assert.ok(page.linksTo('/admin/users?status=disabled').includes('1 disabled'))
  assert.ok(page.linksTo('/admin/users?role=admin').includes('1 admin'))
  assert.ok(page.linksTo('/admin/users').includes('Users 5'))
  assert.equal(page.count('[style]'), 0)
})

test('invited users miss nothing: one who joined among hundreds is everyone', async (t) => {
  const { server, visitor } = await newServer(t)
  for (let at = 0; at < 30; at += 1) await createUser(server.operator(), { username: `invited-${at}` })
  await server.doorward.db.updateTable('user_count').set({ count: 881 }).where('kind', '=', 'invited').execute()
  const { text } = (await visitor.page('/admin')).part('second-steps')
  assert.match(text, /Everyone who has joined has a second step\. .*App 1 100% Not counted: 881 invited 1 admin/)
})

test('until three days have sign-ins the overview draws none, and its tiles lead to the events of their week', async (t) => {
  const { server, visitor, root } = await newServer(t)
  await ask(server, 'POST', '/attempts', { payload: { username: 'root', password: 'not theirs' } })
  const first = await visitor.page('/admin')
  assert.equal(first.count('#sign-ins, #second-steps'), 0, 'a card without anything in it')
  const refused = await visitor.page(first.link(/^Failed sign-ins this week 1/))
  assert.match(refused.text, /Sign-in failed/)
  const from = toRfc3339(server.clock.now() - days(6)).slice(0, 10)
  assert.equal(first.link(/^Failed sign-ins/), `/admin/activity?result=refused&from=${from}`)
  for (const _ of [1, 2]) {
    server.clock.pass(days(1))
    await root.signsIn()
  }
  const third = (await (await signedInBrowser(root)).page('/admin')).part('sign-ins')
  assert.equal(third.count('svg[role=img]'), 1)
  assert.equal(third.count('tbody tr'), 30)
})

test('a number says how it changed only after two weeks', async (t) => {
  const { server, root } = await newServer(t)
  const signInsAgo = async (ago: number, count: number): Promise<void> => {
    const ctx = { ...server.operator(), now: server.clock.now() - days(ago) }
    for (let one = 0; one < count; one += 1) await recordEvent(ctx, { action: 'sign_in.succeeded' })
  }
  await signInsAgo(9, 2)
  const overview = async (): Promise<string> => (await (await signedInBrowser(root)).page('/admin')).text
  assert.doesNotMatch(await overview(), /than last week|new this week/)
  await signInsAgo(14, 20)
  assert.match(await overview(), /Sign-ins this week \d ▲ \d more than last week/)
})

onEachDatabase('the sessions of each day are noted, and compared with those of a week ago', async (t, dialect) => {
  const { server, root } = await newServer(t, { dialect })
  const { doorward, clock } = server
  await root.signsIn()
  await runJobsAtAnyTime(doorward)
  clock.pass(days(7))
  // The sessions before have reached their absolute limit.
  const browser = await signedInBrowser(root)
  const overview = async (): Promise<string> => (await browser.page('/admin')).text
  assert.match(await overview(), /Sessions 1 ▼ 3 fewer than a week ago/)
  const others = [await root.signsIn(), await root.signsIn(), await root.signsIn()] as const
  assert.match(await overview(), /Sessions 4 Same as a week ago/)
  await root.signsIn()
  assert.match(await overview(), /Sessions 5 ▲ 1 more than a week ago/)
  const { sessions, sessions_by_day: byDay } = (await others[0].asks('GET', '/overview')).body
  const counts = (byDay as { sessions: number | null }[]).map((day) => day.sessions)
  assert.deepEqual([sessions, counts.length, counts.at(-1), counts.at(-2), counts.at(-8)], [5, 30, 5, null, 4])
  clock.pass(days(60))
  await runJobsAtAnyTime(doorward)
  const kept = await doorward.db.selectFrom('session_count').select('count').execute()
  assert.deepEqual(kept, [{ count: 0 }])
})

onEachDatabase(
  'the list for a new server leads to a second admin and to an app, and goes when both are done',
  async (t, dialect) => {
    const { server, root, visitor } = await newServer(t, { dialect })
    const page = await visitor.page('/admin')
    assert.match(
      page.part('get-started').text,
      /Your server is set up \(done\) Invite a second admin .* Invite Connect your app/,
    )
    assert.equal(page.link('Connect'), '/admin/connect')
    const form = await visitor.page(page.link('Invite'))
    assert.equal(form.sent('role'), 'admin')
    await createUser(server.operator(), { username: 'second', role: 'admin' })
    assert.match((await visitor.page('/admin')).part('get-started').text, /Invite a second admin \(done\)/)
    await apiTokenOf(root)
    assert.ok(!(await visitor.page('/admin')).has('heading', 'Get started'))
  },
)

test('the list for a new server can be closed without scripts, and stays closed for every admin', async (t) => {
  const { root, visitor } = await newServer(t)
  assert.ok(!(await visitor.page('/admin')).has('heading', 'To do'), 'warnings wait on a new server')
  for (const _ of ['first', 'again']) assertLeadsTo(await visitor.submit('/admin/get-started/close', {}), '/admin')
  const page = await (await signedInBrowser(root)).page('/admin')
  assert.ok(!page.has('heading', 'Get started'))
  assert.match(page.part('to-do').text, /You’re the only admin\. View admins/)
  assert.equal(itemsOf(await root.asks('GET', '/audit-events?action=setup.guide_closed')).length, 1)
})

test('what is left to do stands on the overview with its fix, and the rest is counted', async (t) => {
  const { server, visitor } = await newServer(t)
  await visitor.submit('/admin/get-started/close', {})
  for (const username of ['one', 'two', 'three'])
    await server.doorward.db.insertInto('users').values({ username, role: 'root', disabled: 0 }).execute()
  const list = (await visitor.page('/admin')).part('to-do')
  assert.match(list.text, /2 more in the check-up$/)
  assert.equal(list.count('li'), 3)
})

test('the latest five events stand on the overview', async (t) => {
  const { visitor, root } = await newServer(t)
  await root.asks('POST', '/users', { username: '<b>bob' })
  const list = (await visitor.page('/admin')).part('recent')
  assert.equal(list.count('li'), 5)
  assert.match(list.text, /Invitation created: <b>bob just now · by root/)
  assert.match(list.text, /All activity$/)
})

test('the examples for an app work with an API token that may only read its own account', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const { token } = await apiTokenOf(root, ['self:read'])
  const browser = await signedInBrowser(root)
  const page = await browser.page('/admin/connect')
  assert.equal(page.count('.side [href="/admin"][aria-current]'), 1)
  const example = async (name: string) => (await browser.page(page.main.link(name).replace(/#.*/, ''))).part('example')
  assert.match(page.part('example').exact, /^curl 'http:[^']*\/users\/me' \\\n +-H "Authorization: Bearer \$TOKEN"$/)
  const code = (await example('JavaScript')).exact
  const { userOf } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    userOf: (request: Request) => Promise<{ username: string } | undefined>
  }
  const from = (headers: Record<string, string>) => userOf(new Request(baseUrl, { headers }))
  assert.equal((await from({ authorization: `Bearer ${token}` }))?.username, 'root')
  assert.equal(await from({ authorization: 'Bearer none' }), undefined)
  assert.equal(await from({}), undefined)
  assert.ok((await example('FastAPI')).exact.includes(`"${new URL(baseUrl).origin}/users/me"`))
})
