// What the protected hosts of a file change: decided from the file and from what is stored, before anything is written.
import { errorsInSharedGroups, fieldErrorsInHost, normalizedHost } from '#domain/hosts/host-fields.ts'
import { type HostFields, HOSTS_MAXIMUM, type ProtectedHost } from '#domain/hosts/host.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { changesBetween, type FieldChange } from './file-table.ts'
import { declaredHostFields, type FileHost, hostFileFields, pointerToHost } from './host-file.ts'
import { indexOfGroups, type GroupIndex, isIn, type Nameable, unknownItems } from './nameable.ts'
import { planTables, type TablePlan } from './table-plan.ts'

export type HostPlan = TablePlan<ProtectedHost, HostFields>

export interface HostPlanning {
  readonly hosts: readonly FileHost[]
  readonly stored: readonly ProtectedHost[]
  readonly nameable: Pick<Nameable, 'groups' | 'roles'>
  /** The host name of this server, which cannot be protected by it. */
  readonly ownHost: string
  readonly removesOthers: boolean
}

/** Returns what the hosts of a file change, and all their errors, at `/host/0/rule/1/path` and so on. */
export function planHosts({ hosts, stored, nameable, ownHost, removesOthers }: HostPlanning): {
  readonly plan: HostPlan
  readonly errors: readonly FieldError[]
} {
  const groups = indexOfGroups(nameable)
  const byName = new Map(stored.map((host) => [host.name, host]))
  const tables = hosts.map((given) => {
    const fields = fieldsIn(given, groups)
    const before = byName.get(fields.name) ?? null
    const errors = [...fieldErrorsInHost(fields, ownHost).map(atRule), ...errorsInNames(given, { groups, nameable })]
    const at = errors.map((error) => ({ ...error, pointer: pointerToHost(given, error.pointer) }))
    return { key: fields.name, before, fields, changes: changesOf(fields, before, groups), errors: at }
  })
  const most = { pointer: '/host', maximum: HOSTS_MAXIMUM }
  return planTables({ tables, stored, keyOf: ({ name }) => name, removesOthers, most })
}

/** The fields as they will be stored; a group that does not exist is an error elsewhere. */
function fieldsIn({ fields }: FileHost, { idOf }: GroupIndex): HostFields {
  const idsOf = (names: readonly string[]) => names.map((name) => idOf(name) ?? name)
  return normalizedHost({
    ...fields,
    rules: fields.rules.map((rule) => (rule.who === 'groups' ? { ...rule, names: idsOf(rule.names) } : rule)),
    sharedGroups: idsOf(fields.sharedGroups),
  })
}

/** The tables of the rules are named for one of them. */
function atRule(error: FieldError): FieldError {
  return { ...error, pointer: error.pointer.replace(/^\/rules/, '/rule') }
}

interface Named {
  readonly groups: GroupIndex
  readonly nameable: Pick<Nameable, 'roles'>
}

function errorsInNames({ fields: { rules, sharedGroups } }: FileHost, { groups, nameable }: Named): FieldError[] {
  const isRole = isIn(nameable.roles)
  const known = sharedGroups.filter((name) => groups.idOf(name) !== undefined)
  return [
    ...unknownItems(sharedGroups, '/shared_groups', 'host.group_unknown', groups.idOf),
    ...errorsInSharedGroups(known),
    ...rules.flatMap(({ who, names }, index) => {
      const pointer = `/rule/${index}/names`
      if (who === 'roles') return unknownItems(names, pointer, 'host.role_unknown', isRole)
      return who === 'groups' ? unknownItems(names, pointer, 'host.group_unknown', groups.idOf) : []
    }),
  ]
}

function changesOf(fields: HostFields, before: ProtectedHost | null, { names }: GroupIndex): FieldChange[] {
  return before === null
    ? changesBetween({}, declaredHostFields(fields, names))
    : changesBetween(hostFileFields(before, names), hostFileFields(fields, names))
}
