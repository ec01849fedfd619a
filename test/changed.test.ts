// Which tests `npm test -- --changed` runs: the rule on a small project, its tables on this one.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { test } from 'node:test'

import {
  ALSO_NAMED,
  COMPOSITION_ROOTS,
  CROSSES_ALL_FEATURES,
  NAMED_FOR_FEATURES,
} from './support/runner/changed-rules.ts'
import { reportOf } from './support/runner/changed-tests.ts'
import { featureOf, importsIn, isNamedFor, testsReaching } from './support/runner/changed.ts'

const ROOT = join(import.meta.dirname, '..')

/** A small project: files with their texts. The imports of a story lead to everything. */
const FILES: Readonly<Record<string, string>> = {
  'src/domain/groups/group.ts': `import { fold } from '../../foundation/kernel/fold.ts'\nimport type { Row } from './row.ts'`,
  'src/domain/groups/row.ts': '',
  'src/domain/groups/group.test.ts': `import { group } from './group.ts'`,
  'src/domain/roles/role.ts': '',
  'src/domain/roles/role.test.ts': `const { role } = await import('./role.ts')`,
  'src/foundation/kernel/fold.ts': '',
  'src/foundation/platform/hasher.ts': `new Worker(new URL('./hasher.worker.js', import.meta.url))`,
  'src/foundation/platform/hasher.worker.js': '',
  'src/foundation/platform/hasher.test.ts': `import { Hasher } from './hasher.ts'`,
  'src/entry/boot.ts': `import '../domain/groups/group.ts'\nimport '../domain/roles/role.ts'`,
  'test/support/server/start.ts': `import { boot } from '../../../src/entry/boot.ts'\nexport * from '../people/people.ts'`,
  'test/support/people/people.ts': `import { role } from '../../../src/domain/roles/role.ts'`,
  'test/support/documentation/markdown.ts': `const pages = globSync(['*.md', 'docs/**/*.md'])`,
  'test/stories/groups.test.ts': `import { start } from '../support/server/start.ts'`,
  'test/stories/roles.test.ts': `import { start } from '../support/server/start.ts'`,
  'test/attacks/csrf.test.ts': `import { start } from '../support/server/start.ts'`,
  'test/docs.test.ts': `import { pages } from './support/documentation/markdown.ts'`,
  'test/recipes.test.ts': `readFileSync(join(ROOT, 'deploy', name))`,
  'test/browser/keyboard.test.ts': '',
  'test/sql/sql.test.ts': '',
}
const TESTS = Object.keys(FILES).filter((file) => file.endsWith('.test.ts'))

const reached = (...changed: string[]) => testsReaching(changed, TESTS, (file) => FILES[file] ?? '')
const reasons = (...changed: string[]) => Object.fromEntries(reached(...changed).tests)

test('a test reaches what it imports: directly, by others, dynamically, and as the program of a worker', () => {
  const crossing = {
    'test/attacks/csrf.test.ts': 'crosses',
    'test/docs.test.ts': 'crosses',
    'test/sql/sql.test.ts': 'crosses',
  }
  assert.deepEqual(reasons('src/foundation/kernel/fold.ts'), {
    'src/domain/groups/group.test.ts': 'imports',
    ...crossing,
  })
  assert.equal(reasons('src/domain/roles/role.ts')['src/domain/roles/role.test.ts'], 'imports')
  assert.equal(reasons('src/foundation/platform/hasher.worker.js')['src/foundation/platform/hasher.test.ts'], 'imports')
})

test('an import of a type reaches nothing, since it loads nothing', () => {
  assert.equal(reasons('src/domain/groups/row.ts')['src/domain/groups/group.test.ts'], undefined)
})

test('what is reached only where the program is put together, or by people of tests, counts for the stories of its feature', () => {
  const groups = reasons('src/domain/groups/group.ts')
  assert.equal(groups['test/stories/groups.test.ts'], 'feature')
  assert.equal(groups['test/stories/roles.test.ts'], undefined)
  assert.equal(groups['test/attacks/csrf.test.ts'], 'crosses')
  const roles = reasons('src/domain/roles/role.ts')
  assert.equal(roles['test/stories/roles.test.ts'], 'feature')
  assert.equal(roles['test/stories/groups.test.ts'], undefined)
  assert.deepEqual(reached('src/domain/groups/group.ts', 'src/domain/roles/role.ts').features, ['groups', 'roles'])
})

test('the place where the program is put together counts itself for each test that imports it', () => {
  const chosen = reasons('src/entry/boot.ts')
  for (const story of ['groups', 'roles']) assert.equal(chosen[`test/stories/${story}.test.ts`], 'imports')
})

test('a changed test runs itself only, and a changed file of test/support what imports it', () => {
  assert.deepEqual(reasons('test/stories/roles.test.ts'), { 'test/stories/roles.test.ts': 'itself' })
  assert.deepEqual(reasons('src/domain/roles/role.test.ts'), { 'src/domain/roles/role.test.ts': 'itself' })
  assert.deepEqual(Object.keys(reasons('test/support/people/people.ts')).toSorted(), [
    'test/attacks/csrf.test.ts',
    'test/stories/groups.test.ts',
    'test/stories/roles.test.ts',
  ])
})

test('a page runs the tests of documents, a recipe the test that names its folder, a snapshot its test', () => {
  assert.deepEqual(reasons('README.md'), { 'test/docs.test.ts': 'reads' })
  assert.deepEqual(reasons('docs/guide/groups.md'), { 'test/docs.test.ts': 'reads' })
  assert.deepEqual(reasons('deploy/nginx.conf'), { 'test/recipes.test.ts': 'reads' })
  assert.deepEqual(reasons('test/browser/keyboard.test.ts.snapshot'), { 'test/browser/keyboard.test.ts': 'reads' })
  assert.deepEqual(reasons('test/sql/sqlite.sql'), { 'test/sql/sql.test.ts': 'reads' })
  assert.deepEqual(reasons('assets/doorward.css'), { 'test/browser/keyboard.test.ts': 'reads' })
})

test('packages, the compiler’s options and the runner of the tests run everything', () => {
  for (const file of [
    'package.json',
    'package-lock.json',
    'scripts/build/package-lock.json',
    'tsconfig.json',
    'test/run.ts',
  ])
    assert.deepEqual(Object.keys(reasons(file)), TESTS, file)
  assert.deepEqual(reasons('examples/express/package.json'), {})
})

test('a removed file still counts for the tests that import it', () => {
  const texts = { 'test/a.test.ts': `import './removed.ts'` }
  const { tests } = testsReaching(
    ['test/removed.ts'],
    ['test/a.test.ts'],
    (file) => texts[file as keyof typeof texts] ?? '',
  )
  assert.deepEqual([...tests], [['test/a.test.ts', 'imports']])
})

test('the report says what was chosen, why, and what was left out', () => {
  const changed = ['LICENSE', 'src/domain/groups/group.ts', 'test/stories/roles.test.ts']
  assert.equal(
    reportOf(reached(...changed), { commit: 'HEAD', changed, tests: TESTS }),
    `Changed since HEAD: LICENSE, src/domain/groups/group.ts, test/stories/roles.test.ts.
6 of 10 test files:
     1  changed themselves
     1  import a changed file, directly or not
     1  are named for a feature of it: groups
     3  cross all features
Left out: 4 that reach none of these changes. \`npm test\` runs them too.
No test of these reaches LICENSE.
`,
  )
})

test('where nothing is chosen, the report says that and what would count', () => {
  const none = reportOf(reached(), { commit: 'main', changed: [], tests: TESTS })
  assert.match(none, /^Nothing has changed since main, so no test runs\. What counts: /)
  const changed = ['LICENSE']
  const some = reportOf(reached(...changed), { commit: 'HEAD', changed, tests: TESTS })
  assert.match(some, /^None of 10 test files reaches what has changed since HEAD: LICENSE\. What counts: /)
})

const PROJECT = globSync(['{src,test,scripts}/**/*.{ts,js,mjs}'], { cwd: ROOT, exclude: ['**/node_modules/**'] })
  .map((file) => file.split(sep).join('/'))
  .toSorted()
const PROGRAM = PROJECT.filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'))
const NAMED = PROJECT.filter(
  (file) => file.endsWith('.test.ts') && NAMED_FOR_FEATURES.some((one) => file.startsWith(one)),
)

test('every feature of the domain and the use cases has a test file that is named for it', () => {
  const features = new Set(PROGRAM.filter((file) => /^src\/(?:domain|use-cases)\//.test(file)).map(featureOf))
  assert.ok(features.size > 40)
  const without = [...features].filter((feature) => !NAMED.some((file) => isNamedFor(file, feature)))
  assert.deepEqual(without, [])
})

test('the tables name what exists, and further words lead to a test', () => {
  const listed = [...Object.keys(COMPOSITION_ROOTS), ...Object.keys(CROSSES_ALL_FEATURES)]
  assert.deepEqual(
    listed.filter((file) => !existsSync(join(ROOT, file))),
    [],
  )
  const features = new Set(PROGRAM.map(featureOf))
  const idle = Object.entries(ALSO_NAMED).flatMap(([feature, [names]]) => [
    ...(features.has(feature) ? [] : [feature]),
    ...names.filter((name) => !NAMED.some((file) => isNamedFor(file, name))).map((name) => `${feature}: ${name}`),
  ])
  assert.deepEqual(idle, [])
})

test('the imports of this project are found, and each is a file', () => {
  const imports = PROJECT.flatMap((file) =>
    importsIn(file, readFileSync(join(ROOT, file), 'utf8')).map((path) => ({ file, path })),
  )
  assert.ok(imports.length > 5000, `only ${imports.length}`)
  const lost = imports.filter(({ path }) => /\.(?:ts|js|mjs)$/.test(path) && !existsSync(join(ROOT, path)))
  assert.deepEqual(
    lost.filter(({ file }) => !file.endsWith('.test.ts')).map(({ file, path }) => `${file}: ${path}`),
    [],
  )
})

test('a change of one rule leaves most stories out, and none of its own', () => {
  const tests = PROJECT.filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/foreign/'))
  const { tests: chosen } = testsReaching(['src/domain/groups/group.ts'], tests, (file) =>
    existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '',
  )
  for (const file of ['src/domain/groups/group.test.ts', 'test/stories/groups.test.ts', 'test/attacks/groups.test.ts'])
    assert.ok(chosen.has(file), file)
  assert.equal(chosen.get('test/architecture.test.ts'), 'crosses')
  assert.ok(!chosen.has('test/stories/branding.test.ts'))
  assert.ok(chosen.size < tests.length / 3, `${chosen.size} of ${tests.length}`)
})
