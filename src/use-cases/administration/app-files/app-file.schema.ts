// Reads the apps, resources and hosts of a file, whose values are already read as TOML, and shows what a file changes.
import { MOST_ALLOWED, MOST_CLIENT_ATTRIBUTES, MOST_SHARED_GROUPS } from '#domain/clients/client-fields.ts'
import { clientKey, CLIENTS_MAXIMUM, fieldErrorsInGiven, isPublic, MOST_SECRETS } from '#domain/clients/client.ts'
import { NEW_RESOURCE, type ResourceFields, RESOURCES_MAXIMUM } from '#domain/clients/resource.ts'
import {
  MOST_RULE_NAMES,
  MOST_RULES,
  MOST_SHARED_GROUPS as MOST_GROUPS_OF_HOST,
  normalizedHost,
} from '#domain/hosts/host-fields.ts'
import { HOSTS_MAXIMUM, NEW_HOST } from '#domain/hosts/host.ts'
import { camelCase } from '#foundation/kernel/field-name.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { GROUP_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { parse } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { AppChanges, AppFields } from '../clients/app-request.ts'
import { NewAppBody } from '../clients/clients.schema.ts'
import { newAppFields } from '../clients/clients.service.ts'
import { hostChangesIn, NewHostBody, NewRule } from '../hosts/hosts.schema.ts'
import { NewResourceBody } from '../resources/resources.schema.ts'
import type { FilePlan } from './app-file.service.ts'
import { attributeIn, type FileApp, hashInFile, pointerToApp } from './app-file.ts'
import type { PlannedApp } from './app-plan.ts'
import { type FileHost, pointerToHost } from './host-file.ts'
import { type FileResource, pointerToResource } from './resource-file.ts'
import type { TablePlan } from './table-plan.ts'

const GroupName = Type.String({ maxLength: GROUP_NAME_MAXIMUM })
/** One more than the rule allows, so that it and not the schema says what is wrong, as in bodies. */
const GroupNames = (most: number) => Type.Array(GroupName, { maxItems: most + 1 })
const { attributes: _attributes, shared_groups: _shared, allowed_groups: _allowed, ...FIELDS } = NewAppBody.properties
const AttributeTable = Type.Object({ key: Type.String(), claim: Type.Optional(Type.String()) })

const AppInFile = Type.Object({
  id: Type.String(),
  ...FIELDS,
  shared_groups: Type.Optional(
    Type.Unsafe<'all' | string[]>({ anyOf: [{ type: 'string', enum: ['all'] }, GroupNames(MOST_SHARED_GROUPS)] }),
  ),
  allowed_groups: Type.Optional(GroupNames(MOST_ALLOWED)),
  attributes: Type.Optional(
    Type.Array(Type.Union([Type.String(), AttributeTable]), { maxItems: MOST_CLIENT_ATTRIBUTES + 1 }),
  ),
  disabled: Type.Optional(Type.Boolean()),
  secret_hashes: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: MOST_SECRETS })),
  secret_file: Type.Optional(Type.String({ minLength: 1 })),
})
type AppInFile = Static<typeof AppInFile>

const ResourceInFile = Type.Object(NewResourceBody.properties)

const { rules: _rules, shared_groups: _ofHost, ...HOST_FIELDS } = NewHostBody.properties
const RuleInFile = Type.Object({
  ...NewRule.properties,
  names: Type.Optional(Type.Array(GroupName, { maxItems: MOST_RULE_NAMES + 1 })),
})
const HostInFile = Type.Object({
  ...HOST_FIELDS,
  rule: Type.Optional(Type.Array(RuleInFile, { maxItems: MOST_RULES + 1 })),
  shared_groups: Type.Optional(GroupNames(MOST_GROUPS_OF_HOST)),
})

/** An app of a file whose secret may stand in another file, which only its reader can open. */
export interface ReadApp extends FileApp {
  readonly secretFile: string | undefined
}

export interface AppFileReading {
  readonly apps: readonly ReadApp[]
  readonly resources: readonly FileResource[]
  readonly hosts: readonly FileHost[]
  /** At `/app/0/redirect_uris` and so on; what has no errors is read all the same. */
  readonly errors: readonly FieldError[]
}

type LineOf = (pointer: string) => number

/** Returns the apps, resources and hosts of a file, and all errors that it shows by itself. */
export function readAppFile(values: Readonly<Record<string, unknown>>, lineOf: LineOf): AppFileReading {
  const { app, resource, host, ...others } = values
  const unknown = Object.keys(others).map((name) => ({ pointer: `/${name}`, code: 'field.unknown' }))
  const apps = readTables({ name: 'app', tables: app, most: CLIENTS_MAXIMUM }, readApp)
  const resources = readTables({ name: 'resource', tables: resource, most: RESOURCES_MAXIMUM }, readResource)
  const hosts = readTables({ name: 'host', tables: host, most: HOSTS_MAXIMUM }, readHost)
  return {
    apps: apps.items,
    resources: resources.items,
    hosts: hosts.items,
    errors: [
      ...unknown,
      ...apps.errors,
      ...resources.errors,
      ...hosts.errors,
      ...repetitions(apps.items.map(keysOfApp), lineOf),
      ...repetitions(resources.items.map(keysOfResource), lineOf),
      ...repetitions(hosts.items.map(keysOfHost), lineOf),
    ],
  }
}

interface ReadTable<Item> {
  readonly item?: Item
  readonly errors: readonly FieldError[]
}

/** Reads the tables of one name, such as `[[app]]`. */
function readTables<Item>(
  { name, tables = [], most }: { readonly name: string; readonly tables: unknown; readonly most: number },
  read: (table: unknown, index: number) => ReadTable<Item>,
): { readonly items: readonly Item[]; readonly errors: readonly FieldError[] } {
  const pointer = `/${name}`
  if (!Array.isArray(tables)) return { items: [], errors: [{ pointer, code: 'app_file.table' }] }
  if (tables.length > most)
    return { items: [], errors: [{ pointer, code: 'field.too_many', facts: { maximum: most } }] }
  const found = tables.map(read)
  return { items: found.flatMap(({ item }) => item ?? []), errors: found.flatMap(({ errors }) => errors) }
}

function readApp(table: unknown, index: number): ReadTable<ReadApp> {
  const parsed = parse(AppInFile, table)
  const at = (fieldErrors: readonly FieldError[]): FieldError[] =>
    fieldErrors.map((error) => ({ ...error, pointer: pointerToApp({ index }, error.pointer) }))
  if ('fieldErrors' in parsed) return { errors: at(parsed.fieldErrors) }
  const app = appIn(parsed.value, index)
  return { item: app, errors: at([...fieldErrorsInGiven({ id: app.id }), ...errorsInSecrets(parsed.value, app)]) }
}

function readResource(table: unknown, index: number): ReadTable<FileResource> {
  const parsed = parse(ResourceInFile, table)
  if ('fieldErrors' in parsed)
    return {
      errors: parsed.fieldErrors.map((error) => ({ ...error, pointer: pointerToResource({ index }, error.pointer) })),
    }
  const given = Object.entries(parsed.value).map(([field, value]) => [camelCase(field), value])
  return { item: { index, fields: { ...NEW_RESOURCE, ...Object.fromEntries(given) } as ResourceFields }, errors: [] }
}

function readHost(table: unknown, index: number): ReadTable<FileHost> {
  const parsed = parse(HostInFile, table)
  if ('fieldErrors' in parsed) {
    const errors = parsed.fieldErrors.map((error) => ({ ...error, pointer: pointerToHost({ index }, error.pointer) }))
    return { errors }
  }
  const { name, rule: rules = [], ...given } = parsed.value
  return { item: { index, fields: { ...withGiven(NEW_HOST, hostChangesIn({ rules, ...given })), name } }, errors: [] }
}

function appIn(table: AppInFile, index: number): ReadApp {
  const {
    id,
    disabled,
    secret_hashes: hashes,
    secret_file: secretFile,
    shared_groups: sharedGroupNames = [],
    allowed_groups: allowedGroupNames = [],
    attributes = [],
    name,
    ...given
  } = table
  const changes: AppChanges = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [camelCase(field), value]),
  )
  const {
    sharedGroups: _,
    allowedGroups: __,
    ...fields
  } = newAppFields({ ...changes, name, attributes: attributes.map(attributeOf) })
  return {
    index,
    id,
    fields,
    sharedGroupNames,
    allowedGroupNames,
    disabled,
    hashes: hashes && [...new Set(hashes.flatMap((text) => hashInFile(text) ?? []))],
    secretFile,
  }
}

function attributeOf(given: NonNullable<AppInFile['attributes']>[number]): AppFields['attributes'][number] {
  return typeof given === 'string' ? attributeIn(given) : { key: given.key, claim: given.claim ?? given.key }
}

function errorsInSecrets({ secret_hashes: hashes, secret_file: file }: AppInFile, { fields }: ReadApp): FieldError[] {
  const pointer = hashes === undefined ? '/secret_file' : '/secret_hashes'
  const malformed = (hashes ?? []).flatMap((text, item) => (hashInFile(text) === undefined ? [item] : []))
  return [
    ...(hashes !== undefined && file !== undefined ? [{ pointer, code: 'app_file.secret_twice' }] : []),
    ...((hashes ?? file) !== undefined && isPublic(fields) ? [{ pointer, code: 'app_file.secret_of_public' }] : []),
    ...malformed.map((item) => ({ pointer: `${pointer}/${item}`, code: 'app_file.hash' })),
  ]
}

/** What must not stand twice in a file, by the pointers to it; empty for what is missing. */
type Keys = Readonly<Record<string, string>>

function keysOfApp(app: ReadApp): Keys {
  return { [pointerToApp(app, '/id')]: app.id, [pointerToApp(app, '/name')]: clientKey(app.fields.name) }
}

function keysOfResource(resource: FileResource): Keys {
  return { [pointerToResource(resource, '/uri')]: resource.fields.uri.trim() }
}

function keysOfHost(host: FileHost): Keys {
  return { [pointerToHost(host, '/name')]: normalizedHost(host.fields).name }
}

/** Two apps of one id, or of names that cannot be distinguished; two resources of one URI; or two hosts of one name. */
function repetitions(items: readonly Keys[], lineOf: LineOf): FieldError[] {
  const first = new Map<string, string>()
  return items.flatMap((keys) =>
    Object.entries(keys).flatMap(([pointer, key]) => {
      const what = `${pointer.split('/').at(-1)} ${key}`
      const earlier = key === '' ? undefined : first.get(what)
      if (earlier === undefined) first.set(what, pointer)
      return earlier === undefined ? [] : [{ pointer, code: 'app_file.repeated', facts: { line: lineOf(earlier) } }]
    }),
  )
}

/** Returns what a file changes, or has changed, as `--json` prints it. */
export function presentFilePlan(
  { added, changed, unchanged, removed, others, resources, hosts }: FilePlan,
  isApplied: boolean,
) {
  return {
    applied: isApplied,
    added: added.map(presentPlanned),
    changed: changed.map(presentPlanned),
    unchanged: unchanged.map(presentNamed),
    removed: removed.map(presentNamed),
    others: others.map(presentNamed),
    resources: presentTables(resources, ({ uri, name }) => ({ uri, name })),
    hosts: presentTables(hosts, ({ name }) => ({ name })),
  }
}

function presentPlanned({ id, name, changes, addedHashes, endedSecrets, endsSignIns }: PlannedApp) {
  return {
    id,
    name,
    changes,
    secrets_added: addedHashes.length,
    secrets_ended: endedSecrets.length,
    ends_sign_ins: endsSignIns,
  }
}

function presentNamed({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name }
}

function presentTables<Stored extends Fields, Fields>(
  { added, changed, unchanged, removed, others }: TablePlan<Stored, Fields>,
  shown: (fields: Fields) => object,
) {
  const presentChange = ({ fields, changes }: TablePlan<Stored, Fields>['added'][number]) => ({
    ...shown(fields),
    changes,
  })
  return {
    added: added.map(presentChange),
    changed: changed.map(presentChange),
    unchanged: unchanged.map(shown),
    removed: removed.map(shown),
    others: others.map(shown),
  }
}
