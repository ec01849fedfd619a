import { hotQuery } from '../platform/database/hot-query.ts'
import { holdingRows } from '../platform/database/holding-rows.ts'
import type { Database } from '../platform/database/schema.ts'

const openSession = (db: Database, id: string) =>
  db
    .selectFrom('session')
    .innerJoin('users', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .select('users.disabled')
    .where('session.id', '=', id)
    .where('session.revoked_at', 'is', null)

/** The session by its id, and whether its person is disabled, where it goes on under their present credentials. */
export const selectOpenSession = hotQuery(openSession)
/** The same, and both stay so until the transaction ends. */
export const holdOpenSession = hotQuery((db: Database, id: string) => holdingRows(db, openSession(db, id)))
