// The rows of agents, which are apps that no admin has registered. Tested in agent-client.service.test.ts.
import { inTransaction, type InTransaction, type With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import * as agents from './agent-client.queries.ts'
import { changedFields } from './client-fields.ts'
import * as queries from './client.queries.ts'
import { findClient, findClientsWithIds, lockIfExists } from './client.service.ts'
import type { Client, ClientFields } from './client.ts'

/**
 * Stores what the document of an agent says now, if that is something new, and returns its row. Undefined where as many are stored as `most`.
 */
export async function storeAgentClient(
  ctx: With<'db' | 'now'>,
  { id, fields, most }: { readonly id: string; readonly fields: ClientFields; readonly most: number },
): Promise<Client | undefined> {
  const known = await findClient(ctx, id)
  if (known !== undefined && changedFields(known, fields).length === 0) return known
  return inTransaction(ctx, (tx) => write(tx, { id, fields, most }))
}

async function write(
  tx: InTransaction<With<'db' | 'now'>>,
  { id, fields, most }: { readonly id: string; readonly fields: ClientFields; readonly most: number },
): Promise<Client | undefined> {
  const before = await lockIfExists(tx, id)
  if (before === undefined) {
    if ((await agents.countAgents(tx.db)) >= most) return undefined
    const client = { ...fields, id, createdAt: tx.now, createdBy: null, disabledAt: null, revision: 1 }
    // Another node that stored it at the same time has read the same document.
    return (await queries.insertClient(tx.db, client, keyOf(id))) ? client : findClient(tx, id)
  }
  if (changedFields(before, fields).length === 0) return before
  const after = { ...before, ...fields }
  if (!(await queries.updateClientRow(tx.db, after, null))) throw new LostUpdate()
  return { ...after, revision: after.revision + 1 }
}

/** Two agents, or an agent and an app, may have one name: the key is made of the id instead. No key of a name has upper case, so it takes none. */
function keyOf(id: string): string {
  return `AGENT ${id}`
}

/** Returns the agents that were used, by name. */
export async function listAgentClients(ctx: With<'db'>, limit: number): Promise<Client[]> {
  const found = await findClientsWithIds(ctx, await agents.selectAgentIds(ctx.db, limit))
  return found.toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1))
}

/** Returns an agent, excluding other changes of it until the transaction ends. Throws `app.not_found`. */
export async function lockAgentClient(ctx: InTransaction<With<'db'>>, id: string): Promise<Client> {
  const client = await lockIfExists(ctx, id)
  if (client?.kind !== 'agent') throw new Refusal('app.not_found')
  return client
}
