// The statements of the pages that can be checked: links have a target; files, settings and commands that they name exist.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { newProgram } from '#entry/cli/program.ts'
import { FORMER_NAMES, SETTING_NAMES } from '#foundation/platform/config/settings.ts'
import { GROUPS, planSite } from '../scripts/site/plan.ts'
import { allPages, anchorsOf, type Page, readPage, relativeLinks, ROOT } from './support/documentation/markdown.ts'

const PAGES = allPages()
const README = readPage('README.md')
const LARGEST_README = 4096
const LARGEST_ARCHITECTURE = 15_000
const LARGEST_DECISION = 5000
/** How many products docs/compare.md is about, each a row of each of its tables. */
const COMPARED = 8

test('every link between the pages has an existing file and heading as its target', () => {
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

test('every path of the project that a page names exists', () => {
  const missing = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<![\w./-])(?:src|test|scripts|docs|bench|assets|deploy|examples)\/[\w./-]*\w/g)]
      .map(([named]) => named)
      .filter((named) => !existsSync(join(ROOT, named)))
      .map((named) => `${path}: ${named}`),
  )
  assert.deepEqual(missing, [])
})

test('each of the 21 fixed points names existing test files', () => {
  const rows = readPage('docs/contributing/mended.md').text.matchAll(/^\| (\d+) \|.*\|.*\|$/gm)
  const files = Map.groupBy(
    [...rows].map(([row, point]) => ({ point: Number(point), files: row.match(/[\w/.-]+\.test\.ts/g) ?? [] })),
    ({ point }) => point,
  )
  for (let point = 1; point <= 21; point++) {
    const named = files.get(point)?.flatMap((row) => row.files) ?? []
    assert.ok(named.length > 0, `point ${point}`)
    for (const file of named) assert.ok(existsSync(join(ROOT, file)), file)
  }
})

test('every setting that a page names exists', () => {
  const known = new Set(['config', ...FORMER_NAMES.keys(), ...SETTING_NAMES.flatMap((name) => [name, `${name}_file`])])
  const unknown = PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(/DOORWARD_([A-Z_]*[A-Z])/g)]
      .filter(([, name = '']) => !known.has(name.toLowerCase()))
      .map(([variable]) => `${path}: ${variable}`),
  )
  assert.deepEqual(unknown, [])
})

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const named = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/\bnpm (?:run (?:-s )?)?(start\b|test\b(?!:)|(?<=run (?:-s )?)[\w:-]+)/g)].map(
      ([, script = '']) => script,
    ),
  )
  assert.ok(named.includes('start') && named.includes('test'))
  const unknown = named.filter((script) => scripts[script] === undefined)
  assert.deepEqual(unknown, [])
})

test('every command of ours that a page names exists, with its flags', () => {
  const lines = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/npm run -s doorward -- ([^\n`#]+)/g)].map(([, line = '']) => line.trim()),
  )
  const starts = PAGES.flatMap(({ text }) =>
    [...text.matchAll(/npm start -- ([^\n`#]+)/g)].map(([, flags = '']) => `serve ${flags.trim()}`),
  )
  const installed = PAGES.flatMap(({ fences }) =>
    fences
      .filter(({ kind }) => kind.startsWith('sh'))
      .flatMap(({ code }) => [...code.matchAll(/^doorward ([^\n#>]+)/gm)].map(([, line = '']) => line.trim())),
  )
  const packaged = [...readPage('scripts/package-readme.md').text.matchAll(/(?:^|`)doorward (\w[^`\n]*)/gm)].map(
    ([, line = '']) => line,
  )
  assert.ok(lines.length > 5 && starts.length > 1 && installed.length > 50 && packaged.length > 4)
  assert.deepEqual([...lines, ...starts, ...installed, ...packaged].flatMap(faultsInCommand), [])
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

test('the decision about dependencies gives a reason for each, types aside', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const { text } = readPage('docs/decisions/0019-dependencies.md')
  const named = new Set(text.split(/[\s,;:.]+/))
  const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'))
  const missing = packages.filter((name) => !named.has(name))
  assert.deepEqual(missing, [])
})

test('the README is one page', () => {
  assert.ok(Buffer.byteLength(README.text) <= LARGEST_README, `${Buffer.byteLength(README.text)} bytes`)
})

test('ARCHITECTURE.md is read in ten minutes', () => {
  const bytes = Buffer.byteLength(readPage('ARCHITECTURE.md').text)
  assert.ok(bytes <= LARGEST_ARCHITECTURE, `${bytes} bytes; details belong to docs/where.md`)
})

test('each row of docs/where.md names functions that src has, and a test', () => {
  const rows = [...readPage('docs/where.md').text.matchAll(/^\| (.+) \| (.+) \| (.+) \|$/gm)]
  const located = rows.filter(([, , where = '']) => /[`(]/.test(where))
  assert.ok(located.length > 50)
  const untested = located.filter(([, , , shown = '']) => !/`[\w./-]+\.test\.ts`/.test(shown)).map(([, what]) => what)
  assert.deepEqual(untested, [])
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const names = new Set(sources.flatMap((text) => text.match(/\w+/g) ?? []))
  const unknown = located.flatMap(([, , where = '']) =>
    [...where.matchAll(/`(\w+)`/g)].map(([, name = '']) => name).filter((name) => !names.has(name)),
  )
  assert.deepEqual(unknown, [])
})

/** The groups whose pages are read from top to bottom, to get something done. */
const GUIDES: readonly string[] = GROUPS.slice(0, 6)
const MOST_GUIDES = 28
const LONGEST_END = 120

function guides(): readonly string[] {
  const groups = planSite(ROOT).groups.filter(({ name }) => GUIDES.includes(name))
  return groups.flatMap(({ entries }) => entries.map(({ source }) => source))
}

test('the groups before Reference have few enough pages to be read', () => {
  const { length } = guides()
  assert.ok(length > 20 && length <= MOST_GUIDES, `${length} pages to read; merge two that are one idea`)
})

test('each guide says below its title, in one line, what you have at its end', () => {
  const without = guides().filter((path) => {
    const [, end = ''] = /^# .+\n\n\*\*At the end:\*\* (.+\.)\n\n/.exec(readPage(path).text) ?? []
    return end === '' || end.length > LONGEST_END
  })
  assert.deepEqual(without, [])
})

test('each fact about another product names its source, and each source has its day and is named', () => {
  const { prose } = readPage('docs/compare.md')
  const [facts = '', sources = ''] = prose.split('\n## Sources\n')
  const named = new Set([...facts.matchAll(/\[(\d+)\](?!\()/g)].map(([, number]) => number))
  const given = [...sources.matchAll(/^(\d+)\. https:\/\/\S+, .*?\d{1,2} [A-Z][a-z]+ 20\d\d$/gm)].map(
    ([, number]) => number,
  )
  assert.deepEqual(
    [...named].toSorted((one, other) => Number(one) - Number(other)),
    given,
  )
  const others = facts.split('\n').filter((line) => /^\| (?!Product|Doorward|---)/.test(line))
  assert.equal(others.length, 3 * COMPARED)
  const cells = others.flatMap((line) => line.slice(2, -2).split(' | ').slice(1))
  const unfounded = cells.filter((cell) => !/\[\d+\]$/.test(cell) && cell !== 'not found')
  assert.deepEqual(unfounded, [])
})

test('a decision takes a page at most', () => {
  const decisions = PAGES.filter(({ path }) => path.startsWith('docs/decisions/'))
  assert.ok(decisions.length > 70)
  const long = decisions
    .map(({ path, text }) => `${path}: ${Buffer.byteLength(text)} bytes`)
    .filter((line) => Number(line.split(' ')[1]) > LARGEST_DECISION)
  assert.deepEqual(long, [])
})

test('each picture in docs/ is shown by a page; the others are taken by a command', () => {
  const shown = PAGES.flatMap((page) => relativeLinks(page).map((link) => join(page.path, '..', link)))
  const pictures = globSync('docs/**/*.{png,jpg,svg}', { cwd: ROOT })
  assert.ok(pictures.length > 10)
  const unseen = pictures.filter((path) => !shown.includes(path))
  assert.deepEqual(unseen, [])
})

test('the README is short to the point where it says what it is and how to start', () => {
  const first = README.text.split('\n').slice(0, 24).join('\n')
  for (const said of ['git clone', 'npm start', 'Open the link']) assert.ok(first.includes(said), said)
})
