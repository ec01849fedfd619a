import type { TestContext } from 'node:test'

import { newcomer, startWithAdmin } from './people.ts'
import type { Person } from './people.ts'
import type { Server, StartOptions } from '../server/start.ts'

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
