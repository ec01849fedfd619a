// An admin in a browser without scripts, and users who are only invited.
import type { TestContext } from 'node:test'

import type { Dialect } from '../../../src/foundation/platform/database/dialect.ts'
import { createUser } from '../../../src/use-cases/administration/invitations/new-user.service.ts'
import { parsePage } from './parsed-page.ts'
import { signedInBrowser } from './page-answers.ts'
import { firstAdmin } from '../people/people.ts'
import type { Person } from '../people/people.ts'
import { start } from '../server/start.ts'
import type { Server } from '../server/start.ts'
import type { Visitor } from './visitor.ts'

export const LINK = /http:\/\/localhost:8000(\/invitation\/dwl_[\w-]+)/

export interface Scene {
  readonly server: Server
  readonly admin: Person
  readonly browser: Visitor
}

export async function scene(t: TestContext, dialect: Dialect, language = 'en'): Promise<Scene> {
  const server = await start(t, { dialect })
  const admin = await firstAdmin(server)
  const browser = await signedInBrowser(admin, { language })
  return { server, admin: await admin.signsIn(), browser }
}

/** Creates invited users by the service, without pages; returns their ids. */
export async function invite(server: Server, ...usernames: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const username of usernames) ids.push((await createUser(server.operator(), { username })).user.id)
  return ids
}

/** The usernames in the table, from top to bottom. */
export function namesOn(page: string): string[] {
  return parsePage(page).main.linksTo(/^\/admin\/users\/\d+$/)
}

export function ticked(...ids: readonly number[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [`user-${id}`, 'yes']))
}
