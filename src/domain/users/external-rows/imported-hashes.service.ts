import type { With } from '#foundation/context.ts'
import { readStoredHash } from '#foundation/platform/passwords/stored-hash.ts'
import { userFromRow } from '../user-row.ts'
import type { User } from '../user.ts'
import { selectImportedHashes, selectPepperedWith } from './imported-hashes.queries.ts'

/** Returns stored hashes of each imported scheme and cost, for calibration; empty once all users have signed in and been rehashed. */
export function importedHashes(ctx: With<'db'>): Promise<string[]> {
  return selectImportedHashes(ctx.db)
}

/** Returns the users whose password hash uses this pepper, and cannot be verified once the key is lost. */
export async function usersPepperedWith(ctx: With<'db'>, keyId: string): Promise<User[]> {
  const rows = await selectPepperedWith(ctx.db, keyId)
  return rows.map(userFromRow).filter(({ hashedPassword }) => pepperOf(hashedPassword?.reveal()) === keyId)
}

function pepperOf(stored: string | undefined): string | null {
  const scheme = readStoredHash(stored ?? null)
  return 'pepper' in scheme ? scheme.pepper : null
}
