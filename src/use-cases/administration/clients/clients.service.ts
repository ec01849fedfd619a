// Apps as admins and the operator list, read, register and change them: each change in one authorized transaction, with its event.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { changedFields, fieldsOf, normalizedClient, whatNeedsApproval } from '#domain/clients/client-fields.ts'
import { iconsOf } from '#domain/clients/client-icon.service.ts'
import {
  endSecrets,
  hashOfClientSecret,
  listSecrets,
  newClientSecret,
  storeSecret,
} from '#domain/clients/client-secret.service.ts'
import {
  type ClientSearch,
  listClients,
  readClient,
  storeClient,
  updateClient,
} from '#domain/clients/client.service.ts'
import {
  type Client,
  type ClientFields,
  type ClientSecret,
  defaultAuthMethod,
  fieldErrorsInGiven,
  isPublic,
  NEW_CLIENT,
  signsUsersIn,
} from '#domain/clients/client.ts'
import { type GrantUse, grantUseOf, NEVER_USED } from '#domain/grants/grant-use.service.ts'
import { revokeGrantsOf } from '#domain/grants/grant.service.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { LONGEST_SHOWN, type Waiting, waitable, withApp } from './app-change.service.ts'
import { namesInRequest, resolveReferences } from './app-references.service.ts'
import { type AppChanges, type AppFields, requestValues } from './app-request.ts'

export interface ListedApp {
  readonly client: Client
  readonly use: GrantUse
  /** The digest of its icon. */
  readonly icon: string | undefined
}

export interface App extends ListedApp {
  /** Oldest first; those that have ended too, for a week. */
  readonly secrets: readonly ClientSecret[]
}

/** A new app. What is left out is as in `NEW_CLIENT`. */
export type NewApp = AppChanges & {
  readonly name: string
  /** Given by the operator, so that the same app exists on every server. */
  readonly id?: string | undefined
  readonly secret?: Secret | undefined
}

export interface CreatedApp extends Waiting {
  readonly client: Client
  /** Shown once; null for a public app. */
  readonly secret: Secret | null
}

/** Returns a page of the apps by name. */
export async function listApps(
  ctx: With<'db' | 'now'>,
  search: ClientSearch,
): Promise<{ readonly items: readonly ListedApp[]; readonly next: string | null }> {
  const { items, next } = await listClients(ctx, search)
  const ids = items.map(({ id }) => id)
  const [uses, icons] = [await grantUseOf(ctx, ids), await iconsOf(ctx, ids)]
  return {
    items: items.map((client, index) => ({ client, use: uses[index] ?? NEVER_USED, icon: icons.get(client.id) })),
    next,
  }
}

/** Returns an app with its secrets and its use. Throws `app.not_found`. */
export async function readApp(ctx: With<'db' | 'now'>, id: string): Promise<App> {
  const client = await readClient(ctx, id)
  const [use = NEVER_USED] = await grantUseOf(ctx, [client.id])
  const icon = (await iconsOf(ctx, [client.id])).get(client.id)
  return { client, use, icon, secrets: await listSecrets(ctx, client.id) }
}

/**
 * Registers an app, with a secret unless it is public. Throws `request.validation_failed`, `app.name_taken`, `app.id_taken`, `app.too_many`.
 * Under the two-person rule it becomes a request; the secret is shown to its caller alone, and only now.
 */
export async function createApp(ctx: ChangeDeps, wanted: NewApp): Promise<CreatedApp> {
  const { id = ctx.newId(), secret: given, name, ...fields } = wanted
  requireNoFieldErrors(fieldErrorsInGiven({ id: wanted.id, secret: given?.reveal() }))
  const app = newAppFields({ ...fields, name })
  const secret = isPublic(app) ? null : (given ?? newClientSecret(ctx))
  // Before the transaction, since making a key takes a while.
  await ensureSigningKeys(ctx)
  const stored = secret && { id: ctx.newId(), hash: hashOfClientSecret(secret) }
  const { result, approval } = await waitable(() => storeApp(ctx, { id, fields: app, secret: stored }))
  return { client: result ?? plannedClient(ctx, id, app), secret, approval }
}

export function newAppFields({ name, ...given }: NewApp): AppFields {
  const kind = given.kind ?? NEW_CLIENT.kind
  const defaults = { ...NEW_CLIENT, kind, authMethod: defaultAuthMethod(kind) }
  return { ...withGiven<AppFields>(defaults, given), name }
}

interface StoredApp {
  readonly id: string
  readonly fields: AppFields
  readonly secret: Pick<ClientSecret, 'id' | 'hash'> | null
}

/** Stores an app with the hash of its secret. */
export function storeApp(ctx: ChangeDeps, app: StoredApp): Promise<Client> {
  const details = { app: app.fields.name.slice(0, LONGEST_SHOWN), client: app.id }
  return auditedChange(ctx, { action: 'app.created', details }, async (tx) => {
    const { client, request } = await writeNewApp(tx, app)
    await requireApproval(tx, request, null)
    return client
  })
}

/** Stores an app in an authorized transaction; the caller requires the approval of the request that it returns. */
export async function writeNewApp(
  tx: InTransaction<ChangeDeps>,
  { id, fields: wanted, secret }: StoredApp,
): Promise<{ readonly client: Client; readonly request: ApprovalRequest }> {
  const fields = normalizedClient(await resolveReferences(tx, wanted))
  const client = await storeClient(tx, { id, fields, createdBy: actorOf(tx.principal) })
  if (secret !== null) await storeSecret(tx, client, secret)
  const { name: newName, ...values } = requestValues(fields, await namesInRequest(tx, fields))
  const request = {
    kind: 'create-app',
    newName: newName ?? '',
    passwordHash: secret && Secret.of(secret.hash),
    values: { ...values, clientId: id, secretId: secret?.id ?? null } as ApprovalValues['create-app'],
  } as const
  return { client, request }
}

/** The app as it will be once the request is approved. */
function plannedClient({ now, principal }: ChangeDeps, id: string, { attributes, ...fields }: AppFields): Client {
  const allowedBy = actorOf(principal)
  const normalized = normalizedClient({ ...fields, attributes: attributes.map((one) => ({ ...one, allowedBy })) })
  return { ...normalized, id, createdAt: now, createdBy: allowedBy, disabledAt: null, revision: 0 }
}

/**
 * Changes what an admin says about an app. Fewer scopes, and the loss of its secret, end its sign-ins. Throws `app.not_found`,
 * `request.validation_failed`, `app.name_taken`; with a precondition `resource.stale`. Under the two-person rule everything but another
 * name and fewer URIs needs a second admin.
 */
export function changeApp(
  ctx: ChangeDeps,
  id: string,
  changes: AppChanges,
  precondition?: Precondition<Client>,
): Promise<Client> {
  return withApp(ctx, { id, action: 'app.changed', precondition }, async (tx, before) => {
    const { client, request } = await writeAppChange(tx, before, changes)
    if (request !== null) await requireApproval(tx, request, null)
    return client
  })
}

/** Changes a locked app in an authorized transaction; the caller requires the approval of the request, which is null for a change that needs none. */
export async function writeAppChange(
  tx: InTransaction<ChangeDeps>,
  before: Client,
  changes: AppChanges,
): Promise<{ readonly client: Client; readonly request: ApprovalRequest | null }> {
  const { id, name } = before
  const fields = normalizedClient(await resolveReferences(tx, withGiven<AppFields>(fieldsOf(before), changes), before))
  const isEnd = endsGrants(before, fields)
  const after = await updateClient(tx, before, fields, { endsGrants: isEnd })
  if (!isPublic(before) && isPublic(after)) await endSecrets(tx, after)
  if (isEnd) await revokeGrantsOf(tx, { clientId: id })
  if (whatNeedsApproval(before, after).length === 0) return { client: after, request: null }
  const values = { ...(await changedValues(tx, before, after)), clientId: id }
  return { client: after, request: { kind: 'change-app', newName: name, values } }
}

/** Whether what the app got before goes beyond what it may get now, or was got without the consent that it now needs. */
export function endsGrants(before: ClientFields, after: ClientFields): boolean {
  const hasLostRefresh = before.refreshTokens && !after.refreshTokens
  const hasLostSecret = !isPublic(before) && isPublic(after)
  const isApi = signsUsersIn(before) && !signsUsersIn(after)
  const needsConsent = before.trusted && !after.trusted
  return (
    hasLostRefresh ||
    hasLostSecret ||
    isApi ||
    needsConsent ||
    before.scopes.some((scope) => !after.scopes.includes(scope))
  )
}

async function changedValues(tx: ChangeDeps, before: Client, after: Client) {
  const changed = new Set<string>(changedFields(before, after))
  const fields = Object.fromEntries(Object.entries(fieldsOf(after)).filter(([field]) => changed.has(field)))
  return requestValues(fields, await namesInRequest(tx, fields))
}
