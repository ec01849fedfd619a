// Invitations and the end of an account on the command line.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { TestClock } from '../support/server/clock.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { jsonIn, outputIn, problemIn, runner } from '../support/server/command-line.ts'
import type { Run } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

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
  assert.match(done.stdout, /2 +ada +created +http:\/\/[^/]+\/invitation\/dwl_/)
  assert.match(done.stdout, /3 +a@b +refused +username: Don’t use @/)
  assert.match(done.stderr, /Created: 1 user\. Refused: 1 line\./)
  const twice = await run('user', 'invite-many', file)
  assert.equal(twice.code, 6)
  assert.equal((await run('user', 'invite-many', `${file}.missing`)).code, 2)
})
