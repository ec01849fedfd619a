// The protected hosts of a filled server: one for everyone who signs in, one with a rule of each kind, one for admins, and one with a name that breaks lines.
import { startHostSession } from '#domain/hosts/host-session.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { createHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { hostRule } from '../people/hosts.ts'
import type { PopulatedGroups } from './populated-groups.ts'
import type { Server } from './start.ts'

export const RULED_HOST = 'git.example.org'
export const PLAIN_HOST = 'photos.example.org'
export const CLOSED_HOST = 'payroll.example.org'
const LONG_HOST = 'a-rather-long-name-of-a-host.of-the-accounting-department.internal.example.org'

export async function populateHosts(server: Server, { named, free, long }: PopulatedGroups): Promise<void> {
  const operator = server.operator()
  const photos = await createHost(operator, { name: PLAIN_HOST })
  await createHost(operator, {
    name: RULED_HOST,
    rules: [
      hostRule('/public', { who: 'everyone', methods: ['GET'] }),
      hostRule('/admin', { who: 'roles', names: ['admin'], leastAssurance: 'phishing-resistant', maxAge: 3_600_000 }),
      hostRule('/', { who: 'groups', names: [named, free] }),
    ],
    sharedGroups: [named, free],
    apiTokens: true,
  })
  const rules = [hostRule('/', { who: 'roles', names: ['admin'], leastAssurance: 'two-factors' })]
  await createHost(operator, { name: CLOSED_HOST, rules })
  await createHost(operator, { name: LONG_HOST, rules: [hostRule('/', { who: 'groups', names: [long] })] })
  const sessions = await server.doorward.db.selectFrom('session').select(['id', 'subject']).limit(3).execute()
  for (const { id: sessionId, subject } of sessions)
    await inTransaction(operator, (tx) => startHostSession(tx, { host: photos, sessionId, subject }))
}
