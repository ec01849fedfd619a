import { isAuthenticated, permissionsOf } from '../../foundation/kernel/principal.ts'
import type { AuthenticatedPrincipal, Permission, Principal, Scope } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { Access, RouteAccess } from '../../foundation/web/http/access.ts'
import { isSafe } from '../../foundation/web/http/safe-method.ts'

/** What of a request's route decides who may use it. */
export interface AskedRoute extends RouteAccess {
  readonly method: string
  readonly page?: true
}

/** Whether anybody may come, or whoever is in the middle of a sign-in: then no session is looked for. */
export function isOpen(access: Access | undefined): access is 'anyone' | 'attempt' {
  return access === 'anyone' || access === 'attempt'
}

/** Why a principal may not use a route; undefined when it may. */
export function accessRefusal(route: AskedRoute, principal: Principal): Refusal | undefined {
  const { access } = route
  if (isOpen(access)) return undefined
  if (!isAuthenticated(principal)) return new Refusal('access.not_authenticated')
  return tokenRefusal(route, principal) ?? permissionRefusal(access, principal)
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

function tokenRefusal(route: AskedRoute, principal: AuthenticatedPrincipal): Refusal | undefined {
  if (principal.kind !== 'api-token') return undefined
  const scope = scopeFor(route)
  if (scope === undefined) return new Refusal('access.session_required')
  return principal.token.scopes.includes(scope) ? undefined : new Refusal('access.insufficient_scope', { scope })
}

function permissionRefusal(access: 'signed-in' | Permission, principal: AuthenticatedPrincipal): Refusal | undefined {
  if (access === 'signed-in' || permissionsOf(principal).includes(access)) return undefined
  const { user } = principal
  const lacksFactor = user.role === 'admin' && user.secondFactorAt === null
  return new Refusal(lacksFactor ? 'access.second_factor_missing' : 'access.insufficient_permissions')
}
