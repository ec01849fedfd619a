// Who has which second step, from the kept counts of users that the check-up and the filters of the list read too.
import type { UserCounts } from '#domain/users/user-count.service.ts'

export type SecondStepKind = 'passkey' | 'app' | 'none'

export interface SecondSteps {
  /** Those who joined, by their strongest second factor; the counts sum to `joined`. */
  readonly parts: readonly { readonly kind: SecondStepKind; readonly count: number }[]
  /** Enabled users who have signed in or may do so: all but the invited. With the invited and the disabled they are all users. */
  readonly joined: number
  /** Those of them with a second factor. */
  readonly done: number
}

/** Splits those who joined. Invited users cannot have a second factor yet, so they miss nothing and are not counted. */
export function secondSteps({ withPasskey, withApp, noFactor }: UserCounts): SecondSteps {
  const done = withPasskey + withApp
  return {
    parts: [
      { kind: 'passkey', count: withPasskey },
      { kind: 'app', count: withApp },
      { kind: 'none', count: noFactor },
    ],
    joined: done + noFactor,
    done,
  }
}
