// Protects the roles that policies name: without its role, such a policy would concern no user.
import type { With } from '../../foundation/context.ts'
import { versionInForce } from './policy.ts'
import { listStoredPolicies } from './stored-policy.service.ts'

/** Returns the names of the policies that concern the role, now or from a later instant on. */
export async function policiesNamingRole(ctx: With<'db' | 'now'>, role: string): Promise<string[]> {
  const ofRole = (await listStoredPolicies(ctx)).filter(({ scope, scopeRef }) => scope === 'role' && scopeRef === role)
  const live = ofRole.filter(
    ({ versions }) =>
      versionInForce(versions, ctx.now) !== undefined ||
      versions.some(({ inForceFrom, cancelledAt, isEnd }) => inForceFrom > ctx.now && cancelledAt === null && !isEnd),
  )
  return live.map(({ name }) => name)
}
