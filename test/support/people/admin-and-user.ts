import type { TestContext } from 'node:test'

import type { Server, StartOptions } from '../server/start.ts'
import { newcomer, type Person, startWithAdmin } from './people.ts'

export interface AdminAndUser {
  readonly server: Server
  readonly root: Person
  readonly ada: Person
}

/** Starts a server; signs its first admin in, and a user whom the admin has created. */
export async function startWithUser(
  t: TestContext,
  options: StartOptions = {},
  fields: Readonly<Record<string, string>> = {},
): Promise<AdminAndUser> {
  const { server, root } = await startWithAdmin(t, options)
  return { server, root, ada: await (await newcomer(root, 'ada', fields)).signsIn() }
}
