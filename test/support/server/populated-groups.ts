// The groups of a filled server: one that a policy names, one with a manager, an empty one, and one with a name that breaks lines.
import { addGroupManager, addGroupMember, createGroup } from '#use-cases/administration/groups/groups.service.ts'
import { namePolicyFor } from '../people/groups.ts'
import type { Server } from './start.ts'

/** The ids of the groups. */
export interface PopulatedGroups {
  /** Named by a policy; ada manages it. */
  readonly named: string
  /** Managed by konrad, with konrad and ada in it. */
  readonly free: string
  readonly empty: string
  /** Has a long name and description, and as members ada, who manages it, and everyone who is not in `named`. */
  readonly long: string
}

const ENGINEERS = ['ada', 'layla', 'nguyen', 'søren', '山田', 'o’brien', 'linus', 'anouk', 'bela', 'chiara']
const LONG =
  'Everyone who has ever been on board of a steamer, with or without a ticket, and those who waved from the banks'

/** Creates the groups as the operator does; `ids` are those of users by username. */
export async function populateGroups(server: Server, ids: ReadonlyMap<string, string>): Promise<PopulatedGroups> {
  const make = async (name: string, description: string, members: readonly string[], managers: readonly string[]) => {
    const { id } = await createGroup(server.operator(), { name, description })
    for (const member of members) await addGroupMember(server.operator(), id, { id: Number(ids.get(member)) })
    for (const manager of managers) await addGroupManager(server.operator(), id, { id: Number(ids.get(manager)) })
    return id
  }
  const named = await make('Engineering', 'All who build and run the product', ENGINEERS, ['ada', 'nguyen'])
  await namePolicyFor(server, named)
  const free = await make('On call', '', ['ada', 'konrad'], ['konrad'])
  const empty = await make('Board', 'Meets on Mondays', [], [])
  await make('צוות תמיכה', 'תמיכה בלקוחות', ['ada'], [])
  const name = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbea'
  const others = [...ids.keys()].filter((username) => !ENGINEERS.includes(username))
  const long = await make(name, LONG, ['ada', ...others], ['ada'])
  return { named, free, empty, long }
}
