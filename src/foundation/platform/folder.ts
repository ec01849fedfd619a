import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

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

function requireFolder(path: string): void {
  if (statSync(path).isDirectory()) return
  throw new DataFolderError(`${path} is a file, but data_dir names a folder there. Name another one in data_dir.`)
}

function makeFolder(path: string, folder: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    // Another process that starts with the same data folder may have created it meanwhile.
    if (code === 'EEXIST' && existsSync(path)) return requireFolder(path)
    const sentence = `The data folder ${folder} cannot be created (${code} at ${path}). Name another one in data_dir.`
    throw new DataFolderError(sentence, { cause: error })
  }
}
