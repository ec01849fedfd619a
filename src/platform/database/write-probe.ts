// Whether this process can write to its database: reading still works when a disk is full or a server became read-only.
import { seconds } from '../../kernel/time.ts'
import type { Logger } from '../logger.ts'
import { isBusy } from './errors.ts'
import type { Database } from './schema.ts'
import { runInTransaction } from './transaction.ts'

export interface Probed {
  readonly db: Database
  readonly log: Pick<Logger, 'info' | 'error'>
}

export interface WriteProbe {
  /** Ends the timer and waits for the probe under way. */
  stop(): Promise<void>
}

const EVERY = seconds(10)

const failed = new WeakSet<Database>()

/** Whether the last probe of this database could write; true if none was made yet. */
export function isWritable(db: Database): boolean {
  return !failed.has(db)
}

/** Probes at once, and again ten seconds after each probe ended. */
export function startWriteProbe(probed: Probed): WriteProbe {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const turn = async (): Promise<void> => {
    await probeWriting(probed)
    if (isStopped) return
    timer = setTimeout(() => {
      working = turn()
    }, EVERY).unref()
  }
  let working = turn()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      return working
    },
  }
}

/** One small write to the disk. Logs when the outcome is another than before; never throws. */
export async function probeWriting({ db, log }: Probed): Promise<void> {
  try {
    await writeAndRemove(db)
    if (failed.delete(db)) log.info('the database can be written again')
  } catch (error) {
    // Another writer holds the lock, so the database can be written.
    if (isBusy(error)) return
    if (isWritable(db)) log.error({ err: error }, 'the database cannot be written: this node is not ready')
    failed.add(db)
  }
}

/** A row that is never visible to others. An update with the values that are there already would not reach the file on SQLite. */
async function writeAndRemove(db: Database): Promise<void> {
  const id = -1 - Math.floor(Math.random() * MOST_IDS)
  await runInTransaction(db, async (trx) => {
    await trx.insertInto('schema_version').values({ id, version: 0, oldest_program: 0, changed_at: 0 }).execute()
    await trx.deleteFrom('schema_version').where('id', '=', id).execute()
  })
}

/** If two nodes choose the same number, one waits for the other. */
const MOST_IDS = 1_000_000
