// The groups of a filled server: one that a policy names, one with a manager, an empty one, and names that break lines.
import {
  createGroup,
  addGroupManager,
  addGroupMember,
} from '../../../src/use-cases/administration/groups/groups.service.ts'
import { namePolicyFor } from '../people/groups.ts'
import type { Server } from './start.ts'

/** The ids of the groups. */
export interface PopulatedGroups {
  /** Named by a policy; ada manages it. */
  readonly named: string
  /** Managed by konrad, with konrad and ada in it. */
  readonly free: string
  readonly empty: string
}

/** Creates the groups as the operator does; `ids` are those of users by username. */
export async function populateGroups(server: Server, ids: ReadonlyMap<string, string>): Promise<PopulatedGroups> {
  const make = async (name: string, description: string, members: readonly string[], managers: readonly string[]) => {
    const { id } = await createGroup(server.operator(), { name, description })
    for (const member of members) await addGroupMember(server.operator(), id, { id: Number(ids.get(member)) })
    for (const manager of managers) await addGroupManager(server.operator(), id, { id: Number(ids.get(manager)) })
    return id
  }
  const everyone = [...ids.keys()]
  const named = await make('Engineering', 'All who build and run the product', everyone, ['ada', 'nguyen'])
  await namePolicyFor(server, named)
  const free = await make('On call', '', ['ada', 'konrad'], ['konrad'])
  const empty = await make('Board', 'Meets on Mondays', [], [])
  await make('צוות תמיכה', 'תמיכה בלקוחות', ['ada'], [])
  await make('Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbea', 'x'.repeat(300), ['ada'], ['ada'])
  return { named, free, empty }
}
