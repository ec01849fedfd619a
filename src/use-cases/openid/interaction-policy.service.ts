// When an authorization needs its user: to sign in, to authenticate again or more strongly, to register, or to agree.
import type { interactionPolicy as Policy, KoaContextWithOIDC } from 'oidc-provider'

import { requirementOfApp } from '#domain/clients/app-access.ts'
import { type Client, isPublic } from '#domain/clients/client.ts'
import { isOnDevice } from '#domain/clients/redirect-uri.ts'
import { acrsInClaims, leastLevelOf } from '#domain/grants/authentication-context.ts'
import { unmetRestriction } from '#domain/grants/client-access.service.ts'
import { hasConsent } from '#domain/grants/consent.service.ts'
import { type AuthenticationRequirement, fulfils, stricterOf } from '#domain/sessions/reauthentication.ts'
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import type { AdapterHost } from './adapter.service.ts'
import type { Library } from './library.service.ts'
import { namedResource } from './named-resource.service.ts'
import { requestedItems } from './requested-items.ts'

type Prompts = ReturnType<typeof Policy.base>

/** What an app gets as `error_description` where its user may not use it. */
export const MAY_NOT_USE = 'the user may not use the app'

/** Returns the prompts with their checks, in the order in which they are asked. */
export function interactionPolicy({ interactionPolicy: library }: Library, host: AdapterHost): Prompts {
  const { Check, Prompt, base } = library
  const prompts = base()
  const login = prompts.get('login')
  // The library compares texts: a user with a passkey would be asked again and again by an app that wants two factors.
  for (const check of ['essential_acrs', 'essential_acr']) login?.checks.remove(check)
  login?.checks.add(
    new Check('level', 'a stronger authentication is required', 'unmet_authentication_requirements', (ctx) =>
      lacksLevel(ctx, host),
    ),
  )
  login?.checks.add(
    new Check('age', 'a more recent authentication is required', 'login_required', (ctx) => isTooOld(ctx, host)),
  )
  // The first, so that no user is asked to authenticate again for an app that they may not use.
  login?.checks.add(new Check('access', MAY_NOT_USE, 'access_denied', (ctx) => isRestricted(ctx, host)), 0)
  prompts.remove('consent')
  // The error that an app gets where its user must not be asked is that of the first check that fails.
  const onDevice = new Check('program_on_device', 'the user must agree', 'interaction_required', (ctx) =>
    mustAgree(ctx, host),
  )
  const consent = new Check('consent', 'the user must agree', 'consent_required', (ctx) => lacksConsent(ctx, host))
  prompts.add(new Prompt({ name: 'consent', requestable: true }, onDevice, consent))
  prompts.add(new Prompt({ name: 'create', requestable: true }), 0)
  return prompts
}

/** Returns the least assurance level that a request asks for; undefined for none. */
function askedLevel(ctx: KoaContextWithOIDC): AssuranceLevel | undefined {
  return leastLevelOf(askedAcrs(ctx))
}

/** By the stronger of what the request asks for and what the app's row requires. */
function lacksLevel(koa: KoaContextWithOIDC, host: AdapterHost): boolean {
  const { least } = stricterOf({ least: askedLevel(koa) }, requirementOfRow(koa, host))
  return !isFulfilled(host, { least })
}

/** By the app's row. The library compares with the `max_age` of the request. */
function isTooOld(koa: KoaContextWithOIDC, host: AdapterHost): boolean {
  const { since } = requirementOfRow(koa, host)
  return !isFulfilled(host, { since })
}

/** Whether the session fulfils the requirement; without a session the sign-in is asked for. */
function isFulfilled(host: AdapterHost, requirement: AuthenticationRequirement): boolean {
  const { principal } = host.exchange().ctx
  return principal.kind !== 'session' || fulfils(principal.session, requirement)
}

function requirementOfRow(koa: KoaContextWithOIDC, host: AdapterHost): AuthenticationRequirement {
  const row = rowOf(koa, host)
  return row === undefined ? {} : requirementOfApp(row, host.exchange().ctx.now)
}

async function isRestricted(koa: KoaContextWithOIDC, host: AdapterHost): Promise<boolean> {
  const { ctx } = host.exchange()
  const row = rowOf(koa, host)
  if (row === undefined || ctx.principal.kind !== 'session') return false
  return (await unmetRestriction(ctx, row, ctx.principal.user)) !== undefined
}

function rowOf({ oidc }: KoaContextWithOIDC, host: AdapterHost): Client | undefined {
  return host.exchange().clients.get(oidc.client?.clientId ?? '')?.client
}

/**
 * A public app whose answer goes to a program on the device can be any program there, which only names the app: its user agrees each time
 * (RFC 8252 §8.6).
 */
function mustAgree({ oidc }: KoaContextWithOIDC, host: AdapterHost): boolean {
  const row = host.exchange().clients.get(oidc.client?.clientId ?? '')?.client
  const isProgram = row === undefined || (isPublic(row) && isOnDevice(String(oidc.params?.['redirect_uri'])))
  return isProgram && oidc.result?.consent === undefined
}

/** Whether the user has not agreed to all that the request asks for, where the app is not trusted with it. */
async function lacksConsent({ oidc }: KoaContextWithOIDC, host: AdapterHost): Promise<boolean> {
  const { ctx, clients } = host.exchange()
  const row = clients.get(oidc.client?.clientId ?? '')?.client
  if (row === undefined || ctx.principal.kind !== 'session') return true
  const params = oidc.params as { readonly scope?: string; readonly resource?: string }
  const resource = namedResource(host.exchange(), params)
  const items = requestedItems(row, { scope: params.scope, claims: oidc.claims, resource })
  return !(await hasConsent(ctx, row, ctx.principal.user.subject, items))
}

/** Returns the values of `acr` that a request asks for, by `acr_values` or by the parameter `claims`. */
export function askedAcrs({ oidc }: KoaContextWithOIDC): string[] {
  return acrsInClaims(oidc.claims)
}
