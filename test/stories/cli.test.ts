// Everything that an operator does by commands, on both databases: the first commands by the built program, on PostgreSQL all of them.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { newDatabaseUrl, onEitherDatabase, openFor } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { jsonIn, problemIn, programRunner, runner, SECRET_WORDS } from '../support/server/command-line.ts'
import { startProcess } from '../support/server/processes.ts'

onEitherDatabase('an operator can do everything from the command line', async (t, engine) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, engine), dataDir: await temporaryFolder(t) }
  const program = programRunner(t, installation)
  const run = runner(t, installation)

  await t.test('no command but serve and db migrate makes a database', async () => {
    const asked = await program('user', 'list', '--json')
    assert.equal(asked.code, 3)
    assert.equal(problemIn(asked)['code'], 'database.missing')
    if (engine === 'sqlite') assert.equal(existsSync(installation.databaseUrl.slice('sqlite:'.length)), false)
  })

  await t.test('db migrate makes it, and db status reports it', async () => {
    assert.equal((await program('db', 'migrate')).code, 0)
    const status = jsonIn((await run('db', 'status', '--json')).stdout)
    assert.equal(status['engine'], engine)
    assert.equal(status['state'], 'current')
    assert.equal(status['users'], 0)
  })

  await t.test('setup-link puts the bare link on stdout and the words on stderr', async () => {
    const { code, stdout, stderr } = await program('setup-link')
    assert.equal(code, 0)
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:8000\/setup\/dwl_[\w-]{43}\n$/)
    assert.match(stderr, /Setup link: works once, expires /)
    assert.match(stderr, /Note: the link is for http:\/\/127\.0\.0\.1:8000, because public_url is not set/)
    const located = await run('setup-link', '--public-url', 'https://id.example.org')
    assert.doesNotMatch(located.stderr, /Note/)
  })

  await t.test('a new user comes with an invitation, in the field names of the API', async () => {
    const { code, stdout, stderr } = await program('user', 'create', 'ada', '--email', 'ada@example.org', '--json')
    assert.deepEqual([code, stderr], [0, ''])
    const { user, invitation } = jsonIn(stdout) as Record<string, Record<string, unknown>>
    assert.equal(user?.['username'], 'ada')
    assert.equal(user?.['status'], 'invited')
    assert.match(String(invitation?.['url']), /\/invitation\/dwl_/)
  })

  await t.test('a taken name is a conflict, unless --if-not-exists', async () => {
    const again = await run('user', 'create', 'ADA', '--json')
    assert.equal(again.code, 4)
    assert.equal(problemIn(again)['code'], 'user.username_taken')
    assert.equal((await run('user', 'create', 'ADA', '--if-not-exists')).code, 0)
  })

  await t.test('a mistyped name is answered with the nearest one', async () => {
    const { code, stdout, stderr } = await run('user', 'show', 'adda')
    assert.deepEqual([code, stdout], [3, ''])
    assert.equal(stderr, 'Error: No user "adda". Did you mean "ada"?\n')
  })

  await t.test('a password comes from a file, and a weak one is refused', async () => {
    const file = join(installation.dataDir, 'password.txt')
    await writeFile(file, 'short\n')
    const weak = await run('user', 'set-password', 'ada', '--password-file', file)
    assert.equal(weak.code, 6)
    assert.match(weak.stderr, /password: Use at least 8 characters/)
    await writeFile(file, `${SECRET_WORDS}\n`)
    assert.equal((await run('user', 'set-password', 'ada@example.org', '--password-file', file)).code, 0)
  })

  await t.test('a disabled user is listed as such until enabled', async () => {
    assert.equal((await run('user', 'disable', 'ada')).code, 0)
    assert.match(
      (await run('user', 'list', '--status', 'disabled', '--plain')).stdout,
      /^ada\tada@example\.org\tuser\tdisabled\t/,
    )
    assert.equal((await run('user', 'enable', 'ada')).code, 0)
    assert.equal((await run('user', 'list', '--status', 'disabled', '--plain')).stdout, '')
  })

  await t.test('a destructive command is confirmed first', async () => {
    const unconfirmed = await run('user', 'delete', 'ada')
    assert.equal(unconfirmed.code, 2)
    assert.match(unconfirmed.stderr, /Add --yes to confirm/)
    assert.equal((await run('user', 'show', 'ada')).code, 0)
    assert.equal((await run('user', 'delete', 'ada', '--yes')).code, 0)
    assert.equal((await run('user', 'show', 'ada')).code, 3)
  })

  await t.test('an export is itself an event', async () => {
    const exported = await run('audit', 'export', '--format', 'csv')
    assert.match(exported.stdout, /^id,at,action,.*\r\n/)
    assert.match(exported.stdout, /,user\.deleted,/)
    const listed = await run('audit', 'list', '--action', 'audit.exported', '--json')
    assert.equal((jsonIn(listed.stdout)['items'] as unknown[]).length, 1)
  })

  await t.test('audit verify finds and names a changed event', async (sub) => {
    assert.equal((await run('audit', 'verify')).code, 7, 'no server has noted the end yet')
    const db = await openFor(sub, installation.databaseUrl)
    await sql`update audit_event set action = 'user.changed' where action = 'user.deleted'`.execute(db)
    const found = await run('audit', 'verify', '--json')
    assert.equal(found.code, 1)
    const { ok, problems } = jsonIn(found.stdout) as { ok: boolean; problems: { kind: string; position: number }[] }
    assert.equal(ok, false)
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['edited'],
    )
    assert.ok((problems[0]?.position ?? 0) > 0)
  })
})

leaveToTestAll()

test('serve runs beside every other command and stops in order', async (t) => {
  const installation = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = programRunner(t, installation)
  const server = await startProcess(t, installation)
  const port = new URL(server.url).port

  await t.test('the banner names address, data and set-up link', () => {
    assert.match(server.stderr(), /^doorward \d+\.\d+\.\d+ {2}ready in \d+\.\d s\n/)
    assert.match(server.stderr(), /Sign in {4}http:\/\/127\.0\.0\.1:/)
    assert.match(
      server.stderr(),
      /First run: open this link \(30 min; new one: npm run -s doorward -- setup-link --data-dir .*\)\n {4}http:\/\/127\.0\.0\.1:\d+\/setup\/dwl_[\w-]{43}\n/,
    )
  })

  await t.test('and, before the link, that the database named is a new one', () => {
    const file = installation.databaseUrl.slice('sqlite:'.length)
    assert.ok(server.stderr().includes(`\n  Created a new, empty database at ${file}.\n`))
    assert.match(server.stderr(), /Stop and check database_url\.\n[^]*\n {2}First run: [^\n]*\n {4}http\S+\n$/)
  })

  await t.test('the command it names for another link leads to this very server', async () => {
    const [, flags = ''] = /new one: npm run -s doorward -- (setup-link .*)\)/.exec(server.stderr()) ?? []
    const words = flags.split(' ')
    assert.deepEqual(words.filter((word) => word.startsWith('--')).toSorted(), [
      '--data-dir',
      '--database-url',
      '--port',
    ])
    assert.ok((await run(...words)).stdout.startsWith(`${server.url}/setup/dwl_`))
  })

  await t.test('the page without a link names it too, and discloses no file path', async () => {
    const { text } = await server.ask('GET', '/setup')
    const words = text.replaceAll(/<\/?span[^>]*>/g, '')
    assert.match(words, /npm run -s doorward -- setup-link --data-dir … --database-url … --port …</)
    assert.ok(!text.includes(installation.dataDir))
  })

  await t.test('a healthcheck finds it well, also by its flag before the command', async () => {
    assert.equal((await run('--port', port, 'healthcheck')).code, 0)
  })

  await t.test('a second one on the same port says so', async () => {
    const { code, stderr } = await run('serve', '--port', port)
    assert.equal(code, 8)
    assert.match(stderr, /Port \d+ on 127\.0\.0\.1 is in use/)
  })

  await t.test('commands work on the same database meanwhile', async () => {
    assert.equal((await run('user', 'create', 'grace')).code, 0)
  })

  await t.test(
    'SIGTERM ends it with exit code 0, with the audit log closed and without a secret in the log',
    async () => {
      const { code, stdout } = await server.stop()
      assert.equal(code, 0)
      assert.match(stdout, /audit checkpoint written/)
      assert.doesNotMatch(stdout, /dwl_/)
      assert.ok(readdirSync(installation.dataDir).some((name) => name.startsWith('audit-checkpoints')))
      const { code: unreachable } = await run('healthcheck', '--port', port, '--timeout', '2s')
      assert.equal(unreachable, 8)
    },
  )
})
