import { join } from 'node:path'

/** The database that a data folder has unless another one is configured. */
export function ownDatabaseUrl(dataDir: string): string {
  return `sqlite:${join(dataDir, 'doorward.db')}`
}
