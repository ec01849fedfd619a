import type { ColumnType, Generated } from 'kysely'

export type { Database } from './database.ts'

/** Every table on one page, with its owner. Instants are milliseconds; ids other than `users.id` are text made by us. */
export interface Schema {
  /** users/ */
  users: UsersTable
  /** users/ : what the search box finds, filled by us */
  user_search: UserSearchTable
  /** users/ : how many users there are of each kind; triggers keep it */
  user_count: UserCountTable
  /** attempts/ */
  attempt: AttemptTable
  /** sessions/ */
  session: SessionTable
  /** factors/totp/ */
  totp_factor: TotpFactorTable
  consumed_totp_step: ConsumedTotpStepTable
  /** factors/passkeys/ */
  passkey: PasskeyTable
  passkey_challenge: PasskeyChallengeTable
  /** factors/recovery-codes/ */
  recovery_code: RecoveryCodeTable
  /** api-tokens/ */
  api_token: ApiTokenTable
  /** links/ */
  link: LinkTable
  /** throttle/ */
  throttle_bucket: ThrottleBucketTable
  /** audit/ */
  audit_event: AuditEventTable
  /** platform/keyring.ts */
  keyring_key: KeyringKeyTable
  /** platform/database/clock-jumps.ts */
  clock_jump: ClockJumpTable
  /** platform/database/migrate.ts */
  schema_version: SchemaVersionTable
  /** platform/database/lock.ts */
  named_lock: NamedLockTable
}

/**
 * The origin app's eight columns keep their names; whatever else a user needs is nullable or has a default, so that a
 * row typed in by hand with just those can sign in.
 */
export interface UsersTable {
  id: Generated<number>
  email: string | null
  username: string | null
  full_name: string | null
  hashed_password: string | null
  /** Plain only in rows typed by hand or brought by the origin app, until first sight seals it into `totp_factor`. */
  otp_secret: string | null
  /** NULL, 0, '0' and 'false' mean active, anything else disabled (text on PostgreSQL, so that any of them can be typed). */
  disabled: ColumnType<number | string | boolean | null, number | string, number | string>
  role: string | null
  /** Immutable random name that everything else refers to; made by the column's default for a hand-typed row. */
  subject: Generated<string>
  /** Folded username / address; NULL until computed by us, unique where not NULL. */
  username_key: string | null
  email_key: string | null
  /** When an externally inserted row got its keys or was found to get none; NULL in rows that this program inserts. */
  completed_at: number | null
  email_verified_at: number | null
  /** Raised by password or factor change, disable, role change: whatever carries an older one is dead. */
  credential_epoch: Generated<number>
  /** Raised by every change of the row; the old value guards the write. */
  revision: Generated<number>
  created_at: number | null
  invited_at: number | null
  second_factor_at: number | null
  /** Since when they have a passkey; then a proof has to be as strong as that. */
  passkey_at: number | null
  last_sign_in_at: number | null
  password_changed_at: number | null
  password_change_asked_at: number | null
  locale: string | null
  time_zone: string | null
}

export interface UserSearchTable {
  user_id: number
  /** Folded username, address and full name, joined by line feeds. */
  words: string
}

/** `cellsSql` says what counts as what. */
export interface UserCountTable {
  kind: string
  /** Days since 1970 in UTC; -1 if no moment is stored. */
  day: number
  /** A part of the cell's count: on PostgreSQL a cell is the sum of its rows. */
  count: number
}

export interface AttemptTable {
  id: string
  token_hash: string
  purpose: 'sign-in' | 'set-up' | 'invitation'
  stage: 'second-factor' | 'enrolment'
  /** The user; for a set-up the subject the first admin will get. */
  subject: string
  epoch: number
  /** Factors proven so far, separated by spaces. */
  methods: string
  /** For set-up and invitation: what the finished enrolment will write. */
  username: string | null
  email: string | null
  full_name: string | null
  hashed_password: string | null
  link_id: string | null
  /** The authenticator app being enrolled; sealed for this factor id and subject. */
  factor_id: string | null
  sealed_secret: string | null
  created_at: number
  expires_at: number
  consumed_at: number | null
}

export interface SessionTable {
  id: string
  token_hash: string
  subject: string
  epoch: number
  transport: 'cookie' | 'bearer'
  methods: string
  address: string
  agent: string | null
  started_at: number
  last_seen_at: number
  authenticated_at: number
  revoked_at: number | null
  /** What was proven at `authenticated_at`; NULL when that was the sign-in itself. */
  authentication_methods: string | null
}

export interface TotpFactorTable {
  id: string
  subject: string
  name: string
  sealed_secret: string
  algorithm: 'SHA1' | 'SHA256' | 'SHA512'
  digits: number
  /** Seconds a code lives. */
  period: number
  created_at: number
  /** NULL while the enrolment is not confirmed by a code. */
  confirmed_at: number | null
  /** The factor that this one will replace when confirmed. */
  replaces: string | null
  last_used_at: number | null
  /** A code works once: only a later step is accepted (RFC 6238 §5.2). */
  last_used_step: number | null
  /** The step whose replays were already counted as one failure. */
  replayed_step: number | null
  /** A step outside the window whose code was typed and told of: it is never accepted, and kept until its time has passed. */
  disclosed_step: number | null
  /** When its secret was first found unreadable; NULL while it can be opened. */
  unreadable_at: number | null
  /**
   * The value of `last_used_step` that was set by a program that records each step in `consumed_totp_step`. If the two differ,
   * a program of an earlier version, which records none, set the last one.
   */
  recorded_step: number | null
  /** Steps up to this one may have been used without a row there. */
  unrecorded_until_step: number | null
}

/** Steps whose codes are never accepted again: consumed, or disclosed by a clock that was ahead. */
export interface ConsumedTotpStepTable {
  factor_id: string
  step: number
  /** From when on the step is not accepted any more. */
  ends_at: number
}

/** Jumps of a machine's clock. */
export interface ClockJumpTable {
  id: string
  /** `now` of the process after the jump. */
  at: number
  /** Milliseconds, negative for back. */
  moved_by: number
}

export interface PasskeyTable {
  id: string
  subject: string
  /** base64url, as the browser names it. */
  credential_id: string
  /** COSE key (RFC 9052), base64url. */
  public_key: string
  sign_count: number
  /** How the browser reaches it, separated by spaces: `internal hybrid`. */
  transports: string
  /** The model of the authenticator, a UUID; zeros where it does not say. */
  aaguid: string
  /** Whether it may be copied to further devices: never changes (WebAuthn Level 3 §6.1.3). */
  device_type: 'single-device' | 'multi-device'
  /** Since when it is known to be backed up. */
  backed_up_at: number | null
  name: string
  created_at: number
  last_used_at: number | null
}

export interface PasskeyChallengeTable {
  id: string
  challenge_hash: string
  purpose: 'registration' | 'sign-in' | 'second-factor' | 'reauthentication'
  /** Whose passkey is asked for; NULL at a sign-in without a name. */
  subject: string | null
  /** The id of the attempt or the session that asked. */
  bound_to: string | null
  created_at: number
  expires_at: number
  consumed_at: number | null
}

export interface RecoveryCodeTable {
  id: string
  subject: string
  /** The part of the code that finds it among its owner's. */
  selector: string
  /** Slow and salted, over the rest. */
  code_hash: string
  created_at: number
  consumed_at: number | null
}

export interface ApiTokenTable {
  id: string
  token_hash: string
  subject: string
  name: string
  /** Separated by spaces. */
  scopes: string
  created_at: number
  expires_at: number
  last_used_at: number | null
  revoked_at: number | null
}

export interface LinkTable {
  id: string
  token_hash: string
  purpose: 'set-up' | 'invitation'
  /** NULL for a set-up link. */
  subject: string | null
  epoch: number
  created_by: string | null
  created_at: number
  expires_at: number
  consumed_at: number | null
}

export interface ThrottleBucketTable {
  key: string
  failures: number
  last_failure_at: number
  blocked_until: number
  /** The event that tells why it is closed. */
  block_event_id: string | null
  /** Guesses that were allowed and have no outcome yet; none of them is among the failures. */
  pending: Generated<number>
  /** When the oldest of them was allowed. */
  pending_since: Generated<number>
}

export interface AuditEventTable {
  id: string
  at: number
  action: string
  actor: string | null
  target: string | null
  result: 'done' | 'refused'
  reason: string | null
  /** SHA-256 over salt and details, hex; stays when the details are erased. */
  details_digest: string
  /** JSON with the salt in it; NULL once erased. */
  details: string | null
  key_id: string
  /** HMAC over the core, written with the event. */
  mac: string
  /** Given by the chain writer, from 1 without gaps; NULL until then, as the two below. */
  position: number | null
  /** The chain MAC of the event before; empty for the first one. */
  previous_mac: string | null
  chain_mac: string | null
  /**
   * The address among the details in the form of `addressKey`, so that a network is one range; NULL where there is none,
   * and once the details are erased, as it is one of them. No MAC covers it: `audit verify` compares it with the details.
   */
  address_key: string | null
}

export interface KeyringKeyTable {
  id: string
  purpose: string
  fingerprint: string
  created_at: number
}

export interface SchemaVersionTable {
  id: number
  version: number
  /** The oldest schema version a program must know to run on this database. */
  oldest_program: number
  /** When the schema last changed. */
  changed_at: number
  /** The version of the program that changed it, as in package.json; NULL if that program did not store it. */
  changed_by: string | null
}

/** One row for each lock of PostgreSQL; SQLite locks the whole file. */
export interface NamedLockTable {
  name: string
}
