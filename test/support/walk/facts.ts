// The model of the random walk: what is true of each account, who holds what, and which proofs a session rests on.
import type { ClientScope } from '#domain/clients/client.ts'
import type { FactorKind } from '#domain/factors/factor-kind.ts'
import type { NoticeKind } from '#domain/notices/notice.ts'
import type { Authenticator } from '../../../clients/test/src/codes.ts'
import type { SoftwareAuthenticator } from '../../../clients/test/src/software-authenticator.ts'
import type { TestApp } from '../openid/apps.ts'
import type { GivenCode } from '../openid/attack-scene.ts'

export interface WalkApp {
  readonly id: string
  readonly account: Account
  readonly key: Authenticator
  /** The position of the notice about it; 0 where it was there before. */
  readonly since: number
  /** The step of the last code that was accepted. */
  lastStep: number
}

/** Each has an authenticator of its own, which may be copied. */
export interface WalkPasskey {
  readonly account: Account
  readonly phone: SoftwareAuthenticator
  readonly since: number
}

export interface WalkNotice {
  readonly id: string
  readonly kind: NoticeKind
  readonly position: number
  readonly createdAt: number
  isReported: boolean
}

export interface EmailChangeFact {
  readonly account: Account
  readonly email: string
  former: string | null
  formerVerified: boolean
  /** `gone` when it was withdrawn or undone. */
  state: 'waiting' | 'confirmed' | 'gone'
  readonly expiresAt: number
  notice: WalkNotice | null
}

export type WalkPurpose = 'password-reset' | 'enrolment' | 'email-confirmation' | 'email-undo' | 'not-me' | 'objection'

export interface WalkLink {
  readonly purpose: WalkPurpose
  readonly account: Account
  readonly epoch: number
  readonly expiresAt: number
  token: string
  state: 'live' | 'used' | 'withdrawn'
  /** The email to which a link to a new password went. */
  readonly email?: string
  readonly notice?: WalkNotice
  readonly change?: EmailChangeFact
  readonly request?: RequestFact
}

/** What was verified, by the facts at that moment and not by the answer. */
export interface Proofs {
  readonly first: 'password' | 'mailbox' | 'passkey' | null
  readonly second: 'app' | 'passkey' | 'recovery code' | 'enrolment' | 'remembered device' | null
  /** The position of the notice about this app, this passkey or these codes. */
  readonly since?: number
}

export interface AttemptFact {
  readonly account: Account
  readonly token: string
  readonly stage: 'second-factor' | 'enrolment' | 'review'
  readonly epoch: number
  readonly expiresAt: number
  readonly methods: readonly FactorKind[]
  readonly proofs: Proofs
  readonly link: WalkLink | null
  isConsumed: boolean
}

export interface SessionFact {
  readonly account: Account
  token: string
  epoch: number
  isRevoked: boolean
  authenticatedAt: number
  /** All factors verified in it, and those of the last authentication. */
  methods: readonly WalkMethod[]
  lastMethods: readonly WalkMethod[]
}

export type WalkMethod = FactorKind | 'remembered-device'

/** A browser that skips the second step; its cookie changes with each use. */
export interface DeviceFact {
  readonly account: Account
  readonly epoch: number
  readonly createdAt: number
  isForgotten: boolean
  cookie: string
}

/** A cookie of a remembered device as somebody holds it: an outdated one after the next use. */
export interface CookieCopy {
  readonly device: DeviceFact
  readonly cookie: string
}

/** A token of a session, which stops working when the session gets another one. */
export interface TokenCopy {
  readonly session: SessionFact
  readonly token: string
}

/** An app that signs users in here. */
export interface ClientFact {
  readonly app: TestApp
  name: string
  /** Whether it may stay signed in after the session. */
  isOffline: boolean
  state: 'enabled' | 'disabled' | 'deleted'
  /** Whether its users are asked. */
  readonly asks: boolean
  /** Of a program without registration; null for an app that an admin has registered. */
  readonly agent: AgentFact | null
}

/** An agent: what its vendor publishes, and what the server has read of that. */
export interface AgentFact {
  readonly host: string
  /** Where it gets its answers on the device of its user, who is asked each time. */
  readonly isOnDevice: boolean
  published: string
  /** Null until its first authorization. */
  known: string | null
}

/** Which agents are allowed. */
export interface AgentSettingFact {
  isOn: boolean
  /** Documents and hosts. */
  entries: string[]
}

/** What a user has agreed to at an app, and by which document of an agent. */
export interface ConsentFact {
  readonly client: ClientFact
  readonly account: Account
  items: readonly string[]
  document: string | null
}

export const scopesOf = ({ isOffline, asks }: Pick<ClientFact, 'isOffline' | 'asks'>): ClientScope[] => [
  'openid',
  'profile',
  ...(asks ? (['email'] as const) : []),
  ...(isOffline ? (['offline_access'] as const) : []),
]

/** What a client got by one authentication in one session. */
export interface GrantFact {
  readonly client: ClientFact
  readonly session: SessionFact
  readonly authenticatedAt: number
  readonly methods: readonly WalkMethod[]
  /** What was asked for, and what the user agreed to. */
  readonly terms: string
  epoch: number
  isRevoked: boolean
}

export interface ClientToken {
  readonly kind: 'code' | 'access' | 'refresh'
  readonly grant: GrantFact
  readonly value: string
  readonly isOffline: boolean
  readonly expiresAt: number
  /** Of a code: what its exchange needs. */
  readonly given?: GivenCode
  consumedAt: number | null
  /** Of a consumed refresh token: the one that followed. */
  successor: ClientToken | null
}

export interface RequestFact {
  id: string
  readonly kind: 'disable' | 'enable' | 'reset-second-factor' | 'lift-review' | 'give-role' | 'change-role'
  readonly asker: Account
  readonly askerEpoch: number
  /** Null for a change of a role. */
  readonly target: Account | null
  readonly targetState: string
  /** The role that is given, or what the role permits from then on. */
  readonly wanted: string
  readonly readyAt: number
  readonly expiresAt: number
  state: 'waiting' | 'carried-out' | 'declined' | 'withdrawn' | 'objected' | 'lapsed'
}

export type WalkRole = 'admin' | 'user' | 'help'

/** `in a session` counts apart from the rest, because wrong guesses do. */
export type GuessCounter = FactorKind | `${FactorKind} in a session`

export interface Account {
  readonly id: number
  readonly subject: string
  readonly name: string
  role: WalkRole
  password: string
  apps: WalkApp[]
  passkeys: WalkPasskey[]
  codes: string[]
  codesSince: number
  usedCodes: string[]
  epoch: number
  isDisabled: boolean
  email: string
  isVerified: boolean
  isReviewDue: boolean
  notices: WalkNotice[]
  latestPosition: number
  changes: EmailChangeFact[]
  links: WalkLink[]
  sessions: SessionFact[]
  devices: DeviceFact[]
  readonly failures: Map<GuessCounter, number>
  mails: { count: number; lastAt: number }
  /** Resets of the second factor. */
  resets: { count: number; lastAt: number }
  names: { count: number; lastAt: number }
}

export interface Actor {
  readonly name: string
  /** Null for the thief. */
  readonly account: Account | null
  readonly passwords: Map<Account, string>
  readonly apps: Set<WalkApp>
  readonly passkeys: Set<WalkPasskey>
  readonly codes: Map<Account, readonly string[]>
  readonly emails: Set<string>
  copies: TokenCopy[]
  cookies: CookieCopy[]
  attempts: AttemptFact[]
  links: WalkLink[]
}

export const hasFactor = ({ apps, passkeys }: Account): boolean => apps.length + passkeys.length > 0

/** Whether nothing has ended the session; what the policies ask of it is evaluated apart. */
export function isSessionOpen({ isRevoked, epoch, account }: SessionFact): boolean {
  return !isRevoked && epoch === account.epoch
}

/** Returns why an attempt is not accepted at a stage; undefined if it is. */
export function whyNoAttempt(attempt: AttemptFact, stage: AttemptFact['stage'], now: number): string | undefined {
  const { account, isConsumed, epoch, expiresAt } = attempt
  if (isConsumed || epoch !== account.epoch || now >= expiresAt) return 'attempt.ended'
  return attempt.stage === stage ? undefined : 'attempt.wrong_stage'
}

/** Returns why a link is not live; undefined if it is. */
export function whyNoLink({ state, expiresAt }: WalkLink, now: number): string | undefined {
  if (state === 'withdrawn') return 'link.unknown'
  if (state === 'used') return 'link.used'
  return now >= expiresAt ? 'link.expired' : undefined
}

export function withdraw(account: Account, purpose: WalkPurpose): void {
  for (const link of account.links) if (link.purpose === purpose && link.state === 'live') link.state = 'withdrawn'
}

/** What each change of credentials gave to whoever made it. The table is the model's own, so that a fault in that of the product shows. */
const GIVEN: Readonly<Partial<Record<NoticeKind, readonly FactorKind[]>>> = {
  joined: ['password', 'totp', 'passkey', 'recovery-code'],
  'password-changed': ['password'],
  'password-reset': ['password'],
  'password-set': ['password'],
  'app-added': ['totp', 'recovery-code'],
  'app-replaced': ['totp'],
  'app-removed': [],
  'passkey-added': ['passkey', 'recovery-code'],
  'recovery-codes-made': ['recovery-code'],
  'factors-reset': [],
}

/** The changes of password and factors from the oldest reported notice on, that one included; undefined where nothing was reported. */
function reportedChanges({ notices }: Account): { readonly oldest: number; readonly kinds: NoticeKind[] } | undefined {
  const oldest = Math.min(...notices.filter(({ isReported }) => isReported).map(({ position }) => position))
  if (!Number.isFinite(oldest)) return undefined
  const later = notices.filter(({ kind, position }) => GIVEN[kind] !== undefined && position >= oldest)
  return { oldest, kinds: later.map(({ kind }) => kind) }
}

/** Who may end the review of the account for a sign-in with these factors. */
export function reviewerOf(account: Account, methods: readonly FactorKind[]): 'user' | 'admin' {
  const changes = reportedChanges(account)
  if (changes === undefined) return 'admin'
  const given = changes.kinds.flatMap((kind) => GIVEN[kind] ?? [])
  const isUntouched = methods.some((method) => method !== 'password' && !given.includes(method))
  return changes.kinds.length === 0 || isUntouched ? 'user' : 'admin'
}

/** Whether a review rests on the password alone, or on something that was added from the oldest reported event on. */
export function restsOnChanges(account: Account, { since }: Proofs): boolean {
  const changes = reportedChanges(account)
  if (changes === undefined || changes.kinds.length === 0) return changes === undefined
  return since === undefined || since >= changes.oldest
}

/** Ends the review and its reports. */
export function endReviewOf(account: Account): void {
  account.isReviewDue = false
  for (const notice of account.notices) notice.isReported = false
}

export function revokeAll({ sessions }: Account, except?: SessionFact): void {
  for (const session of sessions) if (session !== except) session.isRevoked = true
}
