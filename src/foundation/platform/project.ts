import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'

const ROOT = dirname(findPackageJSON(import.meta.url) ?? '.')

/** The absolute path of a file of the project. The program runs from `src/` or, built, from `dist/`, so no path is relative to a module. */
export function projectPath(path: string): string {
  return join(ROOT, path)
}

const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { version: string }

/** The program's version (semver). */
export const VERSION: string = version

/** The version of Node that runs it. */
export const NODE_VERSION: string = process.versions.node
