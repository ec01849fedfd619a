import type { With } from '../../foundation/context.ts'
import { raiseEveryEpoch } from './user.queries.ts'

/** Ends all sessions, sign-in attempts and links of all users. Call it inside the transaction that records the reason. */
export function raiseAllCredentialEpochs({ db }: With<'db'>): Promise<void> {
  return raiseEveryEpoch(db)
}
