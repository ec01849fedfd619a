import type { Database } from '#foundation/platform/database/database.ts'
import { forShare, forUpdate } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { AgentSetting } from './agent.ts'

const ROW = 1

function theRow(db: Database) {
  return db.selectFrom('openid_setting').select(['agents', 'allowed_documents', 'revision']).where('id', '=', ROW)
}

const preparedRow = preparedQuery((db: Database) => theRow(db))

type Row = Awaited<ReturnType<typeof preparedRow>>[number]

export async function selectAgentSetting(db: Database): Promise<AgentSetting> {
  const [row] = await preparedRow(db)
  return settingFromRow(row)
}

/** Returns the same, excluding other changes until the transaction ends. */
export async function takeAgentSetting(trx: Database): Promise<AgentSetting> {
  return settingFromRow(await forUpdate(trx, theRow(trx)).executeTakeFirst())
}

const heldRow = preparedQuery((trx: Database) => forShare(trx, theRow(trx)))

/** Returns the same, excluding changes until the transaction ends, but not others that do so. */
export async function holdAgentSetting(trx: Database): Promise<AgentSetting> {
  const [row] = await heldRow(trx)
  return settingFromRow(row)
}

function settingFromRow(row: Row | undefined): AgentSetting {
  if (row === undefined)
    throw new Error('The table openid_setting has no row, so nothing says which agents are allowed')
  const { agents, allowed_documents: allowed, revision } = row
  return { enabled: agents === 1, allowedDocuments: JSON.parse(allowed) as string[], revision }
}

/** Writes the setting if the row still has the revision that was read; returns whether it did. */
export function writeAgentSetting(
  trx: Database,
  { enabled, allowedDocuments, revision }: AgentSetting,
): Promise<boolean> {
  return updatedOne(
    trx
      .updateTable('openid_setting')
      .set({ agents: Number(enabled), allowed_documents: JSON.stringify(allowedDocuments), revision: revision + 1 })
      .where('id', '=', ROW)
      .where('revision', '=', revision),
  )
}
