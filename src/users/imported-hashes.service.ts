import type { With } from '../context.ts'
import { selectImportedHashes } from './imported-hashes.queries.ts'

/** One stored hash of each scheme and cost that is not ours yet; empty once everybody has signed in here. */
export function importedHashes(ctx: With<'db'>): Promise<string[]> {
  return selectImportedHashes(ctx.db)
}
