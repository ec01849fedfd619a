import type { Principal, Permission, AuthenticatedPrincipal } from '../../kernel/principal.ts'
import { Refusal } from '../../kernel/refusal.ts'

/**
 * Who may use a route: everyone; someone in the middle of a sign-in (the route's service checks the attempt itself);
 * any signed-in person; or a person with one permission.
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

/** The context of a route whose access is `signed-in` or a permission, with the caller narrowed. */
export function signedIn<Ctx extends { readonly principal: Principal }>(
  ctx: Ctx,
): Omit<Ctx, 'principal'> & { readonly principal: AuthenticatedPrincipal } {
  if (ctx.principal.kind !== 'signed-in') throw new Refusal('access.not_authenticated')
  return ctx as Ctx & { readonly principal: AuthenticatedPrincipal }
}
