#!/usr/bin/env node
// The command of an installed Doorward. An older Node must be able to read this file, which then says what is missing.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Those of `npm start` and `npm run doorward`: no warnings of experimental features; room for new objects and for all, in MiB; the server's. */
const FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=4',
  '--max-old-space-size=512',
  ...(process.argv[2] === 'serve' ? ['--no-allocation-site-pretenuring'] : []),
]
/** The number of memory pools of glibc that all threads share; with one for each thread, freed memory stays unused in them. */
const MALLOC_ARENA_MAX = process.env.MALLOC_ARENA_MAX ?? '2'
const PROGRAM = fileURLToPath(new URL('../dist/doorward.js', import.meta.url))

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const oldest = engines.node.replace('>=', '')

if (process.versions.node.localeCompare(oldest, 'en', { numeric: true }) < 0) {
  process.stderr.write(`Doorward needs Node ${oldest} or newer, and this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  // The process becomes a Node with these flags. Windows cannot do that, and the program runs there without them.
  const again = [process.execPath, ...FLAGS, ...process.execArgv, PROGRAM, ...process.argv.slice(2)]
  if (process.platform !== 'win32') process.execve(process.execPath, again, { ...process.env, MALLOC_ARENA_MAX })
  await import('../dist/doorward.js')
}
