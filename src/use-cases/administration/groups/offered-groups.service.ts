import type { With } from '#foundation/context.ts'
import { type NamedGroup, selectNamedGroups } from '../policies/policy-scopes.view.ts'

export type OfferedGroup = NamedGroup

/** Returns the groups that forms offer, by name; without those with the ids in `taken`. */
export async function offeredGroups(
  { db }: With<'db'>,
  taken: ReadonlySet<string> = new Set(),
): Promise<readonly OfferedGroup[]> {
  const all = await selectNamedGroups(db)
  return all.filter(({ id }) => !taken.has(id))
}
