// Seals the plaintext TOTP secrets of externally inserted rows and of legacy databases.
import { recordEvent } from '#domain/audit/audit.service.ts'
import {
  BEFORE_EVERY_ID,
  type ExternalBatch,
  plaintextTotpSecretOf,
  plaintextTotpSecrets,
  takePlaintextTotpSecret,
} from '#domain/users/external-rows/external-row.service.ts'
import type { PlaintextTotpSecret } from '#domain/users/external-rows/plaintext-secret.queries.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { tryLockFor } from '#foundation/platform/database/lock.ts'
import { markVacuumPending, secureVacuum } from '#foundation/platform/database/secure-vacuum.ts'
import { readImportedSecret } from './imported-secret.ts'
import { addConfirmedTotp } from './totp.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** In bytes. The rewrite of a file of this size takes some 50 ms, in which no request is answered. */
const LARGEST_SCRUBBED = 8 * 1024 * 1024

/**
 * Seals the plaintext TOTP secrets of the first users after an id who have one. Runs one transaction; returns undefined if another
 * process is completing rows now. The caller calls `scrubIfSmall` after the last batch.
 */
export function sealNextPlaintextSecrets(
  ctx: Deps,
  afterId: number,
  limit: number,
): Promise<ExternalBatch | undefined> {
  return inTransaction(ctx, async (tx) => {
    if (!(await tryLockFor(tx.db, 'external-rows'))) return undefined
    const found = await plaintextTotpSecrets(tx, afterId, limit)
    let done = 0
    for (const plain of found) if (await sealOne(tx, plain)) done += 1
    if (done > 0) await markVacuumPending(tx.db)
    return { done, next: found.length < limit ? undefined : found.at(-1)?.userId }
  })
}

/** Seals the plaintext TOTP secret of one user, before the batch of its row; returns whether it had one. Not inside a transaction. */
export async function sealPlaintextSecret(ctx: Deps, userId: number): Promise<boolean> {
  const sealed = await inTransaction(ctx, async (tx) => {
    const plain = await plaintextTotpSecretOf(tx, userId)
    if (plain === undefined || !(await sealOne(tx, plain))) return false
    // The program that inserted the secret has left it in the write-ahead log and in free pages of the file.
    await markVacuumPending(tx.db)
    return true
  })
  if (sealed) await scrubIfSmall(ctx)
  return sealed
}

/** Removes the remains of plaintext secrets from a SQLite file that is small enough to be rewritten while the program runs. */
export async function scrubIfSmall({ db }: With<'db'>): Promise<void> {
  await secureVacuum(db, { largest: LARGEST_SCRUBBED })
}

/**
 * Returns the ids of users with an unreadable secret, for the health check, among the first `most` users with a plaintext secret. The job
 * seals the readable ones, so that after some time only unreadable ones are left.
 */
export async function unreadableSecrets(ctx: With<'db'>, most: number): Promise<number[]> {
  const found = await plaintextTotpSecrets(ctx, BEFORE_EVERY_ID, most)
  // A BLOB, which is read as an empty text, is reported with all other unreadable values.
  const isUnreadable = (text: string): boolean => text !== '' && readImportedSecret(text) === undefined
  return found.filter(({ secret }) => isUnreadable(secret.reveal())).map(({ userId }) => userId)
}

// An unreadable text never worked as a secret; it stays in the row, and the health check reports it.
async function sealOne(ctx: Deps, plain: PlaintextTotpSecret): Promise<boolean> {
  const read = readImportedSecret(plain.secret.reveal())
  if (read === undefined || !(await takePlaintextTotpSecret(ctx, plain))) return false
  const { subject } = plain
  const id = ctx.newId()
  const sealedSecret = ctx.keyring.seal(read.secret, { purpose: 'totp-secret', subject, factorId: id })
  await addConfirmedTotp(ctx, { id, subject, sealedSecret, step: null, parameters: read.parameters })
  await recordEvent(ctx, { action: 'totp.sealed', target: subject })
  return true
}
