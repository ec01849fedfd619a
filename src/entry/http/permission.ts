import {
  type AuthenticatedPrincipal,
  isAuthenticated,
  type Permission,
  permissionsOf,
  type Principal,
  type Scope,
  scopesWithIncluded,
  withIncluded,
} from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { type Access, isSafe, type RouteAccess } from '#foundation/web/http/access.ts'

/** What the access check reads of a route and its request. */
export interface AskedRoute extends RouteAccess {
  readonly method: string
  readonly page?: true
}

/** Whether the route needs no session: it is open to anyone, or to a sign-in attempt. */
export function isOpen(access: Access | undefined): access is 'anyone' | 'attempt' {
  return access === 'anyone' || access === 'attempt'
}

/** The refusal for a principal that may not use the route; undefined if it may. */
export function accessRefusal(route: AskedRoute, principal: Principal): Refusal | undefined {
  const { access, or, besides } = route
  if (isOpen(access)) return undefined
  if (!isAuthenticated(principal)) return new Refusal('access.not_authenticated')
  // Decided by the role, so that a user without a second step learns of that, and not of a permission that they have.
  const opened = or !== undefined && withIncluded(principal.user.rolePermissions).includes(or) ? or : access
  return tokenRefusal(route, principal) ?? permissionRefusal(opened, principal) ?? permissionRefusal(besides, principal)
}

/**
 * The scopes that an API token needs for a route, derived from the route's declaration. Undefined if no token is accepted: the route
 * requires re-authentication, which a token cannot give, or is a page, or declares `tokens: 'refused'`. Of the two permissions of a route
 * with `or`, a token needs that of `access`.
 */
export function scopesOfRoute(route: AskedRoute): readonly Scope[] | undefined {
  const { access, besides, method, authentication, page, tokens } = route
  if (isOpen(access) || authentication !== undefined || page === true || tokens === 'refused') return undefined
  if (access !== 'signed-in') return besides === undefined ? [access] : [access, besides]
  return [isSafe({ method }) ? 'self:read' : 'self:write']
}

function tokenRefusal(route: AskedRoute, principal: AuthenticatedPrincipal): Refusal | undefined {
  if (principal.kind !== 'api-token') return undefined
  const scopes = scopesOfRoute(route)
  if (scopes === undefined) return new Refusal('access.session_required')
  const held = scopesWithIncluded(principal.token.scopes)
  const scope = scopes.find((needed) => !held.includes(needed))
  return scope && new Refusal('access.insufficient_scope', { scope })
}

function permissionRefusal(
  access: 'signed-in' | Permission | undefined,
  principal: AuthenticatedPrincipal,
): Refusal | undefined {
  if (access === undefined || access === 'signed-in' || permissionsOf(principal).includes(access)) return undefined
  const { user } = principal
  const lacksFactor = withIncluded(user.rolePermissions).includes(access) && user.secondFactorAt === null
  return new Refusal(lacksFactor ? 'access.second_factor_missing' : 'access.insufficient_permissions')
}
