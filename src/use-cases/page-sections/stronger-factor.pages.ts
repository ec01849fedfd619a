// Where a user adds the factor that an app or a host asks for.
import type { FastifyRequest } from 'fastify'

import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { isAllowed } from '#domain/policies/evaluation/sufficient-factors.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import { signedIn } from '#foundation/web/http/access.ts'

/** The page on which the user can add a factor of this level; undefined where the policies allow none, or this server can have none. */
export async function additionPath(
  { ctx }: Pick<FastifyRequest, 'ctx'>,
  least: AssuranceLevel,
): Promise<string | undefined> {
  const policy = await userPolicy(ctx, signedIn(ctx).principal.user)
  const canAddPasskey = canHavePasskeys(ctx.config) && isAllowed(policy, 'passkey')
  if (least === 'phishing-resistant') return canAddPasskey ? '/account/security/passkeys/new' : undefined
  return canAddPasskey || isAllowed(policy, 'totp') ? '/account/security' : undefined
}
