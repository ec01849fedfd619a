// Sign-ins to apps, as they are stored: without a protocol, for tests of what admins see of them.
import { insertGrant } from '#domain/grants/grant.queries.ts'
import { days } from '#foundation/kernel/time.ts'
import type { Server } from '../server/start.ts'

/** Stores that this many times the first user of the server has signed in to the app. */
export async function storeAppSignIns({ doorward: { db }, clock }: Server, clientId: string, count = 1): Promise<void> {
  const { subject } = await db.selectFrom('users').select('subject').orderBy('id').executeTakeFirstOrThrow()
  const now = clock.now()
  for (let index = 0; index < count; index++) {
    await insertGrant(db, {
      id: `${clientId}-${index}`,
      clientId,
      subject: String(subject),
      epoch: 0,
      sessionId: `session-${index}`,
      methods: ['password'],
      payload: '{}',
      authenticatedAt: now,
      createdAt: now,
      expiresAt: now + days(1),
      resourceId: null,
    })
  }
}
