import type { With } from '../../context.ts'
import { useUpPresentSteps } from './state-rollback.queries.ts'

/** No code that was shown until now is accepted. With the usual period a new one is accepted after a minute at most. */
export function consumeCurrentSteps({ db, now }: With<'db' | 'now'>): Promise<void> {
  return useUpPresentSteps(db, Math.floor(now / 1000))
}
