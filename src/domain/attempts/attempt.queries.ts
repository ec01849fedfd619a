import { sql } from 'kysely'

import { answerKeyText, answersIn, answersText } from '#domain/attributes/attribute-value.ts'
import type { FactorKind } from '#domain/factors/factor-kind.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { Attempt } from './attempt.ts'

export async function insertAttempt(db: Database, attempt: Attempt, tokenHash: string, now: Instant): Promise<void> {
  const { profile } = attempt
  await db
    .insertInto('attempt')
    .values({
      id: attempt.id,
      token_hash: tokenHash,
      purpose: attempt.purpose,
      stage: attempt.stage,
      subject: attempt.subject,
      epoch: attempt.epoch,
      methods: attempt.methods.join(' '),
      username: profile.username,
      email: profile.email,
      full_name: profile.fullName,
      hashed_password: profile.hashedPassword?.reveal() ?? null,
      time_zone: profile.timeZone,
      attributes: answersText(profile.attributes),
      link_id: attempt.linkId,
      factor_id: attempt.factorId,
      sealed_secret: attempt.sealedSecret,
      created_at: now,
      expires_at: attempt.expiresAt,
      consumed_at: attempt.consumedAt,
    })
    .execute()
}

/** Returns the attempt with this hash of its token; undefined if there is none. */
export async function selectAttempt(db: Database, tokenHash: string): Promise<Attempt | undefined> {
  const row = await db.selectFrom('attempt').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst()
  if (row === undefined) return undefined
  return {
    id: row.id,
    purpose: row.purpose,
    stage: row.stage,
    subject: row.subject,
    epoch: row.epoch,
    methods: row.methods === '' ? [] : (row.methods.split(' ') as FactorKind[]),
    expiresAt: row.expires_at,
    consumedAt: row.consumed_at,
    profile: {
      username: row.username,
      email: row.email,
      fullName: row.full_name,
      hashedPassword: row.hashed_password === null ? null : Secret.of(row.hashed_password),
      timeZone: row.time_zone,
      attributes: answersIn(row.attributes),
    },
    linkId: row.link_id,
    factorId: row.factor_id,
    sealedSecret: row.sealed_secret,
  }
}

/** Stores a setup key with the attempt; returns false if it has one, so that parallel requests use the same key (lost update). */
export function putSetupKey(
  db: Database,
  id: string,
  { factorId, sealedSecret }: { factorId: string; sealedSecret: string },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('attempt')
      .set({ factor_id: factorId, sealed_secret: sealedSecret })
      .where('id', '=', id)
      .where('factor_id', 'is', null),
  )
}

/** Gives the answers to one attribute another key. */
export async function renameAnswersInAttempts(db: Database, key: string, renamed: string): Promise<void> {
  const [before, after] = [answerKeyText(key), answerKeyText(renamed)]
  await db
    .updateTable('attempt')
    .set({ attributes: sql<string>`replace(attributes, ${before}, ${after})` })
    .where('attributes', 'like', `%${before}%`)
    .execute()
}

/** Deletes attempts that expired before an instant, in batches. */
export async function deleteAttempts(db: Database, expiredBefore: Instant): Promise<void> {
  await deleteInBatches(db, 'attempt', 'id', (rows) => rows.where('expires_at', '<', expiredBefore))
}
