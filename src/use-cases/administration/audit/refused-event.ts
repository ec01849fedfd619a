// What the details of an audit event say about a refusal.
import type { AuditEvent } from '../../../domain/audit/audit.service.ts'
import type { EventDetails } from '../../../domain/audit/event.ts'
import { clientClassOf, guessedFactorOf, networkBucket, NETWORK_PREFIX } from '../../../domain/throttle/throttle.ts'
import type { ClientClass, GuessedFactor } from '../../../domain/throttle/throttle.ts'

/** A bucket in which a guess was counted. Its key is never shown: it contains the id of a browser. */
export interface CountedBucket {
  readonly key: string
  /** What is guessed; `network` for all that comes from one. */
  readonly kind: GuessedFactor | 'network'
  readonly clientClass: ClientClass
}

/** Whether a name was meant that somebody has, one that nobody has, or none. */
export type Meant = 'user' | 'no-user' | 'not-said'

/** Whether there is something to explain: it was refused, or it is why further tries have to wait. */
export function isRefusedEvent({ action, result }: Pick<AuditEvent, 'action' | 'result'>): boolean {
  return result === 'refused' || action === 'throttle.blocked'
}

export function meantIn({ action, target, reason, details }: AuditEvent): Meant {
  if (target !== null) return 'user'
  const isUnknownName = action === 'throttle.blocked' && textIn(details, 'bucket')?.startsWith('name:')
  return reason === 'unknown_user' || isUnknownName ? 'no-user' : 'not-said'
}

/** Those that were drawn from, the network's last: a stranger's try is counted there too. */
export function bucketsIn({ details }: Pick<AuditEvent, 'details'>): CountedBucket[] {
  const drawn = (textIn(details, 'buckets') ?? '').split(' ').filter((key) => key !== '')
  const closed = textIn(details, 'bucket')
  const network = textIn(details, 'network')
  const isStranger = drawn.some((key) => clientClassOf(key) === 'untrusted')
  const keys = [
    ...drawn,
    ...(closed === undefined ? [] : [closed]),
    ...(isStranger && network !== undefined ? [networkBucket(network)] : []),
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
