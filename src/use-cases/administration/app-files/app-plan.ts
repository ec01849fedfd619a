// What the apps of a file change: decided from the file and from what is stored, before anything is written.
import { fieldErrorsInClient, normalizedClient } from '#domain/clients/client-fields.ts'
import {
  type Client,
  type ClientFields,
  clientKey,
  CLIENTS_MAXIMUM,
  type ClientSecret,
  isPublic,
} from '#domain/clients/client.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { declaredFields, type FileApp, fileFields, type NewAppOf, pointerToApp } from './app-file.ts'
import { changesBetween, type FieldChange, type FileFields } from './file-table.ts'
import { type GroupIndex, indexOfGroups, isIn, type Nameable, unknownItems } from './nameable.ts'

/** An app as it is stored, with its valid secrets. */
export interface StoredApp {
  readonly client: Client
  readonly secrets: readonly Pick<ClientSecret, 'id' | 'hash'>[]
}

/** An app that is added or changed. */
export interface PlannedApp {
  readonly index: number
  readonly id: string
  readonly name: string
  /** Null for an app that is added. */
  readonly before: StoredApp | null
  readonly fields: ClientFields
  /** Of an app that is added, those that are not as in any new app. */
  readonly changes: readonly FieldChange[]
  readonly addedHashes: readonly string[]
  readonly endedSecrets: readonly string[]
  readonly isDisabled: boolean
  readonly endsSignIns: boolean
}

export interface AppPlan {
  readonly added: readonly PlannedApp[]
  /** In an order in which each name is free when an app takes it. */
  readonly changed: readonly PlannedApp[]
  readonly unchanged: readonly Client[]
  /** Not in the file, and deleted. */
  readonly removed: readonly Client[]
  /** Not in the file, and kept. */
  readonly others: readonly Client[]
}

export interface Planning {
  readonly apps: readonly FileApp[]
  readonly stored: readonly StoredApp[]
  readonly nameable: Nameable
  readonly removesOthers: boolean
  /** Whether a change ends the sign-ins to an app. */
  readonly endsGrants: (before: ClientFields, after: ClientFields) => boolean
  readonly newAppOf: NewAppOf
}

/** Returns what a file changes, or all its errors, at `/app/0/redirect_uris` and so on. */
export function planApps(planning: Planning): { readonly plan: AppPlan } | { readonly errors: readonly FieldError[] } {
  const { apps, stored, removesOthers } = planning
  const byId = new Map(stored.map((one) => [one.client.id, one]))
  const groups = indexOfGroups(planning.nameable)
  const read = apps.map((app) => {
    const before = byId.get(app.id) ?? null
    const fields = fieldsIn(app, groups)
    return { app, before, fields, errors: errorsIn(app, { before, fields, groups, nameable: planning.nameable }) }
  })
  const named = new Set(apps.map(({ id }) => id))
  const missing = stored.map(({ client }) => client).filter(({ id }) => !named.has(id))
  const kept = removesOthers ? [] : missing
  const tooMany = apps.length + kept.length > CLIENTS_MAXIMUM
  const errors = [
    ...(tooMany ? [{ pointer: '/app', code: 'field.too_many', facts: { maximum: CLIENTS_MAXIMUM } }] : []),
    ...read.flatMap((one) => one.errors),
  ]
  if (errors.length > 0) return { errors }
  const planned = read.map(({ app, before, fields }) => plannedApp(planning, { app, before, fields, groups }))
  const differing = planned.filter((one) => !isUnchanged(one))
  const [added, changing] = [differing.filter(isNew), differing.filter((one) => !isNew(one))]
  const removed = removesOthers ? missing : []
  const { changed, taken } = inOrderOfNames({ changing, added, stored, removed })
  if (taken.length > 0)
    return { errors: taken.map((one) => ({ pointer: pointerToApp(one, '/name'), code: 'app.name_taken' })) }
  const unchanged = planned.filter(isUnchanged).flatMap(({ before }) => before?.client ?? [])
  return { plan: { added, changed, unchanged, removed, others: kept } }
}

function isNew({ before }: PlannedApp): boolean {
  return before === null
}

function isUnchanged({ before, changes, addedHashes, endedSecrets }: PlannedApp): boolean {
  return before !== null && changes.length + addedHashes.length + endedSecrets.length === 0
}

/** The fields as they will be stored; a group that does not exist is left out, and an error elsewhere. */
function fieldsIn({ fields, sharedGroupNames, allowedGroupNames }: FileApp, { idOf }: GroupIndex): ClientFields {
  const idsOf = (names: readonly string[]) => names.flatMap((name) => idOf(name) ?? [])
  return normalizedClient({
    ...fields,
    // Storing it keeps the admin who allowed the same one before.
    attributes: fields.attributes.map((one) => ({ ...one, allowedBy: null })),
    sharedGroups: sharedGroupNames === 'all' ? sharedGroupNames : idsOf(sharedGroupNames),
    allowedGroups: idsOf(allowedGroupNames),
  })
}

interface ReadFields {
  readonly before: StoredApp | null
  readonly fields: ClientFields
  readonly groups: GroupIndex
}

function errorsIn(
  app: FileApp,
  { before, fields, groups, nameable }: ReadFields & { readonly nameable: Nameable },
): FieldError[] {
  const errors = [
    ...fieldErrorsInClient(fields).map(atItem),
    ...unknownItems(app.sharedGroupNames, '/shared_groups', 'app.group_unknown', groups.idOf),
    ...unknownItems(app.allowedGroupNames, '/allowed_groups', 'app.group_unknown', groups.idOf),
    ...unknownItems(app.fields.allowedRoles, '/allowed_roles', 'app.role_unknown', isIn(nameable.roles)),
    ...unknownItems(
      app.fields.attributes.map(({ key }) => key),
      '/attributes',
      'app.attribute_unknown',
      isIn(nameable.attributes),
    ),
    ...(lacksSecret(app, before, fields) ? [{ pointer: '/secret_hashes', code: 'app_file.secret_missing' }] : []),
  ]
  return errors.map((error) => ({ ...error, pointer: pointerToApp(app, error.pointer) }))
}

/** An error in a list names its line of a form; in a file it is an item. */
function atItem({ pointer, code, facts = {} }: FieldError): FieldError {
  const { line, ...others } = facts
  return { pointer: line === undefined ? pointer : `${pointer}/${Number(line) - 1}`, code, facts: others }
}

/**
 * Whether the app needs a secret, but has none and gets none from the file. None is made here: it would differ from server to server, and would
 * be in the output of the program that applies the file.
 */
function lacksSecret({ hashes }: FileApp, before: StoredApp | null, fields: ClientFields): boolean {
  return hashes === undefined && !isPublic(fields) && (before === null || isPublic(before.client))
}

const NOTHING: FileFields = {}

function plannedApp(
  { endsGrants, newAppOf }: Planning,
  { app, before, fields, groups: { nameOf } }: ReadFields & { readonly app: FileApp },
): PlannedApp {
  const wasDisabled = before !== null && before.client.disabledAt !== null
  const isDisabled = app.disabled ?? wasDisabled
  const current = before?.secrets ?? []
  const kept = isPublic(fields) ? [] : current.map(({ hash }) => hash)
  const hashes = app.hashes ?? kept
  return {
    index: app.index,
    id: app.id,
    name: fields.name,
    before,
    fields,
    changes: changesBetween(
      before === null ? NOTHING : { ...fileFields(before.client, nameOf), disabled: wasDisabled },
      before === null
        ? { ...declaredFields(fields, nameOf, newAppOf), ...(isDisabled && { disabled: isDisabled }) }
        : { ...fileFields(fields, nameOf), disabled: isDisabled },
    ),
    addedHashes: hashes.filter((hash) => !current.some((one) => one.hash === hash)),
    endedSecrets: current.filter(({ hash }) => !hashes.includes(hash)).map(({ id }) => id),
    isDisabled,
    endsSignIns: before !== null && ((isDisabled && !wasDisabled) || endsGrants(before.client, fields)),
  }
}

interface Naming {
  readonly changing: readonly PlannedApp[]
  readonly added: readonly PlannedApp[]
  readonly stored: readonly StoredApp[]
  readonly removed: readonly Client[]
}

/**
 * Returns the changes in an order in which each name is free when an app takes it, and the apps whose name is taken: by an app that keeps it, or
 * by apps that exchange names with each other.
 */
function inOrderOfNames({ changing, added, stored, removed }: Naming) {
  const gone = new Set(removed.map(({ id }) => id))
  const staying = stored.filter(({ client }) => !gone.has(client.id))
  const holders = new Map(staying.map(({ client }) => [clientKey(client.name), client.id]))
  const changed: PlannedApp[] = []
  let waiting = changing
  for (let before = -1; before !== waiting.length;) {
    before = waiting.length
    waiting = waiting.filter((one) => {
      const key = clientKey(one.name)
      if ((holders.get(key) ?? one.id) !== one.id) return true
      if (one.before !== null) holders.delete(clientKey(one.before.client.name))
      holders.set(key, one.id)
      changed.push(one)
      return false
    })
  }
  const unnamed = added.filter((one) => holders.has(clientKey(one.name)))
  return { changed, taken: [...waiting, ...unnamed] }
}
