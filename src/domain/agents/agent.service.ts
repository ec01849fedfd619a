// Agents: whether one is allowed, and what its document says now. Tested in agent.service.test.ts.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { listAgentClients, storeAgentClient } from '#domain/clients/agent-client.service.ts'
import { holdClient } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { fetchJson, type FetchReason } from '#foundation/platform/network/fetch-json.ts'
import { type DocumentFault, readAgentDocument } from './agent-document.ts'
import * as queries from './agent-setting.queries.ts'
import { type AgentSetting, MOST_AGENTS } from './agent.ts'
import { allowsDocument, fieldErrorsInDocuments, isDocumentUrl } from './allowed-documents.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Why an agent is not known, where its document was asked for. */
export type AgentFault = DocumentFault | FetchReason | 'too_many'

/** In bytes, as the draft recommends (§6.6). */
const LONGEST_DOCUMENT = 5 * 1024

export function readAgentSetting({ db }: With<'db'>): Promise<AgentSetting> {
  return queries.selectAgentSetting(db)
}

/** Returns the same, excluding other changes of it until the transaction ends. */
export function lockAgentSetting({ db }: InTransaction<With<'db'>>): Promise<AgentSetting> {
  return queries.takeAgentSetting(db)
}

/** Whether the agent with this client id may sign users in, and use what it has got. */
export async function isAllowedAgent({ db }: With<'db'>, id: string): Promise<boolean> {
  if (!isDocumentUrl(id)) return false
  return isAllowedBy(await queries.selectAgentSetting(db), id)
}

function isAllowedBy({ enabled, allowedDocuments }: AgentSetting, id: string): boolean {
  return enabled && allowsDocument(allowedDocuments, id)
}

/** Whether an app may be used as far as agents are concerned: each that an admin has registered, and agents that are allowed now. */
export async function isAllowedClient(ctx: With<'db'>, id: string): Promise<boolean> {
  return !isDocumentUrl(id) || isAllowedAgent(ctx, id)
}

/**
 * Whether an app is as it was read, and allowed if it is an agent. Until this transaction ends, no other one changes the row of the app or the
 * switch of agents: a change that shuts the app out waits for it, and then revokes the grant that this transaction has stored.
 */
export async function holdAllowedClient(ctx: InTransaction<With<'db'>>, client: Client): Promise<boolean> {
  if (isDocumentUrl(client.id) && !isAllowedBy(await queries.holdAgentSetting(ctx.db), client.id)) return false
  return holdClient(ctx, client)
}

/** Changes what was read, with the event. Throws `request.validation_failed`, `LostUpdate`. */
export async function updateAgentSetting(
  ctx: InTransaction<Recording>,
  before: AgentSetting,
  { enabled, allowedDocuments }: Pick<AgentSetting, 'enabled' | 'allowedDocuments'>,
): Promise<AgentSetting> {
  const isSame = JSON.stringify(allowedDocuments) === JSON.stringify(before.allowedDocuments)
  if (isSame && enabled === before.enabled) return before
  requireNoFieldErrors(fieldErrorsInDocuments(allowedDocuments))
  const after = { enabled, allowedDocuments, revision: before.revision }
  if (!(await queries.writeAgentSetting(ctx.db, after))) throw new LostUpdate()
  const details = {
    enabled,
    enabled_before: before.enabled,
    allowed_documents: allowedDocuments.join(' '),
    allowed_documents_before: before.allowedDocuments.join(' '),
  }
  await recordEvent(ctx, { action: 'agents.changed', details })
  return { ...after, revision: after.revision + 1 }
}

/** Returns the agents that were used and are not allowed now. */
export async function agentsShutOut(ctx: With<'db'>, setting: AgentSetting): Promise<Client[]> {
  const agents = await listAgentClients(ctx, MOST_AGENTS)
  return agents.filter(({ id }) => !isAllowedBy(setting, id))
}

/**
 * Fetches the document of an allowed agent, and stores what is believed of it; returns false if there are too many agents. Outside a
 * transaction, since a host can be slow. Throws `WrongDocument` and `FetchFault`.
 */
export async function refreshAgent(ctx: With<'db' | 'now' | 'outbound'>, id: string): Promise<boolean> {
  const fields = readAgentDocument(id, await fetchJson(ctx.outbound, id, LONGEST_DOCUMENT))
  return (await storeAgentClient(ctx, { id, fields, most: MOST_AGENTS })) !== undefined
}
