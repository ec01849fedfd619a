import { sql } from 'kysely'

import { answerKeyText } from '#domain/attributes/attribute-value.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** Gives the answers to one attribute another key. */
export async function renameAnswersInRegistrations(db: Database, key: string, renamed: string): Promise<void> {
  const [before, after] = [answerKeyText(key), answerKeyText(renamed)]
  await db
    .updateTable('registration')
    .set({ attributes: sql<string>`replace(attributes, ${before}, ${after})` })
    .where('attributes', 'like', `%${before}%`)
    .execute()
}
