// Runs before every npm script that starts the program: what it needs is installed, and it is built from the sources as they are.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

await import('./install.mjs')

const isWindows = process.platform === 'win32'
const root = fileURLToPath(new URL('..', import.meta.url))
// This runs on the Node that npm found first, which is older than ours until ours is installed.
const own = join(root, 'node_modules', '.bin', isWindows ? 'node.cmd' : 'node')
const { status } = spawnSync(existsSync(own) ? own : 'node', [join('scripts', 'build.ts')], {
  cwd: root,
  stdio: ['ignore', 2, 2],
  shell: isWindows,
})
process.exitCode = status ?? 1
