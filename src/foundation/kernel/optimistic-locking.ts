// Optimistic locking: a write names the state that was read, so that it does not overwrite a parallel change (lost update).
import { Refusal } from './refusal.ts'

const MAX_RUNS = 5

/** Throws `resource.stale` if the resource, as it is stored now, differs from what the client has read: by `If-Match`, or in a form. */
export type Precondition<Resource> = (current: Resource) => void

/** Returns the precondition that a resource still has the tag that a form showed; undefined for a form without a tag. */
export function matchesForm<Resource>(
  shownTag: string | undefined,
  tag: (current: Resource) => string,
): Precondition<Resource> | undefined {
  if (shownTag === undefined) return undefined
  return (current) => {
    if (tag(current) !== shownTag) throw new Refusal('resource.stale')
  }
}

/**
 * Thrown by a write that finds another revision than the one that was read. `retryOnConflict` repeats the work; where nothing does, it is
 * the refusal `service.busy`, since the same request succeeds when it is sent again.
 */
export class LostUpdate extends Refusal {
  constructor(options?: ErrorOptions) {
    super('service.busy', { retryAfter: 1 }, options)
  }
}

/**
 * Runs a read–decide–write, and repeats it after a lost update: up to five runs, of which each must read again, in a transaction of its
 * own. A precondition is checked in each run, so a repetition never overwrites what the client has not read. `work` gets the number of
 * conflicts so far. Throws `service.busy` after the last run.
 */
export async function retryOnConflict<Result>(
  work: (conflicts: number) => Promise<Result>,
  conflicts = 0,
): Promise<Result> {
  try {
    return await work(conflicts)
  } catch (error) {
    if (!(error instanceof LostUpdate) || conflicts === MAX_RUNS - 1) throw error
  }
  return retryOnConflict(work, conflicts + 1)
}
