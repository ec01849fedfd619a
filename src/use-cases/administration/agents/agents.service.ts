// Agents as admins and the operator see them: which are allowed, which were used, and the end of their sign-ins.
import { agentsShutOut, lockAgentSetting, readAgentSetting, updateAgentSetting } from '#domain/agents/agent.service.ts'
import { type AgentSetting, letsMoreIn, MOST_AGENTS } from '#domain/agents/agent.ts'
import { allowsDocument, normalizedDocuments } from '#domain/agents/allowed-documents.ts'
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { listAgentClients, lockAgentClient } from '#domain/clients/agent-client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { type GrantUse, grantUseOf, NEVER_USED } from '#domain/grants/grant-use.service.ts'
import { revokeGrantsOf } from '#domain/grants/grant.service.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { LONGEST_SHOWN } from '../clients/app-change.service.ts'

/** An agent that was used, with whether it is allowed now. */
export interface ListedAgent {
  readonly client: Client
  readonly use: GrantUse
  readonly isAllowed: boolean
}

export interface Agents {
  readonly setting: AgentSetting
  readonly agents: readonly ListedAgent[]
}

/** What is left out stays. */
export interface AgentChanges {
  readonly enabled?: boolean | undefined
  readonly allowedDocuments?: readonly string[] | undefined
}

/** Returns which agents are allowed, and those that were used, by name. */
export async function readAgents(ctx: With<'db' | 'now'>): Promise<Agents> {
  const setting = await readAgentSetting(ctx)
  const clients = await listAgentClients(ctx, MOST_AGENTS)
  const uses = await grantUseOf(
    ctx,
    clients.map(({ id }) => id),
  )
  const agents = clients.map((client, index) => ({
    client,
    use: uses[index] ?? NEVER_USED,
    isAllowed: setting.enabled && allowsDocument(setting.allowedDocuments, client.id),
  }))
  return { setting, agents }
}

/**
 * Changes which agents are allowed. The sign-ins of those that no longer are end. Throws `request.validation_failed`; with a precondition
 * `resource.stale`. What lets more of them in needs a second admin under the two-person rule.
 */
export async function changeAgents(
  ctx: ChangeDeps,
  changes: AgentChanges,
  precondition?: Precondition<AgentSetting>,
): Promise<AgentSetting> {
  // Before the transaction, since making a key takes a while. Without one no route of the protocol is open.
  if (changes.enabled === true) await ensureSigningKeys(ctx)
  return auditedChange(ctx, { action: 'agents.changed' }, async (tx) => {
    const before = await lockAgentSetting(tx)
    precondition?.(before)
    const { enabled = before.enabled, allowedDocuments = before.allowedDocuments } = changes
    const wanted = { enabled, allowedDocuments: normalizedDocuments(allowedDocuments) }
    const after = await updateAgentSetting(tx, before, wanted)
    for (const agent of await agentsShutOut(tx, after)) await endSignInsOf(tx, agent)
    if (letsMoreIn(before, after)) {
      const values = { agents: after.enabled, allowedDocuments: after.allowedDocuments }
      await requireApproval(tx, { kind: 'change-agents', newName: '', values }, null)
    }
    return after
  })
}

/** Makes the change of a request, for the admin who asked, in the transaction that ends the request. */
export async function makeApprovedAgentChange(
  ctx: ChangeDeps,
  { agents: enabled, allowedDocuments }: ApprovalValues['change-agents'],
): Promise<void> {
  await changeAgents(ctx, { enabled, allowedDocuments })
}

/** Ends all sign-ins to an agent; returns how many. Its users can allow it again. Throws `app.not_found`. */
export function endAgentSignIns(ctx: ChangeDeps, id: string): Promise<number> {
  const details = { client: id.slice(0, LONGEST_SHOWN) }
  return auditedChange(ctx, { action: 'app.grants_ended', details }, async (tx, facts) => {
    const client = await lockAgentClient(tx, id)
    facts.details = { app: client.name, client: id }
    const ended = await revokeGrantsOf(tx, { clientId: id })
    await recordEnded(tx, client, ended)
    return ended
  })
}

async function endSignInsOf(tx: InTransaction<ChangeDeps>, agent: Client): Promise<void> {
  const ended = await revokeGrantsOf(tx, { clientId: agent.id })
  if (ended > 0) await recordEnded(tx, agent, ended)
}

async function recordEnded(tx: InTransaction<ChangeDeps>, { id, name }: Client, grants: number): Promise<void> {
  const details = { app: name, client: id, grants }
  await recordEvent(tx, { action: 'app.grants_ended', details, ending: { clientId: id } })
}
