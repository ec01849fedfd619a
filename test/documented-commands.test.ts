// What the pages tell to type does what they say: each block is run by the real shell and the real program, or named below.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { newPostgresDatabase, temporaryFolder } from './support/databases.ts'
import {
  FreshCodes,
  openTerminal,
  runShell,
  setUp,
  setUpWithPasskey,
  startShown,
  withOurNode,
} from './support/first-steps.ts'
import { allPages, readPage, ROOT } from './support/markdown.ts'
import { Authenticator } from './support/authenticator.ts'
import { ORIGIN_USERS, originDatabase } from './support/origin-database.ts'
import { curlFor, ownCurl, ownSqlite } from './support/shell-programs.ts'

const PASSWORD = 'three calm words'
/** What `audit verify` prints of a log that a later audit head does not fit. */
const ALTERED = /\t(cut-off|recomputed)\t/
const DOCUMENTED_URL = 'http://localhost:8000'

/** Follows one page, block by block, in the order in which a reader meets them. */
type Walk = (t: TestContext, page: Blocks) => Promise<void>

const WALKS: Readonly<Record<string, Walk>> = {
  'README.md': walkReadme,
  'docs/audit-log.md': walkAuditLog,
  'docs/backup.md': walkBackup,
  'docs/installation.md': walkInstallation,
  'docs/integration.md': walkIntegration,
  'docs/lockout.md': walkLockout,
  'docs/postgresql.md': walkPostgresql,
  'docs/reverse-proxy.md': walkReverseProxy,
}

/** Blocks marked `sh foreign` need programs that npm cannot bring; `npm run test:foreign` runs them. */
const FOREIGN: Readonly<Record<string, string>> = {
  'docs/backup.md': 'test/foreign/postgresql-backup.test.ts',
}

const RUNS_TESTS = 'a test cannot run the tests within itself; that the script exists is tested in test/docs.test.ts'
const DEVELOPS = 'changes or rebuilds the clone that the tests run in; .ci/run runs what must pass'
const PACKAGE = 'test/stories/package.test.ts packs, installs, serves'
const CONTAINER = 'test/foreign builds and runs it where podman or docker is'
const SYSTEMD = 'needs root and systemd; test/recipes.test.ts checks the unit with systemd-analyze'

/** Lines of blocks that no test runs, by page, each with the reason or with what shows it instead. */
const NOT_RUN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': {
    'npm start': 'the first session below is run against a server that this line started',
    'npm test': RUNS_TESTS,
  },
  'CONTRIBUTING.md': {
    'npm start': 'run from docs/installation.md',
    'npm test': RUNS_TESTS,
    'npm test src/throttle': RUNS_TESTS,
    'npm test test/stories/pages.test.ts': RUNS_TESTS,
    "npm test -- --test-name-pattern='works once'": RUNS_TESTS,
    'npm run test:all': RUNS_TESTS,
    'npm run test:foreign': RUNS_TESTS,
    'npm run check': RUNS_TESTS,
    'npm run build': DEVELOPS,
    'npm run format': DEVELOPS,
    'npm run docs': DEVELOPS,
    'npm test -- --test-update-snapshots test/sql': DEVELOPS,
    'npm run -s doorward -- user list': 'commands of the same form are run from docs/lockout.md',
  },
  'docs/audit-log.md': {
    'npm run -s doorward -- refusal show REFERENCE':
      'the reference is made by a refusal; test/stories/refusals.test.ts',
  },
  'docs/backup.md': {
    'git pull': 'needs a newer version; src/platform/database/migrate.test.ts upgrades databases of earlier ones',
    'npm start': 'run from docs/installation.md',
  },
  'docs/installation.md': {
    'npm pack': PACKAGE,
    'npm install --global ./doorward-0.1.0.tgz': PACKAGE,
    'doorward serve': PACKAGE,
    'podman build --file deploy/Containerfile --tag doorward .': CONTAINER,
    'podman compose --file deploy/compose.yaml up --detach': CONTAINER,
    'cp deploy/doorward.service /etc/systemd/system/': SYSTEMD,
    'systemctl enable --now doorward': SYSTEMD,
    'journalctl --unit doorward': SYSTEMD,
  },
}

/** Made from the program, so that its examples are what the commands themselves hold; test/docs.test.ts parses each of them. */
const GENERATED = ['docs/cli.md']

const KINDS = ['', 'sh', 'sh run', 'sh foreign', 'js run']

test('every block of commands on a page is run by a test, or each of its lines has a reason here', () => {
  const faults = allPages().flatMap(({ path, fences }) =>
    fences.flatMap(({ kind, code }) => faultsInBlock(path, kind, code).map((fault) => `${path}: ${fault}`)),
  )
  assert.deepEqual(faults, [])
})

function faultsInBlock(path: string, kind: string, code: string): string[] {
  if (!KINDS.includes(kind)) return [`a block is marked "${kind}"; commands are marked one of ${KINDS.join(', ')}`]
  if (kind === '') return linesOf(code).filter((line) => /^(\$ |npm |node |curl |doorward |sudo )/.test(line))
  if (kind.endsWith(' run')) return WALKS[path] === undefined ? [`no walk runs the block "${code}"`] : []
  if (kind === 'sh foreign') return FOREIGN[path] === undefined ? [`no test runs the block "${code}"`] : []
  if (GENERATED.includes(path)) return []
  return linesOf(code)
    .filter((line) => NOT_RUN[path]?.[line] === undefined)
    .map((line) => `no test knows "${line}"`)
}

/** Without comments. */
function linesOf(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#\s.*/, '').trim())
    .filter((line) => line !== '')
}

test('no reason for a line that is not run has outlived the line', () => {
  const stale = Object.entries(NOT_RUN).flatMap(([path, lines]) => {
    const blocks = readPage(path).fences.filter(({ kind }) => kind === 'sh')
    const written = new Set(blocks.flatMap(({ code }) => linesOf(code)))
    return Object.keys(lines).filter((line) => !written.has(line))
  })
  assert.deepEqual(stale, [])
  for (const [page, file] of Object.entries(FOREIGN)) {
    assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(`'${page}'`), `${file} does not read ${page}`)
  }
})

for (const [path, walk] of Object.entries(WALKS)) {
  test(`the commands of ${path} do what the page says`, async (t) => {
    const page = new Blocks(path)
    await walk(t, page)
    assert.equal(page.left, 0, `${page.left} blocks of ${path} were not run`)
  })
}

/** The blocks of a page that are marked `run`. */
class Blocks {
  readonly #blocks: string[]

  constructor(path: string) {
    const { fences } = readPage(path)
    this.#blocks = fences.filter(({ kind }) => kind.endsWith(' run')).map(({ code }) => code)
  }

  get left(): number {
    return this.#blocks.length
  }

  /** The next block; `instead` puts what this machine has in place of what the page names. */
  next(instead: Readonly<Record<string, string>> = {}): string {
    const block = this.#blocks.shift()
    assert.ok(block !== undefined, 'the page has fewer blocks than the walk runs')
    let lines = block
    for (const [written, real] of Object.entries(instead)) {
      assert.ok(lines.includes(written), `"${written}" is not in the block:\n${block}`)
      lines = lines.replaceAll(written, real)
    }
    return lines
  }
}

async function walkReadme(t: TestContext, page: Blocks): Promise<void> {
  await t.test('the first session, after a set-up by passkey', async (inner) => {
    const terminal = await openTerminal(inner, { npm: true, programs: await curlFor(inner) })
    const started = await startShown(inner, 'npm start', terminal)
    await setUpWithPasskey(started, 'ada', PASSWORD)
    let grace: FreshCodes | undefined
    const code = (printed: string): string => {
      grace ??= new FreshCodes(/app: ([A-Z2-7]{32})\n/.exec(printed)?.[1] ?? '')
      return grace.next()
    }
    const session = [page.next({ [DOCUMENTED_URL]: started.url }), page.next(), page.next(), page.next()]
    const check = 'curl -s $URL/users/me -H "Authorization: Bearer $HERS"'
    const printed = await runShell([...session, check].join('\n'), terminal, [code, code])
    assert.match(printed, /^\{"username":"ada".*"role":"admin","status":"active"/)
    assert.ok(printed.includes(`${started.url}/invitation/dwl_`), printed)
    assert.match(printed, /\{"stage":"complete",.*"username":"grace".*"recovery_codes":\["/)
    assert.match(printed, /\{"username":"grace","email":"grace@example\.org".*"status":"active"/)
    assert.match(
      printed,
      /"code":"access\.token_refused"[^{]*\}$/,
      'grace is signed out; her token still opens something',
    )
  })

  await t.test('the start on a database of the tutorial', async (inner) => {
    const path = await originDatabase(inner)
    const started = await startShown(inner, page.next({ PATH: path }), await openTerminal(inner))
    assert.ok(existsSync(`${path}.before-doorward`))
    const john = ORIGIN_USERS[0]
    assert.ok(john)
    const userOf = await exportOf<UserOf>(inner, page.next({ [DOCUMENTED_URL]: started.url }), 'userOf')
    const token = await tutorialToken(
      started.url,
      john.username,
      john.password + new Authenticator(john.secret).code(Date.now()),
    )
    assert.equal((await userOf(`Bearer ${token}`))?.['username'], 'johndoe')
    assert.equal(await userOf('Bearer dwa_none'), undefined)
  })
}

async function tutorialToken(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams({ username, password }) })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return (JSON.parse(text) as { access_token: string }).access_token
}

async function walkIntegration(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  const ada = await setUp(started, 'ada', PASSWORD)
  const { openapi } = JSON.parse(await runShell(page.next(), terminal)) as { openapi: string }
  assert.match(openapi, /^3\./)
  const signIn = await exportOf<SignIn>(t, page.next({ [DOCUMENTED_URL]: started.url }), 'signIn')
  const { user } = await signIn('ada', PASSWORD, (offered) => {
    assert.deepEqual(offered, ['totp', 'recovery-code'])
    return { kind: 'totp', proof: ada.codes.next() }
  })
  assert.equal(user['username'], 'ada')
  await assert.rejects(
    signIn('ada', 'four other calm words', () => assert.fail('a wrong password got to the second step')),
    /^Error: sign_in\.incorrect$/,
  )
}

type UserOf = (authorization: string) => Promise<Record<string, unknown> | undefined>

type SignIn = (
  username: string,
  password: string,
  ask: (offered: readonly string[]) => { readonly kind: string; readonly proof: string },
) => Promise<{ readonly user: Record<string, unknown> }>

async function exportOf<Export>(t: TestContext, code: string, name: string): Promise<Export> {
  const file = join(await temporaryFolder(t), 'app.mjs')
  writeFileSync(file, code)
  const found = ((await import(pathToFileURL(file).href)) as Record<string, Export | undefined>)[name]
  assert.ok(found, `the block exports no ${name}`)
  return found
}

async function walkInstallation(t: TestContext, page: Blocks): Promise<void> {
  const terminal = withOurNode(await openTerminal(t))
  const byNpm = await startShown(t, page.next(), terminal)
  await setUp(byNpm, 'ada', PASSWORD)
  await byNpm.stop()
  const direct = await startShown(t, page.next(), terminal)
  assert.equal((await fetch(`${direct.url}/readyz`)).status, 200)
  assert.match(await runShell(page.next(), terminal), /data_dir .*DOORWARD_DATA_DIR/)
  await runShell(page.next(), terminal)
}

async function walkReverseProxy(t: TestContext, page: Blocks): Promise<void> {
  const { url, says } = await startShown(t, page.next(), await openTerminal(t))
  await says(/Sign in +https:\/\/id\.example\.org\n/)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
}

async function walkPostgresql(t: TestContext, page: Blocks): Promise<void> {
  const database = await newPostgresDatabase(t)
  const lines = page.next({ 'postgres://doorward:PASSWORD@db.internal/doorward': database })
  const { says } = await startShown(t, lines, await openTerminal(t))
  await says(/ Data .*\(PostgreSQL\)/)
}

async function walkLockout(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  const { token } = await setUp(started, 'ada', PASSWORD)
  await runShell(page.next(), terminal)
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await fetch(`${started.url}/users/me`, { headers })).status, 401)
  await runShell(page.next(), terminal)
  assert.match(await runShell(page.next(), terminal), /\/(reset|invitation|password)[\w/-]*\/dwl_/)
  assert.match(await runShell(page.next(), terminal), /\/invitation\/dwl_/)
  assert.match(await runShell(page.next(), terminal), /\/setup\/dwl_/)
  await started.stop()
  const keyring = join(terminal.dataDir, 'keyring.json')
  rmSync(keyring)
  await assert.rejects(startShown(t, 'npm start', terminal), /The server ended/)
  await runShell(page.next(), terminal)
  assert.ok(existsSync(keyring))
}

async function walkAuditLog(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  await setUp(started, 'ada', PASSWORD)
  await started.stop()
  const file = join(terminal.folder, 'audit.jsonl')
  assert.match(await runShell(page.next({ 'audit.jsonl': file }), terminal), /Signed in +ada/)
  assert.match(readFileSync(file, 'utf8'), /"action":"sign_in.succeeded"/)
  await runShell(page.next(), terminal)
}

/** A backup, changes after it, and the restore with and without the audit head of its time. */
async function walkBackup(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t, { besideData: true, programs: [await ownSqlite(t)] })
  const started = await startShown(t, 'npm start', terminal)
  const ada = await setUp(started, 'ada', PASSWORD)
  const doorward = (words: string): Promise<string> => runShell(`npm run -s doorward -- ${words}`, terminal)
  const ask = async (change?: object): Promise<[status: number, fullName: unknown]> => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
    const changed = change !== undefined && { method: 'PATCH', body: JSON.stringify(change) }
    const answer = await fetch(`${terminal.url}/users/me`, { headers, ...changed })
    return [answer.status, ((await answer.json()) as Record<string, unknown>)['full_name']]
  }
  await doorward('user create grace')
  // The server notes the first audit head within a second or so of the first event.
  while (!existsSync(join(terminal.dataDir, 'audit-head'))) await sleep(20)

  await runShell(page.next(), terminal)
  for (const file of ['doorward-backup.db', 'audit-head-backup', 'keyring-backup.json']) {
    assert.equal(statSync(join(terminal.folder, file)).mode & 0o077, 0, `${file} can be read by others`)
  }
  await doorward('user disable grace')
  await started.stop()
  const later = join(terminal.folder, 'later-audit-head')
  copyFileSync(join(terminal.dataDir, 'audit-head'), later)
  // The crash leaves the last change in the write-ahead log, and the keyring is lost.
  const crashing = await startShown(t, 'npm start', terminal)
  assert.deepEqual(await ask({ full_name: 'Ada Lovelace' }), [200, 'Ada Lovelace'])
  await crashing.stop('SIGKILL')
  assert.ok(statSync(join(terminal.dataDir, 'doorward.db-wal')).size > 0)
  rmSync(join(terminal.dataDir, 'keyring.json'))

  await runShell(page.next(), terminal)
  const restored = await startShown(t, 'npm start', terminal)
  assert.deepEqual(await ask(), [200, null])
  assert.match(await doorward('user show grace --json'), /"status":\s*"invited"/)
  await runShell(page.next({ grace: 'ada' }), terminal)
  assert.equal((await ask())[0], 401)
  await runShell(page.next(), terminal)

  renameSync(later, join(terminal.dataDir, 'audit-head'))
  await assert.rejects(doorward('audit verify'), ALTERED)
  await runShell(page.next(), terminal)
  await restored.stop()
  await doorward('audit verify')
  const kept = join(terminal.folder, 'audit-head-before-restore')
  await assert.rejects(doorward(`audit verify --head ${kept}`), ALTERED)
}

test('no line of a pasted block is taken for the answer that a line before it asks for', () => {
  const blocks = readPage('README.md').fences.map(({ code }) => code.trimEnd().split('\n'))
  const asking = blocks.filter((lines) => lines.some((line) => /^\s*read\b/.test(line)))
  assert.ok(asking.length > 1)
  // A shell reads a group to its end before it runs the first line of it; behind it nothing may follow.
  for (const lines of asking) {
    const begun = lines.indexOf('{')
    assert.ok(begun >= 0, lines.join('\n'))
    assert.equal(lines.indexOf('}', begun), lines.length - 1, lines.join('\n'))
    assert.ok(lines.findIndex((line) => /^\s*read\b/.test(line)) > begun, lines.join('\n'))
  }
})

test('our own curl sends what curl would', async (t) => {
  const { url } = await startShown(t, 'npm start', await openTerminal(t))
  const sent =
    "curl -s $URL/token -d username=nobody --data-urlencode 'password=a b&c+d'; curl -s -X DELETE $URL/session -H 'Authorization: Bearer dwa_none'"
  const terminal = await openTerminal(t, { programs: [await ownCurl(t)] })
  const printed = await runShell(`URL=${url}\n${sent}`, terminal)
  assert.match(printed, /"code":"sign_in\.incorrect".*"code":"access\.token_refused"/)
})
