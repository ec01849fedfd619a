import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** The data folder cannot be used; the message is a sentence for the operator that names the setting. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/**
 * Makes the data folder where it is not there, and the ones above it, for their owner only. One by one: Node's recursive
 * `mkdir` never comes back where the system says that the folder above is missing although it is there, as in /proc.
 */
export function makeDataFolder(folder: string): void {
  const missing: string[] = []
  let above = folder
  for (; !existsSync(above) && dirname(above) !== above; above = dirname(above)) missing.unshift(above)
  refuseFile(above)
  for (const each of missing) makeOne(each, folder)
}

function refuseFile(path: string): void {
  if (statSync(path).isDirectory()) return
  throw new DataFolderError(`${path} is a file, but data_dir names a folder there. Name another one in data_dir.`)
}

function makeOne(path: string, folder: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    // Another process may be starting in the same place.
    if (code === 'EEXIST' && existsSync(path)) return refuseFile(path)
    const sentence = `The data folder ${folder} cannot be made (${code} at ${path}). Name another one in data_dir.`
    throw new DataFolderError(sentence, { cause: error })
  }
}
