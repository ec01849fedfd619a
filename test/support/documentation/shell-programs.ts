// Small replacements for programs that a page uses and a machine may lack.
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { temporaryFolder } from '../databases/temporary.ts'

/** Folders to add to PATH for curl: none, or one with a replacement on a machine without curl. */
export async function curlFor(t: TestContext): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  if (folders.some((folder) => existsSync(join(folder, 'curl')))) return []
  return [await ownCurl(t)]
}

/** A folder with a `curl` that supports the flags of the pages. */
export function ownCurl(t: TestContext): Promise<string> {
  return ownProgram(t, 'curl', new URL('./curl.ts', import.meta.url))
}

/** A folder with a `sqlite3` that runs one statement with Node's SQLite, the same version on every machine. */
export function ownSqlite(t: TestContext): Promise<string> {
  return ownProgram(t, 'sqlite3', new URL('./sqlite3.ts', import.meta.url))
}

async function ownProgram(t: TestContext, name: string, script: URL): Promise<string> {
  const folder = await temporaryFolder(t)
  writeProgram(
    folder,
    name,
    `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${fileURLToPath(script)}' "$@"`,
  )
  return folder
}

/** Writes an executable shell script. */
export function writeProgram(folder: string, name: string, lines: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`)
  chmodSync(join(folder, name), 0o755)
}
