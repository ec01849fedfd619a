// What events end: sessions, credentials, sign-ins to apps. The audit log is the list of it, in the order of the chain.
import { currentAction, type EventAction, type EventResult } from './event.ts'

/**
 * `session`: one session. `credentials`, `user`: everything of a user, but for the session that is kept. `grant`: what one app got of a user,
 * in one session or in all. `client`: what one app got of all users. `everyone`: everything of all users.
 */
export const END_KINDS = ['session', 'credentials', 'user', 'grant', 'client', 'everyone'] as const
export type EndKind = (typeof END_KINDS)[number]

/** What each event of these actions ends, if the action was done. */
export const ALWAYS_ENDS = {
  'session.ended': 'session',
  'session.expired': 'session',
  'user.disabled': 'user',
  'user.deleted': 'user',
  'user.signed_out': 'user',
  'user.expired': 'user',
  'review.required': 'user',
  'review.completed': 'credentials',
  'password.changed': 'credentials',
  'password.reset': 'credentials',
  'password.dropped': 'credentials',
  'totp.reset': 'credentials',
  'passkey.removed': 'credentials',
  'app.consent_withdrawn': 'grant',
  'app.token_reused': 'grant',
  'app.token_revoked': 'grant',
  'app.access_ended': 'grant',
  'app.disabled': 'client',
  'app.deleted': 'client',
  'app.grants_ended': 'client',
  'database.rolled_back': 'everyone',
} as const satisfies Partial<Record<EventAction, EndKind>>

/** What an event of these actions ends if it says so: a user who is renamed stays signed in, one who gets another role does not. */
export const SOMETIMES_ENDS = {
  'user.changed': 'user',
  'user.renamed': 'user',
  'password.set': 'credentials',
  'totp.confirmed': 'credentials',
  'totp.removed': 'credentials',
  'passkey.registered': 'credentials',
  'invitation.accepted': 'credentials',
  'app.changed': 'client',
} as const satisfies Partial<Record<EventAction, EndKind>>

/**
 * Actions after which a rule may refuse the target what it had before: a group left that an app asks for, a stricter policy of a group joined; or
 * will at a time that they say: the end of an exemption.
 */
const CHANGE_RULES: readonly string[] = [
  'group.member_added',
  'group.member_removed',
  'policy.exempted',
  'policy.unexempted',
] satisfies readonly EventAction[]

/** Returns for whom other rules count since an event; undefined for an event that changes no rules of one user. */
export function checkedAfter({ action, target, result }: EndingRow): string | undefined {
  return result === 'done' && target !== null && CHANGE_RULES.includes(currentAction(action)) ? target : undefined
}

/** What an event says about what it ends, beside its action and its target. */
export interface EndingScope {
  /** Left out for that of the action. */
  readonly kind?: EndKind
  readonly sessionId?: string
  /** The session that stays, where all others of the user end. */
  readonly keptSessionId?: string
  readonly clientId?: string
}

/** The columns of an event about what it ends; all are null for an event of a version that did not write them, or that is about nothing that ends. */
export interface EndingColumns {
  readonly ends: EndKind | 'nothing' | null
  readonly session_id: string | null
  readonly kept_session_id: string | null
  readonly client_id: string | null
}

const NO_COLUMNS: EndingColumns = { ends: null, session_id: null, kept_session_id: null, client_id: null }

/** Returns the columns of a new event. Those that could have ended something and did not say so too: otherwise they would look like older ones. */
export function endingColumns(
  { action, result }: { readonly action: EventAction; readonly result: EventResult },
  scope: EndingScope | undefined,
): EndingColumns {
  const kind = kindOf(action)
  if (result !== 'done' || kind === undefined) return NO_COLUMNS
  if (scope === undefined && !Object.hasOwn(ALWAYS_ENDS, action)) return { ...NO_COLUMNS, ends: 'nothing' }
  return {
    ends: scope?.kind ?? kind,
    session_id: scope?.sessionId ?? null,
    kept_session_id: scope?.keptSessionId ?? null,
    client_id: scope?.clientId ?? null,
  }
}

/** Returns the bytes under the MAC of the columns; undefined for an event without them. */
export function endingText(id: string, columns: EndingColumns): string | undefined {
  const { ends, session_id: sessionId, kept_session_id: keptSessionId, client_id: clientId } = columns
  const values = [ends, sessionId, keptSessionId, clientId]
  return values.every((value) => value === null) ? undefined : JSON.stringify(['ending', id, ...values])
}

/** What has ended, as readers of the list get it. */
export interface Ending {
  /** The id of the event. */
  readonly id: string
  readonly at: number
  readonly position: number
  readonly action: string
  readonly kind: EndKind
  /** Null where it is about an app or everyone. */
  readonly subject: string | null
  readonly sessionId: string | null
  readonly keptSessionId: string | null
  readonly clientId: string | null
}

/** An event as the list of endings reads it. */
export interface EndingRow extends EndingColumns {
  readonly id: string
  readonly at: number
  readonly position: number
  readonly action: string
  readonly target: string | null
  readonly result: EventResult
}

/**
 * Returns what an event has ended; undefined for nothing. An event without the columns whose action ends something was written by a version before
 * them, and counts as an end of its whole target; one about an app says nothing then, since only its details name the app.
 */
export function endingIn(row: EndingRow): Ending | undefined {
  const { id, at, position, target: subject, session_id: sessionId, kept_session_id: keptSessionId } = row
  const action = currentAction(row.action)
  const found = { id, at, position, action, subject, sessionId, keptSessionId, clientId: row.client_id }
  if (row.ends !== null) return row.ends === 'nothing' ? undefined : { ...found, kind: row.ends }
  const kind = row.result === 'done' ? kindOf(action) : undefined
  if (kind === undefined || kind === 'client') return undefined
  return { ...found, kind: kind === 'everyone' || kind === 'credentials' ? kind : 'user' }
}

/** An entry of the list: what has ended, or `claims`: what apps have learned of the user, or of all users, has changed and nothing has ended. */
export type ListedChange = Omit<Ending, 'kind'> & { readonly kind: EndKind | 'claims' }

/** Whose claims an event of these actions changes if it ends nothing. */
const CHANGES_CLAIMS = {
  'group.member_added': 'user',
  'group.member_removed': 'user',
  'user.changed': 'user',
  'user.renamed': 'user',
  'user.attributes_changed': 'user',
  'resource.changed': 'everyone',
  'resource.deleted': 'everyone',
} as const satisfies Partial<Record<EventAction, EndKind>>

/** Returns what an event has ended, or whose claims it has changed. */
export function changeIn(row: EndingRow): ListedChange | undefined {
  const ending = endingIn(row)
  const action = currentAction(row.action)
  if (ending !== undefined || row.result !== 'done' || !Object.hasOwn(CHANGES_CLAIMS, action)) return ending
  const ofEveryone = CHANGES_CLAIMS[action as keyof typeof CHANGES_CLAIMS] === 'everyone'
  const { id, at, position, target } = row
  const whole = { sessionId: null, keptSessionId: null, clientId: null }
  return { id, at, position, action, kind: 'claims', subject: ofEveryone ? null : target, ...whole }
}

/** After an event of these actions, an app that had authenticated may not do so any more. */
const CHANGES_APPS: readonly string[] = [
  'app.changed',
  'app.disabled',
  'app.deleted',
  'app.secret_ended',
] satisfies readonly EventAction[]

/** Whether an app may have lost its secret by an event. */
export function changesApps({ action }: Pick<EndingRow, 'action'>): boolean {
  return CHANGES_APPS.includes(currentAction(action))
}

function kindOf(action: string): EndKind | undefined {
  const kinds: Readonly<Record<string, EndKind>> = { ...ALWAYS_ENDS, ...SOMETIMES_ENDS }
  return Object.hasOwn(kinds, action) ? kinds[action] : undefined
}
