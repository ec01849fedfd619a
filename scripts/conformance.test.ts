// What scripts/conformance says where the suite cannot run, and what docs/conformance.md may say.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { ROOT } from '#test/support/documentation/markdown.ts'
import { MODULES } from '#test/support/openid/conformance/facts.ts'
import { conformancePage, moduleTests } from './conformance-page.ts'

const NO_PROGRAM = 'The conformance suite runs in containers: install docker or podman, with its compose.'
const STARTED = join(ROOT, '.cache', 'conformance')

for (const [machine, docker, sentence] of [
  ['neither docker nor podman', undefined, NO_PROGRAM],
  ['a docker without compose', '[ "$1" != compose ]', NO_PROGRAM],
  [
    'no registry',
    '[ "$1" != pull ]',
    'docker.io/library/mongo:6.0.13 cannot be pulled, so the conformance suite cannot run here',
  ],
] as const)
  test(`on a machine with ${machine} the script says what is missing, and starts nothing`, async (t) => {
    const wasStarted = existsSync(STARTED)
    const { status, stderr, stdout } = await started(t, docker)
    assert.deepEqual([status, stdout], [1, ''])
    assert.ok(stderr.includes(sentence), stderr)
    assert.equal(existsSync(STARTED), wasStarted)
  })

/** Runs the script on a machine that has this docker and nothing else. */
async function started(t: TestContext, docker: string | undefined) {
  const programs = await temporaryFolder(t)
  symlinkSync('/usr/bin/dirname', join(programs, 'dirname'))
  if (docker !== undefined) {
    writeFileSync(join(programs, 'docker'), `#!/bin/sh\n${docker}\n`)
    chmodSync(join(programs, 'docker'), 0o755)
  }
  return spawnSync('/bin/sh', [join(ROOT, 'scripts', 'conformance')], { env: { PATH: programs }, encoding: 'utf8' })
}

test('each module of the suite is the title of one test', () => {
  const named = moduleTests().map(({ module }) => module)
  const expected = MODULES.map(({ module }) => module)
  assert.deepEqual(named.toSorted(), expected.toSorted())
})

test('the page names a certified library, and never says that Doorward is certified', () => {
  const sentences = conformancePage().split(/(?<=\.)\s/)
  const saying = sentences.filter((sentence) => /\bcertified\b/i.test(sentence))
  assert.deepEqual(
    saying.filter((sentence) => !sentence.includes('built on a certified library')),
    [],
  )
  assert.equal(saying.length, 1)
})
