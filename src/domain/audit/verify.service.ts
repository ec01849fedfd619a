// Reads the whole chain and names what was done to it.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { With } from '../../foundation/context.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import type { Database } from '../../foundation/platform/database/schema.ts'
import { headPathOf, readCheckpoints } from './checkpoint.service.ts'
import type { NotedHeads } from './checkpoint.service.ts'
import { newestSealedRow, sealedAfter, sealedAt, sealedNowhere } from './audit.queries.ts'
import type { SealedEvent } from './chain.ts'
import { MOST_PROBLEMS, startVerification } from './chain-verification.ts'
import type { AuditProblem } from './chain-verification.ts'
import { sealsAmong } from './audit.queries.ts'
import { chainPending } from './chain-writer.service.ts'
import { sealingWith } from './sealing-with.ts'

export interface AuditReport {
  readonly ok: boolean
  /** How many events were read. */
  readonly checked: number
  /** How many noted heads they were compared with; with none, a cut end cannot be seen. */
  readonly heads: number
  /** The file those are noted in. */
  readonly headPath: string
  /** The first hundred at most. */
  readonly problems: readonly AuditProblem[]
}

type Verifying = With<'db' | 'keyring'> & { readonly config: Pick<Config, 'dataDir' | 'databaseUrl'> }

const PAGE = 500

/**
 * Seals what is pending, then reads the chain from its beginning and compares it with the heads noted in the data folder,
 * or with those that are given. Without a noted head a cut end, and a chain made anew with the right key, cannot be seen.
 */
export async function verifyAudit(ctx: Verifying, given?: NotedHeads): Promise<AuditReport> {
  // What somebody put at the end of the chain can keep the sealer from going on; then that is what has to be told.
  const unsealed = await chainPending(ctx).then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  const sealing = sealingWith(ctx.keyring)
  const noted = given ?? (await readCheckpoints(await headPathOf(ctx.config), sealing))
  const judging = startVerification(sealing, noted)
  for (let after = 0; ;) {
    const page = await pageAfter(ctx.db, after)
    const last = page.at(-1)
    if (!last) break
    judging.read(page)
    after = Number(last.position)
    // 500 MACs take some milliseconds, and a log has millions of events.
    await nextTurn()
  }
  judging.readStrays(await sealedNowhere(ctx.db, MOST_PROBLEMS))
  const { checked, problems } = judging.finish()
  if (problems.length === 0 && unsealed) throw unsealed.error
  return { ok: problems.length === 0, checked, heads: noted.heads.length, headPath: noted.path, problems }
}

export interface LastHead {
  /** When a head was noted last. */
  readonly at: Instant
  /** Whether the log has the ends that were noted last. */
  readonly stands: boolean
}

/** Noted once an hour these are six weeks. One look reads as many rows. */
const RECENT = 1000

/** The last noted head; the recent ones are compared with the log. Null where none is noted. */
export async function lastHead({ db, keyring, config }: Verifying): Promise<LastHead | null> {
  const { heads } = await readCheckpoints(await headPathOf(config), sealingWith(keyring))
  const recent = heads.slice(-RECENT)
  const last = recent.at(-1)
  if (!last) return null
  const rows = await sealsAmong(db, [...new Set(recent.map(({ position }) => position))])
  const seals = new Map(rows.map(({ position, seal }) => [position, seal]))
  return { at: last.at, stands: recent.every(({ position, seal }) => seals.get(position) === seal) }
}

/** The next events, with all that stand where the last of them does: what a page left there the next would pass over. */
async function pageAfter(db: Database, after: number): Promise<SealedEvent[]> {
  const page = await sealedAfter(db, after, PAGE)
  const end = page.at(-1)?.position ?? null
  if (end === null || page.length < PAGE) return page
  return [...page.filter(({ position }) => position !== end), ...(await sealedAt(db, end, PAGE))]
}

/** The newest event that has a seal; undefined where none has. */
export function newestSealed(db: Database): Promise<{ position: number; at: Instant } | undefined> {
  return newestSealedRow(db)
}
