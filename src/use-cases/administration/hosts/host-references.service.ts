// What a host's row refers to: roles by their names, and groups by their ids.
import { findGroup, holdIfExists } from '#domain/groups/group.service.ts'
import type { HostFields, HostRule } from '#domain/hosts/host.ts'
import { findSharedRole } from '#domain/roles/role.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { selectGroupNames } from '../policies/policy-scopes.view.ts'
import type { GroupNames } from './host-request.ts'

/**
 * Returns the fields as they can be stored: groups that the app behind the host learned of and that were deleted since are left out. Throws
 * `request.validation_failed` for other groups, and for roles, that do not exist.
 */
export async function resolveHostReferences<Fields extends HostFields>(
  tx: InTransaction<With<'db'>>,
  wanted: Fields,
  before: readonly string[] = [],
): Promise<Fields> {
  const references = wanted.rules.flatMap(({ who, names }, index) =>
    names.map((name) => ({ who, name, pointer: `/rules/${index}/names` })),
  )
  // Each is looked up once, where it is named first.
  const distinct = new Map(
    references.toReversed().map((reference) => [`${reference.who} ${reference.name}`, reference]),
  )
  for (const reference of [...distinct.values()].toReversed()) await requireThere(tx, reference)
  return { ...wanted, sharedGroups: await sharedOf(tx, wanted.sharedGroups, before) }
}

interface Reference extends Pick<HostRule, 'who'> {
  readonly name: string
  readonly pointer: string
}

/** Locks the role or group until the transaction ends, so that it is not deleted at the same time. */
async function requireThere(ctx: With<'db'>, { who, name, pointer }: Reference): Promise<void> {
  const isThere = who === 'roles' ? await findSharedRole(ctx, name) : await holdIfExists(ctx, name)
  const code = who === 'roles' ? 'host.role_unknown' : 'host.group_unknown'
  if (isThere === undefined) requireNoFieldErrors([{ pointer, code }])
}

async function sharedOf(ctx: With<'db'>, ids: readonly string[], before: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const id of ids) {
    if ((await findGroup(ctx, id)) !== undefined) found.push(id)
    else if (!before.includes(id)) requireNoFieldErrors([{ pointer: '/shared_groups', code: 'host.group_unknown' }])
  }
  return found
}

/** Returns the names of the groups in fields of hosts, by their ids; a group that was deleted has none. */
export async function groupNamesOfHosts(
  { db }: With<'db'>,
  hosts: readonly Partial<Pick<HostFields, 'rules' | 'sharedGroups'>>[],
): Promise<GroupNames> {
  const ids = hosts.flatMap(({ rules = [], sharedGroups = [] }) => [
    ...rules.flatMap(({ who, names }) => (who === 'groups' ? names : [])),
    ...sharedGroups,
  ])
  if (ids.length === 0) return new Map()
  return new Map((await selectGroupNames(db, [...new Set(ids)])).map(({ id, name }) => [id, name]))
}
