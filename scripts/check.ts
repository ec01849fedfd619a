// What must be true before a change is taken: form, types, nothing unused, generated pages as the code is, and the quick tests.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

const STEPS: readonly (readonly string[])[] = [
  ['node_modules/oxfmt/bin/oxfmt', '--check'],
  ['node_modules/oxlint/bin/oxlint'],
  ['node_modules/typescript/bin/tsc'],
  ['node_modules/knip/bin/knip.js'],
  ['scripts/docs.ts', '--check'],
  ['test/run.ts'],
]

for (const step of STEPS) {
  process.stdout.write(`\n> ${step.join(' ')}\n`)
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...step], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
