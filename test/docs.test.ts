// What the pages say is so: their commands run, their links lead somewhere, the folders they name are there.
import assert from 'node:assert/strict'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { newProgram } from '../src/cli/program.ts'
import { SETTING_NAMES } from '../src/platform/config/settings.ts'
import { temporaryFolder } from './support/databases.ts'
import { FreshCodes, runShell, setUp, startScript } from './support/first-steps.ts'
import { allPages, anchorsOf, blockBelow, codeIn, readPage, relativeLinks, ROOT } from './support/markdown.ts'
import type { Page } from './support/markdown.ts'

const PAGES = allPages()
const README = readPage('README.md')
const ARCHITECTURE = readPage('ARCHITECTURE.md')
const URL_IN_README = 'http://localhost:8000'

test('every link between the pages leads to a file that is there, and to a heading in it', () => {
  assert.ok(PAGES.flatMap(relativeLinks).length > 30)
  const dead = PAGES.flatMap((page) =>
    relativeLinks(page)
      .filter((link) => !leadsSomewhere(page, link))
      .map((link) => `${page.path}: ${link}`),
  )
  assert.deepEqual(dead, [])
})

function leadsSomewhere({ path }: Page, link: string): boolean {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? path : join(path, '..', decodeURIComponent(file))
  if (!existsSync(join(ROOT, target))) return false
  return anchor === undefined || anchorsOf(readPage(target)).has(anchor)
}

test('every path into the project that a page names is there', () => {
  const missing = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<![\w./-])(?:src|test|scripts|docs|bench|assets)\/[\w./-]*\w/g)]
      .map(([named]) => named)
      .filter((named) => !existsSync(join(ROOT, named)))
      .map((named) => `${path}: ${named}`),
  )
  assert.deepEqual(missing, [])
})

test('every setting that a page names is one', () => {
  const known = new Set<string>([...SETTING_NAMES.flatMap((name) => [name, `${name}_file`]), 'config'])
  const unknown = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/DOORWARD_([A-Z_]*[A-Z])/g)]
      .filter(([, name = '']) => !known.has(name.toLowerCase()))
      .map(([variable]) => `${path}: ${variable}`),
  )
  assert.deepEqual(unknown, [])
})

test('every npm script that a page tells to run is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const named = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/\bnpm (?:run (?:-s )?)?(start|test|(?<=run (?:-s )?)[\w-]+)/g)].map(([, script = '']) => script),
  )
  assert.ok(named.includes('start') && named.includes('test'))
  assert.deepEqual(
    [...new Set(named)].filter((script) => scripts[script] === undefined),
    [],
  )
})

test('every command of ours that a page tells to run is one, with the flags it is given', () => {
  const lines = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/npm run -s doorward -- ([^\n`#]+)/g)].map(([, line = '']) => line.trim()),
  )
  const starts = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/npm start -- ([^\n`#]+)/g)].map(([, flags = '']) => `serve ${flags.trim()}`),
  )
  assert.ok(lines.length > 5 && starts.length > 1)
  assert.deepEqual([...lines, ...starts].flatMap(faultsInCommand), [])
})

function faultsInCommand(line: string): string[] {
  const program = newProgram()
  const words = line.split(/\s+/)
  let command: (typeof program.commands)[number] = program
  while (command.commands.length > 0) {
    const word = words.shift()
    const found = command.commands.find((one) => one.name() === word)
    if (found === undefined) return [`${line}: no command ${word}`]
    command = found
  }
  const flags = new Set([...program.options, ...command.options].map(({ long }) => long))
  return words
    .filter((word) => word.startsWith('--') && !flags.has(word) && word !== '--help')
    .map((word) => `${line}: no flag ${word}`)
}

test('the tree in ARCHITECTURE.md names what is there, and everything directly below src', () => {
  const named = pathsIn(blockBelow(ARCHITECTURE, 'The tree'))
  assert.deepEqual(
    named.filter((path) => !existsSync(join(ROOT, path))),
    [],
  )
  const tests = /\.test\.ts$/
  const below = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter(({ name }) => !tests.test(name))
  const expected = below.map((entry) => `src/${entry.name}${entry.isDirectory() ? '/' : ''}`)
  assert.deepEqual(
    expected.filter((path) => !named.includes(path)),
    [],
  )
})

/** The paths of an indented listing: one name a line, what is said of it after two spaces. */
function pathsIn(listing: string): string[] {
  const parents: string[] = []
  return listing
    .trimEnd()
    .split('\n')
    .map((line) => {
      const depth = line.search(/\S/) / 2
      parents.splice(depth, Infinity, line.trim().split(/\s{2,}/)[0] ?? '')
      return parents.join('')
    })
}

test('the arrows in ARCHITECTURE.md are those that the architecture test holds the imports to', () => {
  const shown = blockBelow(ARCHITECTURE, 'The arrows')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '▼')
  const source = readFileSync(join(ROOT, 'test', 'architecture.test.ts'), 'utf8')
  const [, table = ''] = /SHELVES[^=]*= \[\n(.*?)\n\]/s.exec(source) ?? []
  const held = table.split('\n').map((line) => [...line.matchAll(/'([^']+)'/g)].map(([, place]) => place))
  assert.ok(held.length > 10)
  assert.deepEqual(
    shown.map((line) => line.split(/\s+/)),
    held,
  )
})

test('the decision about dependencies gives a reason for each, types aside', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const { text } = readPage('docs/decisions/0019-dependencies.md')
  const named = new Set(text.split(/[\s,;:.]+/))
  const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'))
  assert.deepEqual(
    packages.filter((name) => !named.has(name)),
    [],
  )
})

test('the README is short to the point where it says what it is and how to start', () => {
  const first = README.text.split('\n').slice(0, 20).join('\n')
  for (const said of ['npm start', 'npm test', 'Open the link it prints']) assert.ok(first.includes(said), said)
})

const PASSWORD = 'three calm words'

test('the session of the README runs as it stands, from the start script to signing out', async (t) => {
  const started = await startScript(t)
  const ada = await setUp(started, 'ada', PASSWORD)
  let grace: FreshCodes | undefined
  const graceAfter = (printed: string): string => {
    grace ??= new FreshCodes(/app: ([A-Z2-7]{32})\n/.exec(printed)?.[1] ?? '')
    return grace.next()
  }
  const script = `${codeIn(README, 'sh run').replaceAll(URL_IN_README, started.url)}\necho "token $TOKEN"`
  const printed = await runShell(script, {
    answers: [() => PASSWORD + ada.codes.next(), graceAfter, graceAfter],
    programs: await curlFor(t),
  })
  assert.match(printed, /\{"username":"ada".*"role":"admin","status":"active"/)
  assert.ok(printed.includes(`${started.url}/invitation/dwl_`), printed)
  assert.match(printed, /\{"stage":"complete",.*"username":"grace"/)
  assert.match(printed, /\{"username":"grace","email":"grace@example\.org".*"status":"active"/)

  const signIn = await exportOfReadme<SignIn>(t, started.url, 'signIn')
  const [, code = ''] = /"recovery_codes":\["([^"]+)"/.exec(printed) ?? []
  const { user } = await signIn('grace', 'four rather calm words', (offered) => {
    assert.deepEqual(offered, ['totp', 'recovery-code'])
    return { kind: 'recovery-code', proof: code }
  })
  assert.equal(user['username'], 'grace')
  await assert.rejects(
    signIn('grace', 'four other calm words', () => assert.fail('a wrong password got to the second step')),
    /^Error: sign_in\.incorrect$/,
  )

  const [, graceToken] = /token (dwa_[\w-]+)/.exec(printed) ?? []
  const userOf = await exportOfReadme<UserOf>(t, started.url, 'userOf')
  assert.equal((await userOf(`Bearer ${ada.token}`))?.['username'], 'ada')
  assert.equal(
    await userOf(`Bearer ${graceToken}`),
    undefined,
    'grace is signed out, and her token should be worth nothing',
  )
})

test('no line of a pasted block is taken for the answer that a line before it asks for', () => {
  const blocks = README.fences.filter(({ kind }) => kind === 'sh run').map(({ code }) => code.trimEnd().split('\n'))
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

/** Where to find curl: nowhere in particular, or a folder with our own on a machine that has none. */
async function curlFor(t: TestContext): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  if (folders.some((folder) => existsSync(join(folder, 'curl')))) return []
  return [await ownCurl(t)]
}

async function ownCurl(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  const program = fileURLToPath(new URL('./support/curl.ts', import.meta.url))
  writeFileSync(join(folder, 'curl'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`)
  chmodSync(join(folder, 'curl'), 0o755)
  return folder
}

test('our own curl sends what curl would', async (t) => {
  const { url } = await startScript(t)
  const sent =
    "curl -s $URL/token -d username=nobody --data-urlencode 'password=a b&c+d'; curl -s -X DELETE $URL/session -H 'Authorization: Bearer dwa_none'"
  const printed = await runShell(`URL=${url}\n${sent}`, { answers: [], programs: [await ownCurl(t)] })
  assert.match(printed, /"code":"sign_in\.incorrect".*"code":"access\.token_refused"/)
})

type UserOf = (authorization: string) => Promise<Record<string, unknown> | undefined>

type SignIn = (
  username: string,
  password: string,
  ask: (offered: readonly string[]) => { readonly kind: string; readonly proof: string },
) => Promise<{ readonly user: Record<string, unknown> }>

async function exportOfReadme<Export>(t: TestContext, url: string, name: string): Promise<Export> {
  const file = join(await temporaryFolder(t), 'app.mjs')
  writeFileSync(file, codeIn(README, 'js run').replaceAll(URL_IN_README, url))
  const exported = (await import(pathToFileURL(file).href)) as Record<string, Export | undefined>
  const found = exported[name]
  assert.ok(found, `the README exports no ${name}`)
  return found
}
