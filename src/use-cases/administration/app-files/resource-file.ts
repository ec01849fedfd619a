// Resources in a file: the fields of the API by their names. A resource is found by its URI, and names apps by their
// ids. Tested in resource-plan.test.ts and app-file.service.test.ts.
import { NEW_RESOURCE, type ResourceFields } from '#domain/clients/resource.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { type FileFields, isSame } from './file-table.ts'

export interface FileResource {
  /** Its position among the resources of the file, counted from 0; errors name it. */
  readonly index: number
  /** What the file leaves out is as in a new resource. */
  readonly fields: ResourceFields
}

/** JSON Pointer (RFC 6901) to a resource of a file, before that to its field. */
export function pointerToResource({ index }: Pick<FileResource, 'index'>, field = ''): string {
  return `/resource/${index}${field}`
}

export function resourceFileFields(fields: ResourceFields): FileFields {
  const order = Object.keys(NEW_RESOURCE) as (keyof ResourceFields)[]
  return Object.fromEntries(
    order.flatMap((field) => {
      const value = fields[field]
      return value === null ? [] : [[snakeCase(field), value]]
    }),
  )
}

const DEFAULTS = resourceFileFields(NEW_RESOURCE)

/** Returns the fields that a file must have for a resource: those that differ from a new one. */
export function declaredResourceFields(fields: ResourceFields): FileFields {
  const all = Object.entries(resourceFileFields(fields))
  return Object.fromEntries(all.filter(([name, value]) => !isSame(value, DEFAULTS[name])))
}
