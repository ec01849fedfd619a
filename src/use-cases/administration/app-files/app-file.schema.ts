// Reads the apps of a file, whose values are already read as TOML, and shows what a file changes.
import { MOST_ALLOWED, MOST_CLIENT_ATTRIBUTES, MOST_SHARED_GROUPS } from '#domain/clients/client-fields.ts'
import { clientKey, CLIENTS_MAXIMUM, fieldErrorsInGiven, isPublic, MOST_SECRETS } from '#domain/clients/client.ts'
import { camelCase } from '#foundation/kernel/field-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { GROUP_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { parse } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { AppChanges, AppFields } from '../clients/app-request.ts'
import { NewAppBody } from '../clients/clients.schema.ts'
import { newAppFields } from '../clients/clients.service.ts'
import { attributeIn, type FileApp, hashInFile, pointerToApp } from './app-file.ts'
import type { AppPlan, PlannedApp } from './app-plan.ts'

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

/** An app of a file whose secret may stand in another file, which only its reader can open. */
export interface ReadApp extends FileApp {
  readonly secretFile: string | undefined
}

export interface AppFileReading {
  readonly apps: readonly ReadApp[]
  /** At `/app/0/redirect_uris` and so on; the apps without errors are read all the same. */
  readonly errors: readonly FieldError[]
}

/** Other parts that a file may have one day. */
const LATER = ['resource', 'host']

/**
 * Returns the apps of a file and all errors that it shows by itself.
 * @param lineOf returns the line of a pointer
 */
export function readAppFile(
  values: Readonly<Record<string, unknown>>,
  lineOf: (pointer: string) => number,
): AppFileReading {
  const { app: tables = [], ...others } = values
  const unknown = Object.keys(others).map((name) => {
    const code = LATER.includes(name) ? 'app_file.later' : 'field.unknown'
    return { pointer: `/${name}`, code }
  })
  if (!Array.isArray(tables)) return { apps: [], errors: [...unknown, { pointer: '/app', code: 'app_file.table' }] }
  if (tables.length > CLIENTS_MAXIMUM) {
    const error = { pointer: '/app', code: 'field.too_many', facts: { maximum: CLIENTS_MAXIMUM } }
    return { apps: [], errors: [...unknown, error] }
  }
  const read = tables.map(readTable)
  const apps = read.flatMap(({ app }) => app ?? [])
  return { apps, errors: [...unknown, ...read.flatMap(({ errors }) => errors), ...repetitions(apps, lineOf)] }
}

interface ReadTable {
  readonly app?: ReadApp
  readonly errors: readonly FieldError[]
}

function readTable(table: unknown, index: number): ReadTable {
  const parsed = parse(AppInFile, table)
  const at = (fieldErrors: readonly FieldError[]): FieldError[] =>
    fieldErrors.map((error) => ({ ...error, pointer: pointerToApp({ index }, error.pointer) }))
  if ('fieldErrors' in parsed) return { errors: at(parsed.fieldErrors) }
  const app = appIn(parsed.value, index)
  return { app, errors: at([...fieldErrorsInGiven({ id: app.id }), ...errorsInSecrets(parsed.value, app)]) }
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

/** Two apps of one id, or of names that cannot be distinguished. */
function repetitions(apps: readonly ReadApp[], lineOf: (pointer: string) => number): FieldError[] {
  const first = { id: new Map<string, string>(), name: new Map<string, string>() }
  return apps.flatMap((app) =>
    (['id', 'name'] as const).flatMap((field) => {
      const key = field === 'id' ? app.id : clientKey(app.fields.name)
      const pointer = pointerToApp(app, `/${field}`)
      const earlier = key === '' ? undefined : first[field].get(key)
      if (earlier === undefined) first[field].set(key, pointer)
      return earlier === undefined ? [] : [{ pointer, code: 'app_file.repeated', facts: { line: lineOf(earlier) } }]
    }),
  )
}

/** Returns what a file changes, or has changed, as `--json` prints it. */
export function presentAppPlan({ added, changed, unchanged, removed, others }: AppPlan, isApplied: boolean) {
  return {
    applied: isApplied,
    added: added.map(presentPlanned),
    changed: changed.map(presentPlanned),
    unchanged: unchanged.map(presentNamed),
    removed: removed.map(presentNamed),
    others: others.map(presentNamed),
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
