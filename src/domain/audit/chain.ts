// The MAC chain through the audit log: its bytes, and whether a MAC fits them.
import { addressKeyIn, coreText, digestOf, readDetails } from './event.ts'
import type { Keyring } from '../../foundation/platform/crypto/keyring.ts'
import type { EventResult } from './event.ts'
import { minutes } from '../../foundation/kernel/time.ts'

/** HMAC-SHA-256 with the audit key: what the rules need of the keyring. */
export interface ChainKeys {
  readonly mac: (message: string) => { readonly keyId: string; readonly mac: string }
  /** Undefined when that key is not here. */
  readonly macWith: (keyId: string, message: string) => string | undefined
}

/** The audit key of a keyring. */
export function chainKeysOf(keyring: Pick<Keyring, 'mac' | 'macWith'>): ChainKeys {
  return {
    mac: (message) => keyring.mac('audit', message),
    macWith: (keyId, message) => keyring.macWith(keyId, message),
  }
}

export interface Link {
  readonly id: string
  readonly position: number
  readonly previousMac: string
  /** `<key id>.<HMAC over position, previous chain MAC and the event's own HMAC>` */
  readonly chainMac: string
}

/** A row of the log as it is found. */
export interface ChainedEvent {
  readonly id: string
  readonly at: number
  readonly action: string
  readonly actor: string | null
  readonly target: string | null
  readonly result: EventResult
  readonly reason: string | null
  readonly details_digest: string
  readonly details: string | null
  readonly address_key: string | null
  readonly key_id: string
  readonly mac: string
  readonly position: number | null
  readonly previous_mac: string | null
  readonly chain_mac: string | null
}

/** The chain MAC that the first event names as the one before it. */
const FIRST_PREVIOUS = ''

export interface ChainEnd {
  readonly position: number
  readonly chainMac: string
}

export const EMPTY_CHAIN: ChainEnd = { position: 0, chainMac: FIRST_PREVIOUS }

/** The links for the next events, in the order given. */
export function linksAfter(end: ChainEnd, events: readonly { id: string; mac: string }[], keys: ChainKeys): Link[] {
  const links: Link[] = []
  let { position, chainMac } = end
  for (const { id, mac } of events) {
    const previousMac = chainMac
    position += 1
    chainMac = macText(keys.mac(linkText(position, previousMac, mac)))
    links.push({ id, position, previousMac, chainMac })
  }
  return links
}

export function linkText(position: number, previousMac: string, mac: string): string {
  return JSON.stringify([position, previousMac, mac])
}

/** The stored form of a chain MAC and of a checkpoint's MAC: `<key id>.<HMAC>`. */
export function macText({ keyId, mac }: { keyId: string; mac: string }): string {
  return `${keyId}.${mac}`
}

export type Match = 'right' | 'wrong' | 'unknown-key'

/** Whether a `<key id>.<HMAC>` was made over the message with a key that is here. */
export function matchMac(keys: ChainKeys, stored: string | null, message: string): Match {
  const [keyId, mac] = splitOnce(stored ?? '')
  const wanted = keys.macWith(keyId, message)
  if (wanted === undefined) return 'unknown-key'
  return wanted === mac ? 'right' : 'wrong'
}

/** Whether the event is as it was written. */
export function matchCore(keys: ChainKeys, event: ChainedEvent): Match {
  const wanted = keys.macWith(event.key_id, coreText({ ...event, detailsDigest: event.details_digest }))
  if (wanted === undefined) return 'unknown-key'
  return wanted === event.mac ? 'right' : 'wrong'
}

/**
 * Whether details and digest agree. Erased details do; altered ones do not fit the digest, which the MAC covers. The address key
 * repeats the address of the details. No MAC covers it, so it must be that of the details, or null where they are erased.
 */
export function detailsFit(event: ChainedEvent): boolean {
  if (event.details === null) return event.address_key === null
  const read = readDetails(event.details)
  if (read === undefined || digestOf(read.salt, read.details) !== event.details_digest) return false
  return addressKeyIn(read.details) === event.address_key
}

/**
 * Whether the event was chained at another position than it stands at: its chain MAC fits the position of an event nearby, or
 * was made for an event nearby.
 */
export function standsElsewhere(keys: ChainKeys, event: ChainedEvent, nearby: readonly ChainedEvent[]): boolean {
  const { position, previous_mac: previousMac, mac, chain_mac: chainMac } = event
  const fits = (at: number | null, of: string): boolean =>
    matchMac(keys, chainMac, linkText(at ?? 0, previousMac ?? '', of)) === 'right'
  return nearby.some((other) => fits(other.position, mac) || fits(position, other.mac))
}

function splitOnce(text: string): [before: string, after: string] {
  const dot = text.lastIndexOf('.')
  return [text.slice(0, dot), text.slice(dot + 1)]
}

/** The chain writer works twice a second: after such a wait it has failed a hundred times. */
export const WORST_CHAIN_LAG = minutes(1)
