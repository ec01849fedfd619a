import type { AuditEventTable, Database } from '../platform/database/schema.ts'

type Place = Pick<AuditEventTable, 'position' | 'seal'>

/** The seals of the events at those positions, at most a thousand. */
export function sealsAmong(db: Database, positions: readonly number[]): Promise<Place[]> {
  return db.selectFrom('audit_event').select(['position', 'seal']).where('position', 'in', positions).execute()
}
