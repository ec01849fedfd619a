// Queries of apps with their attributes, in one statement each: a request for tokens reads its app once.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { forShare, forUpdate } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { countRows, hasRow } from '#foundation/platform/database/row-count.ts'
import type { ClientTable } from '#foundation/platform/database/schema.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { insertAttributes, replaceAttributes } from './client-attribute.queries.ts'
import type { Client, ClientAttribute, ClientFields, ClientScope } from './client.ts'

const COLUMNS = [
  'client.id',
  'client.name',
  'client.name_key',
  'client.kind',
  'client.redirect_uris',
  'client.logout_uris',
  'client.auth_method',
  'client.id_token_alg',
  'client.scopes',
  'client.refresh_tokens',
  'client.require_pkce',
  'client.allow_http',
  'client.claims_in_id_token',
  'client.unconfirmed_email',
  'client.shared_groups',
  'client.trusted',
  'client.allowed_roles',
  'client.allowed_groups',
  'client.least_assurance',
  'client.max_age',
  'client.start_url',
  'client.hidden',
  'client.preset',
  'client.device_sign_in',
  'client.backchannel_uri',
  'client.backchannel_session_required',
  'client.created_at',
  'client.created_by',
  'client.disabled_at',
  'client.revision',
] as const

const SECRET_COLUMNS = [
  'client_secret.id as secretId',
  'client_secret.hash as secretHash',
  'client_secret.created_at as secretCreatedAt',
  'client_secret.expires_at as secretExpiresAt',
  'client_secret.last_used_at as secretLastUsedAt',
] as const

/** The attributes of the row of `client` as one value: a JSON array of objects; `[]` or null if there are none. */
function attributesOfRow({ dialect }: Pick<Database, 'dialect'>): RawBuilder<string | null> {
  const fields = sql`'key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by`
  const objects =
    dialect === 'postgres'
      ? sql`json_agg(json_build_object(${fields}))::text`
      : sql`json_group_array(json_object(${fields}))`
  return sql`(select ${objects} from client_attribute where client_attribute.client_id = client.id)`
}

function everyClient(db: Database) {
  return db.selectFrom('client').select([...COLUMNS, attributesOfRow(db).as('attributes')])
}

function clientById(db: Database, id: string) {
  return everyClient(db).where('client.id', '=', id)
}

const preparedClient = preparedQuery(clientById)

const preparedClientWithSecrets = preparedQuery((db: Database, id: string, now: Instant) =>
  db
    .selectFrom('client')
    .leftJoin('client_secret', (join) =>
      join
        .onRef('client_secret.client_id', '=', 'client.id')
        .on((eb) => eb.or([eb('client_secret.expires_at', 'is', null), eb('client_secret.expires_at', '>', now)])),
    )
    .select([...COLUMNS, ...SECRET_COLUMNS, attributesOfRow(db).as('attributes')])
    .where('client.id', '=', id),
)

type ClientRow = Omit<ClientTable, 'name_key'> & { readonly name_key: string; readonly attributes: string | null }

export async function selectClient(db: Database, id: string): Promise<Client | undefined> {
  const [row] = await preparedClient(db, id)
  return row && clientFromRow(row)
}

/** Returns the apps with these ids, by name. */
export async function selectClientsWithIds(db: Database, ids: readonly string[]): Promise<Client[]> {
  const rows = await everyClient(db).where('id', 'in', ids).orderBy('name_key').execute()
  return rows.map(clientFromRow)
}

/** Returns an app, locked for a change until the transaction ends. */
export async function takeClient(trx: Database, id: string): Promise<Client | undefined> {
  const row = await forUpdate(trx, clientById(trx, id)).executeTakeFirst()
  return row && clientFromRow(row)
}

/** Finds an app that has not changed since this revision, locked against changes until the transaction ends. */
export const holdUnchangedClient = preparedQuery((trx: Database, id: string, revision: number) =>
  forShare(trx, trx.selectFrom('client').select('id').where('id', '=', id).where('revision', '=', revision)),
)

/** Returns the app in one row for each of its secrets that are valid now, and in one without a secret if there are none. */
export async function selectClientWithSecrets(db: Database, id: string, now: Instant) {
  return (await preparedClientWithSecrets(db, id, now)).map((row) => {
    const { secretId, secretHash, secretCreatedAt, secretExpiresAt, secretLastUsedAt } = row
    const client = clientFromRow(row)
    if (secretId === null || secretHash === null || secretCreatedAt === null) return { client, secret: undefined }
    const times = { createdAt: secretCreatedAt, expiresAt: secretExpiresAt, lastUsedAt: secretLastUsedAt }
    return { client, secret: { id: secretId, hash: secretHash, ...times } }
  })
}

function clientFromRow(row: ClientRow): Client {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    logoutUris: JSON.parse(row.logout_uris) as string[],
    authMethod: row.auth_method,
    idTokenAlg: row.id_token_alg,
    scopes: row.scopes.split(' ') as ClientScope[],
    refreshTokens: row.refresh_tokens === 1,
    requirePkce: row.require_pkce === 1,
    allowHttp: row.allow_http === 1,
    claimsInIdToken: row.claims_in_id_token === 1,
    unconfirmedEmail: row.unconfirmed_email === 1,
    sharedGroups: row.shared_groups === null ? [] : (JSON.parse(row.shared_groups) as 'all' | string[]),
    attributes: (JSON.parse(row.attributes ?? '[]') as ClientAttribute[]).toSorted((a, b) =>
      a.claim < b.claim ? -1 : 1,
    ),
    deviceSignIn: row.device_sign_in === 1,
    backchannelUri: row.backchannel_uri,
    backchannelSessionRequired: row.backchannel_session_required === 1,
    trusted: row.trusted === 1,
    allowedRoles: JSON.parse(row.allowed_roles ?? '[]') as string[],
    allowedGroups: JSON.parse(row.allowed_groups ?? '[]') as string[],
    leastAssurance: row.least_assurance,
    maxAge: row.max_age,
    startUrl: row.start_url,
    hidden: row.hidden === 1,
    preset: row.preset,
    createdAt: row.created_at,
    createdBy: row.created_by,
    disabledAt: row.disabled_at,
    revision: row.revision,
  }
}

function columnsOf(fields: ClientFields) {
  const { sharedGroups, allowedRoles, allowedGroups } = fields
  return {
    name: fields.name,
    kind: fields.kind,
    redirect_uris: JSON.stringify(fields.redirectUris),
    logout_uris: JSON.stringify(fields.logoutUris),
    auth_method: fields.authMethod,
    id_token_alg: fields.idTokenAlg,
    scopes: fields.scopes.join(' '),
    refresh_tokens: Number(fields.refreshTokens),
    require_pkce: Number(fields.requirePkce),
    allow_http: Number(fields.allowHttp),
    claims_in_id_token: Number(fields.claimsInIdToken),
    unconfirmed_email: Number(fields.unconfirmedEmail),
    shared_groups: sharedGroups.length === 0 ? null : JSON.stringify(sharedGroups),
    trusted: Number(fields.trusted),
    allowed_roles: allowedRoles.length === 0 ? null : JSON.stringify(allowedRoles),
    allowed_groups: allowedGroups.length === 0 ? null : JSON.stringify(allowedGroups),
    least_assurance: fields.leastAssurance,
    max_age: fields.maxAge,
    start_url: fields.startUrl,
    hidden: Number(fields.hidden),
    preset: fields.preset,
    device_sign_in: Number(fields.deviceSignIn),
    backchannel_uri: fields.backchannelUri,
    backchannel_session_required: Number(fields.backchannelSessionRequired),
  }
}

/** Inserts an app with its attributes; returns false if another one has its id or its key. */
export async function insertClient(trx: Database, client: Client, key: string): Promise<boolean> {
  const { id, createdAt, createdBy, disabledAt, revision } = client
  const times = { created_at: createdAt, created_by: createdBy, disabled_at: disabledAt }
  const row = await trx
    .insertInto('client')
    .values({ id, ...columnsOf(client), name_key: key, ...times, revision })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (row === undefined) return false
  await insertAttributes(trx, client)
  return true
}

/**
 * Writes what an admin says about an app, and whether it is disabled, if the row still has the revision that was read; returns whether it did.
 * @param key null leaves the stored one
 */
export async function updateClientRow(trx: Database, client: Client, key: string | null): Promise<boolean> {
  const { id, revision, disabledAt } = client
  const isWritten = await updatedOne(
    trx
      .updateTable('client')
      .set({ ...columnsOf(client), ...(key !== null && { name_key: key }), disabled_at: disabledAt })
      .set({ revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision),
  )
  if (!isWritten) return false
  await replaceAttributes(trx, client)
  return true
}

/** Returns the names of the apps that only a role or a group may use, among others or alone, by name. */
export async function selectClientsAllowing(db: Database, scope: 'role' | 'group', ref: string): Promise<string[]> {
  const column = scope === 'role' ? 'allowed_roles' : 'allowed_groups'
  const rows = await db
    .selectFrom('client')
    .select('name')
    .where(column, 'is not', null)
    .where(holdsText(db, column, JSON.stringify(ref)))
    .orderBy('name_key')
    .execute()
  return rows.map(({ name }) => name)
}

export async function deleteClientRows(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('client_attribute').where('client_id', '=', id).execute()
  await trx.deleteFrom('client_secret').where('client_id', '=', id).execute()
  await trx.deleteFrom('client_icon').where('client_id', '=', id).execute()
  await trx.deleteFrom('client_consent').where('client_id', '=', id).execute()
  await trx.deleteFrom('client').where('id', '=', id).execute()
}

export function selectClientNames(db: Database, ids: readonly string[]) {
  return db.selectFrom('client').select(['id', 'name']).where('id', 'in', ids).execute()
}

export async function selectIdByKey(db: Database, key: string): Promise<string | undefined> {
  return (await db.selectFrom('client').select('id').where('name_key', '=', key).executeTakeFirst())?.id
}

export function countClients(db: Database): Promise<number> {
  return countRows(db.selectFrom('client'))
}

export function hasClientRow(db: Database): Promise<boolean> {
  return hasRow(db.selectFrom('client').select('id'))
}

/** Returns the apps that are not disabled and do without PKCE or TLS, by name. */
export function selectWeakenedClients(db: Database) {
  return db
    .selectFrom('client')
    .select(['name', 'require_pkce', 'allow_http'])
    .where('disabled_at', 'is', null)
    .where((eb) => eb.or([eb('require_pkce', '=', 0), eb('allow_http', '=', 1)]))
    .orderBy('name_key')
    .execute()
}

export interface ClientListing {
  /** Part of a name, folded; empty for every app. */
  readonly term: string
  /** The key of the last app of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface KeyedClient {
  readonly client: Client
  readonly key: string
}

/** Returns apps by name, without agents. */
export async function selectClients(db: Database, { term, after, limit }: ClientListing): Promise<KeyedClient[]> {
  const rows = await everyClient(db)
    .where('kind', '!=', 'agent')
    .$if(term !== '', (query) => query.where(holdsText(db, 'name_key', term)))
    .$if(after !== undefined, (query) => query.where('name_key', '>', after ?? ''))
    .orderBy('name_key')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ client: clientFromRow(row), key: row.name_key }))
}

/** Whether a column holds the text; no character of the text is a wildcard. */
function holdsText({ dialect }: Database, column: keyof ClientTable, text: string): RawBuilder<SqlBool> {
  const ref = sql.ref(column)
  return dialect === 'sqlite' ? sql`instr(${ref}, ${text}) > 0` : sql`position(${text} in ${ref}) > 0`
}
