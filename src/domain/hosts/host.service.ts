// Protected hosts: finds, lists, stores, changes and deletes them. Who may do that is asked above this layer.
import { revokeTokensOfHost } from '#domain/api-tokens/api-token.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { groupNamesByIds } from '#domain/groups/group.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import {
  changedHostFields,
  errorsInSharedGroups,
  fieldErrorsInHost,
  hostChangeDetails,
  ruleText,
} from './host-fields.ts'
import * as queries from './host.queries.ts'
import { type HostFields, HOSTS_MAXIMUM, type ProtectedHost } from './host.ts'

/** The dependencies of a change, which is recorded. Call it inside an authorized transaction. */
export type HostChangeDeps = InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>>

/** Returns the host with this id; undefined if there is none. */
export function findHost({ db }: With<'db'>, id: string): Promise<ProtectedHost | undefined> {
  return queries.selectHost(db, storableText(id))
}

/** Returns the host with this name, in lower case. */
export function findHostByName({ db }: With<'db'>, name: string): Promise<ProtectedHost | undefined> {
  return queries.selectHostByName(db, storableText(name))
}

/** Returns the host with this id. Throws `host.not_found`. */
export async function readHost(ctx: With<'db'>, id: string): Promise<ProtectedHost> {
  return existing(await findHost(ctx, id))
}

/** Returns the same, excluding other changes of it until the transaction ends. Throws `host.not_found`. */
export async function lockHost(ctx: With<'db'>, id: string): Promise<ProtectedHost> {
  return existing(await lockHostIfExists(ctx, id))
}

/** Returns the same; undefined if there is none. Outside a transaction it locks nothing. */
export function lockHostIfExists({ db }: With<'db'>, id: string): Promise<ProtectedHost | undefined> {
  return queries.takeHost(db, storableText(id))
}

/** Whether any host is protected; without one, the routes of forward-auth do not exist. */
export function hasHosts({ db }: With<'db'>): Promise<boolean> {
  return queries.hasHostRow(db)
}

export interface HostPage {
  readonly items: readonly ProtectedHost[]
  /** The name after which the next page begins; null on the last one. */
  readonly next: string | null
}

/** Returns a page of the hosts by name. */
export async function listHosts({ db }: With<'db'>, { after, limit }: queries.HostListing): Promise<HostPage> {
  const found = await queries.selectHosts(db, { after, limit: limit + 1 })
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.name ?? null) : null }
}

/** Returns the hosts for which an API token can be made, by name. */
export function hostsWithTokens({ db }: With<'db'>): Promise<Pick<ProtectedHost, 'id' | 'name'>[]> {
  return queries.selectHostsWithTokens(db)
}

/**
 * Returns the id of the host with this name, for a token that opens it. Throws the same error for a host that takes no tokens as for one that does
 * not exist, so that a user cannot find out which hosts exist.
 */
export async function hostForToken(ctx: With<'db'>, name: string): Promise<string> {
  const host = await findHostByName(ctx, name.trim().toLowerCase())
  if (host?.apiTokens === true) return host.id
  throw new Refusal('request.validation_failed', {
    fieldErrors: [{ pointer: '/host', code: 'api_token.host_unknown' }],
  })
}

/** Returns the names of hosts by their ids; one that was deleted has none. */
export async function namesOfHosts({ db }: With<'db'>, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = ids.length === 0 ? [] : await queries.selectHostNames(db, [...new Set(ids)].map(storableText))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Returns the names of the hosts that API tokens open, by their ids. */
export function hostsOfTokens(
  ctx: With<'db'>,
  tokens: readonly { readonly hostId: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  return namesOfHosts(
    ctx,
    tokens.flatMap(({ hostId }) => hostId ?? []),
  )
}

/** Returns the names of the hosts with a rule that names a role, by its name, or a group, by its id. */
export async function hostsNaming({ db }: With<'db'>, who: 'roles' | 'groups', ref: string): Promise<string[]> {
  const hosts = await queries.selectRules(db)
  const namesIt = ({ rules }: Pick<ProtectedHost, 'rules'>): boolean =>
    rules.some((rule) => rule.who === who && rule.names.includes(ref))
  return hosts.filter(namesIt).map(({ name }) => name)
}

export interface NewHost {
  readonly id: string
  /** Normalized. */
  readonly fields: HostFields
  readonly createdBy: string | null
}

/** Stores a new host. Throws `request.validation_failed`, `host.name_taken`, `host.too_many`. */
export async function storeHost(ctx: HostChangeDeps, { id, fields, createdBy }: NewHost): Promise<ProtectedHost> {
  await requirePossible(ctx, fields)
  // Two transactions would both count one less than the limit. Hosts and policies are made rarely, so they share the lock.
  await lockFor(ctx.db, 'policies')
  if ((await queries.countHosts(ctx.db)) >= HOSTS_MAXIMUM) throw new Refusal('host.too_many')
  const host = { ...fields, id, createdAt: ctx.now, createdBy, revision: 1 }
  if (!(await queries.insertHost(ctx.db, host))) {
    const code = 'host.name_taken'
    throw new Refusal(code, { fieldErrors: [{ pointer: '/name', code }] })
  }
  const details = { ...detailsOf(host), rules: fields.rules.map(ruleText).join('; ') }
  await recordEvent(ctx, { action: 'host.created', details })
  return host
}

/** Changes what an admin says about a host that was read, but its name. Throws `request.validation_failed`, `LostUpdate`. */
export async function updateHost(
  ctx: HostChangeDeps,
  before: ProtectedHost,
  fields: Omit<HostFields, 'name'>,
): Promise<ProtectedHost> {
  const after = { ...before, ...fields, name: before.name }
  if (changedHostFields(before, after).length === 0) return before
  await requirePossible(ctx, after)
  if (!(await queries.updateHostRow(ctx.db, after))) throw new LostUpdate()
  const details = { ...detailsOf(after), ...hostChangeDetails(before, after) }
  await recordEvent(ctx, { action: 'host.changed', details })
  return { ...after, revision: after.revision + 1 }
}

/** Deletes a host, and what opened it: its requests are refused from then on. One that is registered again under its name is another. */
export async function deleteHost(ctx: HostChangeDeps, host: ProtectedHost): Promise<void> {
  await queries.deleteHostRows(ctx.db, host.id)
  await revokeTokensOfHost(ctx, host.id)
  await recordEvent(ctx, { action: 'host.deleted', details: detailsOf(host) })
}

function detailsOf({ id, name }: Pick<ProtectedHost, 'id' | 'name'>): Readonly<Record<string, string>> {
  return { host: name, host_id: id }
}

async function requirePossible(ctx: With<'db' | 'config'>, fields: HostFields): Promise<void> {
  requireNoFieldErrors(fieldErrorsInHost(fields, new URL(ctx.config.publicUrl).hostname))
  if (fields.sharedGroups.length > 0)
    requireNoFieldErrors(errorsInSharedGroups(await groupNamesByIds(ctx, fields.sharedGroups)))
}

function existing(host: ProtectedHost | undefined): ProtectedHost {
  if (host === undefined) throw new Refusal('host.not_found')
  return host
}
