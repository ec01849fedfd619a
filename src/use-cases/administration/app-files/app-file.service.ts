// Changes the apps, resources and hosts to what a file says, in one transaction, and returns those of a server as a file has them.
import { MOST_AGENTS } from '#domain/agents/agent.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import { listAttributes } from '#domain/attributes/attribute.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { listAgentClients } from '#domain/clients/agent-client.service.ts'
import {
  endSecret,
  listValidSecrets,
  storeSecret,
  validSecretsByClient,
} from '#domain/clients/client-secret.service.ts'
import { listClients, lockIfExists, setClientDisabled } from '#domain/clients/client.service.ts'
import { type Client, type ClientKind, isPublic } from '#domain/clients/client.ts'
import { listResources, lockResourceIfExists } from '#domain/clients/resource.service.ts'
import { type Resource, RESOURCES_MAXIMUM } from '#domain/clients/resource.ts'
import { listHosts, lockHostIfExists } from '#domain/hosts/host.service.ts'
import { HOSTS_MAXIMUM, type ProtectedHost } from '#domain/hosts/host.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { requireOperator } from '../access/approval-gate.service.ts'
import type { AppFields } from '../clients/app-request.ts'
import { requestForSecret } from '../clients/app-secrets.service.ts'
import { deleteApp, disableApp, requestForEnabling } from '../clients/app-state.service.ts'
import { endsGrants, newAppFields, writeAppChange, writeNewApp } from '../clients/clients.service.ts'
import { groupNamesOfHosts } from '../hosts/host-references.service.ts'
import { removeHost, writeHostChange, writeNewHost } from '../hosts/hosts.service.ts'
import { selectNamedGroups, selectRoleNames } from '../policies/policy-scopes.view.ts'
import { removeResource, writeNewResource, writeResourceChange } from '../resources/resources.service.ts'
import { declaredFields, type FileApp, type WrittenApp } from './app-file.ts'
import { type AppPlan, type PlannedApp, planApps, type StoredApp } from './app-plan.ts'
import type { FileFields } from './file-table.ts'
import { type FileHost, type WrittenHost, writtenHost } from './host-file.ts'
import { type HostPlan, planHosts } from './host-plan.ts'
import type { Nameable } from './nameable.ts'
import { declaredResourceFields, type FileResource } from './resource-file.ts'
import { planResources, type ResourcePlan } from './resource-plan.ts'

export interface AppFileRequest {
  readonly apps: readonly FileApp[]
  readonly resources: readonly FileResource[]
  readonly hosts: readonly FileHost[]
  /** Whether apps, resources and hosts that the file does not have are deleted. */
  readonly removesOthers: boolean
}

export interface FilePlan extends AppPlan {
  readonly resources: ResourcePlan
  readonly hosts: HostPlan
}

const PAGE = 1_000

async function readStored(ctx: With<'db' | 'now'>): Promise<StoredApp[]> {
  const clients: Client[] = []
  let after: string | undefined
  do {
    const page = await listClients(ctx, { after, limit: PAGE })
    clients.push(...page.items)
    after = page.next ?? undefined
  } while (after !== undefined)
  const secrets = await validSecretsByClient(ctx)
  return clients.map((client) => ({ client, secrets: secrets.get(client.id) ?? [] }))
}

async function readNameable(ctx: With<'db'>): Promise<Nameable> {
  const attributes = await listAttributes(ctx)
  return {
    groups: await selectNamedGroups(ctx.db),
    roles: [...BUILT_IN_ROLES, ...(await selectRoleNames(ctx.db))],
    attributes: attributes.map(({ key }) => key),
  }
}

const newAppOf = (kind: ClientKind): AppFields => newAppFields({ name: '', kind })

async function readStoredResources(ctx: With<'db'>): Promise<Resource[]> {
  return (await listResources(ctx, { limit: RESOURCES_MAXIMUM })).items.map(({ isServed: _, ...resource }) => resource)
}

async function readStoredHosts(ctx: With<'db'>): Promise<readonly ProtectedHost[]> {
  return (await listHosts(ctx, { limit: HOSTS_MAXIMUM })).items
}

/** Returns what a file changes; changes nothing. Throws `request.validation_failed` with all errors, at `/app/0/redirect_uris` and so on. */
export async function planAppFile(
  ctx: With<'db' | 'now' | 'config'>,
  { apps, resources, hosts, removesOthers }: AppFileRequest,
): Promise<FilePlan> {
  const [stored, nameable] = [await readStored(ctx), await readNameable(ctx)]
  const planned = planApps({ apps, stored, nameable, removesOthers, endsGrants, newAppOf })
  const clients = new Map<string, Pick<AppFields, 'authMethod'>>([
    ...(removesOthers ? [] : stored.map(({ client }) => [client.id, client] as const)),
    ...(await listAgentClients(ctx, MOST_AGENTS)).map((agent) => [agent.id, agent] as const),
    ...apps.map(({ id, fields }) => [id, fields] as const),
  ])
  const ofResources = planResources({ resources, stored: await readStoredResources(ctx), clients, removesOthers })
  const ownHost = new URL(ctx.config.publicUrl).hostname
  const ofHosts = planHosts({ hosts, stored: await readStoredHosts(ctx), nameable, ownHost, removesOthers })
  const errors = [...('errors' in planned ? planned.errors : []), ...ofResources.errors, ...ofHosts.errors]
  requireNoFieldErrors(errors)
  if ('plan' in planned) return { ...planned.plan, resources: ofResources.plan, hosts: ofHosts.plan }
  throw new Error('The plan of a file has neither errors nor changes')
}

export function hasChanges({ resources, hosts, ...apps }: FilePlan): boolean {
  return [apps, resources, hosts].some(
    ({ added, changed, removed }) => added.length + changed.length + removed.length > 0,
  )
}

/**
 * Changes the apps, resources and hosts to what the file says, all of them or none, and returns what it has changed. It plans anew in its transaction, and after a
 * lost update again: so it overwrites no change that it has not seen. Throws `request.validation_failed`, and `resource.stale` if it would
 * change something else than the plan that was shown.
 */
export async function applyAppFile(ctx: ChangeDeps, wanted: AppFileRequest, shown?: FilePlan): Promise<FilePlan> {
  const foreseen = await planAppFile(ctx, wanted)
  requireSame(foreseen, shown)
  if (!hasChanges(foreseen)) return foreseen
  // Before the transaction, since making a key takes a while.
  if (foreseen.added.length > 0) await ensureSigningKeys(ctx)
  // No app is made or named meanwhile: `storeClient` takes the same lock. A change of one is seen by its revision.
  return auditedChange(ctx, { locks: ['policies'] }, async (tx, _facts, conflicts) => {
    const plan = await planAppFile(tx, wanted)
    requireSame(plan, shown)
    await carryOut(tx, plan).catch((error: unknown) => {
      // A name was taken, or a group deleted, since the plan: the next plan refuses it, and says where it stands in the file.
      throw conflicts === 0 && error instanceof Refusal ? new LostUpdate({ cause: error }) : error
    })
    return plan
  })
}

function requireSame(plan: FilePlan, shown: FilePlan | undefined): void {
  if (shown !== undefined && JSON.stringify(plan) !== JSON.stringify(shown)) throw new Refusal('resource.stale')
}

/** A resource goes before the apps that it names, and comes after them. */
async function carryOut(tx: InTransaction<ChangeDeps>, plan: FilePlan): Promise<void> {
  const { removed, changed, added, resources, hosts } = plan
  const requests: ApprovalRequest[] = []
  for (const resource of resources.removed) {
    await lockUnchangedResource(tx, resource)
    await removeResource(tx, resource.id)
  }
  for (const client of removed) {
    await lockUnchanged(tx, client)
    await deleteApp(tx, client.id)
  }
  for (const app of changed) requests.push(...(await changePlanned(tx, app)))
  for (const app of added) requests.push(...(await addPlanned(tx, app)))
  for (const { before, fields } of resources.changed) {
    if (before === null) throw new Error('A planned change has no resource')
    await lockUnchangedResource(tx, before)
    const { request } = await writeResourceChange(tx, before, fields)
    if (request !== null) requests.push(request)
  }
  for (const { fields } of resources.added) requests.push((await writeNewResource(tx, tx.newId(), fields)).request)
  requests.push(...(await carryOutHosts(tx, hosts)))
  await requireOperator(tx, requests)
}

async function carryOutHosts(tx: InTransaction<ChangeDeps>, plan: HostPlan): Promise<ApprovalRequest[]> {
  const requests: ApprovalRequest[] = []
  for (const host of plan.removed) {
    await lockUnchangedHost(tx, host)
    await removeHost(tx, host.name)
  }
  for (const { before, fields } of plan.changed) {
    if (before === null) throw new Error('A planned change has no host')
    await lockUnchangedHost(tx, before)
    const { request } = await writeHostChange(tx, before, fields)
    if (request !== null) requests.push(request)
  }
  for (const { fields } of plan.added) requests.push((await writeNewHost(tx, tx.newId(), fields)).request)
  return requests
}

/** Locks a host that was read. Throws `LostUpdate` if it was changed or deleted since. */
async function lockUnchangedHost(tx: InTransaction<ChangeDeps>, { id, revision }: ProtectedHost): Promise<void> {
  if ((await lockHostIfExists(tx, id))?.revision !== revision) throw new LostUpdate()
}

/** Locks a resource that was read. Throws `LostUpdate` if it was changed or deleted since. */
async function lockUnchangedResource(tx: InTransaction<ChangeDeps>, { id, revision }: Resource): Promise<void> {
  if ((await lockResourceIfExists(tx, id))?.revision !== revision) throw new LostUpdate()
}

/** Locks an app that was read. Throws `LostUpdate` if it was changed or deleted since. */
async function lockUnchanged(tx: InTransaction<ChangeDeps>, { id, revision }: Client): Promise<Client> {
  const client = await lockIfExists(tx, id)
  if (client?.revision !== revision) throw new LostUpdate()
  return client
}

async function changePlanned(tx: InTransaction<ChangeDeps>, app: PlannedApp): Promise<ApprovalRequest[]> {
  if (app.before === null) throw new Error('A planned change has no app')
  const before = await lockUnchanged(tx, app.before.client)
  await requireSameSecrets(tx, app.before)
  const { client, request } = await writeAppChange(tx, before, app.fields)
  const requests = request === null ? [] : [request]
  // An app that has become public has lost them already.
  if (!isPublic(client)) for (const id of app.endedSecrets) await endSecret(tx, client, id)
  requests.push(...(await addSecrets(tx, client, app.addedHashes)))
  return [...requests, ...(await settleState(tx, client, app.isDisabled))]
}

/** The revision of an app does not change with its secrets. */
async function requireSameSecrets(tx: InTransaction<ChangeDeps>, { client, secrets }: StoredApp): Promise<void> {
  const current = (await listValidSecrets(tx, client.id)).map(({ id }) => id)
  if (current.join(' ') !== secrets.map(({ id }) => id).join(' ')) throw new LostUpdate()
}

async function addPlanned(tx: InTransaction<ChangeDeps>, { id, fields, addedHashes, isDisabled }: PlannedApp) {
  const [first, ...others] = addedHashes
  const secret = first === undefined ? null : { id: tx.newId(), hash: first }
  const { client, request } = await writeNewApp(tx, { id, fields, secret })
  return [request, ...(await addSecrets(tx, client, others)), ...(await settleState(tx, client, isDisabled))]
}

async function addSecrets(tx: InTransaction<ChangeDeps>, client: Client, hashes: readonly string[]) {
  const requests: ApprovalRequest[] = []
  for (const hash of hashes) {
    const secret = { id: tx.newId(), hash }
    await storeSecret(tx, client, secret)
    requests.push(requestForSecret(client, secret))
  }
  return requests
}

async function settleState(
  tx: InTransaction<ChangeDeps>,
  client: Client,
  isDisabled: boolean,
): Promise<ApprovalRequest[]> {
  if ((client.disabledAt !== null) === isDisabled) return []
  if (isDisabled) {
    await disableApp(tx, client.id)
    return []
  }
  await setClientDisabled(tx, client, false)
  return [requestForEnabling(client)]
}

/** Returns all apps as they are written to a file, by name: applied to this server, it changes nothing. */
export async function appsForFile(ctx: With<'db' | 'now'>): Promise<WrittenApp[]> {
  const names = new Map((await selectNamedGroups(ctx.db)).map(({ id, name }) => [id, name]))
  const nameOf = (id: string): string | undefined => names.get(id)
  return (await readStored(ctx)).map(({ client, secrets }) => ({
    id: client.id,
    fields: declaredFields(client, nameOf, newAppOf),
    disabled: client.disabledAt !== null,
    hashes: secrets.map(({ hash }) => hash),
  }))
}

/** Returns the fields of all resources as they are written to a file, by URI. */
export async function resourcesForFile(ctx: With<'db'>): Promise<FileFields[]> {
  return (await readStoredResources(ctx)).map(declaredResourceFields)
}

/** Returns all hosts as they are written to a file, by name. */
export async function hostsForFile(ctx: With<'db'>): Promise<WrittenHost[]> {
  const hosts = await readStoredHosts(ctx)
  const names = await groupNamesOfHosts(ctx, hosts)
  return hosts.map((host) => writtenHost(host, names))
}
