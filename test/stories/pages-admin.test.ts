// The pages for admins: the activity and its export, the chain, the check-up.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

import { chainPending, newChainWriter } from '#domain/audit/chain-writer.service.ts'
import { EVENTS } from '#domain/audit/event.ts'
import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { namedDay } from '#foundation/texts/day-and-time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { ask, firstAdmin, type Person } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { secretsOf } from '../support/server/configured-secrets.ts'
import { type Server, start, type StartOptions } from '../support/server/start.ts'

const ROOT = join(import.meta.dirname, '..', '..')

interface Scene {
  readonly server: Server
  readonly root: Person
  readonly visitor: Visitor
}

/** A server with some events, and its admin in a browser. */
async function scene(t: TestContext, options: StartOptions = {}, language = 'en'): Promise<Scene> {
  const { server, root } = await startWithUser(t, options)
  await root.asks('POST', '/users', { username: '<b>bob' })
  await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'not hers' } })
  const { token } = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  const visitor = new Visitor(server, { language })
  visitor.cookies.set('session', token)
  return { server, root, visitor }
}

/** The number of rows in the table of events. */
function eventsOn(page: ParsedPage): number {
  return page.count('th[scope=row]')
}

leaveToTestAll()

onEitherDatabase(
  'the activity shows each event as a sentence, with actor, reason and exact time, and its JSON on a page of its own',
  async (t, dialect) => {
    const { root, visitor } = await scene(t, { dialect })
    const page = await visitor.page('/admin/activity')
    const adaId = String(itemsOf(await root.asks('GET', '/users?q=ada'))[0]?.['id'])
    assert.match(page.text, /Sign-in failed: ada /)
    assert.ok(page.linksTo(`/admin/users/${adaId}`).includes('ada'))
    assert.match(page.text, /Sign-in failed: ada The password was wrong Not signed in /)
    assert.match(page.text, /Account created: <b>bob root /)
    assert.ok(page.linksTo(/^\/admin\/users\/\d+$/).includes('<b>bob'))
    const times = page.times()
    assert.ok(times.length > 0 && times.every(({ title }) => /^1 Jun 2026, \d\d:\d\d:\d\d UTC$/.test(title)))
    assert.ok(!page.exact.includes('"action"'), 'the JSON of each event is on the page')
    const [event] = itemsOf(await root.asks('GET', '/audit-events?action=sign_in.refused'))
    assert.ok(page.linksTo(`/admin/activity/events/${String(event?.['id'])}`).includes('Show as JSON'))
    const alone = await visitor.page(`/admin/activity/events/${String(event?.['id'])}`)
    assert.ok(alone.exact.includes('"action": "sign_in.refused"'))
    assert.match(alone.heading, /^Sign-in failed/)
    await visitor.page('/admin/activity/events/none', 404)
    assert.ok(!page.markup.includes('<b>bob'))
    assert.match((await visitor.page(page.main.link('Verify the audit log'))).main.text, /aren’t deleted automatically/)
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
      const page = await visitor.page(`/admin/activity?${query}`)
      const events = itemsOf(await root.asks('GET', `/audit-events?limit=200&${same}`))
      assert.equal(eventsOn(page), events.length, query)
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
  await visitor.page('/admin/activity')
  for (const [field, label, value] of [
    ['action', 'Event', 'nothing'],
    ['result', 'Result', 'maybe'],
    ['address', 'IP address', '192.0.2'],
    ['from', 'From', 'yesterday'],
    ['to', 'To', '2026-02-30'],
    ['about', 'Person', 'x'.repeat(300)],
  ] as const) {
    const page = await visitor.page(`/admin/activity?${field}=${value}`, 422)
    const [said = ''] = page.alert().linksTo(`#${field}`)
    assert.ok(said.startsWith(`${label}: `), `the summary does not name the field: ${said}`)
    assert.notEqual(page.part(`${field}-error`).text, '')
    assert.match(page.text, /Fix the filter to see results\..*Show all activity/)
    await visitor.pageAfter('/admin/activity/export', { [field]: value, format: 'csv' }, 422)
  }
  await visitor.page('/admin/activity?cursor=nowhere', 422)
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
  assert.equal(eventsOn(await visitor.page(query)), 0)
  visitor.cookies.set('session', token)
  assert.equal(eventsOn(await visitor.page(query)), 1)
})

onEitherDatabase('events stand under the names of their days', async (t, dialect) => {
  const { server, visitor } = await scene(t, { dialect })
  const named = (now: number): string => namedDay({ say: texts('en') }, now)
  const before = named(server.clock.now())
  server.clock.pass(days(1))
  await ask(server, 'POST', '/attempts', { payload: { username: 'night', password: 'not hers' } })
  const { token } = await newSignedInUser(server, 'admin', { transport: 'cookie' })
  visitor.cookies.set('session', token)
  const { text } = (await visitor.page('/admin/activity')).main
  const [today, earlier] = [text.indexOf(named(server.clock.now())), text.indexOf(before)]
  assert.ok(today >= 0 && text.slice(today, earlier).includes('Sign-in failed'), text)
})

onEitherDatabase('every event is on exactly one page, and the pages link to each other', async (t, dialect) => {
  const { server, visitor, root } = await scene(t, { dialect })
  for (let at = 0; at < 60; at++)
    await ask(server, 'POST', '/attempts', { payload: { username: `n${at}`, password: 'x' } })
  const all = itemsOf(await root.asks('GET', '/audit-events?limit=200')).length
  const first = await visitor.page('/admin/activity?result=')
  const second = await visitor.page(first.related('next') ?? '')
  assert.deepEqual([eventsOn(first), eventsOn(first) + eventsOn(second)], [50, all])
  assert.ok(second.has('link', /^Newest$/))
})

onEitherDatabase('a long log is exported whole, and the export is recorded first', async (t, dialect) => {
  const { server, visitor, root } = await scene(t, { dialect })
  const { db } = server.doorward
  await sql`insert into audit_event (id, at, action, result, details_digest, key_id, mac)
    select 'long-' || n, 1000 + n, 'sign_in.refused', 'refused', '', '', ''
    from (with recursive c (n) as (select 1 union all select n + 1 from c where n < 1200) select n from c) as many`.execute(
    db,
  )
  await visitor.page('/admin/activity')
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
  await visitor.page('/admin/activity')
  const { body } = await visitor.submit('/admin/activity/export', { format: 'csv' })
  assert.ok(body.includes(",'=cmd|calc0,"))
  assert.doesNotMatch(body, /(^|,)"?[=+\-@\t]/m)
})

onEitherDatabase('the log is verified from its page, and a changed event is named', async (t, dialect) => {
  const { server, visitor } = await scene(t, { dialect })
  assert.match((await visitor.page('/admin/activity/chain')).text, /No events chained yet/)
  await chainPending(server.operator())
  const { position } = await server.doorward.db
    .selectFrom('audit_event')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirstOrThrow()
  const page = await visitor.page('/admin/activity/chain')
  assert.match(page.text, new RegExp(`Chained events: ${position} .*The newest:`))
  const verified = async (): Promise<string> => (await visitor.pageAfter('/admin/activity/chain', {})).text
  const without = await verified()
  assert.match(
    without,
    /No changes or gaps found in \d+\sevents\. Nothing outside the database records where the log ends/,
  )
  assert.doesNotMatch(without, /No tampering found/)
  await newChainWriter(server.doorward).write(true)
  assert.match(await verified(), /No tampering found\. All \d+\sevents are intact/)
  await sql`update audit_event set reason = 'other' where position = 2`.execute(server.doorward.db)
  const broken = await verified()
  assert.match(broken, /Tampering found.* 2 .*Event was edited/)
  assert.doesNotMatch(broken, /Restored a backup/)
  await sql`delete from audit_event where position >= ${position}`.execute(server.doorward.db)
  assert.match(await verified(), /Restored a backup\? Then this is expected.*The log ends too early/)
})

onEitherDatabase('the activity says when events wait to be chained', async (t, dialect) => {
  const { server, visitor } = await scene(t, { dialect })
  assert.doesNotMatch((await visitor.page('/admin/activity')).text, /to be chained/)
  server.clock.pass(minutes(2))
  const page = await visitor.page('/admin/activity')
  assert.match(page.text, /An event has waited \d\u{a0}minutes to be chained/u)
  assert.equal(page.link('View check-up'), '/admin/checkup')
})

onEitherDatabase('the page of the check-up has the findings of the API', async (t, dialect) => {
  const { root, visitor } = await scene(t, { dialect })
  const page = await visitor.page('/admin/checkup')
  const checkup = await root.asks('GET', '/checkup', undefined, { host: 'localhost:8000' })
  const { findings } = checkup.body as { findings: Record<string, string | null>[] }
  assert.ok(findings.length >= 14)
  for (const { code, sentence, fix } of findings) {
    // The difference of the clocks and the size of the database differ from one request to the next.
    if (code === 'clock' || code === 'database') continue
    assert.ok(page.exact.includes(String(sentence)), String(sentence))
    if (fix !== null) assert.ok(page.exact.includes(String(fix)), String(fix))
  }
  assert.match(page.text, /Needs attention/)
  assert.match(page.text, /Everyone who has joined has a second step\. 1 invited user will set one up when they join\./)
  assert.match(page.part('report-text').text, /^Doorward check-up, 2026-/)
})

test('the command of the check-up runs as it is pasted, also where a shell would read the folder otherwise', async (t) => {
  const dataDir = join(await temporaryFolder(t), "Ada's $HOME & co")
  mkdirSync(dataDir)
  const server = await start(t, { dataDir, databaseUrl: `sqlite:${join(dataDir, 'doorward.db')}` })
  const visitor = await signedInBrowser(await firstAdmin(server))
  const page = await visitor.page('/admin/checkup')
  assert.match(page.part('problems').text, /^2 things need attention .*You’re the only admin\./)
  const command = page.part('doctor-command').exact
  assert.ok(command.endsWith(`'`), command)
  const env = { PATH: process.env.PATH, HOME: dataDir }
  const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --json`], { cwd: ROOT, env })
  const { findings } = JSON.parse(stdout) as { findings: { code: string; sentence: string }[] }
  assert.match(findings.find(({ code }) => code === 'admins')?.sentence ?? '', /There’s only one admin/)
})

test('a command in the report names no file path', async (t) => {
  const { server, visitor } = await scene(t)
  const { doorward } = server
  await newChainWriter(doorward).write(true)
  await sql`delete from audit_event where position = (select max(position) from audit_event)`.execute(doorward.db)
  const report = (await visitor.page('/admin/checkup')).part('report-text').exact
  assert.match(report, /audit verify --data-dir … --database-url …/)
  assert.ok(!report.includes(server.dataDir))
})

onEitherDatabase('the check-up counts those whom its link shows', async (t, dialect) => {
  const { server, root, visitor } = await scene(t, { dialect })
  await createUser(server.operator(), { username: 'karla', invite: false })
  const page = await visitor.page('/admin/checkup')
  const listed = itemsOf(await root.asks('GET', '/users?status=no-factor')).map(({ username }) => username)
  assert.deepEqual(listed, ['karla'])
  assert.match(page.text, /1 user has no second step yet\. 1 invited user will/)
  assert.ok(page.linksTo('/admin/users?status=no-factor').length > 0)
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
    const page = await visitor.page('/admin/checkup')
    // An admin may read the location of the database, so that the command can be pasted; a password in it is not shown.
    const secrets = secretsOf(server).filter((secret) => secret !== server.databaseUrl)
    assert.ok(secrets.length >= 4)
    for (const secret of [...secrets, token]) assert.ok(!page.markup.includes(secret))
    const report = page.part('report-text').exact
    assert.match(report, /\[ok\] address: The server is at https:\/\/\[host\]/)
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
  assert.equal(behind['proxy'], 'ok: The proxy is trusted. It says your address is 192.0.2.7.')
  assert.match(behind['reached'] ?? '', /^ok: /)
  const untrusted = await look('10.0.0.9', { 'x-forwarded-for': '192.0.2.7' })
  assert.match(untrusted['proxy'] ?? '', /^warning: The proxy at 10\.0\.0\.9/)
  assert.match((await look('10.0.0.1', {}))['proxy'] ?? '', /^warning: The HTTPS proxy/)
  const elsewhere = await look('10.0.0.1', { host: 'other.example.org' })
  assert.match(elsewhere['reached'] ?? '', /^warning: .*other\.example\.org/)
})

test('the pages read in German, every event too', async (t) => {
  const { visitor } = await scene(t, {}, 'de')
  assert.match((await visitor.page('/admin')).text, /Verbreitung des zweiten Schritts/)
  const activity = await visitor.page('/admin/activity')
  assert.match(activity.text, /Anmeldung abgelehnt: ada/)
  assert.equal(activity.count('option'), Object.keys(EVENTS).length + 1 + 3)
  assert.match((await visitor.page('/admin/checkup')).text, /über HTTPS erreichbar|nur auf dieser Maschine/)
  assert.ok((await visitor.page('/admin/activity/chain')).has('button', 'Jetzt prüfen'))
})
