// A server, and a browser without scripts in which an admin or a user has just signed in.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { findUserByName } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { texts } from '#foundation/texts/texts.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { firstAdmin, newcomer, type Person } from '../people/people.ts'
import { pathOf } from '../requests/replies.ts'
import { copiesOf } from '../server/copied-server.ts'
import type { Server, StartOptions } from '../server/start.ts'
import { signedInBrowser, signsIn } from './page-answers.ts'
import type { ParsedPage } from './parsed-page.ts'
import { Visitor, type VisitorOptions } from './visitor.ts'

export const LINK = /http:\/\/localhost:8000(\/invitation\/dwl_[\w-]+)/

const ADA = { email: 'ada@example.org', full_name: 'Ada Lovelace' }

export type SceneOptions = StartOptions & VisitorOptions

export interface VisitorScene {
  readonly server: Server
  readonly admin: Person
  readonly visitor: Visitor
}

const startVisited = copiesOf(async (server) => ({ admin: await firstAdmin(server) }))

/** A browser in which nobody has signed in, at a server with an admin. */
export async function visitorScene(
  t: TestContext,
  { language, agent, ...options }: SceneOptions = {},
): Promise<VisitorScene> {
  const { server, people } = await startVisited(t, options)
  return { server, ...people, visitor: new Visitor(server, { language, agent }) }
}

export interface AdminScene {
  readonly server: Server
  /** The admin, who has another session too. */
  readonly admin: Person
  readonly browser: Visitor
}

/** An admin in a browser. */
export async function adminScene(t: TestContext, options: SceneOptions = {}): Promise<AdminScene> {
  const { server, admin, visitor: browser } = await visitorScene(t, options)
  await signsIn(browser, admin)
  return { server, admin: await admin.signsIn(), browser }
}

export interface OwnPageScene extends AdminScene {
  readonly ada: Person
}

export interface UserPageScene extends OwnPageScene {
  /** The path of Ada’s page. */
  readonly page: string
  /** The path of the admin’s own page. */
  readonly own: string
}

/** An admin in a browser, and a user whose page the admin opens. */
export async function userPageScene(t: TestContext, options: SceneOptions = {}): Promise<UserPageScene> {
  const { server, admin, browser } = await adminScene(t, options)
  const ada = await newcomer(admin, 'ada', ADA)
  const [page, own] = [await stored(server, 'ada'), await stored(server, 'root')].map(({ id }) => `/admin/users/${id}`)
  return { server, admin, browser, ada, page: page ?? '', own: own ?? '' }
}

const startOwn = copiesOf(async (server) => {
  const admin = await (await firstAdmin(server)).signsIn()
  return { admin, ada: await newcomer(admin, 'ada', ADA) }
})

/** A user in a browser. */
export async function ownPageScene(
  t: TestContext,
  { language, agent, ...options }: SceneOptions = {},
): Promise<OwnPageScene> {
  const { server, people } = await startOwn(t, options)
  return { server, ...people, browser: await signedInBrowser(people.ada, { language, agent }) }
}

export async function stored(server: Server, username: string): Promise<User> {
  const user = await findUserByName(server.operator(), username)
  assert.ok(user, `there is no ${username}`)
  return user
}

/** The path of a new set-up link. */
export async function setupPath(server: Server): Promise<string> {
  return `/setup/${(await issueSetupLink(server.operator()))?.token.reveal() ?? ''}`
}

/** Creates a user as an admin; returns the path of the invitation. */
export async function invitationPath(admin: Person, username: string, fields: object = {}): Promise<string> {
  const { body } = await admin.asks('POST', '/users', { username, ...fields })
  return pathOf((body['invitation'] as { url: string }).url)
}

/** Creates invited users by the service, without pages; returns their ids. */
export async function invite(server: Server, ...usernames: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const username of usernames) ids.push((await createUser(server.operator(), { username })).user.id)
  return ids
}

/** The usernames in the table, from top to bottom. */
export function namesOn(page: ParsedPage): string[] {
  // The menu of each row has a link to the same page.
  const { open } = texts(page.language).users.menu
  return page.main.linksTo(/^\/admin\/users\/\d+$/).filter((label) => label !== open)
}

export function ticked(...ids: readonly number[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [`user-${id}`, 'yes']))
}
