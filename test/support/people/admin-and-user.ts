import type { TestContext } from 'node:test'

import { copiesOf } from '../server/copied-server.ts'
import type { Server, StartOptions } from '../server/start.ts'
import { firstAdmin, newcomer, type Person, startWithAdmin } from './people.ts'

export interface AdminAndUser {
  readonly server: Server
  readonly root: Person
  readonly ada: Person
}

const startCopyWithUser = copiesOf(async (server) => {
  const root = await (await firstAdmin(server)).signsIn()
  return { root, ada: await (await newcomer(root, 'ada')).signsIn() }
})

/** Starts a server; signs its first admin in, and a user whom the admin has created. */
export async function startWithUser(
  t: TestContext,
  options: StartOptions = {},
  fields: Readonly<Record<string, string>> = {},
): Promise<AdminAndUser> {
  if (Object.keys(fields).length === 0) {
    const { server, people } = await startCopyWithUser(t, options)
    return { server, ...people }
  }
  const { server, root } = await startWithAdmin(t, options)
  return { server, root, ada: await (await newcomer(root, 'ada', fields)).signsIn() }
}
