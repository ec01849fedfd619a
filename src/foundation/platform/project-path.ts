import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'

const ROOT = dirname(findPackageJSON(import.meta.url) ?? '.')

/** Where a file of ours lies, by its path in the project: the program runs from `src/` and, built, from `dist/`. */
export function projectPath(path: string): string {
  return join(ROOT, path)
}
