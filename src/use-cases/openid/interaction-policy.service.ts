// When an authorization needs its user: to sign in, to authenticate again or more strongly, to register, or to agree.
import type { interactionPolicy as Policy, KoaContextWithOIDC } from 'oidc-provider'

import { isPublic } from '#domain/clients/client.ts'
import { isOnDevice } from '#domain/clients/redirect-uri.ts'
import { acrsInClaims, leastLevelOf } from '#domain/grants/authentication-context.ts'
import { fulfils } from '#domain/sessions/reauthentication.ts'
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import type { AdapterHost } from './adapter.service.ts'
import type { Library } from './library.service.ts'

type Prompts = ReturnType<typeof Policy.base>

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
  prompts.remove('consent')
  const consent = new Check('program_on_device', 'the user must agree', 'interaction_required', (ctx) =>
    mustAgree(ctx, host),
  )
  prompts.add(new Prompt({ name: 'consent', requestable: true }, consent))
  prompts.add(new Prompt({ name: 'create', requestable: true }), 0)
  return prompts
}

/** Returns the least assurance level that a request asks for; undefined for none. */
function askedLevel(ctx: KoaContextWithOIDC): AssuranceLevel | undefined {
  return leastLevelOf(askedAcrs(ctx))
}

function lacksLevel(ctx: KoaContextWithOIDC, host: AdapterHost): boolean {
  const { principal } = host.exchange().ctx
  return principal.kind === 'session' && !fulfils(principal.session, { least: askedLevel(ctx) })
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

/** Returns the values of `acr` that a request asks for, by `acr_values` or by the parameter `claims`. */
export function askedAcrs({ oidc }: KoaContextWithOIDC): string[] {
  return acrsInClaims(oidc.claims)
}
