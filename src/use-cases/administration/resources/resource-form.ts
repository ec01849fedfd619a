// The form of a resource: what it says, and what it shows. Apps are named by names or client ids.
import { NEW_RESOURCE, type ResourceFields, TOKEN_FORMATS } from '#domain/clients/resource.ts'
import type { ResourceChanges } from './resource-request.ts'

/** Which apps may request tokens. */
export const ALLOWED = ['some', 'all'] as const

/** The fields of the form that are kept when it is shown again. */
export const RESOURCE_FORM_FIELDS = [
  'name',
  'uri',
  'token_format',
  'served_by',
  'scopes',
  'allowed',
  'apps',
  'lifetime',
  'seen',
] as const

export type ResourceValues = Readonly<Record<string, string>>

/** What the form says; its apps are words that name them. */
export interface ReadResourceForm {
  readonly uri: string
  readonly fields: Omit<ResourceChanges, 'name' | 'servedBy' | 'allowedClients'> & Pick<ResourceFields, 'name'>
  /** Null for none. */
  readonly servedBy: string | null
  readonly apps: 'all' | readonly string[]
}

export function readResourceForm(values: ResourceValues): ReadResourceForm {
  const text = (field: string): string => (values[field] ?? '').trim()
  return {
    uri: text('uri'),
    fields: {
      name: text('name'),
      tokenFormat: TOKEN_FORMATS.find((format) => format === values['token_format']) ?? NEW_RESOURCE.tokenFormat,
      lifetime: text('lifetime') === '' ? null : Number(text('lifetime')),
      scopes: text('scopes').split(/\s+/).filter(Boolean),
    },
    servedBy: text('served_by') || null,
    apps: values['allowed'] === 'all' ? 'all' : linesIn(text('apps')),
  }
}

function linesIn(text: string): string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim())
  return [...new Set(lines)].filter((line) => line !== '')
}

/** Returns the values of the form for a resource; an app without a name is named by its id. */
export function valuesOfResource(fields: ResourceFields, names: ReadonlyMap<string, string>): ResourceValues {
  const { uri, name, servedBy, tokenFormat, lifetime, scopes, allowedClients } = fields
  const nameOf = (id: string): string => names.get(id) ?? id
  return {
    name,
    uri,
    token_format: tokenFormat,
    served_by: servedBy === null ? '' : nameOf(servedBy),
    scopes: scopes.join('\n'),
    allowed: allowedClients === 'all' ? 'all' : 'some',
    apps: allowedClients === 'all' ? '' : allowedClients.map(nameOf).join('\n'),
    lifetime: String(lifetime ?? ''),
  }
}

export function resourceFormPointer(pointer: string): string {
  return pointer === '/allowed_clients' ? '/apps' : pointer
}
