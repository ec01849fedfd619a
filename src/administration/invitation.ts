import type { Secret } from '../kernel/secret.ts'
import type { Instant } from '../kernel/time.ts'

/** A link that lets one person set their password and second step; whoever holds it until then can do the same. */
export interface Invitation {
  readonly token: Secret
  readonly expiresAt: Instant
}

/** Where the invited person opens it. */
export function invitationUrl({ publicUrl }: { readonly publicUrl: string }, token: Secret): string {
  return `${publicUrl}/invitation/${token.reveal()}`
}
