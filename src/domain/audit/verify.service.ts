// Verifies the whole chain and names what was changed in it.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { With } from '../../foundation/context.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { readCheckpoints } from './checkpoint.service.ts'
import type { Checkpoints } from './checkpoint.service.ts'
import { chainedAfter, chainedAt, chainMacsAmong, newestChainedRow, outsideChain } from './audit.queries.ts'
import { chainKeysOf } from './chain.ts'
import type { ChainedEvent } from './chain.ts'
import { MOST_PROBLEMS, startVerification } from './chain-verification.ts'
import type { AuditProblem } from './chain-verification.ts'
import { chainPending } from './chain-writer.service.ts'

export interface AuditReport {
  readonly ok: boolean
  /** How many events were read. */
  readonly checked: number
  /** How many checkpoints they were compared with; with none, a truncated log cannot be detected. */
  readonly checkpoints: number
  /** The file of the checkpoints. */
  readonly checkpointPath: string
  /** The first hundred at most. */
  readonly problems: readonly AuditProblem[]
}

type Verifying = With<'db' | 'keyring'> & { readonly config: Pick<Config, 'dataDir' | 'databaseUrl'> }

const PAGE = 500

/**
 * Chains what is pending, then reads the chain from its beginning and compares it with the checkpoints in the data folder, or with
 * those that are given. Without a checkpoint, a truncated log and a chain recomputed with the right key cannot be detected.
 */
export async function verifyAudit(ctx: Verifying, given?: Checkpoints): Promise<AuditReport> {
  // A row inserted at the end of the chain can keep the chain writer from going on; then the row is the problem to report.
  const failure = await chainPending(ctx).then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  const keys = chainKeysOf(ctx.keyring)
  const compared = given ?? (await readCheckpoints(ctx.config, keys))
  const verification = startVerification(keys, compared)
  for (let after = 0; ;) {
    const page = await pageAfter(ctx.db, after)
    const last = page.at(-1)
    if (!last) break
    verification.read(page)
    after = Number(last.position)
    // 500 MACs take some milliseconds, and a log has millions of events.
    await nextTurn()
  }
  verification.readOutside(await outsideChain(ctx.db, MOST_PROBLEMS))
  const { checked, problems } = verification.finish()
  if (problems.length === 0 && failure) throw failure.error
  const { checkpoints, path } = compared
  return { ok: problems.length === 0, checked, checkpoints: checkpoints.length, checkpointPath: path, problems }
}

export interface LastCheckpoint {
  /** When it was written. */
  readonly at: Instant
  /** Whether the log agrees with the recent checkpoints. */
  readonly stands: boolean
}

/** At one checkpoint an hour these are six weeks. One call reads as many rows. */
const RECENT = 1000

/** The last checkpoint; the recent ones are compared with the log. Null where there is none. */
export async function lastCheckpoint({ db, keyring, config }: Verifying): Promise<LastCheckpoint | null> {
  const { checkpoints } = await readCheckpoints(config, chainKeysOf(keyring))
  const recent = checkpoints.slice(-RECENT)
  const last = recent.at(-1)
  if (!last) return null
  const rows = await chainMacsAmong(db, [...new Set(recent.map(({ position }) => position))])
  const chainMacs = new Map(rows.map((row) => [row.position, row.chain_mac]))
  return { at: last.at, stands: recent.every(({ position, chainMac }) => chainMacs.get(position) === chainMac) }
}

/** The next events, with all at the position of the last one: the next page would pass over a second row there. */
async function pageAfter(db: Database, after: number): Promise<ChainedEvent[]> {
  const page = await chainedAfter(db, after, PAGE)
  const end = page.at(-1)?.position ?? null
  if (end === null || page.length < PAGE) return page
  return [...page.filter(({ position }) => position !== end), ...(await chainedAt(db, end, PAGE))]
}

/** The newest chained event; undefined where there is none. */
export function newestChained(db: Database): Promise<{ position: number; at: Instant } | undefined> {
  return newestChainedRow(db)
}
