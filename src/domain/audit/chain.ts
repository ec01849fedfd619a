// The MAC chain of the audit log: the bytes under each MAC, and the comparison of stored MACs with them.
import { addressKeyIn, coreText, digestOf, readDetails } from './event.ts'
import type { Keyring } from '../../foundation/platform/crypto/keyring.ts'
import type { EventResult } from './event.ts'
import { minutes } from '../../foundation/kernel/time.ts'

/** HMAC-SHA-256 with the audit keys of a keyring. */
export interface ChainKeys {
  readonly mac: (message: string) => { readonly keyId: string; readonly mac: string }
  /** Undefined if the keyring lacks that key. */
  readonly macWith: (keyId: string, message: string) => string | undefined
}

/** Returns the audit keys of a keyring. */
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

/** A stored row of the log. */
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

/** The previous chain MAC of the first event. */
const FIRST_PREVIOUS = ''

export interface ChainEnd {
  readonly position: number
  readonly chainMac: string
}

export const EMPTY_CHAIN: ChainEnd = { position: 0, chainMac: FIRST_PREVIOUS }

/** Returns the links of these events, in their order, after the end of the chain. */
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

/** Returns the bytes under a chain MAC. */
export function linkText(position: number, previousMac: string, mac: string): string {
  return JSON.stringify([position, previousMac, mac])
}

/** The stored form of a chain MAC and of a checkpoint's MAC: `<key id>.<HMAC>`. */
export function macText({ keyId, mac }: { keyId: string; mac: string }): string {
  return `${keyId}.${mac}`
}

export type Match = 'right' | 'wrong' | 'unknown-key'

/** Compares a stored `<key id>.<HMAC>` with the HMAC of the message under that key. */
export function matchMac(keys: ChainKeys, stored: string | null, message: string): Match {
  const [keyId, mac] = splitOnce(stored ?? '')
  const wanted = keys.macWith(keyId, message)
  if (wanted === undefined) return 'unknown-key'
  return wanted === mac ? 'right' : 'wrong'
}

/** Compares the event's own MAC with its fields. */
export function matchCore(keys: ChainKeys, event: ChainedEvent): Match {
  const wanted = keys.macWith(event.key_id, coreText({ ...event, detailsDigest: event.details_digest }))
  if (wanted === undefined) return 'unknown-key'
  return wanted === event.mac ? 'right' : 'wrong'
}

/**
 * Whether the details match their digest, which the event's MAC covers; erased details do. No MAC covers the address key, so it must be
 * that of the IP address in the details, or null if they are erased.
 */
export function detailsMatchDigest(event: ChainedEvent): boolean {
  if (event.details === null) return event.address_key === null
  const read = readDetails(event.details)
  if (read === undefined || digestOf(read.salt, read.details) !== event.details_digest) return false
  return addressKeyIn(read.details) === event.address_key
}

/**
 * Whether the event was chained at another position than its present one: its chain MAC matches the position of an event nearby, or the
 * MAC of an event nearby.
 */
export function isMoved(keys: ChainKeys, event: ChainedEvent, nearby: readonly ChainedEvent[]): boolean {
  const { position, previous_mac: previousMac, mac, chain_mac: chainMac } = event
  const matches = (at: number | null, of: string): boolean =>
    matchMac(keys, chainMac, linkText(at ?? 0, previousMac ?? '', of)) === 'right'
  return nearby.some((other) => matches(other.position, mac) || matches(position, other.mac))
}

function splitOnce(text: string): [before: string, after: string] {
  const dot = text.lastIndexOf('.')
  return [text.slice(0, dot), text.slice(dot + 1)]
}

/** The lag that is reported as a problem, in milliseconds: the chain writer, which runs twice a second, has then failed 100 times. */
export const WORST_CHAIN_LAG = minutes(1)
