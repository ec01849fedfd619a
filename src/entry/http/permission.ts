import { permissionsOf } from '../../foundation/kernel/principal.ts'
import type { Principal, SessionFacts, PrincipalUser, Permission, Scope } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Access, RouteAccess } from '../../foundation/web/http/access.ts'
import { isSafe } from '../../foundation/web/http/safe-method.ts'

/** What of a request's route decides who may use it. */
export interface AskedRoute extends RouteAccess {
  readonly method: string
  readonly page?: true
}

/** Methods that only ask to see something (RFC 9110 §9.2.1). */

/** Whether anybody may come, or whoever is in the middle of a sign-in: then no session is looked for. */
export function isOpen(access: Access | undefined): access is 'anyone' | 'attempt' {
  return access === 'anyone' || access === 'attempt'
}

/** Why a signed-in person may not use a route, with what they came with, or undefined when they may. */
export function accessRefusal(route: AskedRoute, principal: Principal): Refusal | undefined {
  const { access } = route
  if (isOpen(access)) return undefined
  if (principal.kind !== 'signed-in') return new Refusal('access.not_authenticated')
  return tokenRefusal(route, principal.session) ?? permissionRefusal(access, principal.user)
}

/**
 * The scope that an API token needs for a route: it follows from what the route declares. Undefined where none is enough:
 * where a proof is asked, which a token cannot give, on pages, and where the route says so.
 */
export function scopeFor({ access, method, authentication, page, tokens }: AskedRoute): Scope | undefined {
  if (isOpen(access) || authentication !== undefined || page === true || tokens === 'refused') return undefined
  if (access !== 'signed-in') return access
  return isSafe({ method }) ? 'self:read' : 'self:write'
}

function tokenRefusal(route: AskedRoute, { scopes }: SessionFacts): Refusal | undefined {
  if (scopes === null) return undefined
  const scope = scopeFor(route)
  if (scope === undefined) return new Refusal('access.session_required')
  return scopes.includes(scope) ? undefined : new Refusal('access.insufficient_scope', { scope })
}

function permissionRefusal(access: 'signed-in' | Permission, user: PrincipalUser): Refusal | undefined {
  if (access === 'signed-in' || permissionsOf(user).includes(access)) return undefined
  const lacksFactor = user.role === 'admin' && user.secondFactorAt === null
  return new Refusal(lacksFactor ? 'access.second_factor_missing' : 'access.insufficient_permissions')
}
