// The relying party of WebAuthn, from the public URL. Tested in passkey.test.ts.
import type { Config } from '#foundation/platform/config/types.ts'
import { OFFERED_ALGORITHMS } from './cose-key.ts'

/** The relying party: browsers store passkeys for its `id`, and name the requesting origin in each response. */
export interface RelyingParty {
  readonly id: string
  readonly origin: string
  /** COSE algorithm numbers, the preferred one first. */
  readonly algorithms: readonly number[]
}

/** Returns the relying party. Its id is the full host of the public URL, so that no sibling domain can request the passkeys. */
export function relyingPartyOf({ publicUrl }: Pick<Config, 'publicUrl'>): RelyingParty {
  const { hostname, origin } = new URL(publicUrl)
  return { id: hostname, origin, algorithms: OFFERED_ALGORITHMS }
}

/**
 * Whether browsers create passkeys for this URL: its host must be a domain, not an IP address, and its scheme https, except for localhost
 * (WebAuthn Level 3 §5.1.3, Secure Contexts §3.1).
 */
export function canHavePasskeys({ publicUrl }: Pick<Config, 'publicUrl'>): boolean {
  const { hostname, protocol } = new URL(publicUrl)
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true
  return protocol === 'https:' && !hostname.startsWith('[') && !/^[\d.]+$/.test(hostname)
}
