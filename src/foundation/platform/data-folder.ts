import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import { errorCode } from './system.ts'

/** The data folder cannot be used; the message is a sentence for the operator that names the setting. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/**
 * Creates the data folder and its missing parents with mode 0700. They are created one by one, because Node's recursive
 * `mkdir` never returns where the system reports an existing parent as missing, as /proc does. Throws `DataFolderError`.
 */
export function makeDataFolder(folder: string): void {
  const missing: string[] = []
  let above = folder
  for (; !existsSync(above) && dirname(above) !== above; above = dirname(above)) missing.unshift(above)
  requireFolder(above)
  for (const each of missing) makeFolder(each, folder)
}

/** Syncs a file or folder. Windows cannot open a folder, and needs the flags `r+` for a file. */
export function syncPath(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function requireFolder(path: string): void {
  if (statSync(path).isDirectory()) return
  throw new DataFolderError(`${path} is a file, but data_dir must be a folder. Set another data_dir.`)
}

function makeFolder(path: string, folder: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process that starts with the same data folder may have created it meanwhile.
    if (errorCode(error) === 'EEXIST' && existsSync(path)) return requireFolder(path)
    const where = `${errorCode(error) || 'unknown error'} at ${path}`
    const sentence = `The data folder ${folder} cannot be created (${where}). Set another data_dir.`
    throw new DataFolderError(sentence, { cause: error })
  }
}
