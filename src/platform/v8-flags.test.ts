import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

import { OPTIMIZING, PRETENURING } from './v8-flags.ts'

test('this Node still knows the flags: a name it does not know would change nothing', () => {
  const options = node('--v8-options')
  assert.ok(options.includes(`--${PRETENURING} (`))
  for (const { standard } of OPTIMIZING) assert.ok(options.includes(`default: ${standard}\n`), standard)
})

test('a function is made faster after the work that is done once, and never during it', () => {
  const program = `
    import { withoutOptimizing } from '${import.meta.resolve('./v8-flags.ts')}'
    function work(called, looping) {
      for (let times = 0; times < 100_000; times += 1) called(times)
      looping(10_000_000)
    }
    const failing = withoutOptimizing(async () => {
      work(function calledDuring(n) { return n * 2 }, function loopingDuring(n) { while (n > 0) n -= 1 })
      throw new Error('The work failed')
    })
    await failing.catch(() => {})
    work(function calledAfterwards(n) { return n * 2 }, function loopingAfterwards(n) { while (n > 0) n -= 1 })`
  // Compiled at once and on this thread, so that what is printed does not depend on who was faster.
  const printed = node('--trace-opt', '--no-concurrent-recompilation', '--input-type=module', '--eval', program)
  const names = [...printed.matchAll(/^\[completed compiling \w+ <JSFunction (\w+(?:During|Afterwards)) /gm)]
  assert.deepEqual(new Set(names.map(([, name]) => name)), new Set(['calledAfterwards', 'loopingAfterwards']))
})

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { encoding: 'utf8' })
}
