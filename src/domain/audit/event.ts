// Every event of the audit log, and the bytes under its MAC.
import { hash } from 'node:crypto'
import { addressKey } from '../../foundation/kernel/address-key.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import type { AddressRange } from '../../foundation/kernel/address-range.ts'

interface EventEntry {
  /** What happened, for people; the target and the actor stand beside it. */
  readonly sentence: string
  /** The same when it was refused. */
  readonly refused?: string
}

export const EVENTS = {
  'sign_in.succeeded': { sentence: 'Signed in' },
  'sign_in.refused': { sentence: 'Sign-in refused', refused: 'Sign-in refused' },
  'sign_in.second_step_refused': { sentence: 'Second step refused', refused: 'Second step refused' },
  'access.refused': { sentence: 'Access refused', refused: 'Access refused' },
  'session.ended': { sentence: 'Session ended' },
  'session.reauthenticated': { sentence: 'Proved again who they are' },
  'session.reauthentication_refused': { sentence: 'Proof refused', refused: 'Proof refused' },
  'user.created': { sentence: 'User created' },
  'user.changed': { sentence: 'User changed', refused: 'Change of user refused' },
  'user.renamed': { sentence: 'Username changed' },
  'user.disabled': { sentence: 'User disabled', refused: 'Disabling refused' },
  'user.enabled': { sentence: 'User enabled' },
  'user.deleted': { sentence: 'User deleted', refused: 'Deletion refused' },
  'user.signed_out': { sentence: 'Signed out everywhere' },
  'password.changed': { sentence: 'Password changed', refused: 'Password change refused' },
  'password.set': { sentence: 'Password set' },
  'password.change_asked': { sentence: 'Asked for a new password' },
  'password.dropped': { sentence: 'Password dropped: the key mixed into it is lost' },
  'password.upgraded': { sentence: 'Password stored with the current scheme' },
  'totp.sealed': { sentence: 'Authenticator app secret sealed' },
  'totp.enrolment_started': {
    sentence: 'Authenticator app set-up started',
    refused: 'Set-up of an authenticator app refused',
  },
  'totp.confirmed': { sentence: 'Authenticator app confirmed', refused: 'Authenticator app not confirmed' },
  'totp.removed': { sentence: 'Authenticator app removed', refused: 'Removal of authenticator app refused' },
  'totp.renamed': { sentence: 'Authenticator app renamed' },
  'totp.reset': { sentence: 'Second step reset' },
  'passkey.registered': { sentence: 'Passkey registered', refused: 'Passkey not registered' },
  'recovery_codes.made': { sentence: 'Recovery codes made', refused: 'Recovery codes not made' },
  'passkey.renamed': { sentence: 'Passkey renamed' },
  'passkey.removed': { sentence: 'Passkey removed', refused: 'Removal of passkey refused' },
  'api_token.created': { sentence: 'API token made', refused: 'API token not made' },
  'api_token.revoked': { sentence: 'API token revoked' },
  'invitation.issued': { sentence: 'Invitation issued' },
  'invitation.accepted': { sentence: 'Invitation accepted' },
  'setup.link_issued': { sentence: 'Set-up link issued' },
  'setup.completed': { sentence: 'Set-up completed', refused: 'Set-up refused' },
  'throttle.blocked': { sentence: 'Too many tries: further ones have to wait' },
  'throttle.unblocked': { sentence: 'Tries accepted again' },
  'key.forgotten': { sentence: 'Key forgotten' },
  'database.upgraded': { sentence: 'Database adopted' },
  'database.rolled_back': { sentence: 'Database older than its audit log: all users signed out' },
  'audit.exported': { sentence: 'Audit log exported' },
} as const satisfies Record<string, EventEntry>

export type EventAction = keyof typeof EVENTS

/** The present name of each action that events were stored under before. The stored name is under a MAC, so it stays. */
const RENAMED_ACTIONS: Readonly<Record<string, EventAction>> = {
  'session.proof_given': 'session.reauthenticated',
  'session.proof_refused': 'session.reauthentication_refused',
  'throttle.closed': 'throttle.blocked',
  'throttle.opened': 'throttle.unblocked',
  'database.adopted': 'database.upgraded',
}

/** The same for reasons. */
const RENAMED_REASONS: Readonly<Record<string, string>> = {
  proof_needed: 'reauthentication_required',
  token_not_enough: 'session_required',
  scope_missing: 'insufficient_scope',
  wait: 'backoff',
  shut: 'lockout',
}

/** The present name of a stored action. */
export function presentAction(stored: string): string {
  return presentName(RENAMED_ACTIONS, stored)
}

/** The present name of a stored reason. */
export function presentReason(stored: string | null): string | null {
  return stored === null ? null : presentName(RENAMED_REASONS, stored)
}

/** All names under which events of this action are stored. */
export function storedActions(action: string): string[] {
  return [action, ...Object.keys(RENAMED_ACTIONS).filter((stored) => RENAMED_ACTIONS[stored] === action)]
}

function presentName(names: Readonly<Record<string, string>>, stored: string): string {
  return Object.hasOwn(names, stored) ? (names[stored] ?? stored) : stored
}

export type EventResult = 'done' | 'refused'
export type EventDetails = Readonly<Record<string, string | number | boolean | null>>

/** Who did what to whom, when, and how it ended. */
export interface EventFacts {
  readonly id: string
  readonly at: Instant
  /** One of `EVENTS`, or of those of a newer program. */
  readonly action: string
  /** The subject of the doer; null for a stranger, the operator and the program itself. */
  readonly actor: string | null
  /** The subject of the user it happened to. */
  readonly target: string | null
  readonly result: EventResult
  readonly reason: string | null
}

/** What cannot be changed unnoticed. */
export interface EventCore extends EventFacts {
  readonly detailsDigest: string
}

/** The sentence for an event; an action of a newer program is shown by its name. */
export function sentenceOf(action: string, result: EventResult): string {
  const entry: EventEntry | undefined = Object.hasOwn(EVENTS, action) ? EVENTS[action as EventAction] : undefined
  if (entry === undefined) return action
  return result === 'refused' ? (entry.refused ?? `${entry.sentence} (refused)`) : entry.sentence
}

/** The bytes the event's own HMAC is made over. */
export function coreText(core: EventCore): string {
  const { id, at, action, actor, target, result, reason, detailsDigest } = core
  return JSON.stringify([id, at, action, actor, target, result, reason, detailsDigest])
}

/** SHA-256 over the salt and the details in canonical JSON, hex. The salt keeps a short detail from being guessed from its digest. */
export function digestOf(salt: string, details: EventDetails): string {
  return hash('sha256', salt + canonical(details))
}

/** The stored form of the details: canonical JSON with the salt among them. */
export function storedDetails(salt: string, details: EventDetails): string {
  return canonical({ ...details, salt })
}

/** The salt and the details of a stored form; undefined when it is none. */
export function readDetails(stored: string): { salt: string; details: EventDetails } | undefined {
  try {
    const { salt, ...details } = JSON.parse(stored) as Record<string, string>
    return typeof salt === 'string' ? { salt, details } : undefined
  } catch {
    return undefined
  }
}

/** By what an event is found that happened from an address; null where the details tell of none. */
export function addressKeyIn(details: EventDetails | null): string | null {
  const address = details?.['address']
  return typeof address === 'string' ? addressKey(address) : null
}

function canonical(details: EventDetails): string {
  const sorted = Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(sorted))
}

/** Where a page of events ended. */
export interface EventCursor {
  readonly at: Instant
  readonly id: string
}

export interface EventFilter {
  readonly actor?: string
  readonly target?: string
  /** Actor or target. */
  readonly about?: string
  readonly action?: string
  readonly result?: EventResult
  /** Where the doer was; events without an address are left out. */
  readonly address?: AddressRange
  /** From this moment on. */
  readonly since?: Instant
  /** Before this moment. */
  readonly until?: Instant
  readonly limit: number
  readonly cursor?: EventCursor | null
}
