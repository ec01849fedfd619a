// An admin in a browser without scripts, and a user whose page the admin opens.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '../../../src/foundation/platform/database/dialect.ts'
import { findUserByName } from '../../../src/domain/users/user.service.ts'
import type { User } from '../../../src/domain/users/user.ts'
import { signedInBrowser } from './page-answers.ts'
import { firstAdmin, newcomer } from '../people/people.ts'
import type { Person } from '../people/people.ts'
import { start } from '../server/start.ts'
import type { Server } from '../server/start.ts'
import type { Visitor } from './visitor.ts'

export interface Scene {
  readonly server: Server
  readonly admin: Person
  readonly browser: Visitor
  readonly ada: Person
  /** The path of Ada’s page. */
  readonly page: string
  readonly own: string
}

export async function scene(t: TestContext, dialect: Dialect = 'sqlite', language = 'en'): Promise<Scene> {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada', { email: 'ada@example.org', full_name: 'Ada Lovelace' })
  const browser = await signedInBrowser(admin, { language })
  const { id } = await stored(server, 'ada')
  const { id: ownId } = await stored(server, 'root')
  // The browser gets the token of its forms from this page.
  await browser.open('/account')
  return { server, admin, browser, ada, page: `/admin/users/${id}`, own: `/admin/users/${ownId}` }
}

export async function stored(server: Server, username: string): Promise<User> {
  const user = await findUserByName(server.operator(), username)
  assert.ok(user, `there is no ${username}`)
  return user
}
