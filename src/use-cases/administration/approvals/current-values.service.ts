// What a waiting request would change, as it is now.
import { readAgentSetting } from '#domain/agents/agent.service.ts'
import type { Approval } from '#domain/approvals/approval.ts'
import { fieldsOf } from '#domain/clients/client-fields.ts'
import { findClient } from '#domain/clients/client.service.ts'
import { findResource } from '#domain/clients/resource.service.ts'
import { findHost } from '#domain/hosts/host.service.ts'
import type { PolicyTerms } from '#domain/policies/policy.ts'
import { findExemption } from '#domain/policies/rollout/exemption.service.ts'
import { listStoredPolicies } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { findRole } from '#domain/roles/role.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { With } from '#foundation/context.ts'
import { namesInRequest } from '../clients/app-references.service.ts'
import { requestValues } from '../clients/app-request.ts'
import { groupNamesOfHosts } from '../hosts/host-references.service.ts'
import { hostValues } from '../hosts/host-request.ts'
import { resourceValues } from '../resources/resource-request.ts'
import { namesOfResource } from '../resources/resources.service.ts'

/** By the names of the values of a request; null for what is not set, and absent where the request changes nothing that is there. */
export type CurrentValues = Readonly<Record<string, unknown>>

/** Returns the current values of what the request changes; none of what is yet to be made, or is gone. */
export async function readCurrentValues(ctx: With<'db'>, approval: Approval): Promise<CurrentValues> {
  const { kind, values, target, targetName } = approval
  if (kind.startsWith('create-')) return {}
  if (kind === 'change-agents') {
    const { enabled, allowedDocuments } = await readAgentSetting(ctx)
    return { agents: enabled, allowedDocuments }
  }
  if (kind === 'change-role') return { ...(await findRole(ctx, targetName)) }
  if (kind === 'add-member') return { group: null }
  if ('clientId' in values) return currentApp(ctx, values.clientId)
  if ('resourceId' in values) return currentResource(ctx, values.resourceId)
  if ('hostId' in values) return currentHost(ctx, values.hostId)
  if (target === null) return {}
  if (kind === 'exempt' || kind === 'unexempt') {
    const exemption = await findExemption(ctx, { policyId: values.policyId, subject: target })
    return { endsAt: exemption?.endsAt ?? null }
  }
  return { ...(await findUser(ctx, target)) }
}

async function currentApp(ctx: With<'db'>, id: string): Promise<CurrentValues> {
  const client = await findClient(ctx, id)
  return client === undefined ? {} : requestValues(fieldsOf(client), await namesInRequest(ctx, client))
}

async function currentResource(ctx: With<'db'>, id: string): Promise<CurrentValues> {
  const resource = await findResource(ctx, id)
  return resource === undefined
    ? {}
    : { ...resourceValues(resource, await namesOfResource(ctx, resource)), name: resource.name }
}

async function currentHost(ctx: With<'db'>, id: string): Promise<CurrentValues> {
  const host = await findHost(ctx, id)
  return host === undefined ? {} : hostValues(host, await groupNamesOfHosts(ctx, [host]))
}

/** Returns what the policy of a request requires now; undefined where it is not in force. */
export async function readCurrentTerms(
  ctx: With<'db' | 'now'>,
  { values }: Approval,
): Promise<PolicyTerms | undefined> {
  if (!('policyId' in values)) return undefined
  const policy = (await listStoredPolicies(ctx)).find(({ id }) => id === values.policyId)
  return policy && currentVersions(policy, ctx.now).inForce?.terms
}
