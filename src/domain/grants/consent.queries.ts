import type { Database } from '#foundation/platform/database/database.ts'
import { forShare, forUpdate } from '#foundation/platform/database/lock.ts'
import type { Consent, ConsentItem } from './consent.ts'

export interface ConsentKey {
  readonly clientId: string
  readonly subject: string
}

/** The tokens are for this server alone. */
const NO_RESOURCE = ''

const COLUMNS = ['client_id as clientId', 'subject', 'items', 'given_at as givenAt', 'document'] as const

type Row = Omit<Consent, 'items'> & { readonly items: string }

function consentFromRow(row: Row): Consent {
  return { ...row, items: JSON.parse(row.items) as ConsentItem[] }
}

function byKey(db: Database, { clientId, subject }: ConsentKey) {
  return db
    .selectFrom('client_consent')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('client_id', '=', clientId)
    .where('resource', '=', NO_RESOURCE)
}

/** Returns the consent of a user to an app; inside a transaction locked against a withdrawal before that ends. */
export async function selectConsent(db: Database, key: ConsentKey): Promise<Consent | undefined> {
  const query = byKey(db, key)
  const row = await (db.isTransaction ? forShare(db, query) : query).executeTakeFirst()
  return row && consentFromRow(row)
}

/** Returns the same, excluding other changes of it until the transaction ends. */
export async function takeConsent(trx: Database, key: ConsentKey): Promise<Consent | undefined> {
  const row = await forUpdate(trx, byKey(trx, key)).executeTakeFirst()
  return row && consentFromRow(row)
}

export async function selectConsents(db: Database, subject: string): Promise<Consent[]> {
  const rows = await db.selectFrom('client_consent').select(COLUMNS).where('subject', '=', subject).execute()
  return rows.map(consentFromRow)
}

/** Stores a consent if the user has given the app none; returns whether it did. It waits for another transaction that is storing one. */
export async function insertConsent(trx: Database, consent: Consent): Promise<boolean> {
  const { clientId, subject, items, givenAt, document } = consent
  const inserted = await trx
    .insertInto('client_consent')
    .values({
      client_id: clientId,
      subject,
      resource: NO_RESOURCE,
      items: JSON.stringify(items),
      given_at: givenAt,
      document,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('resource')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Stores a consent; it replaces an earlier one. */
export async function putConsent(trx: Database, consent: Consent): Promise<void> {
  const { clientId, subject, items, givenAt, document } = consent
  const given = { items: JSON.stringify(items), given_at: givenAt, document }
  await trx
    .insertInto('client_consent')
    .values({ client_id: clientId, subject, resource: NO_RESOURCE, ...given })
    .onConflict((conflict) => conflict.columns(['subject', 'client_id', 'resource']).doUpdateSet(given))
    .execute()
}

/** Deletes the consent of a user to an app; returns whether there was one. */
export async function deleteConsentRow(trx: Database, { clientId, subject }: ConsentKey): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('client_consent')
    .where('subject', '=', subject)
    .where('client_id', '=', clientId)
    .returning('resource')
    .execute()
  return deleted.length > 0
}
