// A node that can be stopped between the statements of a request.
import { sql } from 'kysely'

import { buildApp } from '../../../src/entry/http/app.ts'
import { withEngine } from '../../../src/foundation/platform/database/database.ts'
import type { Barrier } from './barrier.ts'
import { openServer } from '../server/open-server.ts'
import type { OpenedServer, ServerPlace } from '../server/open-server.ts'

export async function openStopped(place: ServerPlace, barrier: Barrier): Promise<OpenedServer> {
  const server = await openServer(place, { onStatement: (text) => barrier.hear(text) })
  const { db } = server.doorward
  // Another test covers power failures, and syncing to the disk is slow.
  if (place.databaseUrl.startsWith('sqlite:')) await sql`pragma synchronous = off`.execute(db)
  const app = await buildApp({ ...server.doorward, db: withEngine(db.withPlugin(barrier), db) })
  return {
    ...server,
    app,
    close: async () => {
      await app.close()
      await server.close()
    },
  }
}
