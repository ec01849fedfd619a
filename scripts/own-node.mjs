// Finds the Node that runs Doorward in a clone: the machine's own if it is new enough, else one from npm.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { install } from './install.mjs'
import { fail } from './say.mjs'

const folder = fileURLToPath(new URL('node', import.meta.url))
const manifest = new URL('../package.json', import.meta.url)

/** The oldest supported Node, such as `24.11.0`. */
export function oldestNode() {
  return JSON.parse(readFileSync(manifest, 'utf8')).engines.node.replace('>=', '')
}

/** Whether a version such as `24.11.0` (without `v`) is at least `oldest`. */
export function isAtLeast(version, oldest) {
  return version.localeCompare(oldest, 'en', { numeric: true }) >= 0
}

/** Resolves to the path of the Node to use and its description. */
export async function findNode() {
  const own = process.versions.node
  const oldest = oldestNode()
  if (isAtLeast(own, oldest)) return { path: process.execPath, name: `Node ${own}` }
  await install(folder, { what: `Node, since this machine has ${own} and Doorward needs ${oldest}` })
  const path = packagedNode()
  const version = path && versionOf(path)
  // The packaged Node is built for glibc, so it does not start on Alpine's musl.
  if (!version) {
    const platform = `${process.platform}-${process.arch}`
    fail(`No packaged Node runs on this machine (${platform}), and its own is ${own}. Install Node ${oldest} or newer.`)
  }
  return { path, name: `Node ${version} from scripts/node (this machine has ${own}, and Doorward needs ${oldest})` }
}

// As the main program, it prints the path.
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await findNode()).path)

function packagedNode() {
  const names = Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).optionalDependencies)
  const installed = names.map((name) => join(folder, 'node_modules', name)).find((path) => existsSync(path))
  if (!installed) return undefined
  return join(installed, JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')).bin.node)
}

function versionOf(path) {
  return spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1)
}
