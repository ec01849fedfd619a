// What an audit event says about a refusal.
// Tested in test/stories/refusal-reference.test.ts.
import type { AuditEvent } from '#domain/audit/audit.service.ts'
import type { EventDetails } from '#domain/audit/event.ts'
import {
  type ClientClass,
  clientClassOf,
  type GuessedFactor,
  guessedFactorOf,
  NETWORK_PREFIX,
  networkBucket,
} from '#domain/throttle/throttle.ts'

export const REFUSED_EVENTS_PATH = '/admin/refusals'

export function refusedEventPath(id: string): string {
  return `${REFUSED_EVENTS_PATH}/${encodeURIComponent(id)}`
}

/** A bucket in which a guess was counted. Its key is never shown, since it contains the id of a device cookie. */
export interface CountedBucket {
  readonly key: string
  /** The guessed factor; `network` for the bucket of a network. */
  readonly kind: GuessedFactor | 'network'
  readonly clientClass: ClientClass
}

/** Whether the request named a user, an unknown user, or none. */
export type Meant = 'user' | 'no-user' | 'not-said'

/** Whether the event has a page that explains it: a refusal, or a bucket that blocks further guesses. */
export function isRefusedEvent({ action, result }: Pick<AuditEvent, 'action' | 'result'>): boolean {
  return result === 'refused' || action === 'throttle.blocked'
}

/** Whether a command on the server's own machine made the event. */
export function isByOperator({ details }: Pick<AuditEvent, 'details'>): boolean {
  return details?.['door'] === 'cli'
}

/** Whether the refused request named a user; an unknown name is known from the reason or from the blocked bucket. */
export function meantIn({ action, target, reason, details }: AuditEvent): Meant {
  if (target !== null) return 'user'
  const isUnknownName = action === 'throttle.blocked' && textIn(details, 'bucket')?.startsWith('name:')
  return reason === 'unknown_user' || isUnknownName ? 'no-user' : 'not-said'
}

/** The buckets in which the guess was counted, the network's last: it counts guesses of untrusted clients only. */
export function bucketsIn({ details }: Pick<AuditEvent, 'details'>): CountedBucket[] {
  const counted = (textIn(details, 'buckets') ?? '').split(' ').filter((key) => key !== '')
  const blocked = textIn(details, 'bucket')
  const network = textIn(details, 'network')
  const isUntrusted = counted.some((key) => clientClassOf(key) === 'untrusted')
  const keys = [
    ...counted,
    ...(blocked === undefined ? [] : [blocked]),
    ...(isUntrusted && network !== undefined ? [networkBucket(network)] : []),
  ]
  return keys.map(countedBucket)
}

function countedBucket(key: string): CountedBucket {
  if (key.startsWith(NETWORK_PREFIX)) return { key, kind: 'network', clientClass: 'untrusted' }
  return { key, kind: guessedFactorOf(key) ?? 'password', clientClass: clientClassOf(key) }
}

export function textIn(details: EventDetails | null, name: string): string | undefined {
  const value = details?.[name]
  return typeof value === 'string' ? value : undefined
}

export function numberIn(details: EventDetails | null, name: string): number | null {
  const value = details?.[name]
  return typeof value === 'number' ? value : null
}
