// Finds the policy, the role or the group that a command names.
import { listStoredPolicies } from '../../../domain/policies/stored-policy.service.ts'
import type { StoredPolicy } from '../../../domain/policies/stored-policy.service.ts'
import type { With } from '../../../foundation/context.ts'
import { foldName } from '../../../foundation/kernel/fold.ts'
import { Refusal, requireNoFieldErrors } from '../../../foundation/kernel/refusal.ts'
import type { Concern } from './plan.ts'
import { selectGroupId } from './plan.view.ts'

/** Returns the policy with this id, else the only one with this name. Throws `policy.not_found`. */
export async function findPolicy(ctx: With<'db'>, word: string): Promise<StoredPolicy> {
  const policies = await listStoredPolicies(ctx)
  const byId = policies.find(({ id }) => id === word)
  const [byName, ...others] = policies.filter(({ name }) => foldName(name) === foldName(word))
  const found = byId ?? (others.length === 0 ? byName : undefined)
  if (found === undefined) throw new Refusal('policy.not_found')
  return found
}

/** Returns whom a proposed policy concerns: a role, a group by its name or id, or everyone. Throws `request.validation_failed`. */
export async function findConcern(
  ctx: With<'db'>,
  { role, group }: { readonly role?: string | undefined; readonly group?: string | undefined },
): Promise<Concern> {
  if (role !== undefined) return { id: null, scope: 'role', scopeRef: role }
  if (group === undefined) return { id: null, scope: 'everyone', scopeRef: null }
  const id = await selectGroupId(ctx.db, { id: group, nameKey: foldName(group) })
  if (id === undefined) requireNoFieldErrors([{ pointer: '/group', code: 'exemption.no_group' }])
  return { id: null, scope: 'group', scopeRef: id ?? group }
}
