import type { With } from '../../context.ts'
import { useUpPresentSteps } from './state-rollback.queries.ts'

/** No code that was shown until now counts; the next one does, after a minute at most with the usual period. */
export function refusePresentCodes({ db, now }: With<'db' | 'now'>): Promise<void> {
  return useUpPresentSteps(db, Math.floor(now / 1000))
}
