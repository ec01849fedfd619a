// Who has which second step, from the kept counts of users that the check-up and the filters of the list read too.
import type { UserCounts } from '#domain/users/user-count.service.ts'

export type SecondStepKind = 'passkey' | 'app' | 'invited' | 'none'

export interface SecondSteps {
  /** All enabled users by their strongest second factor; the counts sum to the number of enabled users. */
  readonly parts: readonly { readonly kind: SecondStepKind; readonly count: number }[]
  /** Enabled users who have signed in or may do so: all but the invited. */
  readonly joined: number
  /** Those of them with a second factor. */
  readonly done: number
}

/** Splits the enabled users. Invited users cannot have a second factor yet, so they are a part of their own and miss nothing. */
export function secondSteps({ withPasskey, withApp, invited, noFactor }: UserCounts): SecondSteps {
  const done = withPasskey + withApp
  return {
    parts: [
      { kind: 'passkey', count: withPasskey },
      { kind: 'app', count: withApp },
      { kind: 'invited', count: invited },
      { kind: 'none', count: noFactor },
    ],
    joined: done + noFactor,
    done,
  }
}
