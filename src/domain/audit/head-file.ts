import { createHash } from 'node:crypto'

/**
 * The name of the file that notes the heads of one database's chain: a data folder may have served several, and heads of
 * another chain would say for ever that this one was cut or written anew.
 * @param database where it is configured to be
 * @param own where the data folder's own database is
 */
export function headFileOf(database: string, own: string): string {
  if (database === own) return 'audit-head'
  return `audit-head.${createHash('sha256').update(database).digest('hex').slice(0, 16)}`
}
