import { join } from 'node:path'

/** The URL of the SQLite database in a data folder, the default of `database_url`. */
export function ownDatabaseUrl(dataDir: string): string {
  return `sqlite:${join(dataDir, 'doorward.db')}`
}
