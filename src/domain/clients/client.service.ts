// Apps that sign users in here: finds, lists, stores, changes and deletes them. Who may do that is asked above this layer.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import { isUniqueViolation } from '#foundation/platform/database/errors.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { deleteAttributeRows, renameAttributeRows } from './client-attribute.queries.ts'
import { changeDetails, changedFields, fieldErrorsInClient } from './client-fields.ts'
import { updateSecretUse } from './client-secret.queries.ts'
import * as queries from './client.queries.ts'
import {
  type Client,
  type ClientFields,
  clientKey,
  CLIENTS_MAXIMUM,
  type ClientSecret,
  type WeakenedClients,
} from './client.ts'
import { selectRestrictedClients } from './restricted-client.queries.ts'

/** The dependencies of a change, which is recorded. Call it inside an authorized transaction. */
export type ClientChangeDeps = InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>>

/** Returns the app with this id, disabled ones too; undefined if there is none. */
export function findClient({ db }: With<'db'>, id: string): Promise<Client | undefined> {
  return queries.selectClient(db, storableText(id))
}

/** Returns the apps with these stored ids that still exist, by name. */
export async function findClientsWithIds({ db }: With<'db'>, ids: readonly string[]): Promise<Client[]> {
  return ids.length === 0 ? [] : queries.selectClientsWithIds(db, ids)
}

/** Returns whom those of the apps with these stored ids allow that do not allow everyone. */
export async function restrictedClients(
  { db }: With<'db'>,
  ids: readonly string[],
): Promise<Pick<Client, 'id' | 'allowedRoles' | 'allowedGroups'>[]> {
  return ids.length === 0 ? [] : selectRestrictedClients(db, ids)
}

/** Returns the app with this id and the secrets that are valid now, in one query. */
export async function findClientWithSecrets(
  { db, now }: With<'db' | 'now'>,
  id: string,
): Promise<{ readonly client: Client; readonly secrets: readonly ClientSecret[] } | undefined> {
  const rows = await queries.selectClientWithSecrets(db, storableText(id), now)
  const [first] = rows
  return first && { client: first.client, secrets: rows.flatMap(({ secret }) => secret ?? []) }
}

/** Notes that an app has authenticated with this secret. */
export async function noteSecretUse({ db, now }: With<'db' | 'now'>, secretId: string): Promise<void> {
  await updateSecretUse(db, secretId, now)
}

/** Returns the app with this id. Throws `app.not_found`, for an agent too: its document alone says what it is. */
export async function readClient(ctx: With<'db'>, id: string): Promise<Client> {
  return existing(await findClient(ctx, id))
}

/** Returns the same, excluding other changes of it until the transaction ends. Throws the same. */
export async function lockClient(ctx: InTransaction<With<'db'>>, id: string): Promise<Client> {
  return existing(await lockIfExists(ctx, id))
}

/** Returns the same; undefined if there is none. Outside a transaction it locks nothing. */
export function lockIfExists({ db }: With<'db'>, id: string): Promise<Client | undefined> {
  return queries.takeClient(db, storableText(id))
}

/** Whether an app is as it was read; no other transaction changes, disables or deletes it before this one ends. */
export async function holdClient(
  { db }: InTransaction<With<'db'>>,
  { id, revision }: Pick<Client, 'id' | 'revision'>,
): Promise<boolean> {
  return (await queries.holdUnchangedClient(db, id, revision)).length > 0
}

/** Returns the app with this name in any case and Unicode form; undefined if there is none. */
export async function findClientByName(ctx: With<'db'>, name: string): Promise<Client | undefined> {
  const id = await queries.selectIdByKey(ctx.db, clientKey(storableText(name)))
  return id === undefined ? undefined : findClient(ctx, id)
}

/** Returns the names of apps by their ids; one that was deleted has none. */
export async function namesOfClients({ db }: With<'db'>, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = ids.length === 0 ? [] : await queries.selectClientNames(db, [...new Set(ids)].map(storableText))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export function hasClients({ db }: With<'db'>): Promise<boolean> {
  return queries.hasClientRow(db)
}

/** Returns which apps that are not disabled do without PKCE, or get their answers without TLS. */
export async function weakenedClients({ db }: With<'db'>): Promise<WeakenedClients> {
  const rows = await queries.selectWeakenedClients(db)
  const namesOf = (column: 'require_pkce' | 'allow_http', value: number): string[] =>
    rows.filter((row) => row[column] === value).map(({ name }) => name)
  return { withoutPkce: namesOf('require_pkce', 0), overHttp: namesOf('allow_http', 1) }
}

export interface ClientPage {
  readonly items: readonly Client[]
  /** The key after which the next page begins; null on the last one. */
  readonly next: string | null
}

export interface ClientSearch {
  /** Part of a name. */
  readonly q?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** Returns a page of the apps by name. */
export async function listClients({ db }: With<'db'>, { q = '', after, limit }: ClientSearch): Promise<ClientPage> {
  const term = clientKey(storableText(q))
  const found = await queries.selectClients(db, { term, after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items: items.map(({ client }) => client), next: found.length > limit ? (items.at(-1)?.key ?? null) : null }
}

/** Stores a new app. Throws `request.validation_failed`, `app.name_taken`, `app.id_taken`, `app.too_many`. */
export async function storeClient(
  ctx: ClientChangeDeps,
  { id, fields, createdBy }: { readonly id: string; readonly fields: ClientFields; readonly createdBy: string | null },
): Promise<Client> {
  requireNoFieldErrors(fieldErrorsInClient(fields))
  // Two transactions would both count one less than the limit. Apps and policies are made rarely, so they share the lock.
  await lockFor(ctx.db, 'policies')
  if ((await queries.countClients(ctx.db)) >= CLIENTS_MAXIMUM) throw new Refusal('app.too_many')
  await requireFreeName(ctx, fields.name, id)
  const client = { ...fields, id, createdAt: ctx.now, createdBy, disabledAt: null, revision: 1 }
  if (!(await queries.insertClient(ctx.db, client, clientKey(fields.name)))) throw new Refusal('app.id_taken')
  await recordEvent(ctx, {
    action: 'app.created',
    details: { app: client.name, client: id, redirect_uris: client.redirectUris.join(' ') },
  })
  return client
}

/** Changes what an admin says about an app that was read; its event says whether that ends what the app got. Throws `request.validation_failed`, `app.name_taken`, `LostUpdate`. */
export async function updateClient(
  ctx: ClientChangeDeps,
  before: Client,
  fields: ClientFields,
  { endsGrants = false }: { readonly endsGrants?: boolean } = {},
): Promise<Client> {
  if (changedFields(before, fields).length === 0) return before
  requireNoFieldErrors(fieldErrorsInClient(fields))
  const isRenamed = fields.name !== before.name
  if (isRenamed) await requireFreeName(ctx, fields.name, before.id)
  const after = await write(ctx, { ...before, ...fields }, isRenamed ? clientKey(fields.name) : null)
  const details = { app: after.name, client: after.id, ...changeDetails(before, after) }
  const ending = endsGrants ? { clientId: after.id } : undefined
  await recordEvent(ctx, { action: 'app.changed', details, ending })
  return after
}

/** Disables an app that was read, or lets it sign users in again; returns it unchanged if it was so before. Throws `LostUpdate`. */
export async function setClientDisabled(ctx: ClientChangeDeps, before: Client, disabled: boolean): Promise<Client> {
  if ((before.disabledAt !== null) === disabled) return before
  const after = await write(ctx, { ...before, disabledAt: disabled ? ctx.now : null }, null)
  const action = disabled ? 'app.disabled' : 'app.enabled'
  const ending = disabled ? { clientId: after.id } : undefined
  await recordEvent(ctx, { action, details: { app: after.name, client: after.id }, ending })
  return after
}

/** Deletes an app with its secrets. Its grants are revoked above this layer. */
export async function deleteClient(ctx: ClientChangeDeps, { id, name }: Client): Promise<void> {
  await queries.deleteClientRows(ctx.db, id)
  await recordEvent(ctx, { action: 'app.deleted', details: { app: name, client: id }, ending: { clientId: id } })
}

/** Returns the names of the apps that are restricted to a role, by its name, or to a group, by its id, among others. */
export function clientsAllowing({ db }: With<'db'>, scope: 'role' | 'group', ref: string): Promise<string[]> {
  return queries.selectClientsAllowing(db, scope, ref)
}

/** Lets apps get an attribute by its new key. Call it while the attributes are locked. */
export function renameClientAttribute({ db }: With<'db'>, key: string, renamed: string): Promise<void> {
  return renameAttributeRows(db, key, renamed)
}

/** Lets no app get an attribute that was deleted: one that is declared later under its key is another. Call it while the attributes are locked. */
export function forgetClientAttribute({ db }: With<'db'>, key: string): Promise<void> {
  return deleteAttributeRows(db, key)
}

async function write(ctx: ClientChangeDeps, client: Client, key: string | null): Promise<Client> {
  const isWritten = await queries.updateClientRow(ctx.db, client, key).catch((error: unknown) => {
    throw isUniqueViolation(error, 'name_key') ? nameTaken(error) : error
  })
  if (!isWritten) throw new LostUpdate()
  return { ...client, revision: client.revision + 1 }
}

async function requireFreeName({ db }: With<'db'>, name: string, id: string): Promise<void> {
  const holder = await queries.selectIdByKey(db, clientKey(name))
  if (holder !== undefined && holder !== id) throw nameTaken()
}

/** An agent is none of the apps that admins register and change. */
function existing(client: Client | undefined): Client {
  if (client === undefined || client.kind === 'agent') throw new Refusal('app.not_found')
  return client
}

function nameTaken(cause?: unknown): Refusal {
  const code = 'app.name_taken'
  return new Refusal(code, { fieldErrors: [{ pointer: '/name', code }] }, { cause })
}
