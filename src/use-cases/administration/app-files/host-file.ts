// Protected hosts in a file: the fields of the API by their names, with the rules as tables of their own and with groups by name, since their ids
// differ from server to server. Tested in host-plan.test.ts and app-file.service.test.ts.
import { ruleText } from '#domain/hosts/host-fields.ts'
import { type HostFields, type HostRule, NEW_HOST, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { type GroupNames, withGroupNames } from '../hosts/host-request.ts'
import { type FileFields, isSame, tomlTables } from './file-table.ts'

export interface FileHost {
  /** Its position among the hosts of the file, counted from 0; errors name it. */
  readonly index: number
  /** What the file leaves out is as in a new host. Groups stand by their names, also in rules. */
  readonly fields: HostFields
}

/** JSON Pointer (RFC 6901) to a host of a file, before that to its field. */
export function pointerToHost({ index }: Pick<FileHost, 'index'>, field = ''): string {
  return `/host/${index}${field}`
}

/** A host as it is written to a file. */
export interface WrittenHost {
  readonly fields: FileFields
  readonly rules: readonly FileFields[]
}

/** Returns a host with what differs from a new one. A group that is deleted has no name, and is left out. */
export function writtenHost({ rules, ...host }: HostFields, names: GroupNames): WrittenHost {
  const fields = fieldsWithoutRules(host, names)
  const defaults = fieldsWithoutRules(NEW_HOST, names)
  return { fields: differing(fields, defaults), rules: rules.map((rule) => writtenRule(namedRule(rule, names))) }
}

/** A name of one word as it is, and another one in quotes, so that two lists of names never have the same text. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : JSON.stringify(name)
}

function ruleLine(rule: HostRule, names: GroupNames): string {
  const named = namedRule(rule, names)
  return ruleText({ ...named, names: named.names.map(quoted) })
}

/** Returns all fields of a host for a comparison, each rule as one line. */
export function hostFileFields({ rules, ...host }: HostFields, names: GroupNames): FileFields {
  return { ...fieldsWithoutRules(host, names), rule: rules.map((rule) => ruleLine(rule, names)) }
}

/** Returns the same without what is as in any new host. */
export function declaredHostFields(fields: HostFields, names: GroupNames): FileFields {
  return differing(hostFileFields(fields, names), hostFileFields(NEW_HOST, names))
}

function fieldsWithoutRules(
  { name, sharedGroups, apiTokens, preflights }: Omit<HostFields, 'rules'>,
  names: GroupNames,
) {
  const shared = sharedGroups.flatMap((id) => names.get(id) ?? []).toSorted()
  return { name, shared_groups: shared, api_tokens: apiTokens, preflights }
}

/** The names of groups have another order than their ids. */
function namedRule(rule: HostRule, names: GroupNames): HostRule {
  const named = withGroupNames(rule, names)
  return { ...named, names: named.names.toSorted() }
}

/** The path and whom the rule lets pass always stand there. */
function writtenRule({ path, who, ...rest }: HostRule): FileFields {
  const entries = Object.entries(rest).flatMap(([field, value]) =>
    value === null || isSame(value, SIGNED_IN_RULE[field as keyof HostRule])
      ? []
      : [[snakeCase(field), field === 'maxAge' ? Number(value) / 1000 : value]],
  )
  return { path, who, ...(Object.fromEntries(entries) as FileFields) }
}

function differing(fields: FileFields, defaults: FileFields): FileFields {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !isSame(value, defaults[name])))
}

/** Returns hosts as TOML, each followed by its rules. */
export function hostTables(hosts: readonly WrittenHost[]): string[] {
  return hosts.flatMap(({ fields, rules }) => [...tomlTables('host', [fields]), ...tomlTables('host.rule', rules)])
}
