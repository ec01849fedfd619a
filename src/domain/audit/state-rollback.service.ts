// Detects that the database was rolled back to an earlier state while no server ran, by a removed write-ahead log or a restored backup.
import type { Dependencies } from '../../foundation/context.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import { appendCheckpoint, newCheckpoint, readCheckpoints } from './checkpoint.service.ts'
import type { Checkpoint } from './checkpoint.service.ts'
import { chainMacAt, lastLink } from './audit.queries.ts'
import { chainKeysOf } from './chain.ts'
import { chainPending } from './chain-writer.service.ts'

type Deps = Pick<Dependencies, 'db' | 'keyring'> & { readonly config: Pick<Config, 'dataDir' | 'databaseUrl'> }

/** Returns the last checkpoint if the log lacks its event; undefined if the log has it, or if there is no checkpoint. */
export async function missingCheckpoint({ db, keyring, config }: Deps): Promise<Checkpoint | undefined> {
  const { checkpoints } = await readCheckpoints(config, chainKeysOf(keyring))
  const last = checkpoints.at(-1)
  return last === undefined || (await chainMacAt(db, last.position)) === last.chainMac ? undefined : last
}

/** Writes a checkpoint of the present end, with which the next start compares; a verification still compares with all checkpoints. */
export async function acceptPresentEnd(deps: Deps & Pick<Dependencies, 'clock'>): Promise<void> {
  const { db, keyring, config, clock } = deps
  await chainPending(deps)
  const end = await lastLink(db)
  if (end) await appendCheckpoint(config, newCheckpoint(end, clock.now(), chainKeysOf(keyring)))
}
