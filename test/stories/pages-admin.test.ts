// The pages for admins: the overview, the activity and its export, the chain, the check-up.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

import { sql } from 'kysely'

import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { chainPending, newChainWriter } from '../../src/domain/audit/chain-writer.service.ts'
import { hours, minutes } from '../../src/foundation/kernel/time.ts'
import { EVENTS } from '../../src/domain/audit/event.ts'
import { secretsOf } from '../support/server/configured-secrets.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, firstAdmin, newcomer } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { start } from '../support/server/start.ts'
import type { Server, StartOptions } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

const ROOT = join(import.meta.dirname, '..', '..')

interface Scene {
  readonly server: Server
  readonly root: Person
  readonly visitor: Visitor
}

/** A server with some events, and its admin in a browser. */
async function scene(t: TestContext, options: StartOptions = {}, language = 'en'): Promise<Scene> {
  const server = await start(t, options)
  const root = await (await firstAdmin(server)).signsIn()
  await (await newcomer(root, 'ada')).signsIn()
  await root.asks('POST', '/users', { username: '<b>bob' })
  await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'not hers' } })
  const { token } = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  const visitor = new Visitor(server, { language })
  visitor.cookies.set('session', token)
  return { server, root, visitor }
}

async function bodyOf(visitor: Visitor, url: string): Promise<string> {
  const { statusCode, body } = await visitor.open(url)
  assert.equal(statusCode, 200, body.slice(0, 1000))
  return body
}

/** The number of rows in the table of events. */
function eventsOn(body: string): number {
  return body.split('<th scope="row"').length - 1
}

onEachDatabase(
  'the overview counts users, links to them, and shows a month as pictures and tables',
  async (t, dialect) => {
    const { server, root, visitor } = await scene(t, { dialect })
    await givePasskey({ server, username: 'ada' })
    const body = await bodyOf(visitor, '/admin')
    const page = parsePage(body)
    assert.deepEqual(page.main.linksTo('/admin/users').includes('4'), true)
    assert.match(
      textIn(body, 'second-steps'),
      /100\s?% of 3 users have a second step\. Invited and disabled users aren’t counted\. With a passkey 1 With an app, no passkey 2 Invited 1 No second step 0/,
    )
    assert.ok(page.linksTo('/admin/users?status=active').includes('3'))
    assert.ok(page.linksTo('/admin/users?status=invited').includes('1'))
    assert.ok(page.linksTo('/admin/users?role=admin').includes('2'))
    assert.equal(body.split('<svg viewBox="0 0 300 100"').length - 1, 2)
    assert.equal(body.split('<rect').length - 1, 2 * 2 * 30)
    assert.match(body, /1 Jun/)
    const { body: numbers } = await root.asks('GET', '/overview')
    const { succeeded, refused } = (numbers['sign_ins'] as { last_24_hours: { succeeded: number; refused: number } })
      .last_24_hours
    assert.ok(refused > 0)
    assert.ok(body.includes(`Signed in: ${succeeded}. Refused: ${refused}.`))
    assert.ok(!body.includes('style='))
  },
)

test('the share of second steps is of those whom the numbers below it count, in German too', async (t) => {
  const { server, visitor } = await scene(t, {}, 'de')
  for (const username of ['eve', 'kim']) await createUser(server.operator(), { username })
  const before = textIn(await bodyOf(visitor, '/admin'), 'second-steps')
  assert.match(
    before,
    /^Zweite Schritte 100\s?% von 3 Benutzern haben einen zweiten Schritt\. Eingeladene und deaktivierte zählen/,
  )
  assert.match(before, /Eingeladen 3 Ohne zweiten Schritt 0/)
  await createUser(server.operator(), { username: 'karla', invite: false })
  const after = textIn(await bodyOf(visitor, '/admin'), 'second-steps')
  assert.match(after, /75\s?% von 4 Benutzern .* Eingeladen 3 Ohne zweiten Schritt 1/)
})

onEitherDatabase(
  'the activity shows each event as a sentence, with actor, reason, exact time and all details',
  async (t, dialect) => {
    const { root, visitor } = await scene(t, { dialect })
    const body = await bodyOf(visitor, '/admin/activity')
    const adaId = String((await root.asks('GET', '/users?q=ada')).raw.json<{ items: { id: number }[] }>().items[0]?.id)
    const page = parsePage(body)
    assert.match(page.text, /Sign-in refused: ada /)
    assert.ok(page.linksTo(`/admin/users/${adaId}`).includes('ada'))
    assert.ok(body.includes('The password was wrong\u{a0}· by somebody not signed in'))
    assert.match(page.text, /Account created: <b>bob .*?by root/)
    assert.ok(page.linksTo(/^\/admin\/users\/\d+$/).includes('<b>bob'))
    assert.match(body, /1 Jun 2026, \d\d:\d\d:\d\d UTC/)
    assert.ok(body.includes('&quot;action&quot;: &quot;sign_in.refused&quot;'))
    assert.ok(!body.includes('<b>bob'))
    assert.ok(body.includes('nothing is deleted automatically'))
  },
)

const FILTERS: readonly [query: string, same: string][] = [
  ['about=ada', 'about=ada'],
  ['action=sign_in.refused', 'action=sign_in.refused'],
  ['result=refused', 'result=refused'],
  ['address=127.0.0.0/8', 'address=127.0.0.1'],
  ['address=::1', 'address=::1'],
  ['from=2026-06-01', 'since=2026-06-01T00:00:00Z'],
  ['to=2026-05-31', 'until=2026-06-01T00:00:00Z'],
  ['about=ada&action=sign_in.refused&result=refused&from=2026-06-01&to=2026-06-01', 'about=ada&action=sign_in.refused'],
  ['about=&action=&result=&from=&to=', ''],
  ['about=nobody', 'about=nobody'],
]

onEitherDatabase(
  'the activity is filtered as the API is, and its file holds just the events that the filter leaves',
  async (t, dialect) => {
    const { root, visitor } = await scene(t, { dialect })
    for (const [query, same] of FILTERS) {
      const body = await bodyOf(visitor, `/admin/activity?${query}`)
      const events = itemsOf(await root.asks('GET', `/audit-events?limit=200&${same}`))
      assert.equal(eventsOn(body), events.length, query)
      const file = await visitor.submit('/admin/activity/export', {
        ...Object.fromEntries(new URLSearchParams(query)),
        format: 'jsonl',
      })
      assert.equal(file.headers['content-disposition'], 'attachment; filename="activity.jsonl"')
      const wanted = itemsOf(await root.asks('GET', `/audit-events?limit=200&${same}`))
      assert.deepEqual(linesOf(file.body).map(unchained), wanted.map(unchained), query)
    }
  },
)

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function unchained({ position: _, ...event }: Record<string, unknown>): Record<string, unknown> {
  return event
}

onEitherDatabase('an invalid filter is explained beside its field, and exports nothing', async (t, dialect) => {
  const { visitor, root } = await scene(t, { dialect })
  await bodyOf(visitor, '/admin/activity')
  for (const [field, label, value] of [
    ['action', 'Event', 'nothing'],
    ['result', 'Result', 'maybe'],
    ['address', 'IP address', '192.0.2'],
    ['from', 'First day', 'yesterday'],
    ['to', 'Last day', '2026-02-30'],
    ['about', 'Person', 'x'.repeat(300)],
  ] as const) {
    const { statusCode, body } = await visitor.open(`/admin/activity?${field}=${value}`)
    assert.equal(statusCode, 422, field)
    const [said = ''] = parsePage(body).alert().linksTo(`#${field}`)
    assert.ok(said.startsWith(`${label}: `), `the summary does not name the field: ${said}`)
    assert.notEqual(textIn(body, `${field}-error`), '')
    assert.match(body, /Nothing is shown until the filter can be read\.[\s\S]*Show all activity/)
    const file = await visitor.submit('/admin/activity/export', { [field]: value, format: 'csv' })
    assert.equal(file.statusCode, 422, field)
  }
  assert.equal((await visitor.open('/admin/activity?cursor=nowhere')).statusCode, 422)
  assert.deepEqual(itemsOf(await root.asks('GET', '/audit-events?action=audit.exported')), [])
})

onEitherDatabase('days begin where the admin’s day does', async (t, dialect) => {
  const { server, visitor } = await scene(t, { dialect })
  server.clock.pass(hours(11))
  const utc = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  visitor.cookies.set('session', utc.token)
  await ask(server, 'POST', '/attempts', { payload: { username: 'night', password: 'not hers' } })
  const { user, token } = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  await sql`update users set time_zone = 'Asia/Tokyo' where subject = ${user.subject}`.execute(server.doorward.db)
  const query = '/admin/activity?action=sign_in.refused&from=2026-06-02'
  assert.equal(eventsOn(await bodyOf(visitor, query)), 0)
  visitor.cookies.set('session', token)
  assert.equal(eventsOn(await bodyOf(visitor, query)), 1)
})

onEitherDatabase('every event is on exactly one page, and the pages link to each other', async (t, dialect) => {
  const { server, visitor, root } = await scene(t, { dialect })
  for (let at = 0; at < 60; at++)
    await ask(server, 'POST', '/attempts', { payload: { username: `n${at}`, password: 'x' } })
  const all = itemsOf(await root.asks('GET', '/audit-events?limit=200')).length
  const first = await bodyOf(visitor, '/admin/activity?result=')
  const next = parsePage(first).related('next') ?? ''
  const second = await bodyOf(visitor, next)
  assert.deepEqual([eventsOn(first), eventsOn(first) + eventsOn(second)], [50, all])
  assert.ok(second.includes('To the newest'))
})

onEitherDatabase('a long log is exported whole, and the export is recorded first', async (t, dialect) => {
  const { server, visitor, root } = await scene(t, { dialect })
  const { db } = server.doorward
  await sql`insert into audit_event (id, at, action, result, details_digest, key_id, mac)
    select 'long-' || n, 1000 + n, 'sign_in.refused', 'refused', '', '', ''
    from (with recursive c (n) as (select 1 union all select n + 1 from c where n < 1200) select n from c) as many`.execute(
    db,
  )
  await bodyOf(visitor, '/admin/activity')
  const file = await visitor.submit('/admin/activity/export', { format: 'csv' })
  const lines = file.body.trimEnd().split('\r\n')
  assert.equal(file.headers['content-type'], 'text/csv; charset=utf-8')
  assert.equal(lines[0]?.startsWith('id,at,action,sentence'), true)
  assert.match(lines[1] ?? '', /,audit\.exported,/)
  const { count } = await db
    .selectFrom('audit_event')
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  assert.equal(lines.length, Number(count) + 1)
  const [exported] = itemsOf(await root.asks('GET', '/audit-events?action=audit.exported'))
  assert.partialDeepStrictEqual(exported, { details: { format: 'csv', to: 'browser' } })
})

test('a cell of an export is never a formula', async (t) => {
  const { root, visitor } = await scene(t)
  for (const [at, sign] of ['=', '+', '-'].entries()) {
    assert.equal((await root.asks('POST', '/users', { username: `${sign}cmd|calc${at}` })).status, 200)
  }
  await bodyOf(visitor, '/admin/activity')
  const { body } = await visitor.submit('/admin/activity/export', { format: 'csv' })
  assert.equal(body.split(",'=cmd|calc0,").length > 1, true)
  assert.doesNotMatch(body, /(^|,)"?[=+\-@\t]/m)
})

onEitherDatabase('the log is verified from its page, and a changed event is named', async (t, dialect) => {
  const { server, visitor } = await scene(t, { dialect })
  assert.match(await bodyOf(visitor, '/admin/activity'), /No events chained yet/)
  await chainPending(server.operator())
  const { position } = await server.doorward.db
    .selectFrom('audit_event')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirstOrThrow()
  assert.ok((await bodyOf(visitor, '/admin/activity')).includes(`Chained events: ${position}. The newest:`))
  await bodyOf(visitor, '/admin/activity/chain')
  const without = parsePage(await visitor.submit('/admin/activity/chain', {})).text
  assert.match(
    without,
    /\d+\sevents were read\. None was changed.*Nothing outside the database records where the log ends/,
  )
  assert.doesNotMatch(without, /No tampering found/)
  await newChainWriter(server.doorward).write(true)
  assert.match(
    parsePage(await visitor.submit('/admin/activity/chain', {})).text,
    /No tampering found\. All \d+\sevents are intact/,
  )
  await sql`update audit_event set reason = 'other' where position = 2`.execute(server.doorward.db)
  const broken = parsePage(await visitor.submit('/admin/activity/chain', {})).text
  assert.match(broken, /Tampering found/)
  assert.match(broken, / 2 .*Event was edited/)
  assert.doesNotMatch(broken, /Restored a backup/)
  await sql`delete from audit_event where position >= ${position}`.execute(server.doorward.db)
  const cut = (await visitor.submit('/admin/activity/chain', {})).body
  assert.match(cut, /Restored a backup\? Then this is expected[\s\S]*The log ends before an event/)
})

onEitherDatabase('the activity says when events wait to be chained', async (t, dialect) => {
  const { server, visitor } = await scene(t, { dialect })
  assert.doesNotMatch(await bodyOf(visitor, '/admin/activity'), /to be chained/)
  server.clock.pass(minutes(2))
  const page = parsePage(await bodyOf(visitor, '/admin/activity'))
  assert.match(page.text, /An event has waited \d\u{a0}minutes to be chained/u)
  assert.equal(page.link('See the check-up'), '/admin/checkup')
})

onEitherDatabase('the page of the check-up has the findings of the API', async (t, dialect) => {
  const { root, visitor } = await scene(t, { dialect })
  const body = await bodyOf(visitor, '/admin/checkup')
  const { findings } = (await root.asks('GET', '/checkup')).body as { findings: Record<string, string | null>[] }
  assert.ok(findings.length >= 14)
  const text = parsePage(body).exact
  for (const { code, sentence, fix } of findings) {
    // The difference of the clocks and the size of the database differ from one request to the next.
    if (code === 'clock' || code === 'database') continue
    assert.ok(text.includes(String(sentence)), String(sentence))
    if (fix !== null) assert.ok(text.includes(String(fix)), String(fix))
  }
  assert.match(parsePage(body).text, /To mend/)
  assert.match(body, /Everybody has a second step\. Not counted: 1 invited, who set one up when they come in\./)
  assert.match(textIn(body, 'report-text'), /^Doorward check-up, 2026-/)
})

test('the command of the check-up runs as it is pasted, also where a shell would read the folder otherwise', async (t) => {
  const dataDir = join(await temporaryFolder(t), "Ada's $HOME & co")
  mkdirSync(dataDir)
  const server = await start(t, { dataDir, databaseUrl: `sqlite:${join(dataDir, 'doorward.db')}` })
  const visitor = await signedInBrowser(await firstAdmin(server))
  const body = await bodyOf(visitor, '/admin/checkup')
  const command = parsePage(body).part('doctor-command').exact
  assert.ok(command.endsWith(`'`), command)
  const env = { PATH: process.env.PATH, HOME: dataDir }
  const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --json`], { cwd: ROOT, env })
  const { findings } = JSON.parse(stdout) as { findings: { code: string; sentence: string }[] }
  assert.match(findings.find(({ code }) => code === 'admins')?.sentence ?? '', /Only one admin can act/)
})

test('a command in the report names no file path', async (t) => {
  const { server, visitor } = await scene(t)
  const { doorward } = server
  await newChainWriter(doorward).write(true)
  await sql`delete from audit_event where position = (select max(position) from audit_event)`.execute(doorward.db)
  const body = await bodyOf(visitor, '/admin/checkup')
  const report = parsePage(body).part('report-text').exact
  assert.match(report, /audit verify --data-dir … --database-url …/)
  assert.ok(!report.includes(server.dataDir))
})

onEitherDatabase('the check-up counts those whom its link shows', async (t, dialect) => {
  const { server, root, visitor } = await scene(t, { dialect })
  await createUser(server.operator(), { username: 'karla', invite: false })
  const body = await bodyOf(visitor, '/admin/checkup')
  const listed = itemsOf(await root.asks('GET', '/users?status=no-factor'))
  assert.deepEqual(
    listed.map(({ username }) => username),
    ['karla'],
  )
  assert.match(body, /1 user has no second step yet\. Not counted: 1 invited/)
  assert.ok(parsePage(body).linksTo('/admin/users?status=no-factor').length > 0)
})

onEitherDatabase(
  'neither the page nor its report holds a secret, or a host or address in the report',
  async (t, dialect) => {
    const settings = { public_url: 'https://id.example.org' }
    const server = await start(t, { dialect, settings })
    await firstAdmin(server)
    const { token } = await newSignedInUser(server, 'admin', { transport: 'cookie' })
    const visitor = new Visitor(server)
    visitor.cookies.set('__Host-session', token)
    const body = await bodyOf(visitor, '/admin/checkup')
    // An admin may read the location of the database, so that the command can be pasted; a password in it is not shown.
    const secrets = secretsOf(server).filter((secret) => secret !== server.databaseUrl)
    assert.ok(secrets.length >= 4)
    for (const secret of [...secrets, token]) assert.ok(!body.includes(secret))
    const report = parsePage(body).part('report-text').exact
    assert.match(report, /\[ok\] address: People reach this server at https:\/\/\[host\]/)
    assert.doesNotMatch(report, /example\.org|127\.0\.0\.1/)
    assert.ok(!report.includes(server.dataDir))
  },
)

test('the page has the findings that need a request: its URL and its proxy', async (t) => {
  const server = await start(t, { settings: { public_url: 'https://id.example.org', trusted_proxies: '10.0.0.1' } })
  const { token } = await newSignedInUser(server, 'admin')
  const look = async (remoteAddress: string, headers: Record<string, string>): Promise<Record<string, string>> => {
    const asked = { headers: { authorization: `Bearer ${token}`, host: 'id.example.org', ...headers }, remoteAddress }
    const { findings } = (await ask(server, 'GET', '/checkup', asked)).body as {
      findings: { code: string; level: string; sentence: string }[]
    }
    return Object.fromEntries(findings.map(({ code, level, sentence }) => [code, `${level}: ${sentence}`]))
  }
  const behind = await look('10.0.0.1', { 'x-forwarded-for': '192.0.2.7' })
  assert.equal(behind['proxy'], 'ok: The proxy is trusted; it says that you come from 192.0.2.7.')
  assert.match(behind['reached'] ?? '', /^ok: /)
  assert.match(
    (await look('10.0.0.9', { 'x-forwarded-for': '192.0.2.7' }))['proxy'] ?? '',
    /^warning: A proxy at 10\.0\.0\.9/,
  )
  assert.match((await look('10.0.0.1', {}))['proxy'] ?? '', /^warning: Whatever ends https/)
  assert.match(
    (await look('10.0.0.1', { host: 'other.example.org' }))['reached'] ?? '',
    /^warning: .*other\.example\.org/,
  )
})

test('the pages read in German, every event too', async (t) => {
  const { visitor } = await scene(t, {}, 'de')
  assert.match(await bodyOf(visitor, '/admin'), /Anmeldungen und Ablehnungen je Tag/)
  const activity = await bodyOf(visitor, '/admin/activity')
  assert.match(activity, /Anmeldung abgelehnt: <a/)
  assert.equal(activity.split('<option').length - 1, Object.keys(EVENTS).length + 1 + 3)
  assert.match(await bodyOf(visitor, '/admin/checkup'), /Nur über https|nur auf dieser Maschine/)
  assert.match(await bodyOf(visitor, '/admin/activity/chain'), /Jetzt prüfen/)
})

test('none of these pages is for a user, and their forms need the token of the session', async (t) => {
  const { server, visitor } = await scene(t)
  for (const url of ['/admin/activity/export', '/admin/activity/chain']) {
    const { statusCode } = await server.app.inject({
      method: 'POST',
      url,
      headers: {
        cookie: `session=${visitor.cookies.get('session')}`,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'format=csv',
    })
    assert.equal(statusCode, 403, url)
  }
  const { token } = await newSignedInUser(server, 'user', { transport: 'cookie' })
  visitor.cookies.set('session', token)
  for (const url of ['/admin', '/admin/activity', '/admin/activity/chain', '/admin/checkup'])
    assert.equal((await visitor.open(url)).statusCode, 403, url)
})
