import type { With } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { type NamedGroup, selectNamedGroups } from '../policies/policy-scopes.view.ts'

/** The groups that a form offers; undefined for a reader who may not list groups, who types their names. */
export type OfferedGroups = readonly NamedGroup[] | undefined

/** Returns the groups that forms offer, by name; without those with the ids in `taken`. */
export async function offeredGroups(
  { db, principal }: With<'db' | 'principal'>,
  taken: ReadonlySet<string> = new Set(),
): Promise<OfferedGroups> {
  if (!permissionsOf(principal).includes('users:read')) return undefined
  const all = await selectNamedGroups(db)
  return all.filter(({ id }) => !taken.has(id))
}
