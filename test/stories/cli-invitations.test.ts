// Invitations and the end of an account on the command line.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { jsonIn, outputIn, problemIn, type Run, runner } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

const MAIL = ['--mail-host', '127.0.0.1', '--mail-tls', 'none', '--mail-from', 'doorward@example.org']

async function scene(t: TestContext, dialect: Dialect): Promise<{ server: Server; run: Run }> {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  return { server, run: runner(t, server) }
}

function nextYear(): number {
  return new Date().getUTCFullYear() + 1
}

leaveToTestAll()

onEitherDatabase('the operator invites by mail, and the command prints no link', async (t, dialect) => {
  const { server, run } = await scene(t, dialect)
  const grace = ['user', 'create', 'grace', '--email', 'grace@example.org']
  const off = problemIn(await run(...grace, '--mail', '--json'))
  assert.equal((off['errors'] as { code: string }[])[0]?.code, 'invitation.mail_off')
  const created = outputIn(await run(...grace, '--mail', '--json', ...MAIL))
  const { url, mailed_to: mailedTo } = created['invitation'] as Record<string, unknown>
  assert.deepEqual([url, mailedTo], [null, 'grace@example.org'])
  const again = await run('user', 'invite', 'grace', '--mail', ...MAIL)
  assert.equal(again.code, 0, again.stderr)
  assert.match(again.stderr, /on its way to grace@example\.org/)
  assert.doesNotMatch(again.stdout + again.stderr, /dwl_/)
  const mails = await server.doorward.db.selectFrom('outbox').select('recipient').execute()
  assert.equal(mails.length, 2)
  const wrong = await run('user', 'invite', 'grace', '--mail', '--qr', ...MAIL)
  assert.equal(wrong.code, 2)
})

onEitherDatabase('the operator gives an account an end and removes it', async (t, dialect) => {
  const { run } = await scene(t, dialect)
  const day = `${nextYear()}-06-30`
  const created = outputIn(await run('user', 'create', 'ada', '--expires-at', day, '--json'))
  assert.equal((created['user'] as Record<string, unknown>)['expires_at'], `${nextYear()}-07-01T00:00:00.000Z`)
  assert.match((await run('user', 'show', 'ada', '--plain')).stdout, new RegExp(`^expires\t${nextYear()}-07-01T`, 'm'))
  assert.equal(outputIn(await run('user', 'update', 'ada', '--expires-at', 'none', '--json'))['expires_at'], null)
  assert.equal((await run('user', 'update', 'ada', '--expires-at', 'soon')).code, 2)
  const last = problemIn(await run('user', 'update', 'root', '--expires-at', day, '--json'))
  assert.equal(last['code'], 'user.last_admin')
})

onEitherDatabase('the operator invites the users of a file, after a dry run', async (t, dialect) => {
  const { server, run } = await scene(t, dialect)
  const file = join(server.dataDir, 'people.csv')
  await writeFile(file, '\uFEFFusername;email\r\nada;ada@example.org\r\na@b;\r\n')
  const dry = await run('user', 'invite-many', file, '--dry-run', '--json')
  assert.equal(dry.code, 7)
  const { lines, dry_run: dryRun } = jsonIn(dry.stdout) as { lines: { result: string }[]; dry_run: boolean }
  assert.deepEqual([dryRun, lines.map(({ result }) => result)], [true, ['valid', 'refused']])
  const done = await run('user', 'invite-many', file)
  assert.equal(done.code, 7, done.stderr)
  assert.match(done.stdout, /2 +ada +created\n {2}invitation or errors: http:\/\/[^/]+\/invitation\/dwl_/)
  assert.match(done.stdout, /3 +a@b +refused\n {2}invitation or errors: username: Do not use @/)
  assert.match(done.stderr, /Created: 1 user\. Refused: 1 line\./)
  const twice = await run('user', 'invite-many', file)
  assert.equal(twice.code, 7)
  assert.equal((await run('user', 'invite-many', `${file}.missing`)).code, 2)
})

const NAMES = ['jörg', '„Žofia“ €']
const LIST = `username;full_name\r\n${NAMES[0]};Jörg\r\nzofia;${NAMES[1]}\r\n`
/** The list as a German spreadsheet saves it. Each of its characters has one byte. */
const WINDOWS_1252 = Buffer.from(
  LIST.replaceAll(/[„“€Ž]/g, (one) => ({ '„': '\x84', '“': '\x93', '€': '\x80', Ž: '\x8E' })[one] ?? ''),
  'latin1',
)

test('a list in another encoding is refused, or read by its byte order mark or with --encoding', async (t) => {
  const { server, run } = await scene(t, 'sqlite')
  const file = join(server.dataDir, 'people.csv')
  const dry = ['user', 'invite-many', file, '--dry-run', '--json']
  const utf16 = Buffer.from(LIST, 'utf16le')
  const refused = [WINDOWS_1252, utf16, Buffer.concat([Buffer.from([0xff, 0xfe]), utf16.subarray(0, -1)])]
  for (const bytes of refused) {
    await writeFile(file, bytes)
    const { code, stderr } = await run(...dry)
    assert.equal(code, 2, stderr)
    assert.match(stderr, /people\.csv is not (UTF-8|utf-16le)\. Save it as \\?"CSV UTF-8/)
  }
  const read = [
    [WINDOWS_1252, '--encoding', 'windows-1252'],
    [Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    [Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()])],
    [utf16, '--encoding', 'utf-16le'],
    // The mark says more than the flag.
    [Buffer.from(`\uFEFF${LIST}`), '--encoding', 'windows-1252'],
  ] as const
  for (const [bytes, ...flags] of read) {
    await writeFile(file, bytes)
    const { lines } = outputIn(await run(...dry, ...flags)) as unknown as { lines: { username: string }[] }
    assert.deepEqual(
      lines.map(({ username }) => username),
      [NAMES[0], 'zofia'],
    )
  }
  await writeFile(file, WINDOWS_1252)
  await run('user', 'invite-many', file, '--encoding', 'windows-1252')
  const rows = await server.doorward.db.selectFrom('users').select('full_name').orderBy('id').execute()
  assert.deepEqual(
    rows.slice(1).map(({ full_name: name }) => name),
    ['Jörg', NAMES[1]],
  )
  await writeFile(file, Buffer.from([0x61, 0x81]))
  assert.equal((await run(...dry, '--encoding', 'windows-1252')).code, 2)
  assert.equal((await run(...dry, '--encoding', 'nothing')).code, 2)
})

onEitherDatabase('the operator invites everyone again who has not come', async (t, dialect) => {
  const { server, run } = await scene(t, dialect)
  await run('user', 'create', 'ada', '--email', 'ada@example.org', '--mail', ...MAIL)
  await run('user', 'create', 'bob', '--locale', 'de')
  const again = ['user', 'invite', '--again', '--status', 'invited']
  const asked = await run(...again, '--mail', ...MAIL)
  assert.equal(asked.code, 2, asked.stderr)
  assert.match(asked.stderr, /Invite 2 users again\? Their present links stop working\. Add --yes to confirm\./)
  const mailed = await run(...again, '--mail', '--yes', '--json', ...MAIL)
  assert.equal(mailed.code, 7, mailed.stderr)
  const { invited, refused, lines } = jsonIn(mailed.stdout) as unknown as Again
  assert.deepEqual([invited, refused], [1, 1])
  assert.deepEqual(
    lines.map(({ username, invitation, error }) => [username, invitation?.mailed_to, error?.code]),
    [
      ['ada', 'ada@example.org', undefined],
      ['bob', undefined, 'invitation.no_address'],
    ],
  )
  const shown = await run(...again, '--yes', '--plain')
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, /^ada\thttp:[^\t]*\/invitation\/dwl_.*\nbob\thttp:/)
  const links = server.doorward.db.selectFrom('link').select('id').where('purpose', '=', 'invitation')
  assert.equal((await links.execute()).length, 2, 'earlier links still work')
  const nobody = await run(...again.slice(0, 4), 'no-factor', '--json')
  assert.deepEqual([nobody.code, jsonIn(nobody.stdout)], [0, { invited: 0, refused: 0, lines: [] }])
  for (const wrong of [
    ['user', 'invite'],
    ['user', 'invite', 'ada', '--again'],
    [...again, '--qr'],
  ])
    assert.equal((await run(...wrong)).code, 2, wrong.join(' '))
})

onEitherDatabase(
  'who got three invitations within the hour is skipped, and the report says until when',
  async (t, dialect) => {
    const { run } = await scene(t, dialect)
    await run('user', 'create', 'ada', '--email', 'ada@example.org', '--mail', ...MAIL)
    for (let times = 0; times < 2; times++) await run('user', 'invite', 'ada', '--mail', ...MAIL)
    await run('user', 'create', 'bob', '--email', 'bob@example.org', '--mail', ...MAIL)
    const mailed = await run('user', 'invite', '--again', '--mail', '--yes', '--plain', ...MAIL)
    assert.equal(mailed.code, 7, mailed.stderr)
    assert.match(
      mailed.stdout,
      /^ada\tThis was done for the user three times.* \(3\d{3} s\)\nbob\tmailed to bob@example\.org$/m,
    )
    const alone = problemIn(await run('user', 'invite', 'ada', '--mail', '--json', ...MAIL))
    assert.equal(alone['code'], 'help.mail_limit')
  },
)

interface Again {
  readonly invited: number
  readonly refused: number
  readonly lines: readonly {
    readonly username: string
    readonly invitation: { readonly mailed_to: string | null } | null
    readonly error: { readonly code: string } | null
  }[]
}

test('the operator chooses language and groups of a new user', async (t) => {
  const { server, run } = await scene(t, 'sqlite')
  await run('group', 'create', 'Sales')
  const wrong = problemIn(await run('user', 'create', 'ada', '--group', 'Nobody', '--json'))
  assert.equal((wrong['errors'] as { code: string }[])[0]?.code, 'group.unknown')
  const grace = ['user', 'create', 'ada', '--email', 'ada@example.org', '--mail', '--locale', 'de', '--group', 'sales']
  const made = await run(...grace, ...MAIL)
  assert.equal(made.code, 0, made.stderr)
  const { db } = server.doorward
  assert.deepEqual(await db.selectFrom('outbox').select('locale').execute(), [{ locale: 'de' }])
  assert.equal((await db.selectFrom('group_member').select('subject').execute()).length, 1)
})
