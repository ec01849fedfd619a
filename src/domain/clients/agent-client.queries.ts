import type { Database } from '#foundation/platform/database/database.ts'
import { countRows } from '#foundation/platform/database/row-count.ts'

/** Returns the ids of the agents that were used. */
export async function selectAgentIds(db: Database, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('client').select('id').where('kind', '=', 'agent').limit(limit).execute()
  return rows.map(({ id }) => id)
}

export function countAgents(db: Database): Promise<number> {
  return countRows(db.selectFrom('client').where('kind', '=', 'agent'))
}
