// What the resources of a file change: decided from the file and from what is stored, before anything is written.
import { type ClientFields, isPublic } from '#domain/clients/client.ts'
import { fieldErrorsInResource, normalizedResource } from '#domain/clients/resource-fields.ts'
import { type Resource, type ResourceFields, RESOURCES_MAXIMUM } from '#domain/clients/resource.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { changesBetween, type FieldChange } from './file-table.ts'
import { declaredResourceFields, type FileResource, pointerToResource, resourceFileFields } from './resource-file.ts'
import { planTables, type TablePlan } from './table-plan.ts'

export type ResourcePlan = TablePlan<Resource, ResourceFields>

export interface ResourcePlanning {
  readonly resources: readonly FileResource[]
  readonly stored: readonly Resource[]
  /** The apps that there will be, by id. */
  readonly clients: ReadonlyMap<string, Pick<ClientFields, 'authMethod'>>
  readonly removesOthers: boolean
}

/** Returns what the resources of a file change, and all their errors, at `/resource/0/uri` and so on. */
export function planResources({ resources, stored, clients, removesOthers }: ResourcePlanning): {
  readonly plan: ResourcePlan
  readonly errors: readonly FieldError[]
} {
  const byUri = new Map(stored.map((resource) => [resource.uri, resource]))
  const tables = resources.map((given) => {
    const fields = normalizedResource(given.fields)
    const before = byUri.get(fields.uri) ?? null
    const errors = [...fieldErrorsInResource(fields), ...errorsInApps(fields, before, clients)]
    const at = errors.map((error) => ({ ...error, pointer: pointerToResource(given, error.pointer) }))
    return { key: fields.uri, before, fields, changes: changesOf(fields, before), errors: at }
  })
  const most = { pointer: '/resource', maximum: RESOURCES_MAXIMUM }
  return planTables({ tables, stored, keyOf: ({ uri }) => uri, removesOthers, most })
}

function changesOf(fields: ResourceFields, before: Resource | null): FieldChange[] {
  return before === null
    ? changesBetween({}, declaredResourceFields(fields))
    : changesBetween(resourceFileFields(before), resourceFileFields(fields))
}

/** Only apps that are new in the row must exist, as for `storeResource`: one that was deleted since does not make a file invalid. */
function errorsInApps(
  { servedBy, allowedClients }: ResourceFields,
  before: Resource | null,
  clients: ResourcePlanning['clients'],
): FieldError[] {
  const errors: FieldError[] = []
  if (servedBy !== null && servedBy !== before?.servedBy) {
    const serving = clients.get(servedBy)
    if (serving === undefined) errors.push({ pointer: '/served_by', code: 'resource.app_unknown' })
    else if (isPublic(serving)) errors.push({ pointer: '/served_by', code: 'resource.app_public' })
  }
  const known = before === null || before.allowedClients === 'all' ? [] : before.allowedClients
  const isUnknown = (id: string): boolean => !known.includes(id) && !clients.has(id)
  if (allowedClients !== 'all' && allowedClients.some(isUnknown))
    errors.push({ pointer: '/allowed_clients', code: 'resource.app_unknown' })
  return errors
}
