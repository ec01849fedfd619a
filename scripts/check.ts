// The checks before a change is merged: format, lint, types, unused code, generated pages, and the quick tests.
import { join } from 'node:path'

import { runToEnd } from './child.mjs'

process.chdir(join(import.meta.dirname, '..'))

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
  const code = await runToEnd(process.execPath, ['--disable-warning=ExperimentalWarning', ...step])
  if (code !== 0) process.exit(code)
}
