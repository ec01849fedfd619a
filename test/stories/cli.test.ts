// The real program, started as an operator would, on both databases.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { sql } from 'kysely'

import {
  beginEnrolmentFor,
  confirmEnrolmentFor,
} from '../../src/use-cases/administration/invitations/in-person-enrolment.service.ts'
import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { openApplication, OPERATOR } from '../../src/entry/boot.ts'
import type { Application } from '../../src/entry/boot.ts'
import { contextFor } from '../../src/foundation/context.ts'
import { Secret } from '../../src/foundation/kernel/secret.ts'
import { loadConfig } from '../../src/foundation/platform/config/config.ts'
import { Authenticator } from '../support/people/authenticator.ts'
import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { newDatabaseUrl, onEachDatabase, openFor } from '../support/databases/each-database.ts'
import { runCommand, startProcess } from '../support/server/processes.ts'
import type { Ended, Place } from '../support/server/processes.ts'
import { CHEAP_HASH } from '../support/server/start.ts'

const SECRET_WORDS = 'seven sturdy walnut boats'

type Run = (...args: string[]) => Promise<Ended>

function runner(t: TestContext, place: Place): Run {
  return (...args) => runCommand(t, args, place)
}

function jsonIn(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}

/** What a failed command with `--json` says: a problem document on stderr and nothing on stdout. */
function problemIn({ stdout, stderr }: Ended): Record<string, unknown> {
  assert.equal(stdout, '')
  return jsonIn(stderr)
}

onEachDatabase('an operator can do everything from the command line', async (t, engine) => {
  const place = { databaseUrl: await newDatabaseUrl(t, engine), dataDir: await temporaryFolder(t) }
  const run = runner(t, place)

  await t.test('no command but serve and db migrate makes a database', async () => {
    const asked = await run('user', 'list', '--json')
    assert.equal(asked.code, 3)
    assert.equal(problemIn(asked)['code'], 'database.missing')
    if (engine === 'sqlite') assert.equal(existsSync(place.databaseUrl.slice('sqlite:'.length)), false)
  })

  await t.test('db migrate makes it, and db status tells', async () => {
    assert.equal((await run('db', 'migrate')).code, 0)
    const status = jsonIn((await run('db', 'status', '--json')).stdout)
    assert.equal(status['engine'], engine)
    assert.equal(status['state'], 'current')
    assert.equal(status['users'], 0)
  })

  await t.test('setup-link puts the bare link on stdout and the words on stderr', async () => {
    const { code, stdout, stderr } = await run('setup-link')
    assert.equal(code, 0)
    assert.match(stdout, /^http:\/\/127\.0\.0\.1:8000\/setup\/dwl_[\w-]{43}\n$/)
    assert.match(stderr, /works once, until/)
    assert.match(stderr, /Note: that address is for http:\/\/127\.0\.0\.1:8000, because public_url is not set/)
    const placed = await run('setup-link', '--public-url', 'https://id.example.org')
    assert.doesNotMatch(placed.stderr, /Note/)
  })

  await t.test('a new user comes with an invitation, in the field names of the API', async () => {
    const { code, stdout, stderr } = await run('user', 'create', 'ada', '--email', 'ada@example.org', '--json')
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
    const file = join(place.dataDir, 'password.txt')
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

  await t.test('what destroys something is confirmed first', async () => {
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

  await t.test('audit verify finds a changed event and says which', async (sub) => {
    assert.equal((await run('audit', 'verify')).code, 7, 'no server has noted the end yet')
    const db = await openFor(sub, place.databaseUrl)
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

test('serve runs beside every other command and stops in order', async (t) => {
  const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, place)
  const server = await startProcess(t, place)
  const port = new URL(server.url).port

  await t.test('the banner names address, data and set-up link', () => {
    assert.match(server.stderr(), /^doorward \d+\.\d+\.\d+ {2}ready in \d+\.\d s\n/)
    assert.match(server.stderr(), /Sign in {4}http:\/\/127\.0\.0\.1:/)
    assert.match(
      server.stderr(),
      /First run: open http:\/\/127\.0\.0\.1:\d+\/setup\/dwl_[\w-]{43} {3}\(30 min; new one: npm run -s doorward -- setup-link --data-dir .*\)/,
    )
  })

  await t.test('and, before the link, that the database named is a new one', () => {
    const file = place.databaseUrl.slice('sqlite:'.length)
    assert.ok(server.stderr().includes(`\n  Made a new, empty database at ${file}.\n`))
    assert.match(server.stderr(), /this is another one: stop, and look at database_url\.\n {2}First run/)
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
    assert.match(text, /npm run -s doorward -- setup-link --data-dir … --database-url … --port …</)
    assert.ok(!text.includes(place.dataDir))
  })

  await t.test('a healthcheck finds it well, also by its flag before the command', async () => {
    assert.equal((await run('--port', port, 'healthcheck')).code, 0)
  })

  await t.test('a second one on the same port says so', async () => {
    const { code, stderr } = await run('serve', '--port', port)
    assert.equal(code, 8)
    assert.match(stderr, /Something else listens on 127\.0\.0\.1, port \d+/)
  })

  await t.test('commands work on the same database meanwhile', async () => {
    assert.equal((await run('user', 'create', 'grace')).code, 0)
  })

  await t.test(
    'SIGTERM ends it with exit code 0, with the audit log closed and without a secret in the log',
    async () => {
      const { code, stdout } = await server.stop()
      assert.equal(code, 0)
      assert.match(stdout, /head of the audit chain/)
      assert.doesNotMatch(stdout, /dwl_/)
      assert.ok(readdirSync(place.dataDir).some((name) => name.startsWith('audit-checkpoints')))
      const { code: unreachable } = await run('healthcheck', '--port', port, '--timeout', '2s')
      assert.equal(unreachable, 8)
    },
  )
})

test('a command line that is not right is exit code 2 with a hint', async (t) => {
  const place = {
    databaseUrl: `sqlite:${join(await temporaryFolder(t), 'none.db')}`,
    dataDir: await temporaryFolder(t),
  }
  const run = runner(t, place)
  const wrong = [
    { args: ['user', 'lsit'], said: /Did you mean list\?\nAll commands: npm run -s doorward -- --help\n/ },
    { args: ['bogus'], said: /Unknown command 'bogus'\nAll commands: npm run -s doorward -- --help\n/ },
    { args: ['bogus', '--help'], said: /Unknown command 'bogus'\n/ },
    { args: ['--help', 'bogus'], said: /Unknown command 'bogus'\n/ },
    { args: ['user', 'lsit', '--help'], said: /Unknown command 'lsit'\. Did you mean list\?\n/ },
    { args: ['help', 'bogus'], said: /Unknown command 'bogus'\n/ },
    { args: ['help', 'user', 'lsit'], said: /Did you mean list\?\n/ },
    { args: ['completion', 'tcsh'], said: /bash, zsh, fish/ },
    { args: ['user', 'create', 'ada', '--emial', 'a@b.example'], said: /Did you mean --email\?/ },
    { args: ['user', 'list', '--limit', '0'], said: /whole number from 1 to 200/ },
    { args: ['user', 'list', '--prot', '1'], said: /Did you mean --port\?/ },
  ]
  for (const { args, said } of wrong) {
    await t.test(args.join(' '), async () => {
      const { code, stdout, stderr } = await run(...args)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, said)
    })
  }

  await t.test('help for what there is ends with 0, and does nothing else', async () => {
    for (const args of [['help'], ['help', 'user'], ['help', 'user', 'delete', 'ada'], ['user', '--help']]) {
      const { code, stdout, stderr } = await run(...args)
      assert.deepEqual([code, stderr], [0, ''], args.join(' '))
      assert.match(stdout, /\nExit codes: npm run -s doorward -- help exit-codes\n$/)
      assert.doesNotMatch(stdout, /interrupted/)
    }
    assert.match((await run('help', 'user', 'create')).stdout, /Usage: npm run -s doorward -- user create/)
    assert.match((await run('help', 'exit-codes')).stdout, /^Exit codes:\n {2}0 {4}done\n[\s\S]*130 {2}interrupted\n$/)
  })

  await t.test('a password has no flag, and is not repeated', async () => {
    const refused = await run('user', 'create', 'ada', '--password', SECRET_WORDS, '--json')
    assert.equal(refused.code, 2)
    assert.equal(problemIn(refused)['code'], 'cli.usage')
    assert.doesNotMatch(refused.stderr, /walnut/)
    const joined = await run('user', 'set-password', 'ada', `--password=${SECRET_WORDS}`)
    assert.equal(joined.code, 2)
    assert.doesNotMatch(joined.stderr, /walnut/)
  })

  await t.test('so is a database that is none, and it is left alone', async () => {
    const letter = join(place.dataDir, 'letter.db')
    await writeFile(letter, 'Dear Ada, this is no database.\n')
    for (const command of [['serve'], ['user', 'list'], ['db', 'status']]) {
      const refused = await runCommand(t, [...command, '--json'], { ...place, databaseUrl: `sqlite:${letter}` })
      assert.equal(refused.code, 2)
      assert.equal(problemIn(refused)['code'], 'database.unusable')
      assert.equal(problemIn(refused)['detail'], `The database ${letter} cannot be opened: file is not a database.`)
    }
    assert.equal(await readFile(letter, 'utf8'), 'Dear Ada, this is no database.\n')
  })

  await t.test('a PostgreSQL that does not answer is named without its password, and may answer later', async () => {
    const silent = { ...place, databaseUrl: `postgres://ada:hush@127.0.0.1:${await freePort()}/doorward` }
    for (const command of [['serve'], ['user', 'list']]) {
      const { code, stderr } = await runCommand(t, command, silent)
      assert.equal(code, 8)
      assert.match(stderr, /^Error: PostgreSQL at 127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\. Is it running/)
      assert.doesNotMatch(stderr, /hush/)
    }
  })

  await t.test('every fault of the configuration is told at once', async () => {
    const refused = await run('user', 'list', '--json', '--port', 'many', '--session-idle', 'long')
    assert.equal(refused.code, 2)
    const pointers = (problemIn(refused)['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
    assert.deepEqual(pointers, ['/port', '/session_idle'])
  })
})

test('config show --origin tells where each value comes from, and shows no secret', async (t) => {
  const place = {
    databaseUrl: 'postgres://ada:hush@db.invalid/doorward',
    dataDir: await temporaryFolder(t),
    settings: { session_idle: '2h' },
  }
  await writeFile(join(place.dataDir, 'doorward.toml'), 'instance_name = "Example Club"\n')
  const { code, stdout } = await runner(t, place)('config', 'show', '--origin', '--json', '--port', '8443')
  assert.equal(code, 0)
  assert.doesNotMatch(stdout, /hush/)
  const items = jsonIn(stdout)['items'] as { key: string; value: string; source: string; detail: string }[]
  const shown = new Map(items.map(({ key, value, source }) => [key, [value, source]]))
  assert.deepEqual(shown.get('port'), ['8443', 'flag'])
  assert.deepEqual(shown.get('session_idle'), ['2h', 'environment'])
  assert.deepEqual(shown.get('instance_name'), ['Example Club', 'file'])
  assert.deepEqual(shown.get('docs'), ['true', 'default'])
})

test('a password can come from standard input', async (t) => {
  const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, place)
  assert.equal((await run('db', 'migrate')).code, 0)
  const code = await runWithInput(['user', 'create', 'ada', '--password-stdin'], place, `${SECRET_WORDS}\n`)
  assert.equal(code, 0)
  assert.match((await run('user', 'list', '--status', 'no-factor', '--plain')).stdout, /^ada\t/)
})

async function runWithInput(args: string[], { dataDir, databaseUrl }: Place, input: string): Promise<number | null> {
  const program = join(import.meta.dirname, '..', '..', 'dist', 'doorward.js')
  const child = spawn(process.execPath, [program, ...args, '--data-dir', dataDir, '--database-url', databaseUrl], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] },
  })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return code
}

test('a lost keyring can be given up: who depended on it enrols anew', async (t) => {
  const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, place)
  await withAdmin(place)
  const keyring = join(place.dataDir, 'keyring.json')

  await t.test('while the keyring is here nothing can be forgotten', async () => {
    const [key] = jsonIn((await run('key', 'list', '--json')).stdout)['items'] as { id: string }[]
    assert.equal((await run('key', 'forget', key?.id ?? '', '--yes')).code, 4)
    assert.equal((await run('key', 'forget', 'seal-none', '--yes')).code, 3)
  })

  await t.test('the only admin there is cannot be deleted', async () => {
    const kept = await run('user', 'delete', 'ada', '--yes', '--json')
    assert.equal(kept.code, 4)
    assert.equal(problemIn(kept)['code'], 'user.last_admin')
  })

  await t.test('without the keyring every command but those about keys refuses', async () => {
    renameSync(keyring, `${keyring}.away`)
    const refused = await run('user', 'list', '--json')
    assert.equal(refused.code, 2)
    assert.equal(problemIn(refused)['code'], 'keyring.unusable')
    assert.equal(existsSync(keyring), false)
    const keys = jsonIn((await run('key', 'list', '--json')).stdout)['items'] as { here: boolean }[]
    assert.ok(keys.length === 5 && keys.every(({ here }) => !here))
  })

  await t.test('key forget asks, then drops what the keys sealed', async () => {
    rmSync(`${keyring}.away`)
    const asked = await run('key', 'forget')
    assert.equal(asked.code, 2)
    assert.match(asked.stderr, /1 user would lose their authenticator app, no users their password\. Add --yes/)
    const forgotten = await run('key', 'forget', '--yes', '--json')
    assert.equal(forgotten.code, 0)
    assert.equal(jsonIn(forgotten.stdout)['users'], 1)
    assert.match((await run('user', 'list', '--status', 'no-factor', '--plain')).stdout, /^ada\t/)
    const events = jsonIn((await run('audit', 'list', '--action', 'key.forgotten', '--json')).stdout)[
      'items'
    ] as unknown[]
    assert.equal(events.length, 1)
  })

  await t.test('without an active admin there is a set-up link again', async () => {
    assert.equal((await run('setup-link')).code, 0)
  })
})

const PLAIN_HTTP: readonly [claim: string, settings: Record<string, string>, said: RegExp, unsaid: RegExp][] = [
  ['on this machine only', {}, /Note: http is fine on localhost/, /Warning/],
  [
    'through a proxy',
    { public_url: 'http://id.example.org' },
    /Warning: people reach http:\/\/id\.example\.org/,
    /is fine/,
  ],
  [
    'from everywhere',
    { host: '0.0.0.0', insecure_http: 'true' },
    /Warning: .* without Secure and __Host-\./,
    /is fine/,
  ],
  ['through one with https', { public_url: 'https://id.example.org' }, /Sign in {4}https:/, /Warning|is fine/],
]

for (const [claim, settings, said, unsaid] of PLAIN_HTTP) {
  test(`reached ${claim}, serve says what plain http means there`, async (t) => {
    const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t), settings }
    const { stderr } = await (await startProcess(t, place)).stop()
    assert.match(stderr, said)
    assert.doesNotMatch(stderr, unsaid)
  })
}

test('where there is an admin, serve makes no set-up link', async (t) => {
  const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  await withAdmin(place)
  const { code, stdout, stderr } = await (await startProcess(t, place)).stop()
  assert.equal(code, 0)
  assert.match(stderr, /ready in/)
  assert.doesNotMatch(stdout + stderr, /First run|\/setup|dwl_/)
  const issued = await runCommand(t, ['audit', 'list', '--action', 'setup.link_issued', '--json'], place)
  assert.deepEqual(jsonIn(issued.stdout)['items'], [])
})

test('the only admin, locked out, gets back in with one command', async (t) => {
  const place = { databaseUrl: await newDatabaseUrl(t, 'sqlite'), dataDir: await temporaryFolder(t) }
  const run = runner(t, place)
  await withAdmin(place)
  const finished = await run('setup-link', '--json')
  assert.equal(finished.code, 4)
  assert.equal(problemIn(finished)['code'], 'setup.finished')
  const { code, stdout } = await run(
    'user',
    'reset-second-factor',
    'ada',
    '--password',
    '--link',
    '--yes',
    '--reason',
    'lost phone',
  )
  assert.equal(code, 0)
  assert.match(stdout, /^http:\/\/127\.0\.0\.1:8000\/invitation\/dwl_[\w-]{43}\n$/)
  const [event] = jsonIn((await run('audit', 'list', '--action', 'totp.reset', '--json')).stdout)['items'] as Record<
    string,
    Record<string, unknown>
  >[]
  assert.equal(event?.['details']?.['reason'], 'lost phone')
})

/** An admin who set up their second step beside the operator. */
async function withAdmin({ databaseUrl, dataDir }: Place): Promise<void> {
  const { config } = loadConfig({
    flags: { ...CHEAP_HASH, databaseUrl, dataDir, logLevel: 'silent' },
    env: {},
    cwd: dataDir,
  })
  const doorward: Application = await openApplication(config, { createDatabase: true })
  const ctx = contextFor(doorward, OPERATOR)
  const { user } = await createUser(ctx, {
    username: 'ada',
    role: 'admin',
    password: Secret.of(SECRET_WORDS),
    invite: false,
  })
  const { id, secret } = await beginEnrolmentFor(ctx, user)
  const app = new Authenticator(secret.reveal())
  assert.equal(await confirmEnrolmentFor(ctx, { user, id, code: app.code(ctx.now, 7) }), 'wrong')
  assert.equal(await confirmEnrolmentFor(ctx, { user, id, code: app.code(ctx.now) }), 'confirmed')
  await doorward.close()
}
