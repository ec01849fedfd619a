// Users of a running server, and what the operator sees and changes of them on the command line.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'

import { hours } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { ask, newcomer, type Person, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command, failureIn, outputIn, type Run, runner } from '../support/server/command-line.ts'
import { start } from '../support/server/start.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'
const ROOT = join(import.meta.dirname, '..', '..')

interface Scene {
  readonly ada: Person
  readonly run: Run
}

/** A server whose clock shows the real time, as that of the commands does. */
async function scene(t: TestContext, dialect: Dialect): Promise<Scene> {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const ada = await (await newcomer(root, 'ada', { email: 'ada@example.org' })).signsIn()
  return { ada, run: runner(t, server) }
}

async function opens({ server }: Person, token: string | undefined): Promise<boolean> {
  const { status } = await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })
  return status === 200
}

leaveToTestAll()

onEitherDatabase('the operator lists the sessions of a user, and ends one or all', async (t, dialect) => {
  const { ada, run } = await scene(t, dialect)
  const first = ada.token
  await ada.signsIn()
  const { items } = outputIn(await run('session', 'list', 'ada', '--json')) as { items: Record<string, unknown>[] }
  const seen = (await ada.asks('GET', '/users/me/sessions')).body['items'] as Record<string, unknown>[]
  assert.deepEqual(
    items,
    seen.map(({ current: _, ...session }) => session),
    'the names and values are not those of the API',
  )
  assert.equal(outputIn(await run('user', 'show', 'ada', '--json'))['sessions'], 3)

  const plain = await run('session', 'list', 'ada', '--plain')
  assert.ok(plain.stdout.includes(`\t${String(items[0]?.['started_at'])}`), plain.stdout)
  assert.match(
    (await run('user', 'show', 'ada', '--plain')).stdout,
    /^password\tset \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/m,
  )

  await signedInBrowser(ada, { agent: FIREFOX })
  const devices = (await run('session', 'list', 'ada', '--plain')).stdout.trimEnd().split('\n')
  assert.deepEqual(
    devices.slice(0, 2).map((line) => line.split('\t').slice(-2)),
    [
      ['Firefox on Linux', 'no'],
      ['A program (lightMyRequest)', 'no'],
    ],
  )

  const current = seen.find((session) => session['current'])
  assert.deepEqual(outputIn(await run('session', 'revoke', String(current?.['id']), '--json')), { ended: 1 })
  assert.deepEqual([await opens(ada, ada.token), await opens(ada, first)], [false, true])
  const again = await run('session', 'revoke', String(current?.['id']), '--json')
  assert.deepEqual(failureIn(again), [3, 'session.not_found'])

  assert.deepEqual(outputIn(await run('user', 'sign-out', 'ada', '--json')), { ended: 3 })
  assert.equal(await opens(ada, first), false)
})

onEitherDatabase('the operator mails a link to a new password only where mail is on', async (t, dialect) => {
  const { run } = await scene(t, dialect)
  assert.deepEqual(failureIn(await run('user', 'mail-password-link', 'ada', '--json')), [4, 'help.mail_off'])
})

onEitherDatabase('the operator makes, lists and revokes API tokens of a user', async (t, dialect) => {
  const { ada, run } = await scene(t, dialect)
  const flags = ['--name', 'backup', '--scope', 'self:read', '--scope', 'self:write', '--expires', '30d']
  const { token, ...made } = outputIn(await run('token', 'create', 'ada', ...flags, '--json'))
  assert.deepEqual([made['name'], made['scopes']], ['backup', ['self:read', 'self:write']])
  assert.equal(await opens(ada, String(token)), true)
  const plain = await run('token', 'create', 'ada', '--name', 'other', '--scope', 'self:read')
  assert.equal(plain.code, 0, plain.stderr)
  assert.equal(await opens(ada, plain.stdout.trim()), true, 'more than the token stands on standard output')
  const { items } = outputIn(await run('token', 'list', 'ada', '--json')) as { items: Record<string, unknown>[] }
  assert.deepEqual(items, (await ada.asks('GET', '/users/me/tokens')).body['items'])
  assert.deepEqual(outputIn(await run('token', 'revoke', 'ada', String(made['id']), '--json')), { revoked: 1 })
  assert.equal(await opens(ada, String(token)), false)
  for (const [args, refusal] of [
    [
      ['revoke', 'ada', String(made['id'])],
      [3, 'api_token.not_found'],
    ],
    [
      ['list', 'nobody'],
      [3, 'user.not_found'],
    ],
    [
      ['create', 'ada', '--name', 'x', '--scope', 'users:read'],
      [6, 'request.validation_failed'],
    ],
    [
      ['create', 'ada', '--name', 'x', '--scope', 'self:read', '--expires', '2m'],
      [6, 'request.validation_failed'],
    ],
    [
      ['create', 'ada', '--name', 'x', '--scope', 'everything'],
      [2, 'cli.usage'],
    ],
    [
      ['create', 'ada', '--name', 'x', '--scope', 'users:reset-factors'],
      [2, 'cli.usage'],
    ],
    [
      ['create', 'ada', '--scope', 'self:read'],
      [2, 'cli.usage'],
    ],
    [
      ['create', 'ada', '--name', 'x'],
      [2, 'cli.usage'],
    ],
  ] as const) {
    assert.deepEqual(failureIn(await run('token', ...args, '--json')), refusal, args.join(' '))
  }
})

onEitherDatabase('the operator changes a record as an admin does, and the same is refused', async (t, dialect) => {
  const { ada, run } = await scene(t, dialect)
  const changed = outputIn(await run('user', 'update', 'ada', '--username', 'countess', '--full-name', 'Ada', '--json'))
  assert.deepEqual(changed, (await ada.asks('GET', '/users/me')).body)
  assert.equal(changed['username'], 'countess')
  assert.equal(outputIn(await run('user', 'update', 'countess', '--full-name', '', '--json'))['full_name'], null)
  const refused: [args: string[], refusal: [number, string]][] = [
    [
      ['update', 'countess', '--email', 'nowhere'],
      [6, 'request.validation_failed'],
    ],
    [
      ['update', 'countess', '--username', 'ROOT'],
      [4, 'user.username_taken'],
    ],
    [
      ['update', 'countess'],
      [2, 'cli.usage'],
    ],
    [
      ['update', 'root', '--role', 'user'],
      [4, 'user.last_admin'],
    ],
    [
      ['disable', 'root'],
      [4, 'user.last_admin'],
    ],
    [
      ['invite', 'countess'],
      [4, 'user.already_enrolled'],
    ],
    [
      ['show', 'ada'],
      [3, 'user.not_found'],
    ],
  ]
  for (const [args, refusal] of refused)
    assert.deepEqual(failureIn(await run('user', ...args, '--json')), refusal, args.join(' '))
})

onEitherDatabase('an invitation made by the operator leads in, for as long as was asked', async (t, dialect) => {
  const { ada, run } = await scene(t, dialect)
  const created = await run('user', 'create', 'grace', '--qr')
  assert.match(created.stdout, /^http:\/\/127\.0\.0\.1:8000\/invitation\/dwl_[\w-]{43}\n$/)
  assert.match(created.stderr, /[▀▄█]{8}/)
  const { invitation } = outputIn(await run('user', 'invite', 'grace', '--expires', '24h', '--json'))
  const { url, expires_at: expiresAt } = invitation as { url: string; expires_at: string }
  const left = Date.parse(expiresAt) - Date.now()
  assert.ok(left > hours(23) && left <= hours(24), `${left} ms`)
  const { server } = ada
  const old = new URL(created.stdout.trim()).pathname
  assert.equal((await ask(server, 'GET', old)).status, 404, 'the older link still leads in')
  assert.equal((await ask(server, 'GET', new URL(url).pathname)).status, 200)
})

onEitherDatabase(
  'a reset says how its user signs in again, and for a user who has not joined how to invite them',
  async (t, dialect) => {
    const { run } = await scene(t, dialect)
    const shown = await run('user', 'show', 'ada')
    assert.match(shown.stdout, /apps +Authenticator app \(.*\)\npasskeys +none\nrecovery codes +10 left\n/)
    const enrolled = await run('user', 'reset-second-factor', 'ada', '--reason', 'lost phone', '--yes')
    assert.match(enrolled.stderr, /Removed 1 authenticator app, no passkeys and 10 recovery codes\n/)
    assert.equal(enrolled.code, 0)
    assert.match(enrolled.stdout, /^http:\/\/127\.0\.0\.1:8000\/enrolment-link\/dwl_[\w-]{43}\n$/)
    const silent = await run('user', 'reset-second-factor', 'ada', '--yes')
    assert.match(silent.stderr, /--reason/)
    assert.notEqual(silent.code, 0)
    await run('user', 'create', 'grace')
    const invited = await run('user', 'reset-second-factor', 'grace', '--reason', 'lost phone', '--yes')
    assert.deepEqual([invited.code, invited.stdout], [4, ''])
    assert.match(
      invited.stderr,
      /grace has not accepted the invitation.* Send another: npm run -s doorward -- user invite \d+ --data-dir /s,
    )
  },
)

onEitherDatabase('a list of users comes in pages, or whole with a line for each', async (t, dialect) => {
  const { run } = await scene(t, dialect)
  await run('user', 'create', 'grace')
  const names: unknown[] = []
  let cursor: string | null | undefined
  do {
    const further = typeof cursor === 'string' ? ['--cursor', cursor] : []
    const page = outputIn(await run('user', 'list', '--limit', '2', '--json', ...further))
    names.push(...(page['items'] as { username: string }[]).map(({ username }) => username))
    cursor = page['next_cursor'] as string | null
  } while (cursor !== null && names.length < 9)
  assert.deepEqual(names, ['ada', 'grace', 'root'])
  const { stdout } = await run('user', 'list', '--all', '--json', '--sort', '-username')
  const lines = stdout.trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { username: string }).username),
    ['root', 'grace', 'ada'],
  )
  const people = await run('user', 'list')
  assert.match(
    people.stdout,
    /^USERNAME {2}EMAIL {12}ROLE {3}STATUS {3}SECOND STEP {2}LAST SIGN-IN\nada {7}ada@example\.org /,
  )
  assert.equal(people.stderr, '3 users\n')
  assert.equal((await run('user', 'list', '--second-step', 'passkey')).stderr, 'No users.\n')
})

onEitherDatabase(
  'a page of users ends with the commands for the next page and for all, as they are typed',
  async (t, dialect) => {
    const { ada, run } = await scene(t, dialect)
    for (const username of ['bob', 'eve', 'kim'])
      await createUser(ada.server.operator(), { username, fullName: "of Ada's friends" })
    const page = await run(
      'user',
      'list',
      '--search',
      "ada's friends",
      '--limit',
      '2',
      '--sort',
      '-username',
      '--plain',
    )
    const [next, all] = ['Next page', 'All pages'].map(
      (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(page.stderr)?.[1],
    )
    assert.ok(next !== undefined && all !== undefined, page.stderr)
    assert.match(page.stderr, /^1–2 of 3\n/)
    const namesBy = async (command: string): Promise<string[]> => {
      const env = { PATH: process.env.PATH, HOME: ada.server.dataDir }
      const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --plain --quiet`], { cwd: ROOT, env })
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '')
    }
    assert.deepEqual(await namesBy(next), ['bob'])
    const cursor = /--cursor (\S+)/.exec(next)?.[1] ?? ''
    const last = await run('user', 'list', '--search', "ada's friends", '--sort', '-username', '--cursor', cursor)
    assert.equal(last.stderr, '3 of 3\n')
    const { ordinal, ...earlier } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Record<string, unknown>
    assert.equal(ordinal, 2)
    const without = Buffer.from(JSON.stringify(earlier)).toString('base64url')
    const same = await run('user', 'list', '--search', "ada's friends", '--sort', '-username', '--cursor', without)
    assert.deepEqual([same.stdout, same.stderr], [last.stdout, '1 user\n'])
    assert.deepEqual(await namesBy(all), ['kim', 'eve', 'bob'])
  },
)

test('the document that is printed is the one that is served, and the version is that of the package', async (t) => {
  const server = await start(t)
  const printed = outputIn(await command(t, ['openapi'], server))
  const served = (await server.app.inject('/openapi.json')).json<Record<string, unknown>>()
  const { paths, info } = printed
  assert.deepEqual(Object.keys(paths as object), Object.keys(served['paths'] as object))
  assert.deepEqual(
    printed['components'] && Object.keys(printed['components']),
    Object.keys(served['components'] as object),
  )
  const { version, node, schema } = outputIn(await command(t, ['version', '--json'], server))
  assert.deepEqual([version, node], [(info as { version: string }).version, process.versions.node])
  assert.equal(typeof schema, 'number')
})

onEitherDatabase('the operator resets the lockout of a user', async (t, dialect) => {
  const { ada, run } = await scene(t, dialect)
  const { server, username } = ada
  const guess = (password: string) => ask(server, 'POST', '/attempts', { payload: { username, password } })
  for (let tries = 0; tries < 5; tries++) await guess('wrong')
  assert.equal((await guess(ada.password)).status, 429)
  assert.deepEqual(outputIn(await run('user', 'unlock', 'ada', '--json')), { opened: 1 })
  assert.equal((await guess(ada.password)).status, 200)
  const unknown = await run('user', 'unlock', 'nobody', '--json')
  assert.deepEqual(failureIn(unknown), [3, 'user.not_found'])
})
