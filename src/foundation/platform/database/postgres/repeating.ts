import { setTimeout as sleep } from 'node:timers/promises'

import { Refusal } from '../../../kernel/refusal.ts'
import { isWorthRepeating } from '../errors.ts'

const MOST_RUNS = 5
const LONGEST_PAUSE = 20

/**
 * Runs `once`, a transaction or a statement outside one, up to five times: again if PostgreSQL aborted it (serialization failure,
 * deadlock) or a pooler lost a prepared statement. A failed run has written nothing, so `once` must have no effects but its queries.
 * Throws the error of the last run.
 */
export async function repeating<Result>(once: () => Promise<Result>, run = 1): Promise<Result> {
  try {
    return await once()
  } catch (error) {
    if (run === MOST_RUNS || !isWorthRepeating(error instanceof Refusal ? error.cause : error)) throw error
  }
  await sleep(Math.random() * LONGEST_PAUSE * run)
  return repeating(once, run + 1)
}
