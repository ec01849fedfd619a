// Presets as the command line shows them, by the API's names of fields. Tested in test/stories/cli-apps.test.ts.
import { isDeepStrictEqual } from 'node:util'

import { defaultAuthMethod, NEW_CLIENT } from '#domain/clients/client.ts'
import {
  inLanguage,
  needsUrl,
  type Preset,
  type PresetFields,
  type PresetSettings,
  presetTitle,
} from '#domain/clients/preset.ts'

/** Returns the fields as the API names them. */
function presentPresetFields(fields: PresetFields) {
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

/** Returns a preset as the command line shows it: in English, its URIs and settings as templates. */
export function presentPreset(preset: Preset) {
  const { name, about, note, run, fields, settings } = preset
  return {
    name,
    title: presetTitle(preset, 'en'),
    about: inLanguage(about, 'en'),
    note: note === undefined ? null : inLanguage(note, 'en'),
    needs_url: needsUrl(preset),
    run: run === undefined ? null : { program: run.program, date: run.date },
    app: presentPresetFields(fields),
    settings: presentSettings(settings),
  }
}

/** Returns the settings of a program; each has a text, or values that are entered one by one. */
export function presentSettings(settings: readonly PresetSettings[]) {
  return settings.map(({ where, text = null, values = [] }) => ({
    where: inLanguage(where, 'en'),
    text,
    values: values.map(([label, value]) => ({ label, value })),
  }))
}
