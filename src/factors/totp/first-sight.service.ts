import { inTransaction } from '../../context.ts'
import type { With } from '../../context.ts'
import { recordEvent } from '../../audit/audit.service.ts'
import { oweScrub, scrub } from '../../platform/database/scrub.ts'
import { plainCodeSecretOf, plainCodeSecrets, takePlainCodeSecret } from '../../users/hand-typed.service.ts'
import type { PlainCodeSecret } from '../../users/hand-typed.service.ts'
import { readImportedSecret } from './imported-secret.ts'
import { addConfirmedTotp } from './totp.service.ts'

type Powers = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'>

/** Rewriting so many bytes holds a server up for about half a second. */
const LARGEST_SCRUBBED = 64 * 1024 * 1024

/** Seals every plain code secret in the table; how many. Call it inside a transaction. */
export async function sealHandTypedSecrets(ctx: Powers): Promise<number> {
  let sealed = 0
  for await (const plain of plainCodeSecrets(ctx)) {
    if (await sealOne(ctx, plain)) sealed += 1
  }
  if (sealed > 0) await oweScrub(ctx.db)
  return sealed
}

/** The same for one user, at the first sight of a row typed in while the program runs. Not inside a transaction. */
export async function sealHandTypedSecret(ctx: Powers, userId: number): Promise<boolean> {
  const sealed = await inTransaction(ctx, async (tx) => {
    const plain = await plainCodeSecretOf(tx, userId)
    return plain !== undefined && sealAlone(tx, plain)
  })
  if (sealed) await scrub(ctx.db, { largest: LARGEST_SCRUBBED })
  return sealed
}

/**
 * The same for everybody, now and then while the program runs, so that a secret does not stay readable until its owner
 * signs in; how many. A row at a time, so that nobody waits long for the database. Not inside a transaction.
 */
export async function sealNewHandTypedSecrets(ctx: Powers): Promise<number> {
  let sealed = 0
  for await (const plain of plainCodeSecrets(ctx)) {
    if (await inTransaction(ctx, (tx) => sealAlone(tx, plain))) sealed += 1
  }
  if (sealed > 0) await scrub(ctx.db, { largest: LARGEST_SCRUBBED })
  return sealed
}

/** Users whose code secret says nothing that a code could be checked by; at most so many. For whoever is to mend it. */
export async function unreadableSecrets(ctx: With<'db'>, most: number): Promise<number[]> {
  const found: number[] = []
  for await (const { userId, secret } of plainCodeSecrets(ctx)) {
    // Bytes in place of a text are told of with all other values that cannot be read.
    const text = secret.reveal()
    if (text !== '' && readImportedSecret(text) === undefined) found.push(userId)
    if (found.length === most) break
  }
  return found
}

async function sealAlone(ctx: Powers, plain: PlainCodeSecret): Promise<boolean> {
  const sealed = await sealOne(ctx, plain)
  // Whoever typed it used a program of their own, which left it in the file's log and gaps.
  if (sealed) await oweScrub(ctx.db)
  return sealed
}

// A text that cannot be read never worked as a secret; it stays where it is and the check-up tells of it.
async function sealOne(ctx: Powers, plain: PlainCodeSecret): Promise<boolean> {
  const read = readImportedSecret(plain.secret.reveal())
  if (read === undefined || !(await takePlainCodeSecret(ctx, plain))) return false
  const { subject } = plain
  const id = ctx.newId()
  await addConfirmedTotp(ctx, {
    id,
    subject,
    sealedSecret: ctx.keyring.seal(read.secret, { subject, factorId: id }),
    step: null,
    parameters: read.parameters,
  })
  await recordEvent(ctx, { action: 'totp.sealed', target: subject })
  return true
}
