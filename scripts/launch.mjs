// Runs a file of this clone: installs its packages, builds the program, then starts the file on a supported Node.
//
//   node scripts/launch.mjs program  dist/doorward.js …   installs the packages that run the program only
//   node scripts/launch.mjs tool     test/run.ts …        installs the development packages too
import { rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { exitAtSignals, runToEnd } from './child.mjs'
import { install, isForDevelopment, takeTurn } from './install.mjs'
import { findNode } from './own-node.mjs'
import { say } from './say.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Node's warnings about experimental features are of no use to operators. */
const nodeFlags = ['--disable-warning=ExperimentalWarning']
/** The space for new objects and for all objects, in MiB; decision 0046 has the figures. */
const memoryFlags = ['--max-semi-space-size=4', '--max-old-space-size=512']
/**
 * For the server only: without the flag, allocation sites that V8 pretenured during many sign-ins can slow down later requests (decision
 * 0046).
 */
const serverFlags = ['--no-allocation-site-pretenuring']

/** The number of memory pools of glibc that all threads share, instead of one for each thread (decision 0046). */
const MALLOC_ARENA_MAX = process.env.MALLOC_ARENA_MAX ?? '2'

const [kind, file, ...args] = process.argv.slice(2)
const development = kind === 'tool'
const installed = exitAtSignals()
const [node] = await Promise.all([
  findNode(),
  install(root, {
    what: development ? 'packages that run and test Doorward' : 'packages that run Doorward',
    development,
  }),
  development && install(join(root, 'scripts', 'build'), { what: 'the tool that builds Doorward' }),
])
// npm set this PATH for its script; with it, tools find this Node and the packages' programs first.
const env = {
  ...process.env,
  PATH: [dirname(node.path), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
}

const built = await build()
installed()
if (built !== 0 || file === 'scripts/build/build.ts') process.exit(built)
const isServer = args[0] === 'serve'
if (isServer && !args.includes('--quiet')) say(`Doorward runs on ${node.name}.`)
const programFlags = [...nodeFlags, ...memoryFlags, ...(isServer ? serverFlags : [])]
const flags = development ? nodeFlags : programFlags
process.exit(
  await runToEnd(node.path, [...flags, join(root, file), ...args], development ? env : { ...env, MALLOC_ARENA_MAX }),
)

/**
 * Builds the program if the sources have changed, and returns the exit code. The build tool is installed for that and is kept only in a
 * development clone. One process builds at a time, since a second one would lose the tool when the first one removes it.
 */
async function build() {
  const folder = join(root, 'scripts', 'build')
  const run = (...flags) => runToEnd(node.path, [...nodeFlags, join(folder, 'build.ts'), ...flags], env)
  if ((await run('--check')) === 0) return 0
  const release = await takeTurn(join(folder, '.doorward-building'))
  // Another process may have built it while this one waited.
  const code = (await run('--check')) === 0 ? 0 : await buildWithTool(folder, run)
  release()
  return code
}

async function buildWithTool(folder, run) {
  await install(folder, { what: 'the tool that builds Doorward' })
  const code = await run()
  if (!isForDevelopment(root)) rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
  return code
}
