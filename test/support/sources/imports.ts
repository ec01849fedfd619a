// What an import names, read from the sources.
import { posix } from 'node:path'

/** Returns the path that an import in a file names, from the folder of the project; a package by its name. package.json has the aliases. */
export function pathOfImport(file: string, imported: string): string {
  if (imported.startsWith('#')) return imported.startsWith('#test/') ? imported.slice(1) : `src/${imported.slice(1)}`
  return imported.startsWith('.') ? posix.join(posix.dirname(file), imported) : imported
}
