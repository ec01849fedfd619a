// The keyed chain through the audit log: how it is made and what a break in it means.
import { addressKeyIn, coreText, digestOf, readDetails } from './event.ts'
import type { EventResult } from './event.ts'

/** HMAC-SHA-256 with the audit key: what the rules need of the keyring. */
export interface ChainKeys {
  readonly mac: (message: string) => { readonly keyId: string; readonly mac: string }
  /** Undefined when that key is not here. */
  readonly macWith: (keyId: string, message: string) => string | undefined
}

export interface Link {
  readonly id: string
  readonly position: number
  readonly previous: string
  /** `<key id>.<HMAC over position, previous seal and the event's own HMAC>` */
  readonly seal: string
}

/** A row of the log as it is found. */
export interface SealedEvent {
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
  readonly previous: string | null
  readonly seal: string | null
}

/** What the first event names as the seal before it. */
const FIRST_PREVIOUS = ''

export interface ChainEnd {
  readonly position: number
  readonly seal: string
}

export const EMPTY_CHAIN: ChainEnd = { position: 0, seal: FIRST_PREVIOUS }

/** The links for the next events, in the order given. */
export function linksAfter(end: ChainEnd, events: readonly { id: string; mac: string }[], sealing: ChainKeys): Link[] {
  const links: Link[] = []
  let { position, seal } = end
  for (const { id, mac } of events) {
    const previous = seal
    position += 1
    seal = macText(sealing.mac(linkText(position, previous, mac)))
    links.push({ id, position, previous, seal })
  }
  return links
}

export function linkText(position: number, previous: string, mac: string): string {
  return JSON.stringify([position, previous, mac])
}

/** A seal or the mark of a head: the key's id and the HMAC. */
export function macText({ keyId, mac }: { keyId: string; mac: string }): string {
  return `${keyId}.${mac}`
}

export type Match = 'right' | 'wrong' | 'unknown-key'

/** Whether a `<key id>.<HMAC>` was made over the message with a key that is here. */
export function matchSeal(sealing: ChainKeys, seal: string | null, message: string): Match {
  const [keyId, mac] = splitOnce(seal ?? '')
  const wanted = sealing.macWith(keyId, message)
  if (wanted === undefined) return 'unknown-key'
  return wanted === mac ? 'right' : 'wrong'
}

/** Whether the event is as it was written. */
export function matchCore(sealing: ChainKeys, event: SealedEvent): Match {
  const wanted = sealing.macWith(event.key_id, coreText({ ...event, detailsDigest: event.details_digest }))
  if (wanted === undefined) return 'unknown-key'
  return wanted === event.mac ? 'right' : 'wrong'
}

/**
 * Erased details are fine; altered ones do not fit the digest that is sealed. The key of their address is a copy of what
 * they say: no seal covers it, but beside details that fit it can only be theirs, and beside erased ones it is erased too.
 */
export function detailsFit(event: SealedEvent): boolean {
  if (event.details === null) return event.address_key === null
  const read = readDetails(event.details)
  if (read === undefined || digestOf(read.salt, read.details) !== event.details_digest) return false
  return addressKeyIn(read.details) === event.address_key
}

/**
 * Whether the event was sealed at another place than it stands: its own seal fits another position, or the seal that
 * stands here was made for another event nearby.
 */
export function standsElsewhere(sealing: ChainKeys, event: SealedEvent, nearby: readonly SealedEvent[]): boolean {
  const { position, previous, mac, seal } = event
  const fits = (at: number | null, of: string): boolean =>
    matchSeal(sealing, seal, linkText(at ?? 0, previous ?? '', of)) === 'right'
  return nearby.some((other) => fits(other.position, mac) || fits(position, other.mac))
}

function splitOnce(text: string): [before: string, after: string] {
  const dot = text.lastIndexOf('.')
  return [text.slice(0, dot), text.slice(dot + 1)]
}
