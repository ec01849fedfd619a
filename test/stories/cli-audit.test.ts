// The audit log on the command line: listed, exported, and verified against checkpoints that are kept elsewhere.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { newChainWriter } from '#domain/audit/chain-writer.service.ts'
import { checkpointPaths } from '#domain/audit/checkpoint.service.ts'
import { minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { newDatabaseUrl, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { newcomer, type Person, postToken, startWithAdmin } from '../support/people/people.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command, outputIn, type Run, runner } from '../support/server/command-line.ts'
import { type Ended, startProcess } from '../support/server/processes.ts'

type Event = Record<string, unknown>

interface Scene {
  readonly root: Person
  readonly run: Run
}

/** A server with some events. */
async function scene(t: TestContext, dialect: Dialect): Promise<Scene> {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now() - minutes(10)) })
  await newcomer(root, 'ada')
  await postToken(server, { username: 'ada', password: 'not hers000000' })
  return { root, run: (...args) => command(t, ['audit', ...args], server) }
}

function eventsIn(ended: Ended): Event[] {
  return outputIn(ended)['items'] as Event[]
}

/** The events as the API shows them, without the fields of the chain. */
async function eventsSeen(root: Person, query: string): Promise<Event[]> {
  return itemsOf(await root.asks('GET', `/audit-events?limit=200${query}`)).map(unchained)
}

function unchained({ position: _, ...event }: Event): Event {
  return event
}

leaveToTestAll()

onEitherDatabase('a page of events ends with the commands for the next one and for all', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  const page = await run('list', '--limit', '2', '--target', 'ada', '--since', '1d', '--json')
  const cursor = String(outputIn(page)['next_cursor'])
  const shown = await run('list', '--limit', '2', '--target', 'ada', '--since', '1d')
  const again = 'audit list --since 1d --target ada --limit 2'
  assert.ok(shown.stderr.startsWith('2 events\nNext page: '), shown.stderr)
  for (const flags of [`--cursor ${cursor}`, '--all'])
    assert.ok(shown.stderr.includes(`${again} ${flags}`), shown.stderr)
  const { stdout } = await run('list', '--all', '--target', 'ada', '--json')
  const ids = stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as Event)['id'])
  assert.deepEqual(
    ids,
    (await eventsSeen(root, '&target=ada')).map(({ id }) => id),
  )
})

onEitherDatabase('the log read on the command line is that of the API, with the same filters', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  const filters: [args: string[], query: string][] = [
    [[], ''],
    [['--actor', 'root'], '&actor=root'],
    [['--target', 'ada', '--action', 'sign_in.refused'], '&target=ada&action=sign_in.refused'],
    [['--since', '1h'], ''],
    [['--address', '127.0.0.0/24'], '&address=127.0.0.1'],
  ]
  for (const [args, query] of filters) {
    const events = eventsIn(await run('list', '--limit', '200', ...args, '--json')).map(unchained)
    assert.ok(events.length > 0)
    assert.deepEqual(events, await eventsSeen(root, query), args.join(' '))
  }
  assert.deepEqual(eventsIn(await run('list', '--since', '1m', '--json')), [])
  const lines = (await run('list', '--plain', '--action', 'sign_in.refused')).stdout.split('\t')
  assert.deepEqual([lines[1], lines[2], lines.at(-1)], ['Sign-in failed', 'ada', 'wrong_password\n'])
  const unreadable = await run('list', '--address', '127.0.0')
  assert.deepEqual([unreadable.code, unreadable.stdout], [2, ''])
  assert.match(unreadable.stderr, /Use an IP address like/)
  const unknown = await run('list', '--actor', 'nobody', '--json')
  assert.deepEqual([unknown.code, unknown.stderr], [0, ''])
})

onEitherDatabase(
  'an export holds every event, in a file for its owner that is not written over unasked',
  async (t, dialect) => {
    const { root, run } = await scene(t, dialect)
    const file = join(await temporaryFolder(t), 'audit.jsonl')
    const before = await eventsSeen(root, '')
    const done = await run('export', '--output', file)
    assert.deepEqual([done.code, done.stdout], [0, ''])
    assert.match(done.stderr, new RegExp(`Exported ${before.length + 1} events to `))
    const events = linesOf(file)
    assert.equal(events[0]?.['action'], 'audit.exported')
    assert.deepEqual(events.slice(1).map(unchained), before)
    assert.equal(statSync(file).mode & 0o777, 0o600)

    const unasked = await run('export', '--output', file)
    assert.equal(unasked.code, 2)
    assert.match(unasked.stderr, /exists\. Overwrite it\? Add --yes to confirm/)
    assert.equal(linesOf(file).length, events.length)
    assert.equal((await run('export', '--output', file, '--until', '1m', '--yes')).code, 0)
    assert.deepEqual(linesOf(file).map(unchained), before)
  },
)

function linesOf(file: string): Event[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Event)
}

onEitherDatabase(
  'a truncated log is found with the checkpoints in the data folder, or with a copy kept elsewhere',
  async (t, dialect) => {
    const { root, run } = await scene(t, dialect)
    const { doorward } = root.server
    await newChainWriter(doorward).write(true)
    const { path } = await checkpointPaths(doorward.config)
    const copy = join(await temporaryFolder(t), 'copy')
    assert.ok(existsSync(path))
    copyFileSync(path, copy)
    assert.equal((await run('verify')).code, 0)
    await sql`delete from audit_event where position = (select max(position) from audit_event)`.execute(doorward.db)
    for (const args of [[], ['--checkpoint', copy], ['--head', copy]]) {
      const { code, stdout } = await run('verify', '--json', ...args)
      assert.equal(code, 1)
      const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: { kind: string }[] }
      assert.deepEqual([ok, problems.map(({ kind }) => kind)], [false, ['cut-off']])
    }
    const words = await run('verify', '--checkpoint', copy)
    assert.match(words.stdout, /^\d+\tcut-off\t/)
    assert.match(words.stderr, /found 1 problem/)
    assert.match(words.stderr, /Restored a backup\? Restore the matching audit-checkpoints as well/)
    assert.ok(words.stdout.includes(copy) && words.stderr.includes(copy))

    rmSync(path)
    const without = await run('verify')
    assert.deepEqual([without.code, without.stdout], [7, ''])
    assert.ok(without.stderr.includes(`No checkpoint in ${path}, so a truncated log cannot be detected`))
    assert.doesNotMatch(without.stderr, /✓|nothing was changed/)
    const report = await run('verify', '--json')
    const { ok, checkpoints, checkpoint_file: file } = JSON.parse(report.stdout) as Record<string, unknown>
    assert.deepEqual([report.code, report.stderr, ok, checkpoints, file], [7, '', true, 0, path])
  },
)

onEitherDatabase('--checkpoint wants a file that holds a checkpoint', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  const { dataDir, doorward } = root.server
  const empty = join(dataDir, 'empty')
  writeFileSync(empty, '')
  for (const [path, sentence] of [
    [join(dataDir, 'audit-chekpoints'), /There is no file .*audit-chekpoints\./],
    [dataDir, /is a folder\. Use the file in it, such as .*audit-checkpoints\./],
    [join(dataDir, 'keyring.json'), /keyring\.json contains no checkpoint\./],
    [empty, /empty contains no checkpoint\./],
  ] as const) {
    const { code, stdout, stderr } = await run('verify', '--checkpoint', path)
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, sentence)
  }
  await newChainWriter(doorward).write(true)
  const { code, stderr } = await run('verify', '--checkpoint', (await checkpointPaths(doorward.config)).path)
  assert.equal(code, 0)
  assert.match(stderr, /against 1 checkpoint in .* No tampering found\./)
  const both = await run('verify', '--checkpoint', empty, '--head', empty)
  assert.deepEqual([both.code, both.stdout], [2, ''])
  assert.match(both.stderr, /--head is the deprecated name of --checkpoint\. Use only --checkpoint/)
})

onEitherDatabase(
  'databases that are served in turn from one data folder keep their checkpoints apart',
  async (t, dialect) => {
    const dataDir = await temporaryFolder(t)
    const own = { dataDir, databaseUrl: `sqlite:${join(dataDir, 'doorward.db')}` }
    const other = { dataDir, databaseUrl: await newDatabaseUrl(t, dialect) }
    for (const installation of [own, other, own])
      assert.equal((await (await startProcess(t, installation)).stop()).code, 0)
    for (const installation of [own, other]) {
      const { code, stdout } = await command(t, ['audit', 'verify'], installation)
      assert.deepEqual([code, stdout], [0, ''])
    }
    const files = readdirSync(dataDir).filter((name) => name.startsWith('audit-'))
    assert.equal(files.length, 2)
    assert.match(files.toSorted().join(' '), /^audit-checkpoints audit-checkpoints\.[0-9a-f]{16}$/)
  },
)

test('a restored backup looks cut, until the checkpoints of its time are restored or the present ones moved aside', async (t) => {
  const dataDir = await temporaryFolder(t)
  const [file, checkpoints] = [join(dataDir, 'doorward.db'), join(dataDir, 'audit-checkpoints')]
  const installation = { dataDir, databaseUrl: `sqlite:${file}` }
  const run = runner(t, installation)
  const serveOnce = async () => assert.equal((await (await startProcess(t, installation)).stop()).code, 0)
  await serveOnce()
  for (const path of [file, checkpoints]) copyFileSync(path, `${path}.backup`)
  assert.equal((await run('user', 'create', 'ada')).code, 0)
  await serveOnce()
  assert.equal((await run('audit', 'verify')).code, 0)

  copyFileSync(`${file}.backup`, file)
  for (const log of ['-wal', '-shm']) rmSync(file + log, { force: true })
  const restored = await run('audit', 'verify')
  assert.equal(restored.code, 1)
  assert.match(restored.stdout, /^\d+\tcut-off\t/)
  renameSync(checkpoints, `${checkpoints}.aside`)
  assert.equal((await run('audit', 'verify')).code, 7)
  copyFileSync(`${checkpoints}.backup`, checkpoints)
  assert.equal((await run('audit', 'verify')).code, 0)
  rmSync(checkpoints)
  await serveOnce()
  assert.equal((await run('audit', 'verify')).code, 0)
  assert.equal((await run('audit', 'verify', '--checkpoint', `${checkpoints}.aside`)).code, 1)
})
