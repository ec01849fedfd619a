// Presets as the API names their fields. Tested in test/stories/presets.test.ts.
import { isDeepStrictEqual } from 'node:util'

import { defaultAuthMethod, NEW_CLIENT } from '#domain/clients/client.ts'
import type { PresetFields } from '#domain/clients/preset.ts'

/** Returns the fields as the API names them. */
export function presentPresetFields(fields: PresetFields) {
  return {
    kind: fields.kind,
    redirect_uris: [...fields.redirectUris],
    logout_uris: [...fields.logoutUris],
    auth_method: fields.authMethod,
    id_token_alg: fields.idTokenAlg,
    scopes: [...fields.scopes],
    refresh_tokens: fields.refreshTokens,
    require_pkce: fields.requirePkce,
    claims_in_id_token: fields.claimsInIdToken,
  }
}

/** Returns those of the fields that a request has to say, since they are not the defaults. */
export function presentStatedFields(fields: PresetFields) {
  const { kind, redirect_uris: redirectUris, ...others } = presentPresetFields(fields)
  const defaults: Readonly<Record<string, unknown>> = presentPresetFields({
    ...NEW_CLIENT,
    authMethod: defaultAuthMethod(kind),
  })
  const stated = Object.entries(others).filter(([field, value]) => !isDeepStrictEqual(value, defaults[field]))
  return { kind, redirect_uris: redirectUris, ...Object.fromEntries(stated) }
}
