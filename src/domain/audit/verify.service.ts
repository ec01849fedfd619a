// Verifies the whole chain and reports each modification; compares the end of the chain with the checkpoints.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Dependencies, With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import {
  chainedAfter,
  chainedAt,
  chainMacAt,
  chainMacsAmong,
  lastLink,
  newestChainedRow,
  outsideChain,
} from './audit.queries.ts'
import { type AuditProblem, MOST_PROBLEMS, startVerification } from './chain-verification.ts'
import { chainPending } from './chain-writer.service.ts'
import type { ChainedEvent } from './chain.ts'
import {
  appendCheckpoint,
  type Checkpoint,
  type Checkpoints,
  newCheckpoint,
  readCheckpoints,
} from './checkpoint.service.ts'

export interface AuditReport {
  readonly ok: boolean
  /** How many events were read. */
  readonly checked: number
  /** How many checkpoints were compared; without any, a truncated log cannot be detected. */
  readonly checkpoints: number
  /** The path of the file of checkpoints. */
  readonly checkpointPath: string
  /** At most the first hundred. */
  readonly problems: readonly AuditProblem[]
}

type VerificationDeps = With<'db' | 'keyring'> & { readonly config: Pick<Config, 'dataDir' | 'databaseUrl'> }

const PAGE = 500

/**
 * Chains pending events, then reads the chain from its beginning and compares it with the checkpoints in the data folder, or with
 * those in `given`. Without a checkpoint, a truncated log and a chain recomputed with the right key cannot be detected.
 */
export async function verifyAudit(ctx: VerificationDeps, given?: Checkpoints): Promise<AuditReport> {
  // An inserted row at the end of the chain can make the chain writer fail; that row is then the problem to report.
  const failure = await chainPending(ctx).then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  const compared = given ?? (await readCheckpoints(ctx.config, ctx.keyring))
  const verification = startVerification(ctx.keyring, compared)
  for (let after = 0; ;) {
    const page = await pageAfter(ctx.db, after)
    const last = page.at(-1)
    if (!last) break
    verification.read(page)
    after = Number(last.position)
    // 500 MACs take some milliseconds, and a log has millions of events: requests are answered between the pages.
    await nextTurn()
  }
  verification.readOutside(await outsideChain(ctx.db, MOST_PROBLEMS))
  const { checked, problems } = verification.finish()
  if (problems.length === 0 && failure) throw failure.error
  const { checkpoints, path } = compared
  return { ok: problems.length === 0, checked, checkpoints: checkpoints.length, checkpointPath: path, problems }
}

export interface LastCheckpoint {
  readonly at: Instant
  /** Whether the log has the events of all recent checkpoints, unchanged. */
  readonly stands: boolean
}

/** Six weeks at one checkpoint an hour; limits the rows that one call reads. */
const RECENT = 1000

/** Returns the last checkpoint, after a comparison of the recent ones with the log; null if there is none. */
export async function lastCheckpoint({ db, keyring, config }: VerificationDeps): Promise<LastCheckpoint | null> {
  const { checkpoints } = await readCheckpoints(config, keyring)
  const recent = checkpoints.slice(-RECENT)
  const last = recent.at(-1)
  if (!last) return null
  const rows = await chainMacsAmong(db, [...new Set(recent.map(({ position }) => position))])
  const chainMacs = new Map(rows.map((row) => [row.position, row.chain_mac]))
  return { at: last.at, stands: recent.every(({ position, chainMac }) => chainMacs.get(position) === chainMac) }
}

/** Returns the next events, with all events at the position of the last one: the next page would skip a second row there. */
async function pageAfter(db: Database, after: number): Promise<ChainedEvent[]> {
  const page = await chainedAfter(db, after, PAGE)
  const end = page.at(-1)?.position ?? null
  if (end === null || page.length < PAGE) return page
  return [...page.filter(({ position }) => position !== end), ...(await chainedAt(db, end, PAGE))]
}

/** Returns the newest chained event; undefined if there is none. */
export function newestChained(db: Database): Promise<{ position: number; at: Instant } | undefined> {
  return newestChainedRow(db)
}

/**
 * Returns the last checkpoint if the log lacks its event: the database was rolled back to an earlier state while no server ran, by a
 * removed write-ahead log or a restored backup. Undefined if the log has it, or if there is no checkpoint.
 */
export async function missingCheckpoint({ db, keyring, config }: VerificationDeps): Promise<Checkpoint | undefined> {
  const { checkpoints } = await readCheckpoints(config, keyring)
  const last = checkpoints.at(-1)
  return last === undefined || (await chainMacAt(db, last.position)) === last.chainMac ? undefined : last
}

/** Writes a checkpoint of the current end, with which the next start compares; a verification still compares with all checkpoints. */
export async function acceptCurrentEnd(ctx: VerificationDeps & Pick<Dependencies, 'clock'>): Promise<void> {
  const { db, keyring, config, clock } = ctx
  await chainPending(ctx)
  const end = await lastLink(db)
  if (end) await appendCheckpoint(config, newCheckpoint(end, clock.now(), keyring))
}
