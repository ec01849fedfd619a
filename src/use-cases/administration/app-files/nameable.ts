// What a server has of what a file names: groups, roles and attributes. Tested in app-plan.test.ts and host-plan.test.ts.
import { groupKey } from '#domain/groups/group.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'

/** What a server has of what a file names. */
export interface Nameable {
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  readonly roles: readonly string[]
  readonly attributes: readonly string[]
}

export interface GroupIndex {
  /** The names by their ids. */
  readonly names: ReadonlyMap<string, string>
  readonly nameOf: (id: string) => string | undefined
  readonly idOf: (name: string) => string | undefined
}

/** A group is found by its name in any case and Unicode form. */
export function indexOfGroups({ groups }: Pick<Nameable, 'groups'>): GroupIndex {
  const names = new Map(groups.map(({ id, name }) => [id, name]))
  const byKey = new Map(groups.map(({ id, name }) => [groupKey(name), id]))
  // A name that an earlier version took may have another key today.
  const exact = new Map(groups.map(({ id, name }) => [name, id]))
  return { names, nameOf: (id) => names.get(id), idOf: (name) => exact.get(name) ?? byKey.get(groupKey(name)) }
}

/** Returns what finds a name in a list for `unknownItems`. */
export function isIn(known: readonly string[]): (name: string) => true | undefined {
  const names = new Set(known)
  return (name) => names.has(name) || undefined
}

/** Returns an error for each name that is not found. */
export function unknownItems(
  names: 'all' | readonly string[],
  pointer: string,
  code: string,
  find: (name: string) => unknown,
): FieldError[] {
  if (names === 'all') return []
  return names.flatMap((name, item) => (find(name) === undefined ? [{ pointer: `${pointer}/${item}`, code }] : []))
}
