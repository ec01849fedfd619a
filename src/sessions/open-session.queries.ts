import { hotQuery } from '../platform/database/hot-query.ts'
import { holdingRows } from '../platform/database/holding-rows.ts'
import type { Database } from '../platform/database/schema.ts'

const openSession = (db: Database, id: string, epoch: number) =>
  db
    .selectFrom('session')
    .innerJoin('users', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .select('users.disabled')
    .where('session.id', '=', id)
    .where('session.epoch', '=', epoch)
    .where('session.revoked_at', 'is', null)

/** The session by its id, and of whom it is, where neither was ended under this epoch. */
export const selectOpenSession = hotQuery(openSession)
/** The same, and both stay so until the transaction ends. */
export const holdOpenSession = hotQuery((db: Database, id: string, epoch: number) =>
  holdingRows(db, openSession(db, id, epoch)),
)
