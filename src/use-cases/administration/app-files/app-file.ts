// Apps in a file: the fields of the API by their names, with groups by name, since their ids differ from server to server.
import { type ClientFields, type ClientKind, NEW_CLIENT } from '#domain/clients/client.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import type { AppFields } from '../clients/app-request.ts'
import { type FileFields, type FileValue, isSame, tomlTables } from './file-table.ts'
import { hostTables, type WrittenHost } from './host-file.ts'

export interface FileApp {
  /** Its position among the apps of the file, counted from 0; errors name it. */
  readonly index: number
  readonly id: string
  /** What the file leaves out is as in a new app of its kind. Groups stand by their names. */
  readonly fields: Omit<AppFields, 'sharedGroups' | 'allowedGroups'>
  readonly sharedGroupNames: 'all' | readonly string[]
  readonly allowedGroupNames: readonly string[]
  /** Undefined where the file does not say it: then an app that was disabled stays so. */
  readonly disabled: boolean | undefined
  /** The hashes of the secrets that are valid from then on; undefined leaves those that the app has. */
  readonly hashes: readonly string[] | undefined
}

/** JSON Pointer (RFC 6901) to an app of a file, before that to its field. */
export function pointerToApp({ index }: Pick<FileApp, 'index'>, field = ''): string {
  return `/app/${index}${field}`
}

/** A hash of a secret in a file, behind the name of its algorithm. */
const HASH = /^sha256:([\dA-Fa-f]{64})$/

/** Returns the hash as it is stored; undefined for any other text. */
export function hashInFile(text: string): string | undefined {
  return HASH.exec(text)?.[1]?.toLowerCase()
}

/** Returns an attribute that is written as its key, or as `key=claim`. */
export function attributeIn(text: string): AppFields['attributes'][number] {
  const [key = '', claim = key] = text.split(/=(.*)/s)
  return { key, claim }
}

/** Returns all fields of an app as a file has them. A group that is deleted has no name, and is left out. */
export function fileFields(
  { attributes, ...fields }: AppFields,
  nameOf: (groupId: string) => string | undefined,
): FileFields {
  const names = (ids: readonly string[]) => ids.flatMap((id) => nameOf(id) ?? []).toSorted()
  const { sharedGroups, allowedGroups } = fields
  const values: Readonly<Record<keyof ClientFields, FileValue | null>> = {
    ...fields,
    sharedGroups: sharedGroups === 'all' ? sharedGroups : names(sharedGroups),
    allowedGroups: names(allowedGroups),
    attributes: attributes.map(({ key, claim }) => (key === claim ? key : `${key}=${claim}`)).toSorted(),
  }
  const order = Object.keys(NEW_CLIENT) as (keyof ClientFields)[]
  return Object.fromEntries(
    order.flatMap((field) => {
      const value = values[field]
      return value === null ? [] : [[snakeCase(field), value]]
    }),
  )
}

export type NewAppOf = (kind: ClientKind) => AppFields

/** Returns the fields that a file must have for an app: those that differ from a new app of its kind. */
export function declaredFields(
  fields: AppFields,
  nameOf: (groupId: string) => string | undefined,
  newAppOf: NewAppOf,
): FileFields {
  const defaults: FileFields = { ...fileFields(newAppOf(fields.kind), nameOf), kind: NEW_CLIENT.kind }
  return Object.fromEntries(
    Object.entries(fileFields(fields, nameOf)).filter(([name, value]) => !isSame(value, defaults[name])),
  )
}

export interface WrittenApp {
  readonly id: string
  /** Those of `declaredFields`. */
  readonly fields: FileFields
  readonly disabled: boolean
  readonly hashes: readonly string[]
}

export function appTable({ id, fields, disabled, hashes }: WrittenApp): FileFields {
  return {
    id,
    ...fields,
    ...(disabled && { disabled }),
    ...(hashes.length > 0 && { secret_hashes: hashes.map((hash) => `sha256:${hash}`) }),
  }
}

export interface WrittenFile {
  readonly apps: readonly FileFields[]
  readonly resources: readonly FileFields[]
  readonly hosts: readonly WrittenHost[]
}

export function appFileText({ apps, resources, hosts }: WrittenFile): string {
  return [...tomlTables('app', apps), ...tomlTables('resource', resources), ...hostTables(hosts)].join('\n')
}
