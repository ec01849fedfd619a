import type { With } from '../../foundation/context.ts'
import { selectImportedHashes, selectPepperedWith } from './imported-hashes.queries.ts'
import { readStoredHash } from '../../foundation/platform/passwords/stored-hash.ts'
import { userFromRow } from './user-row.ts'
import type { User } from './user.ts'

/** One stored hash of each scheme and cost that is not ours yet; empty once everybody has signed in here. */
export function importedHashes(ctx: With<'db'>): Promise<string[]> {
  return selectImportedHashes(ctx.db)
}

/** Whose password was hashed with this key mixed in, so that nothing compares with it once the key is gone. */
export async function usersPepperedWith(ctx: With<'db'>, keyId: string): Promise<User[]> {
  const rows = await selectPepperedWith(ctx.db, keyId)
  return rows.map(userFromRow).filter(({ hashedPassword }) => pepperOf(hashedPassword?.reveal()) === keyId)
}

function pepperOf(stored: string | undefined): string | null {
  const about = readStoredHash(stored ?? null)
  return 'pepper' in about ? about.pepper : null
}
