import type { Keyring } from '../../foundation/platform/crypto/keyring.ts'
import type { ChainKeys } from './chain.ts'

/** What the rules of the chain need of the keyring. */
export function sealingWith(keyring: Keyring): ChainKeys {
  return {
    mac: (message) => keyring.mac('audit', message),
    macWith: (keyId, message) => keyring.macWith(keyId, message),
  }
}
