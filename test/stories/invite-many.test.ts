// Users that are invited from a list: the dry run, the report for each line, and lines that are refused.
import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { minutes } from '#foundation/kernel/time.ts'
import { english } from '#foundation/texts/english.ts'
import { german } from '#foundation/texts/german.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, startSmtpServer } from '../support/mail/smtp-server.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { newcomer, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const PAGE = '/admin/users/invite-many'

interface Line {
  readonly line: number
  readonly username: string
  readonly result: string
  readonly invitation: { readonly url: string | null; readonly mailed_to: string | null } | null
  readonly errors: readonly { readonly pointer: string; readonly code: string }[]
}

function sends(person: Person, csv: string, more: object = {}): Promise<Reply> {
  return person.asks('POST', '/invitations/bulk', { csv, ...more })
}

/** The lines of a report, as `2 ada created` or `3 bob refused /role field.choice`. */
function report({ body, raw }: Reply): string[] {
  assert.equal(raw.statusCode, 200, raw.body)
  return (body['lines'] as Line[]).map(({ line, username, result, errors }) =>
    [line, username, result, ...errors.flatMap(({ pointer, code }) => [pointer, code])].join(' '),
  )
}

async function usernames({ doorward }: Server): Promise<string[]> {
  const rows = await doorward.db.selectFrom('users').select('username').orderBy('id').execute()
  return rows.map(({ username }) => username ?? '')
}

const MIXED = [
  'username;email;role;expires_at',
  'ada;ada@example.org;;2027-06-30',
  'b@b;nowhere;;',
  'taken;;;',
  'cy;cy@example.org;root;',
  'ADA;;;',
  'di;ada2@example.org;user;2020-01-01',
  '"eve, the first";;;',
].join('\r\n')

const NOT_CREATED = [
  '3 b@b refused /username user.username_characters /email user.email_malformed',
  '4 taken existing',
  '5 cy refused /role role.unknown',
  '6 ADA refused /username csv.repeated',
  '7 di refused /expires_at user.expiry_past',
]

onEitherDatabase('a dry run says what each line would do and changes nothing; the run does it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  await newcomer(root, 'taken')
  await root.signsIn()
  const before = await usernames(server)
  const dry = await sends(root, MIXED, { dry_run: true })
  assert.deepEqual(report(dry), ['2 ada valid', ...NOT_CREATED, '8 eve, the first valid'])
  assert.deepEqual([dry.body['accepted'], dry.body['existing'], dry.body['refused']], [2, 1, 4])
  assert.equal(dry.body['dry_run'], true)
  assert.deepEqual(await usernames(server), before)
  assert.doesNotMatch(dry.raw.body, /dwl_/)
  const run = await sends(root, MIXED)
  assert.deepEqual(report(run), ['2 ada created', ...NOT_CREATED, '8 eve, the first created'])
  assert.deepEqual(await usernames(server), [...before, 'ada', 'eve, the first'])
  const ada = await root.asks('GET', '/users?q=ada@example.org')
  const [row] = ada.body['items'] as Record<string, unknown>[]
  assert.deepEqual(
    [row?.['expires_at'], row?.['role'], row?.['status']],
    ['2027-07-01T00:00:00.000Z', 'user', 'invited'],
  )
  const links = (run.body['lines'] as Line[]).map(({ invitation }) => invitation?.url ?? '')
  assert.equal(new Set(links.filter((url) => url.includes('/invitation/dwl_'))).size, 2)
  // The list once more: everyone is there, and nobody is created twice.
  const twice = await sends(root, MIXED)
  assert.deepEqual([twice.body['accepted'], twice.body['existing'], twice.body['refused']], [0, 3, 4])
})

leaveToTestAll()

onEitherDatabase('a list by mail sends each link to its address and shows none', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { dialect, settings: smtp.settings })
  const csv = 'username,email,locale\nada,ada@example.org,de\nbob,,\ncy,cy@example.org,'
  const reply = await sends(root, csv, { delivery: 'mail' })
  assert.deepEqual(report(reply), ['2 ada created', '3 bob refused /delivery invitation.no_address', '4 cy created'])
  assert.doesNotMatch(reply.raw.body, /dwl_/)
  await deliverQueuedMails(server.doorward)
  assert.deepEqual(smtp.mails.map(({ to, subject }) => `${to.join()}: ${subject}`).toSorted(), [
    'ada@example.org: root hat Sie zu Doorward eingeladen',
    'cy@example.org: root invited you to Doorward',
  ])
})

test('a list by mail is refused where mail is off, before its first line', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const reply = await sends(root, 'username,email\nada,ada@example.org', { delivery: 'mail' })
  assert.deepEqual([reply.status, fieldErrorsIn(reply)], [422, ['/delivery invitation.mail_off']])
  assert.deepEqual(await usernames(server), ['root'])
})

test('a list that cannot be read is refused as a whole', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const lists = { 'ada,bob': 'csv.columns', username: 'csv.empty', 'username\n"ada': 'csv.quotes' }
  for (const [csv, code] of Object.entries(lists)) {
    const reply = await sends(root, csv)
    assert.deepEqual([reply.status, fieldErrorsIn(reply)], [422, [`/csv ${code}`]])
  }
  const long = `username\n${Array.from({ length: 1001 }, (_, at) => `user-${at}`).join('\n')}`
  assert.deepEqual(fieldErrorsIn(await sends(root, long)), ['/csv csv.too_many'])
  assert.deepEqual(await usernames(server), ['root'])
})

test('a list with an admin needs recent authentication, and nothing of it is done without', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const csv = 'username,role\nada,\nbob,admin'
  server.clock.pass(minutes(20))
  for (const dry of [true, false])
    assert.deepEqual(refusalIn(await sends(root, csv, { dry_run: dry })), [401, 'access.reauthentication_required'])
  assert.deepEqual(await usernames(server), ['root'])
  await root.signsIn()
  assert.deepEqual(report(await sends(root, csv)), ['2 ada created', '3 bob created'])
})

test('other requests are answered between the lines of a long list', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const csv = `username\n${Array.from({ length: 1000 }, (_, at) => `user-${at}`).join('\n')}`
  let turns = 0
  let done = false
  const running = sends(root, csv).finally(() => (done = true))
  while (!done) {
    await nextTurn()
    turns += 1
  }
  assert.equal((await running).body['accepted'], 1000)
  assert.ok(turns > 1000, `the event loop turned ${turns} times`)
  assert.equal((await usernames(server)).length, 1001)
})

test('an admin who is disabled in the middle of a list creates nobody from then on', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const csv = `username\n${Array.from({ length: 20 }, (_, at) => `user-${at}`).join('\n')}`
  const running = sends(root, csv)
  const { db } = server.doorward
  while ((await usernames(server)).length < 5) await nextTurn()
  await db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'root').execute()
  const reply = await running
  assert.equal(Number(reply.body['accepted']), (await usernames(server)).length - 1)
  assert.ok(Number(reply.body['refused']) > 0)
  assert.match(report(reply).at(-1) ?? '', /^21 user-19 refused {2}access\.invalid_token$/)
})

onEitherDatabase(
  'the page checks a list, creates its users at the second step, and reports each line',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    assert.equal((await browser.page('/admin/users/new')).link('Invite several'), PAGE)
    const csv = 'username,email\nada,ada@example.org\nada,x@example.org\n=cmd(),'
    const checked = parsePage(await browser.submit(PAGE, { csv, expires_in: '86400' }))
    assert.equal(checked.heading, '2 users can be created')
    assert.match(checked.text, /Line 3: ada .*username: Line 2 already has this/)
    assert.match(checked.text, /1 line will be skipped/)
    assert.deepEqual(await usernames(server), ['root'])
    const changed = parsePage(await browser.submit(PAGE, { csv, expires_in: '86400', step: 'change' }))
    assert.equal(changed.field('List of users (CSV)').value.trim().replaceAll('\r\n', '\n'), csv)
    const answer = await browser.submit(PAGE, { csv, expires_in: '86400', step: 'create' })
    const done = parsePage(answer)
    assert.equal(done.heading, '2 users created')
    assert.deepEqual(await usernames(server), ['root', 'ada', '=cmd()'])
    assert.match(done.part('made').text, /^Created Line 2: ada .* Line 4: =cmd\(\) /)
    assert.match(done.part('left').text, /^Not created Line 3: ada username: Line 2 already has this/)
    assert.equal(done.link('1 line was skipped.'), '#left')
    // Spreadsheets would run the name as a formula.
    const table = done.part('report').text
    assert.match(table, /4,'=cmd\(\),created,http:/)
    assert.match(table, /3,ada,refused,,,/)
    assert.equal(answer.headers['cache-control'], 'no-store')
  },
)

test('a list that cannot be read comes back on its page with the error', async (t) => {
  const { browser } = await adminScene(t)
  const wrong = await browser.pageAfter(PAGE, { csv: 'name\nada' }, 422)
  assert.match(wrong.text, /The first line must name the columns: username/)
  assert.equal(wrong.field('List of users (CSV)').value.trim().replaceAll('\r\n', '\n'), 'name\nada')
  await browser.pageAfter(PAGE, {}, 422)
})

test('a list whose button is pressed twice creates each user once, and both answers show the links', async (t) => {
  const { server, browser } = await adminScene(t)
  const csv = 'username\nada\nbob'
  const checked = parsePage(await browser.submit(PAGE, { csv, expires_in: '86400' }))
  const fields = { csv, expires_in: '86400', step: 'create', press: checked.hidden('press') ?? '' }
  const answers = await Promise.all([browser.submit(PAGE, fields), browser.submit(PAGE, fields)])
  const links = answers.map(({ body }) => [...new Set(body.match(/dwl_[\w-]+/g))])
  assert.equal(links[0]?.length, 2)
  assert.deepEqual(links[1], links[0])
  assert.deepEqual(await usernames(server), ['root', 'ada', 'bob'])
})

onEitherDatabase('a list that is sent again says who is there already, and changes nothing', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const list = 'username,email\nada,ada@example.org\nbob,'
  assert.deepEqual(report(await sends(root, list)), ['2 ada created', '3 bob created'])
  const before = await server.doorward.db.selectFrom('users').selectAll().orderBy('id').execute()
  const grown = 'username,email,role\nADA,Ada@Example.org,admin\nbob,,\nada2,,\n'
  const dry = await sends(root, grown, { dry_run: true })
  assert.deepEqual(report(dry), ['2 ADA existing', '3 bob existing', '4 ada2 valid'])
  const again = await sends(root, grown)
  assert.deepEqual(report(again), ['2 ADA existing', '3 bob existing', '4 ada2 created'])
  assert.deepEqual([again.body['accepted'], again.body['existing'], again.body['refused']], [1, 2, 0])
  const [ada] = again.body['lines'] as { user: number }[]
  assert.equal(ada?.user, before.find(({ username }) => username === 'ada')?.id)
  const after = await server.doorward.db.selectFrom('users').selectAll().orderBy('id').execute()
  assert.deepEqual(after.slice(0, before.length), before)
  // Another email is another person, whose name is taken.
  const other = await sends(root, 'username,email\nada,countess@example.org\nbob,bob@example.org')
  assert.deepEqual(report(other), [
    '2 ada refused /username user.username_taken',
    '3 bob refused /username user.username_taken',
  ])
})

onEitherDatabase('the columns of a list have their names in the languages of the pages', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  await root.asks('POST', '/attributes', { key: 'team', label: 'Team', type: 'text' })
  const german = 'Benutzername;E-Mail;Vollsta\u0308ndiger Name;Rolle;Letzter Tag;Sprache;Attribut: team\n'
  const made = await sends(root, `${german}ada;ada@example.org;Ada Lovelace;user;2027-06-30;de;Engines\n`)
  assert.deepEqual(report(made), ['2 ada created'])
  const [line] = made.body['lines'] as { user: number }[]
  const { body } = await root.asks('GET', `/users/${line?.user}`)
  assert.deepEqual(
    [body['full_name'], body['email'], body['expires_at'], body['locale']],
    ['Ada Lovelace', 'ada@example.org', '2027-07-01T00:00:00.000Z', 'de'],
  )
  const { body: values } = await root.asks('GET', `/users/${line?.user}/attributes`)
  assert.match(JSON.stringify(values), /Engines/)
  const mixed = await sends(root, 'E-Mail,username,Name,full_name\nb@example.org,bob,Bob,Bob')
  assert.deepEqual(fieldErrorsIn(mixed), ['/csv csv.columns'])
})

test('a list in which characters were lost is refused as a whole, by the API and on its page', async (t) => {
  const { server, admin, browser } = await adminScene(t)
  const csv = 'username,full_name\njoerg,J\uFFFDrg\nada,'
  const reply = await sends(admin, csv)
  assert.deepEqual([reply.status, fieldErrorsIn(reply)], [422, ['/csv csv.encoding']])
  assert.match(reply.raw.body, /Line 2 has characters that were lost/)
  const page = await browser.pageAfter(PAGE, { csv }, 422)
  assert.match(page.text, /Line 2 has characters that were lost.* “CSV UTF-8”/)
  assert.deepEqual(await usernames(server), ['root'])
})

test('the example on the page is a list that can be read, in each language', async (t) => {
  const { admin, browser } = await adminScene(t)
  for (const { joining } of [english, german]) {
    const page = await browser.pageAfter(PAGE, { csv: joining.many.sample })
    assert.equal(page.heading, '2 users can be created', page.text)
    const all = joining.many.columnsOf.map(([column]) => column.replace(/KEY|SCHLÜSSEL/, 'team'))
    const list = `${all.join(',')}\ngrace,grace@example.org,Grace,user,2099-06-30,en,,Engines`
    await admin.asks('POST', '/attributes', { key: 'team', label: 'Team', type: 'text' })
    assert.equal((await browser.pageAfter(PAGE, { csv: list })).heading, '1 user can be created')
  }
})
