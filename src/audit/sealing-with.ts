import type { Keyring } from '../platform/keyring.ts'
import type { Sealing } from './chain.ts'

/** What the rules of the chain need of the keyring. */
export function sealingWith(keyring: Keyring): Sealing {
  return {
    mac: (message) => keyring.mac('audit', message),
    macWith: (keyId, message) => keyring.macWith(keyId, message),
  }
}
