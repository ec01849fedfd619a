import type { WithAuthenticated, WithSession } from '../../context.ts'
import { isAuthenticated } from '../../kernel/principal.ts'
import type { Permission, Principal } from '../../kernel/principal.ts'
import { Refusal } from '../../kernel/refusal.ts'

/**
 * Who may use a route: everyone; a sign-in attempt (the route's service checks it itself); every authenticated user; or a user
 * with one permission.
 */
export type Access = 'anyone' | 'attempt' | 'signed-in' | Permission

/** What every route and page declares; one that does not stops the boot. */
export interface RouteAccess {
  readonly access: Access
  /** The person must have proven password and second factor within the configured time. */
  readonly authentication?: 'recent'
  /**
   * `refused`: no API token opens it. Elsewhere one needs the scope that follows from access and method, and where a proof
   * is asked, and on pages, none is enough.
   */
  readonly tokens?: 'refused'
}

/** The context of a route that API tokens open too, with the principal narrowed. Throws `access.not_authenticated`. */
export function authenticated<Ctx extends { readonly principal: Principal }>(
  ctx: Ctx,
): Omit<Ctx, 'principal'> & WithAuthenticated {
  if (!isAuthenticated(ctx.principal)) throw new Refusal('access.not_authenticated')
  return ctx as Ctx & WithAuthenticated
}

/**
 * The context of a route that is open in a session only, with the principal narrowed: of pages, of routes that refuse API
 * tokens, and of those that ask for a recent authentication. Throws `access.session_required` for an API token, and
 * `access.not_authenticated`.
 */
export function signedIn<Ctx extends { readonly principal: Principal }>(
  ctx: Ctx,
): Omit<Ctx, 'principal'> & WithSession {
  const { principal } = authenticated(ctx)
  if (principal.kind !== 'session') throw new Refusal('access.session_required')
  return ctx as Ctx & WithSession
}
