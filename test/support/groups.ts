// Test files that share a process: starting one and loading the program costs more than most files beside the sources take.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What one process of a run tests. */
export interface Unit {
  /** The file to give to the runner. */
  readonly path: string
  /** What a person knows it by: a test file, or a folder. */
  readonly name: string
}

/**
 * The test files below each folder of `src` run in one process, which a file written into `folder` imports; every other file has
 * a process of its own. So do those with snapshots, which the runner looks for beside the process's main file.
 */
export function unitsOf(files: readonly string[], folder: string): Unit[] {
  const groups = Map.groupBy(files, (file) => (hasSnapshots(file) ? file : groupOf(file)))
  return [...groups].map(([name, members]) => {
    if (name.endsWith('.ts')) return { path: name, name }
    return { path: writeGroup(members, join(folder, `${name.replaceAll('/', '-')}.mjs`)), name }
  })
}

function groupOf(file: string): string {
  return /^src\/[^/]+(?=\/)/.exec(file)?.[0] ?? file
}

function hasSnapshots(file: string): boolean {
  return /assert\.(file)?snapshot\(/i.test(readFileSync(file, 'utf8'))
}

function writeGroup(files: readonly string[], path: string): string {
  writeFileSync(path, files.map((file) => `await import(${JSON.stringify(resolve(file))})\n`).join(''))
  return path
}
