import type { Config } from '../../../foundation/platform/config/types.ts'
import { OFFERED_ALGORITHMS } from './cose-key.ts'

/** Who asks for passkeys: browsers keep them for one `id`, and tell in each answer the origin that asked. */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
  /** COSE algorithm numbers, the preferred one first. */
  readonly algorithms: readonly number[]
}

/** The id is the host of the public URL and nothing wider, so that no neighbour on the domain can ask for them. */
export function relyingPartyOf({ publicUrl }: Pick<Config, 'publicUrl'>): RelyingParty {
  const { hostname, origin } = new URL(publicUrl)
  return { id: hostname, origin, algorithms: OFFERED_ALGORITHMS }
}

/**
 * Whether browsers make passkeys for this address at all: a name rather than a number, and https, unless it is this
 * machine's own (WebAuthn Level 3 §5.1.3, Secure Contexts §3.1).
 */
export function canHavePasskeys({ publicUrl }: Pick<Config, 'publicUrl'>): boolean {
  const { hostname, protocol } = new URL(publicUrl)
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  return protocol === 'https:' && !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname)
}
