// The actions of audit events with their sentences, and the bytes under the MAC of an event.
// Tested in chain.test.ts.
import { hash } from 'node:crypto'

import { ipAddressKey } from '#foundation/kernel/ip-address-range.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { CLIENT_EVENTS } from './client-events.ts'

interface EventEntry {
  /** The sentence that the API and the command line show, beside actor and target. */
  readonly sentence: string
  /** The sentence if the action was refused. */
  readonly refused?: string
  /** Only principals with permissions, or the server, cause it, and it concerns no user but them. */
  readonly isAdministrative?: boolean
}

export const EVENTS = {
  'sign_in.succeeded': { sentence: 'Signed in' },
  'sign_in.refused': { sentence: 'Sign-in failed', refused: 'Sign-in failed' },
  'sign_in.second_step_refused': { sentence: 'Second step failed', refused: 'Second step failed' },
  'access.refused': { sentence: 'Access refused', refused: 'Access refused' },
  'session.ended': { sentence: 'Session ended' },
  'session.expired': { sentence: 'Session ended by time or by a policy' },
  'session.reauthenticated': { sentence: 'Re-authenticated' },
  'session.reauthentication_refused': {
    sentence: 'Re-authentication refused',
    refused: 'Re-authentication refused',
  },
  'device.remembered': { sentence: 'Device remembered' },
  'device.forgotten': { sentence: 'Remembered device removed' },
  'device.replayed': { sentence: 'Remembered device rejected: its cookie was copied or out of date' },
  'user.created': { sentence: 'User created' },
  'user.changed': { sentence: 'User changed', refused: 'User change refused' },
  'user.attributes_changed': { sentence: 'Attributes of the user changed', refused: 'Change of attributes refused' },
  'user.renamed': { sentence: 'Username changed' },
  'user.expired': { sentence: 'Account expired' },
  'user.disabled': { sentence: 'User disabled', refused: 'Disabling refused' },
  'user.enabled': { sentence: 'User enabled' },
  'user.deleted': { sentence: 'User deleted', refused: 'Deletion refused' },
  'user.signed_out': { sentence: 'Signed out everywhere' },
  'review.required': { sentence: 'Reported: this wasn’t me' },
  'review.reached': { sentence: 'Sign-in held for the account review' },
  'review.completed': { sentence: 'Account reviewed', refused: 'Review refused' },
  'review.lifted': { sentence: 'Review cleared', refused: 'Clearing the review refused' },
  'email.confirmation_sent': { sentence: 'Link to confirm an email sent' },
  'email.confirmed': { sentence: 'Email confirmed' },
  'email.undone': { sentence: 'Change of email undone' },
  'notices.changed': { sentence: 'Security emails changed' },
  'password.changed': { sentence: 'Password changed', refused: 'Password change refused' },
  'password.set': { sentence: 'Password set' },
  'password.reset': { sentence: 'Password reset by emailed link' },
  'password_reset.requested': { sentence: 'Password reset requested', refused: 'Password reset email not sent' },
  'password_link.mailed': { sentence: 'Link to a new password emailed', refused: 'Link to a new password not emailed' },
  'password.change_asked': { sentence: 'Asked to change password' },
  'password.dropped': { sentence: 'Password removed: its key is lost' },
  'password.upgraded': { sentence: 'Password hash upgraded' },
  'totp.sealed': { sentence: 'Authenticator app secret sealed' },
  'totp.enrolment_started': {
    sentence: 'Authenticator app setup started',
    refused: 'Authenticator app setup refused',
  },
  'totp.confirmed': { sentence: 'Authenticator app confirmed', refused: 'Authenticator app not confirmed' },
  'totp.removed': { sentence: 'Authenticator app removed', refused: 'Authenticator app removal refused' },
  'totp.renamed': { sentence: 'Authenticator app renamed' },
  'totp.reset': { sentence: 'Second step reset' },
  'passkey.registered': { sentence: 'Passkey added', refused: 'Passkey not added' },
  'recovery_codes.made': { sentence: 'Recovery codes generated', refused: 'Recovery codes not generated' },
  'passkey.renamed': { sentence: 'Passkey renamed' },
  'passkey.removed': { sentence: 'Passkey removed', refused: 'Passkey removal refused' },
  'api_token.created': { sentence: 'API token created', refused: 'API token not created' },
  'api_token.revoked': { sentence: 'API token revoked' },
  'enrolment_link.issued': { sentence: 'Enrolment link created' },
  'invitation.issued': { sentence: 'Invitation created' },
  'invitation.reminded': { sentence: 'Reminded of an invitation' },
  'invitation.accepted': { sentence: 'Invitation accepted' },
  'registration.requested': { sentence: 'Registration requested', refused: 'Registration not emailed' },
  'registration.submitted': { sentence: 'Registration waits for approval' },
  'registration.completed': { sentence: 'Registered', refused: 'Registration refused' },
  'registration.approved': { sentence: 'Registration approved', refused: 'Approval refused' },
  'registration.declined': { sentence: 'Registration declined' },
  'registration.expired': { sentence: 'Registration expired without a decision' },
  'setup.link_issued': { sentence: 'Setup link created', isAdministrative: true },
  'setup.completed': { sentence: 'Setup completed', refused: 'Setup refused', isAdministrative: true },
  'setup.guide_closed': { sentence: 'Dismissed “Get started”', isAdministrative: true },
  'approval.requested': { sentence: 'Asked for a second admin’s approval' },
  'approval.carried_out': { sentence: 'Approved change applied', refused: 'Approval refused' },
  'approval.declined': { sentence: 'Request declined', refused: 'Declining refused' },
  'approval.withdrawn': { sentence: 'Request withdrawn', refused: 'Withdrawal refused' },
  'approval.objected': { sentence: 'Objected to a request', refused: 'Objection refused' },
  'approval.lapsed': { sentence: 'Request expired without effect' },
  'approval.bypassed': { sentence: 'Two-person rule bypassed on the server' },
  'approval.rule_changed': { sentence: 'Two-person rule changed in the configuration', isAdministrative: true },
  'role.created': { sentence: 'Role created', refused: 'Creating a role refused', isAdministrative: true },
  'role.changed': { sentence: 'Role changed', refused: 'Changing a role refused', isAdministrative: true },
  'role.deleted': { sentence: 'Role deleted', refused: 'Deleting a role refused', isAdministrative: true },
  'role.configured': { sentence: 'Role changed in the configuration', isAdministrative: true },
  'attribute.declared': { sentence: 'Attribute declared', refused: 'Attribute not declared', isAdministrative: true },
  'attribute.changed': {
    sentence: 'Attribute changed',
    refused: 'Changing an attribute refused',
    isAdministrative: true,
  },
  'attribute.deleted': {
    sentence: 'Attribute deleted',
    refused: 'Deleting an attribute refused',
    isAdministrative: true,
  },
  'throttle.blocked': { sentence: 'Blocked after too many attempts' },
  'throttle.unblocked': { sentence: 'Attempts accepted again' },
  'policy.created': { sentence: 'Policy created', refused: 'Policy refused', isAdministrative: true },
  'policy.version_added': { sentence: 'Policy changed', refused: 'Change of a policy refused', isAdministrative: true },
  'policy.version_cancelled': {
    sentence: 'Planned version of a policy cancelled',
    refused: 'Cancelling a policy version refused',
    isAdministrative: true,
  },
  'policy.ended': { sentence: 'Policy set to end', refused: 'Ending a policy refused', isAdministrative: true },
  'policy.exempted': { sentence: 'Exempted from a policy', refused: 'Exemption from a policy refused' },
  'policy.unexempted': {
    sentence: 'Exemption from a policy ended',
    refused: 'Ending an exemption from a policy refused',
  },
  'policy.reminded': { sentence: 'Users reminded of a policy' },
  'policy.renamed': { sentence: 'Policy renamed', refused: 'Renaming a policy refused', isAdministrative: true },
  'policy.deleted': { sentence: 'Policy deleted', refused: 'Deleting a policy refused', isAdministrative: true },
  'key.forgotten': { sentence: 'Lost key discarded', isAdministrative: true },
  'database.upgraded': { sentence: 'Legacy database upgraded', isAdministrative: true },
  'database.rolled_back': {
    sentence: 'Database back in an earlier state: all users signed out',
    isAdministrative: true,
  },
  'mail.retried': { sentence: 'Email sent again', refused: 'Sending an email again refused' },
  'mail.all_retried': { sentence: 'Emails sent again', refused: 'Sending emails again refused' },
  'mail.dropped': { sentence: 'Email dropped', refused: 'Dropping an email refused' },
  'mail.revealed': { sentence: 'Link in an email read' },
  'group.created': { sentence: 'Group created', refused: 'Group not created', isAdministrative: true },
  'group.changed': { sentence: 'Group changed', refused: 'Group change refused', isAdministrative: true },
  'group.deleted': { sentence: 'Group deleted', refused: 'Deleting a group refused', isAdministrative: true },
  'group.member_added': { sentence: 'Added to a group', refused: 'Adding to a group refused' },
  'group.member_removed': { sentence: 'Removed from a group', refused: 'Removing from a group refused' },
  'group.manager_added': { sentence: 'Made manager of a group', refused: 'Making manager of a group refused' },
  'group.manager_removed': { sentence: 'No longer manager of a group', refused: 'Removing a group manager refused' },
  ...CLIENT_EVENTS,
  'audit.exported': { sentence: 'Audit log exported', isAdministrative: true },
} as const satisfies Record<string, EventEntry>

export type EventAction = keyof typeof EVENTS
export const EVENT_ACTIONS = Object.keys(EVENTS) as EventAction[]
/** The actions that the activity of a user without permissions can contain. */
export const ACCOUNT_ACTIONS = EVENT_ACTIONS.filter(
  (action) => (EVENTS[action] as EventEntry).isAdministrative !== true,
)

/** The current name of each action that was renamed. Stored events keep the former name, because their MAC covers it. */
const RENAMED_ACTIONS: Readonly<Record<string, EventAction>> = {
  'session.proof_given': 'session.reauthenticated',
  'session.proof_refused': 'session.reauthentication_refused',
  'throttle.closed': 'throttle.blocked',
  'throttle.opened': 'throttle.unblocked',
  'database.adopted': 'database.upgraded',
}

/** The current name of each reason that was renamed. */
const RENAMED_REASONS: Readonly<Record<string, string>> = {
  proof_needed: 'reauthentication_required',
  token_not_enough: 'session_required',
  scope_missing: 'insufficient_scope',
  wait: 'backoff',
  shut: 'lockout',
}

/** Returns the current name of a stored action. */
export function currentAction(stored: string): string {
  return currentName(RENAMED_ACTIONS, stored)
}

/** Returns the current name of a stored reason. */
export function currentReason(stored: string | null): string | null {
  return stored === null ? null : currentName(RENAMED_REASONS, stored)
}

/** Returns all names under which events of this action are stored. */
export function storedActions(action: string): string[] {
  return [action, ...Object.keys(RENAMED_ACTIONS).filter((stored) => RENAMED_ACTIONS[stored] === action)]
}

function currentName(names: Readonly<Record<string, string>>, stored: string): string {
  return Object.hasOwn(names, stored) ? (names[stored] ?? stored) : stored
}

export type EventResult = 'done' | 'refused'
export type EventDetails = Readonly<Record<string, string | number | boolean | null>>

/** The fields of an event that are never erased. */
export interface EventFacts {
  readonly id: string
  readonly at: Instant
  /** A key of `EVENTS`, or an action that only a newer version of the program knows. */
  readonly action: string
  /** The subject of the user who acted; null for an anonymous principal, the operator and the program itself. */
  readonly actor: string | null
  /** The subject of the user whom the event concerns. */
  readonly target: string | null
  readonly result: EventResult
  readonly reason: string | null
}

/** Returns the sentence for an event; for an action of a newer version of the program, its name. */
export function actionSentence(action: string, result: EventResult): string {
  const entry: EventEntry | undefined = Object.hasOwn(EVENTS, action) ? EVENTS[action as EventAction] : undefined
  if (entry === undefined) return action
  return result === 'refused' ? (entry.refused ?? `${entry.sentence} (refused)`) : entry.sentence
}

/** Returns the bytes under the event's own HMAC, so that a change of these fields is detected. */
export function coreText(core: EventFacts & { readonly detailsDigest: string }): string {
  const { id, at, action, actor, target, result, reason, detailsDigest } = core
  return JSON.stringify([id, at, action, actor, target, result, reason, detailsDigest])
}

/** Returns SHA-256 over the salt and the details in canonical JSON, in hex. The salt prevents guessing short details from the digest. */
export function digestOf(salt: string, details: EventDetails): string {
  return hash('sha256', salt + canonical(details))
}

/** Returns the stored form of the details: canonical JSON that includes the salt. */
export function storedDetails(salt: string, details: EventDetails): string {
  return canonical({ ...details, salt })
}

/** Returns the salt and the details of a stored form; undefined if it is malformed. */
export function readDetails(stored: string): { salt: string; details: EventDetails } | undefined {
  try {
    const { salt, ...details } = JSON.parse(stored) as Record<string, string>
    return typeof salt === 'string' ? { salt, details } : undefined
  } catch {
    return undefined
  }
}

/** Returns the key by which events are searched by IP address; null if the details have none. */
export function ipAddressKeyIn(details: EventDetails | null): string | null {
  const ipAddress = details?.['address']
  return typeof ipAddress === 'string' ? ipAddressKey(ipAddress) : null
}

function canonical(details: EventDetails): string {
  const sorted = Object.entries(details).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(sorted))
}
