import type { With } from '#foundation/context.ts'
import type { Client } from './client.ts'
import { selectStartableClients } from './startable-client.queries.ts'

/** What a start page needs of an app. */
export type StartableClient = Pick<Client, 'id' | 'name' | 'allowedRoles' | 'allowedGroups'> & {
  readonly startUrl: string
}

/** Returns the apps that can be on a start page, by name: with a URL, neither hidden nor disabled. Which of them a user may use is decided by `mayUse`. */
export function listStartableClients({ db }: With<'db'>): Promise<StartableClient[]> {
  return selectStartableClients(db)
}
