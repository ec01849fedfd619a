// Checks again, inside the transaction of a change, that the principal is still authorized.
import { resolveApiTokenByHash } from '#domain/api-tokens/api-token.service.ts'
import { scopesFor } from '#domain/api-tokens/api-token.ts'
import { sessionRules, tokenRules } from '#domain/policies/session-rules.service.ts'
import { withSharedRole } from '#domain/roles/role.service.ts'
import { resolveSessionByHash } from '#domain/sessions/session.service.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import {
  type AuthenticatedPrincipal,
  isAuthenticated,
  type PrincipalUser,
  type Scope,
  scopesWithIncluded,
} from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/**
 * Runs `work` in one transaction that first checks the principal again, because the session or API token that authorized the request
 * may have ended while the body was sent, a password was hashed, or another transaction wrote (TOCTOU). The check is that of the start
 * of the request: by its token, which may have been replaced, revoked or narrowed since, and by the rights of its user. `work` gets the
 * principal as it is stored now. Throws `access.invalid_token`.
 * @param options `share`: no other transaction can end the session or the API token, or reduce the rights of its user, before this one
 *   has ended. For work that does not write the principal's own row; a write of that row conflicts with each other write of it anyway.
 */
export function inAuthorizedTransaction<Ctx extends With<'db' | 'now' | 'config' | 'principal'>, Result>(
  ctx: Ctx,
  work: (tx: InTransaction<Ctx>) => Promise<Result>,
  { lock }: { readonly lock?: 'share' | undefined } = {},
): Promise<Result> {
  return inTransaction(ctx, async (tx) => {
    const { principal } = tx
    // Anonymous principals and the operator hold nothing that can be revoked.
    if (!isAuthenticated(principal)) return work(tx)
    const current = await currentPrincipal(tx, principal, lock)
    if (current === undefined || !isStillAuthorized(principal, current)) throw new Refusal('access.invalid_token')
    return work({ ...tx, principal: current })
  })
}

/**
 * Throws `access.invalid_token` if the principal has lost a right since the request was authorized, as while a list was sent (TOCTOU). Returns
 * the principal as it is stored now.
 */
export function requireStillAuthorized(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
): Promise<With<'principal'>['principal']> {
  return inAuthorizedTransaction(ctx, ({ principal }) => Promise.resolve(principal))
}

/** Returns the principal as it is stored now; undefined if its session or API token has ended. */
async function currentPrincipal(
  tx: With<'db' | 'now' | 'config'>,
  principal: AuthenticatedPrincipal,
  lock: 'share' | undefined,
): Promise<AuthenticatedPrincipal | undefined> {
  if (principal.kind === 'session') {
    const { tokenHash, transport } = principal.session
    const found = await resolveSessionByHash(tx, { tokenHash, transport, lock }, sessionRules(tx))
    if (found === undefined) return undefined
    return { ...principal, user: await presentUserOf(tx, found.user, lock), session: found.session, terms: found.terms }
  }
  const { tokenHash } = principal.token
  const found = await resolveApiTokenByHash(tx, { tokenHash, lock }, tokenRules(tx))
  return found && { ...principal, user: await presentUserOf(tx, found.user, lock), token: found.token }
}

/** A statement of its own, because the lock on the user's row does not keep the role: after its lock it reads what is committed by then. */
async function presentUserOf(tx: With<'db'>, user: PrincipalUser, lock: 'share' | undefined): Promise<PrincipalUser> {
  return lock === 'share' ? withSharedRole(tx, user) : user
}

/** Whether a principal still has each right that it had before, also those that its request does not need. */
function isStillAuthorized(before: AuthenticatedPrincipal, current: AuthenticatedPrincipal): boolean {
  const kept = rightsOf(current)
  return rightsOf(before).every((right) => kept.includes(right))
}

/** Returns the rights of the user, limited to the scopes of an API token and what they include, as the access of its request is checked. */
function rightsOf(principal: AuthenticatedPrincipal): readonly Scope[] {
  const rights = scopesFor(principal.user)
  if (principal.kind === 'session') return rights
  const held = scopesWithIncluded(principal.token.scopes)
  return rights.filter((right) => held.includes(right))
}
