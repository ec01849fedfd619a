import type { With } from '#foundation/context.ts'
import type { Client } from './client.ts'
import { selectStartableClients } from './startable-client.queries.ts'

/** What a start page needs of an app. */
export type StartableClient = Pick<Client, 'id' | 'name' | 'allowedRoles' | 'allowedGroups'> & {
  readonly startUrl: string
}

/** Returns the apps that can be on a start page of any user, by name: with a URL, neither hidden nor disabled. */
export function listStartableClients({ db }: With<'db'>): Promise<StartableClient[]> {
  return selectStartableClients(db)
}
