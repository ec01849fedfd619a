// Whether the database went back to an earlier state while no server ran: a write-ahead log that was removed, a restored backup.
import type { Dependencies } from '../../foundation/context.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import { appendCheckpoint, headPathOf, newCheckpoint, readCheckpoints } from './checkpoint.service.ts'
import type { AuditHead } from './checkpoint.service.ts'
import { lastLink, sealAt } from './audit.queries.ts'
import { chainPending } from './chain-writer.service.ts'
import { sealingWith } from './sealing-with.ts'

type Heads = Pick<Dependencies, 'db' | 'keyring'> & { readonly config: Pick<Config, 'dataDir' | 'databaseUrl'> }

/** The end that was noted last, if the log has no such event; undefined if it has one, or if no end was noted. */
export async function missingHead({ db, keyring, config }: Heads): Promise<AuditHead | undefined> {
  const { heads } = await readCheckpoints(await headPathOf(config), sealingWith(keyring))
  const last = heads.at(-1)
  return last === undefined || (await sealAt(db, last.position)) === last.seal ? undefined : last
}

/** Notes the present end, so that the next start compares with that; verification goes on comparing with all of them. */
export async function noteHead(deps: Heads & Pick<Dependencies, 'clock'>): Promise<void> {
  const { db, keyring, config, clock } = deps
  await chainPending(deps)
  const end = await lastLink(db)
  if (end) await appendCheckpoint(await headPathOf(config), newCheckpoint(end, clock.now(), sealingWith(keyring)))
}
