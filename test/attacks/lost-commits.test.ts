// Threat: changes that were acknowledged disappear from a SQLite file without a word, because its write-ahead log is removed after a kill
// or replaced by a backup. And the reverse: what only looks like it, such as a kill or another program that took the log in, signs
// everybody out. Each pair of decision 0045, with real processes.
import assert from 'node:assert/strict'
import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'

import { sharedFolder, temporaryFolder } from '../support/databases/temporary.ts'
import { setUp } from '../support/people/onboarding.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Installation, runCommand, type ServerProcess, startProcess } from '../support/server/processes.ts'
import { signIn, type SignInData } from '../support/server/server-client.ts'

const SAID = /The last changes are missing from the database: .*All users were signed out/s
const KEYRING = 'keyring.json'

interface Installed {
  readonly installation: Installation
  readonly file: string
  readonly root: SignInData
}

function installationIn(dataDir: string): Installation {
  return { dataDir, databaseUrl: `sqlite:${join(dataDir, 'doorward.db')}` }
}

/** Prepares a folder once, which each test gets a copy of: every start of the program takes as long as all that a test then does. */
function copied<More extends { readonly root: SignInData }>(
  prepare: (t: TestContext, dataDir: string) => Promise<More>,
): (t: TestContext) => Promise<Installed & More> {
  let original: Promise<readonly [folder: string, More]> | undefined
  return async (t) => {
    original ??= sharedFolder('copied').then(async (folder) => [folder, await prepare(t, folder)] as const)
    const [folder, prepared] = await original
    const dataDir = await temporaryFolder(t)
    cpSync(folder, dataDir, { recursive: true })
    const root = { ...prepared.root, codes: prepared.root.codes.copied() }
    return { ...prepared, root, installation: installationIn(dataDir), file: join(dataDir, 'doorward.db') }
  }
}

/** A server that was set up and stopped: its last audit checkpoint is that of the stop, and the next one is an hour away. */
const installed = copied(async (t, dataDir) => {
  const server = await startProcess(t, installationIn(dataDir))
  const root = await setUp(server)
  assert.equal((await server.stop()).code, 0)
  return { root }
})

interface Changed {
  /** The access token of a session, and the code that began it; both exist since the stop only. */
  readonly token: string
  readonly spent: Readonly<Record<string, string>>
}

/** A sign-in, and a new user. */
async function changes(server: ServerProcess, root: SignInData): Promise<Changed> {
  const password = root.password + (await root.codes.fresh(server))
  const spent = { username: root.username, password }
  const reply = await server.ask('POST', '/token', { form: spent })
  assert.equal(reply.status, 200, reply.text)
  const token = String(reply.body['access_token'])
  const added = await server.ask('POST', '/users', { token, payload: { username: 'grace' } })
  assert.equal(added.status, 200, added.text)
  return { token, spent }
}

/** A server with changes that are in its log only, killed. */
const killed = copied(async (t, dataDir): Promise<Pick<Installed, 'root'> & Changed> => {
  const { installation, root } = await installed(t)
  cpSync(installation.dataDir, dataDir, { recursive: true })
  const server = await startProcess(t, installationIn(dataDir))
  const changed = await changes(server, root)
  await server.kill()
  assert.ok(statSync(join(dataDir, 'doorward.db-wal')).size > 0)
  return { root, ...changed }
})

function removeLog(file: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
}

/** What another program does that opens the file and closes it as the last one: SQLite takes the log in and deletes it. */
function useElsewhere(file: string, statement = 'select count(*) from users'): void {
  const other = new DatabaseSync(file)
  other.prepare(statement).all()
  other.close()
}

/** Whether the next start says that changes are missing. It stops again, and the start after it says nothing in any case. */
async function isSaid(t: TestContext, installation: Installation): Promise<boolean> {
  const [first, second] = [await startedOnce(t, installation), await startedOnce(t, installation)]
  assert.doesNotMatch(second, SAID, 'it is said twice')
  return SAID.test(first)
}

async function startedOnce(t: TestContext, installation: Installation): Promise<string> {
  const server = await startProcess(t, installation)
  const said = server.stderr()
  assert.equal((await server.stop()).code, 0)
  return said
}

/** A folder with the keyring and some files of another one. */
async function moved(
  t: TestContext,
  { installation, file }: Installed,
  ...suffixes: readonly string[]
): Promise<Installation> {
  const dataDir = await temporaryFolder(t)
  copyFileSync(join(installation.dataDir, KEYRING), join(dataDir, KEYRING))
  for (const suffix of suffixes) copyFileSync(file + suffix, join(dataDir, 'doorward.db') + suffix)
  return installationIn(dataDir)
}

function backUp(file: string, copy: string): void {
  rmSync(copy, { force: true })
  const db = new DatabaseSync(file)
  db.prepare('vacuum into ?').run(copy)
  db.close()
}

test('a log that is removed after a kill is said, and what came back is ended', async (t) => {
  const { installation, file, token, spent } = await killed(t)
  removeLog(file)
  const server = await startProcess(t, installation)
  assert.match(server.stderr(), SAID)
  assert.equal((await server.ask('GET', '/users/me', { token })).status, 401)
  const replayed = await server.ask('POST', '/token', { form: spent })
  assert.equal(replayed.status, 401, 'the spent code works again')
  const grace = await runCommand(t, ['user', 'show', 'grace'], installation)
  assert.equal(grace.code, 3, 'the files are not those of the threat')
  const events = await runCommand(t, ['audit', 'list', '--action', 'database.rolled_back', '--plain'], installation)
  assert.equal(events.stdout.trim().split('\n').length, 1, events.stdout)
  assert.equal((await server.stop()).code, 0)
  assert.doesNotMatch(await startedOnce(t, installation), SAID)
})

leaveToTestAll()

test('a kill is not taken for a loss: every session stays, and every change', async (t) => {
  const { installation, token } = await killed(t)
  const server = await startProcess(t, installation)
  assert.doesNotMatch(server.stderr(), SAID)
  assert.equal((await server.ask('GET', '/users/2', { token })).status, 200)
})

/** What happens between a kill and the next start, and whether changes are lost by it. */
const AFTER_A_KILL: Readonly<
  Record<string, (found: Installed, t: TestContext) => [lost: boolean] | Promise<[lost: boolean]>>
> = {
  'another program takes the log in and deletes it': ({ file }) => {
    useElsewhere(file)
    assert.equal(existsSync(`${file}-wal`), false)
    return [false]
  },
  'another program takes the log in and changes something': ({ file }) => {
    useElsewhere(file, "update users set full_name = 'Ada Lovelace'")
    return [false]
  },
  'the log is removed, and another program opens and closes the file': ({ file }) => {
    removeLog(file)
    useElsewhere(file, "update users set full_name = 'Ada Lovelace'")
    return [true]
  },
  'the log is emptied': ({ file }) => {
    truncateSync(`${file}-wal`)
    return [true]
  },
  'the log is removed with all that SQLite has beside the file': ({ file }) => {
    removeLog(file)
    rmSync(`${file}-journal`, { force: true })
    return [true]
  },
  'the log is removed, and commands make more changes than were lost': async ({ file, installation }, t) => {
    removeLog(file)
    for (const name of ['bob', 'carol', 'dan', 'erin', 'frank', 'heidi'])
      assert.equal((await runCommand(t, ['user', 'create', name], installation)).code, 0)
    return [true]
  },
  'a command runs': async ({ installation }, t) => {
    assert.equal((await runCommand(t, ['user', 'create', 'bob'], installation)).code, 0)
    return [false]
  },
  'the log and the record are removed': ({ file }) => {
    removeLog(file)
    rmSync(`${file}.commits`)
    return [true]
  },
  'the record is removed, or was never written': ({ file }) => {
    rmSync(`${file}.commits`)
    return [false]
  },
  'the record is empty, as after a power failure': ({ file }) => {
    truncateSync(`${file}.commits`)
    return [false]
  },
  'the record cannot be written, because the disk is full': ({ file }) => {
    rmSync(`${file}.commits`)
    symlinkSync('/dev/full', `${file}.commits`)
    return [false]
  },
  'a database is begun anew in the installation of the old one': ({ file }) => {
    removeLog(file)
    rmSync(file)
    // Otherwise the start reports the old checkpoints, which is right.
    rmSync(join(file, '..', 'audit-checkpoints'))
    return [false]
  },
}

for (const [what, happens] of Object.entries(AFTER_A_KILL)) {
  exhaustive(`after a kill, ${what}`, async (t) => {
    const found = await killed(t)
    const [lost] = await happens(found, t)
    assert.equal(await isSaid(t, found.installation), lost)
  })
}

exhaustive('after a stop nothing is said, whatever opens the file in between', async (t) => {
  const { installation, file } = await installed(t)
  assert.equal(existsSync(`${file}-wal`), false)
  assert.equal(await isSaid(t, installation), false)
  useElsewhere(file, "update users set full_name = 'Ada Lovelace'")
  assert.equal((await runCommand(t, ['user', 'list'], installation)).code, 0)
  assert.equal(await isSaid(t, installation), false)
})

exhaustive('a command beside the server hides no loss and makes none', async (t) => {
  for (const isLost of [false, true]) {
    const { installation, file, root } = await installed(t)
    const server = await startProcess(t, installation)
    await changes(server, root)
    assert.equal((await runCommand(t, ['user', 'create', 'bob'], installation)).code, 0)
    await signIn(server, root)
    await server.kill()
    if (isLost) removeLog(file)
    assert.equal(await isSaid(t, installation), isLost)
  }
})

exhaustive('of two servers on one file one stops before the other is killed', async (t) => {
  for (const isLost of [false, true]) {
    const { installation, file, root } = await installed(t)
    const [one, other] = [await startProcess(t, installation), await startProcess(t, installation)]
    await changes(one, root)
    assert.equal((await one.stop()).code, 0)
    await signIn(other, root)
    await other.kill()
    if (isLost) removeLog(file)
    assert.equal(await isSaid(t, installation), isLost)
  }
})

exhaustive('a server that is killed again and again while it starts and stops loses nothing', async (t) => {
  const { installation, root } = await installed(t)
  for (let turn = 0; turn < 4; turn++) {
    const server = await startProcess(t, installation)
    assert.doesNotMatch(server.stderr(), SAID)
    await signIn(server, root)
    const stopped = server.stop()
    if (turn % 2 === 0) await server.kill()
    await stopped
  }
})

exhaustive('a database that is moved alone after a stop, or with its log after a kill, is complete', async (t) => {
  assert.equal(await isSaid(t, await moved(t, await installed(t), '')), false)
  const found = await killed(t)
  assert.equal(await isSaid(t, await moved(t, found, '', '-wal')), false)
  assert.equal(await isSaid(t, await moved(t, found, '', '-wal', '.commits')), false)
})

exhaustive('a database that is moved after a kill, without its log, is told from one that was closed', async (t) => {
  const found = await killed(t)
  assert.equal(await isSaid(t, await moved(t, found, '')), true)
  assert.equal(await isSaid(t, await moved(t, found, '', '.commits')), true)
})

exhaustive('a backup that is restored is told from the database, in its installation and elsewhere', async (t) => {
  for (const isRunning of [true, false]) {
    const { installation, file, root } = await installed(t)
    const server = await startProcess(t, installation)
    await changes(server, root)
    if (!isRunning) assert.equal((await server.stop()).code, 0)
    const copy = join(installation.dataDir, 'copy.db')
    backUp(file, copy)
    if (isRunning) await server.stop()
    const elsewhere = await temporaryFolder(t)
    copyFileSync(join(installation.dataDir, KEYRING), join(elsewhere, KEYRING))
    copyFileSync(copy, join(elsewhere, 'doorward.db'))
    assert.equal(await isSaid(t, installationIn(elsewhere)), true, `elsewhere, ${isRunning ? 'running' : 'stopped'}`)

    assert.equal((await runCommand(t, ['user', 'create', 'bob'], installation)).code, 0)
    removeLog(file)
    copyFileSync(copy, file)
    assert.match(await startedOnce(t, installation), /All users were signed out/)
    assert.doesNotMatch(await startedOnce(t, installation), /signed out/)
  }
})

exhaustive('a database of a build that counted nothing is not taken for one that lost something', async (t) => {
  const { installation, file } = await installed(t)
  const db = new DatabaseSync(file)
  db.exec('pragma application_id = 0')
  db.close()
  rmSync(`${file}.commits`)
  assert.equal(await isSaid(t, installation), false)
  assert.match(readFileSync(`${file}.commits`, 'utf8'), /^\d{10} 0\n$/)
})

exhaustive('a record that says nothing readable is begun anew', async (t) => {
  const { installation, file } = await installed(t)
  writeFileSync(`${file}.commits`, 'nothing of ours\n')
  assert.equal(await isSaid(t, installation), false)
  assert.match(readFileSync(`${file}.commits`, 'utf8'), /^\d{10} 0\n/)
})
