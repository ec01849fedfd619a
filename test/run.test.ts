// What `npm test PATH`, `--changed` and `--watch` do, with the runner in a project and a repository of their own.
import assert from 'node:assert/strict'
import { type ChildProcess, spawnSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'

import { temporaryFolder } from './support/databases/temporary.ts'
import { changedSince } from './support/runner/changed-files.ts'
import { testsNamed } from './support/runner/named-tests.ts'
import { SmallProject, smallProject } from './support/runner/small-project.ts'

const HAS_GIT = spawnSync('git', ['--version']).status === 0

/** A test file with one test, which fails unless what it imports says what it should. */
const claim = (name: string, imports: string, says = 'hello'): string =>
  `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { word } from '${imports}'
test('${name}', () => assert.equal(word, '${says}'))
`
const FILES = {
  'src/one/word.ts': `export const word = 'hello'\n`,
  'src/one/word.test.ts': claim('one greets', './word.ts'),
  'src/other/word.ts': `export const word = 'hello'\n`,
  'src/other/again.ts': `export * from './word.ts'\n`,
  'src/other/word.test.ts': claim('the other greets', './again.ts'),
  LICENSE: 'MIT\n',
}

test('npm test PATH refuses a path that is not there, is no test or has none below, each with a sentence', async (t) => {
  const { folder } = await smallProject(t, { ...FILES, 'docs/page.md': '# Page\n' })
  const named = (...paths: string[]) => testsNamed(paths, folder)
  assert.deepEqual(named('src/one', 'src/one/word.test.ts'), ['src/one/word.test.ts'])
  assert.deepEqual(named('./src'), ['src/one/word.test.ts', 'src/other/word.test.ts'])
  assert.deepEqual(testsNamed(['word.test.ts'], folder, join(folder, 'src/other')), ['src/other/word.test.ts'])
  assert.equal(named('src', 'src/neither'), 'There is no file or folder src/neither.')
  assert.equal(
    named('word'),
    'There is no file or folder word. Test files with word in their name: src/one/word.test.ts, src/other/word.test.ts.',
  )
  assert.equal(
    named('src/one/word.ts'),
    'src/one/word.ts is no test: the name of a test file ends with .test.ts. Its test is src/one/word.test.ts.',
  )
  assert.equal(named('docs'), 'No test is below docs: the name of a test file ends with .test.ts.')
  assert.equal(named('..'), '.. is outside of this project.')
})

test('npm test ends with the sentence and exit code 1 before it starts anything', async (t) => {
  const project = await smallProject(t, FILES)
  assert.deepEqual(await project.runTests(['src/neither']), {
    code: 1,
    stdout: '',
    stderr: 'There is no file or folder src/neither.\n',
  })
})

test('where git is missing, or the folder is no checkout, --changed says so and what to run instead', async (t) => {
  const project = await smallProject(t, FILES)
  const { code, stdout, stderr } = await project.runTests(['--changed'], { PATH: join(project.folder, 'nothing') })
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /^--changed asks git what has changed, and git was not found here\. `npm test` runs all tests/)
  if (!HAS_GIT) return
  const outside = changedSince(await temporaryFolder(t), 'HEAD')
  assert.match(
    String(outside),
    /^--changed asks git what has changed, and git says “fatal: not a git repository.*`npm test`/,
  )
})

if (HAS_GIT) {
  test('changed, staged, removed and new files have changed; ignored ones and those of others since the branch have not', async (t) => {
    const project = new SmallProject(await temporaryFolder(t))
    project.write({
      'a.ts': '1',
      'b.ts': '1',
      'c.ts': '1',
      'd.ts': '1',
      'of-others.ts': '1',
      '.gitignore': 'ignored\n',
    })
    project.commitAll()
    assert.deepEqual(changedSince(project.folder, 'HEAD'), [])
    project.git('switch', '--quiet', '--create', 'branch')
    project.write({ 'a.ts': '2' })
    project.git('commit', '--quiet', '--all', '--message=Second')
    project.git('switch', '--quiet', 'main')
    project.write({ 'of-others.ts': '2' })
    project.git('commit', '--quiet', '--all', '--message=Of others')
    project.git('switch', '--quiet', 'branch')
    project.write({ 'b.ts': '2', 'c.ts': '2', ignored: '', 'new folder/ä.ts': '' })
    project.git('add', 'c.ts')
    project.remove('d.ts')
    project.git('mv', 'b.ts', 'e.ts')
    const since = ['b.ts', 'c.ts', 'd.ts', 'e.ts', 'new folder/ä.ts']
    assert.deepEqual(changedSince(project.folder, 'HEAD'), since)
    assert.deepEqual(changedSince(project.folder, 'main'), ['a.ts', ...since])
    assert.match(
      String(changedSince(project.folder, 'neither')),
      /^--changed cannot compare with neither: git says “fatal/,
    )
  })

  test('a project inside a larger repository asks for its own files only', async (t) => {
    const repository = new SmallProject(await temporaryFolder(t))
    repository.write({ 'outside.ts': '1', 'inside/a.ts': '1' })
    repository.commitAll()
    repository.write({ 'outside.ts': '2', 'new.ts': '', 'inside/a.ts': '2', 'inside/new.ts': '' })
    assert.deepEqual(changedSince(join(repository.folder, 'inside'), 'HEAD'), ['a.ts', 'new.ts'])
  })

  test('npm test -- --changed runs what reaches the change and says what it left out; nothing changed is no failure', async (t) => {
    const project = await smallProject(t, FILES)
    project.commitAll()
    const nothing = await project.runTests(['--changed'])
    assert.deepEqual([nothing.code, nothing.stderr], [0, ''])
    assert.match(nothing.stdout, /^Nothing has changed since HEAD, so no test runs\. What counts: [^\n]+\n$/)
    project.write({ 'src/other/word.ts': `export const word = 'bye'\n` })
    const other = await project.runTests(['--changed'])
    assert.equal(other.code, 1, other.stderr)
    assert.match(
      other.stdout,
      /^Changed since HEAD: src\/other\/word\.ts\.\n1 of 2 test files:\n +1 {2}import a changed/,
    )
    assert.match(other.stdout, /\nLeft out: 1 that reach none of these changes\./)
    assert.match(other.stdout, /the other greets/)
    assert.doesNotMatch(other.stdout, /one greets/)
    const elsewhere = await project.runTests(['--changed', 'src/one'])
    assert.equal(elsewhere.code, 0)
    assert.match(elsewhere.stdout, /^None of 1 test file reaches what has changed since HEAD: src\/other\/word\.ts\. /)
  })
}

test('npm test -- --watch runs again only the file whose import has changed, at each save, and ends at Ctrl-C', async (t) => {
  const apart = { 'src/other/apart.test.ts': claim('a neighbour greets', '../one/word.ts') }
  const project = await smallProject(t, { ...FILES, ...apart })
  const child = project.startTests(['--watch'])
  const toGroup = (signal: NodeJS.Signals): boolean => process.kill(-(child.pid ?? Number.NaN), signal)
  t.after(() => {
    if (child.exitCode === null && child.signalCode === null) toGroup('SIGKILL')
  })
  const said = listen(child)
  assert.match(await said(/ℹ tests 3\n[\s\S]*duration_ms/), /✔ a neighbour greets[\s\S]*✔ the other greets/)
  for (const [says, result] of [
    ['bye', '✖'],
    ['hello', '✔'],
    ['bye', '✖'],
  ] as const) {
    project.replace('src/other/word.ts', `export const word = '${says}'\n`)
    assert.doesNotMatch(await said(new RegExp(`${result} the other greets`)), /one greets|a neighbour greets/)
  }
  project.write({ 'src/other/word.ts': `export const word = 'hello'\n` })
  await said(/✔ the other greets/)
  const ended = once(child, 'exit')
  toGroup('SIGINT')
  await ended
})

/** Waits until output that was not yet matched matches; returns it and what came before. Fails where the process ends before. */
function listen(child: ChildProcess): (wanted: RegExp) => Promise<string> {
  const heard = new EventEmitter()
  let unread = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (more: string) => {
      unread += more
      heard.emit('more')
    })
  child.once('close', () => heard.emit('end'))
  return async (wanted) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const look = (): void => {
      const found = wanted.exec(unread)
      if (found === null) return
      const end = found.index + found[0].length
      resolve(unread.slice(0, end))
      unread = unread.slice(end)
    }
    const end = (): void => reject(new Error(`The run ended before ${wanted}:\n${unread}`))
    heard.on('more', look).once('end', end)
    look()
    return promise.finally(() => heard.off('more', look).off('end', end))
  }
}
