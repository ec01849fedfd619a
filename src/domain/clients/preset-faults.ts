// What the schema of a preset cannot say: which placeholders its templates may have, and that an app can be registered by it. Tested in
// preset-reader.test.ts.
import { fieldErrorsInClient } from './client-fields.ts'
import { isPublic, NEW_CLIENT } from './client.ts'
import { fieldsWithUrl, isGeneric, needsUrl, placeholdersIn, type Preset, PLACEHOLDERS } from './preset.ts'

/** A fault at a field of the file: in words, or as the error of the field of an app. */
export interface PresetFault {
  readonly pointer: string
  readonly fault: string | { readonly code: string; readonly facts?: Readonly<Record<string, string | number>> }
}

const SAMPLE_URL = 'https://app.example.org'

/** Returns the faults of a preset whose file fits the schema. */
export function faultsInPreset(preset: Preset): PresetFault[] {
  return [...faultsInUris(preset), ...faultsInFields(preset), ...faultsInSettings(preset)]
}

function faultsInUris(preset: Preset): PresetFault[] {
  const { redirectUris, logoutUris } = preset.fields
  const lists = { redirect_uris: redirectUris, logout_uris: logoutUris }
  const wrong = Object.entries(lists).flatMap(([field, uris]) =>
    uris
      .flatMap(placeholdersIn)
      .filter((name) => name !== 'url')
      .map((name) => ({ pointer: `/${field}`, fault: `{${name}} cannot be known before the app is registered.` })),
  )
  const isOpen = redirectUris.length === 0 && !isGeneric(preset)
  return isOpen
    ? [...wrong, { pointer: '/redirect_uris', fault: 'A program has redirect URIs that are known.' }]
    : wrong
}

/** An app is registered by the preset as any other is. */
function faultsInFields(preset: Preset): PresetFault[] {
  const filled = fieldsWithUrl(preset.fields, SAMPLE_URL)
  const redirectUris = filled.redirectUris.length === 0 ? [SAMPLE_URL] : filled.redirectUris
  const client = { ...NEW_CLIENT, ...filled, name: 'App', redirectUris }
  return fieldErrorsInClient(client).map(({ pointer, code, facts }) => ({
    pointer,
    fault: { code, ...(facts && { facts }) },
  }))
}

function faultsInSettings(preset: Preset): PresetFault[] {
  return preset.settings.flatMap(({ text, values }, index) => {
    const pointer = `/settings/${index}`
    if ((text === undefined) === (values === undefined))
      return [{ pointer, fault: 'Has a text or values, and not both.' }]
    const field = text === undefined ? 'values' : 'text'
    const templates = text === undefined ? (values ?? []).map(([, value]) => value) : [text]
    return [...new Set(templates.flatMap(placeholdersIn))].flatMap((name) => {
      const fault = faultOfPlaceholder(preset, name)
      return fault === undefined ? [] : [{ pointer: `${pointer}/${field}`, fault }]
    })
  })
}

function faultOfPlaceholder(preset: Preset, name: string): string | undefined {
  if (!PLACEHOLDERS.some((one) => one === name)) return `{${name}} is no placeholder that is filled in.`
  if (name === 'client_secret' && isPublic(preset.fields)) return '{client_secret}: the app has no secret.'
  if (name === 'url' && !needsUrl(preset)) return '{url}: no redirect URI has the URL of the program.'
  return undefined
}
