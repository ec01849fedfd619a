import type { With } from '../../foundation/context.ts'
import { raiseEveryEpoch } from './user.queries.ts'

/** Signs everybody out and ends their attempts and links; call it inside the transaction that notes why. */
export function endAllCarriers({ db }: With<'db'>): Promise<void> {
  return raiseEveryEpoch(db)
}
