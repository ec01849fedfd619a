import type { WithAuthenticated, WithSession } from '#foundation/context.ts'
import { isAuthenticated, type Permission, type Principal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/**
 * Which principals may use a route: all; those with a sign-in attempt, which the route's service checks; every authenticated user; or users
 * with one permission.
 */
export type Access = 'anyone' | 'attempt' | 'signed-in' | Permission

/** The access declaration of a route or page. A route without one stops the boot. */
export interface RouteAccess {
  readonly access: Access
  /** Another permission that opens the route instead of `access`. */
  readonly or?: Permission
  /** A second permission that the route needs: it names users, and its own permission does not open them. */
  readonly besides?: Permission
  /** The factors of the account must have been verified in the session within the configured time. */
  readonly authentication?: 'recent'
  /**
   * `refused`: no API token is accepted. Otherwise the route needs the scopes that follow from its access and method; pages and routes with
   * `authentication` accept no token either.
   */
  readonly tokens?: 'refused'
}

/** Whether these permissions of a signed-in user open a route. */
export function isOpenTo({ access, or, besides }: RouteAccess, permissions: readonly Permission[]): boolean {
  const held: readonly string[] = ['anyone', 'signed-in', ...permissions]
  return [access, or].some((one) => one && held.includes(one)) && (besides === undefined || held.includes(besides))
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether a request has a safe method, which changes nothing (RFC 9110 §9.2.1). */
export function isSafe({ method }: { readonly method: string }): boolean {
  return SAFE_METHODS.has(method)
}

/** The context of a route that API tokens may use too, with the principal narrowed. Throws `access.not_authenticated`. */
export function authenticated<Ctx extends { readonly principal: Principal }>(
  ctx: Ctx,
): Omit<Ctx, 'principal'> & WithAuthenticated {
  if (!isAuthenticated(ctx.principal)) throw new Refusal('access.not_authenticated')
  return ctx as Ctx & WithAuthenticated
}

/**
 * The context of a route that needs a session, with the principal narrowed: pages, routes that refuse API tokens, and routes that require a
 * recent authentication. Throws `access.session_required` for an API token, and `access.not_authenticated`.
 */
export function signedIn<Ctx extends { readonly principal: Principal }>(
  ctx: Ctx,
): Omit<Ctx, 'principal'> & WithSession {
  const { principal } = authenticated(ctx)
  if (principal.kind !== 'session') throw new Refusal('access.session_required')
  return ctx as Ctx & WithSession
}
