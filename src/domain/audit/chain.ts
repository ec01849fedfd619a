// The MAC chain of the audit log: the bytes under each MAC, and the comparison of stored MACs with them.
import { minutes } from '#foundation/kernel/time.ts'
import type { Keyring } from '#foundation/platform/crypto/keyring.ts'
import type { AuditEventTable } from '#foundation/platform/database/schema.ts'
import { endingText } from './ending.ts'
import { coreText, digestOf, ipAddressKeyIn, readDetails } from './event.ts'

/** HMAC-SHA-256 with the keys of a keyring, new MACs with its audit key. */
export type ChainKeys = Pick<Keyring, 'mac' | 'macWith'>

export interface Link {
  readonly id: string
  readonly position: number
  readonly previousMac: string
  /** `<key id>.<HMAC over position, previous chain MAC and the event's own HMAC>` */
  readonly chainMac: string
}

/** A stored row of the log. */
export type ChainedEvent = Readonly<AuditEventTable>

export type ChainEnd = Pick<Link, 'position' | 'chainMac'>

/** The previous chain MAC of the first event is empty. */
export const EMPTY_CHAIN: ChainEnd = { position: 0, chainMac: '' }

/** Returns the links of these events, in their order, after the end of the chain. */
export function linksAfter(end: ChainEnd, events: readonly { id: string; mac: string }[], keys: ChainKeys): Link[] {
  const links: Link[] = []
  let { position, chainMac } = end
  for (const { id, mac } of events) {
    const previousMac = chainMac
    position += 1
    chainMac = macText(keys, linkText(position, previousMac, mac))
    links.push({ id, position, previousMac, chainMac })
  }
  return links
}

/** Returns the bytes under a chain MAC. */
export function linkText(position: number, previousMac: string, mac: string): string {
  return JSON.stringify([position, previousMac, mac])
}

/** Returns the stored form of a chain MAC and of a checkpoint's MAC: `<key id>.<HMAC>`. */
export function macText(keys: ChainKeys, message: string): string {
  const { keyId, mac } = keys.mac('audit', message)
  return `${keyId}.${mac}`
}

type Match = 'right' | 'wrong' | 'unknown-key'

/** Compares a stored `<key id>.<HMAC>` with the HMAC of the message under that key. */
export function matchMac(keys: ChainKeys, stored: string | null, message: string): Match {
  const text = stored ?? ''
  const dot = text.lastIndexOf('.')
  return compare(keys.macWith(text.slice(0, dot), message), text.slice(dot + 1))
}

function compare(wanted: string | undefined, mac: string): Match {
  if (wanted === undefined) return 'unknown-key'
  return wanted === mac ? 'right' : 'wrong'
}

/** Compares the event's own MAC with its fields. */
export function matchCore(keys: ChainKeys, event: ChainedEvent): Match {
  const text = coreText({ ...event, detailsDigest: event.details_digest })
  return compare(keys.macWith(event.key_id, text), event.mac)
}

/**
 * Compares what an event says about what it ends with the MAC of that. An event of a version before these columns has none of them; one from which
 * all of them were removed reads like such a one, and then counts as an end of its whole target.
 */
export function matchEnding(keys: ChainKeys, event: ChainedEvent): Match {
  const text = endingText(event.id, event)
  if (text === undefined || event.ending_mac === null)
    return text === undefined && event.ending_mac === null ? 'right' : 'wrong'
  return matchMac(keys, event.ending_mac, text)
}

/**
 * Whether the details match their digest, which the event's MAC covers; erased details do. No MAC covers the key of the IP address, so it
 * must be that of the IP address in the details, or null if they are erased.
 */
export function detailsMatchDigest(event: ChainedEvent): boolean {
  if (event.details === null) return event.address_key === null
  const read = readDetails(event.details)
  if (read === undefined || digestOf(read.salt, read.details) !== event.details_digest) return false
  return ipAddressKeyIn(read.details) === event.address_key
}

/**
 * Whether the event was chained at another position than its current one: its chain MAC matches the position of an event nearby, or the
 * MAC of an event nearby.
 */
export function isMoved(keys: ChainKeys, event: ChainedEvent, nearby: readonly ChainedEvent[]): boolean {
  const { position, previous_mac: previousMac, mac, chain_mac: chainMac } = event
  const matches = (at: number | null, of: string): boolean =>
    matchMac(keys, chainMac, linkText(at ?? 0, previousMac ?? '', of)) === 'right'
  return nearby.some((other) => matches(other.position, mac) || matches(position, other.mac))
}

/** The lag that is reported as a problem, in milliseconds: the chain writer, which runs twice a second, has then failed 100 times. */
export const WORST_CHAIN_LAG = minutes(1)
