import type { ColumnType, Generated } from 'kysely'

/** Every table, with the folder that owns it. Instants are milliseconds since 1970; ids but `users.id` are text that this program makes. */
export interface Schema {
  /** users/ */
  users: UsersTable
  /** users/ : the words by which the search finds users; this program writes them */
  user_search: UserSearchTable
  /** users/ : the number of users of each kind; triggers maintain it */
  user_count: UserCountTable
  /** attempts/ */
  attempt: AttemptTable
  /** sessions/ */
  session: SessionTable
  /** sessions/ : the number of running sessions at the end of each day */
  session_count: SessionCountTable
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
  /** mail/ */
  outbox: OutboxTable
  /** throttle/ */
  throttle_bucket: ThrottleBucketTable
  /** audit/ */
  audit_event: AuditEventTable
  /** platform/crypto/keyring.ts */
  keyring_key: KeyringKeyTable
  /** platform/database/clock-jumps.ts */
  clock_jump: ClockJumpTable
  /** platform/database/job-rows.ts */
  job: JobTable
  /** platform/database/migrate.ts */
  schema_version: SchemaVersionTable
  /** platform/database/lock.ts */
  named_lock: NamedLockTable
}

/**
 * The eight columns of the legacy app keep their names. Each further column is nullable or has a default, so that the user of an
 * externally inserted row with only those eight can sign in.
 */
export interface UsersTable {
  id: Generated<number>
  email: string | null
  username: string | null
  full_name: string | null
  hashed_password: string | null
  /** A TOTP secret in plaintext, only in externally inserted rows and rows of the legacy app, until it is sealed into `totp_factor`. */
  otp_secret: string | null
  /** NULL, 0, '0' and 'false' mean enabled, any other value disabled. The column is text on PostgreSQL, so that it accepts all of them. */
  disabled: ColumnType<number | string | boolean | null, number | string, number | string>
  role: string | null
  /** Immutable random identifier that other tables refer to; the default of the column makes one for an externally inserted row. */
  subject: Generated<string>
  /** Folded username and email address; NULL until this program has computed them, unique where not NULL. */
  username_key: string | null
  email_key: string | null
  /** When an externally inserted row was completed, with keys or without; NULL in rows that this program inserts. */
  completed_at: number | null
  email_verified_at: number | null
  /** Increased by a change of password, factors, status or role; sessions, attempts and links with an older value are invalid. */
  credential_epoch: Generated<number>
  /** Increased by every change of the row; a write requires the value that was read (optimistic locking). */
  revision: Generated<number>
  created_at: number | null
  invited_at: number | null
  second_factor_at: number | null
  /** Since when the user has a passkey; re-authentication then requires the assurance level of a passkey. */
  passkey_at: number | null
  last_sign_in_at: number | null
  password_changed_at: number | null
  password_change_asked_at: number | null
  locale: string | null
  time_zone: string | null
}

export interface UserSearchTable {
  user_id: number
  /** Folded username, email address and full name, joined by line feeds. */
  words: string
}

/** `cellsSql` defines in which cells a user counts. */
export interface UserCountTable {
  kind: string
  /** Days since 1970 in UTC; -1 if no time is stored. */
  day: number
  /** The count of the cell; on PostgreSQL a part of it, and the sum of the rows is the count. */
  count: number
}

export interface AttemptTable {
  id: string
  token_hash: string
  purpose: 'sign-in' | 'set-up' | 'invitation'
  stage: 'second-factor' | 'enrolment'
  /** The user; for a set-up the subject that the first admin will have. */
  subject: string
  epoch: number
  /** The factors that were verified, separated by spaces: `password totp`. */
  methods: string
  /** For set-up and invitation: the values that the completed enrolment will write. */
  username: string | null
  email: string | null
  full_name: string | null
  hashed_password: string | null
  time_zone: string | null
  link_id: string | null
  /** The authenticator app that is being enrolled; its secret is sealed for this factor id and subject. */
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
  /** The factors that were verified at `authenticated_at`; NULL if that was the sign-in itself. */
  authentication_methods: string | null
}

export interface TotpFactorTable {
  id: string
  subject: string
  name: string
  sealed_secret: string
  algorithm: 'SHA1' | 'SHA256' | 'SHA512'
  digits: number
  /** The period of a TOTP step, in seconds. */
  period: number
  created_at: number
  /** NULL until a code has confirmed the enrolment. */
  confirmed_at: number | null
  /** The factor that this one replaces once it is confirmed. */
  replaces: string | null
  last_used_at: number | null
  /** The last consumed step; only the code of a later step is accepted (replay protection, RFC 6238 §5.2). */
  last_used_step: number | null
  /** The step whose replays were already counted as one failure. */
  replayed_step: number | null
  /** A step outside the window whose code a clock-drift hint has revealed. Its code is never accepted; stored until its time has passed. */
  disclosed_step: number | null
  /** When the sealed secret could first not be opened; NULL while it can. */
  unreadable_at: number | null
  /**
   * The value of `last_used_step` that a program wrote which records each step in `consumed_totp_step`. If the two differ, a program of
   * an earlier version, which records none, wrote `last_used_step` last.
   */
  recorded_step: number | null
  /** Steps up to this one may have been consumed without a row in `consumed_totp_step`. */
  unrecorded_until_step: number | null
}

/** Steps whose codes are never accepted again, because they were consumed or disclosed. */
export interface ConsumedTotpStepTable {
  factor_id: string
  step: number
  /** When the step leaves the acceptance window, after which the row is not needed. */
  ends_at: number
}

/** Jumps of the clocks of machines. */
export interface ClockJumpTable {
  id: string
  /** `now` of the process after the jump. */
  at: number
  /** Milliseconds; negative for a jump back. */
  moved_by: number
}

/** The state of one background job. */
export interface SessionCountTable {
  /** Days since 1970 in UTC. */
  day: number
  count: number
}

export interface JobTable {
  name: string
  /** Milliseconds between two runs; for a job that runs on every node, between two times that its outcome is stored. */
  every: number
  next_run_at: number
  /** The scheduler that runs it; NULL between runs. */
  lease_owner: string | null
  /** Renewed while the job runs: past this moment the node that ran it is dead. */
  lease_until: number | null
  last_started_at: number | null
  last_finished_at: number | null
  /** `stopped`: the server ended while the job ran. */
  last_outcome: 'succeeded' | 'failed' | 'stopped' | null
  /** Code and message, without secrets; NULL unless the last run failed. */
  last_error: string | null
  /** Failed runs since the last one that succeeded. */
  failures: number
}

export interface PasskeyTable {
  id: string
  subject: string
  /** The credential id of WebAuthn, base64url. */
  credential_id: string
  /** COSE key (RFC 9052), base64url. */
  public_key: string
  sign_count: number
  /** Transports of the authenticator, separated by spaces: `internal hybrid`. */
  transports: string
  /** The model of the authenticator, a UUID; zeros if it is not known. */
  aaguid: string
  /** Whether it can be copied to further devices; it never changes (WebAuthn Level 3 §6.1.3). */
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
  /** The user whose passkey is requested; NULL for a sign-in without a username. */
  subject: string | null
  /** The id of the attempt or session that requested the challenge. */
  bound_to: string | null
  created_at: number
  expires_at: number
  consumed_at: number | null
}

export interface RecoveryCodeTable {
  id: string
  subject: string
  /** The part of the code by which it is found among the codes of its user. */
  selector: string
  /** A slow, salted hash of the rest of the code. */
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
  purpose:
    | 'set-up'
    | 'invitation'
    | 'password-reset'
    | 'email-confirmation'
    | 'email-undo'
    | 'not-me'
    | 'objection'
    | 'registration'
  /** NULL for a set-up link. */
  subject: string | null
  epoch: number
  created_by: string | null
  created_at: number
  expires_at: number
  consumed_at: number | null
  /** The id of what the link answers: an event, a change of address or a request; NULL for a link that is about its user alone. */
  about: string | null
}

/** One mail: what it says, to whom, and how far its delivery has come. */
export interface OutboxTable {
  id: string
  template: string
  /** One email address. */
  recipient: string
  /** The user whom the mail is about; the row outlives the user, so that a deletion can be told. */
  subject: string | null
  locale: string | null
  /** JSON: an object of texts, which the template names. */
  facts: string
  link_id: string | null
  /** The path of the page that the link opens, before its token. */
  link_path: string | null
  /** Sealed for this row; NULL where there is no link, and once the mail was accepted, dropped or has expired. */
  sealed_link_token: string | null
  /** With its angle brackets (RFC 5322 §3.6.4). Every attempt sends the same one, so that a duplicate can be recognized. */
  message_id: string
  state: 'queued' | 'accepted' | 'failed' | 'dropped' | 'expired'
  /** Attempts that were begun. */
  attempts: number
  next_attempt_at: number
  /** The node that is sending it; NULL between two attempts. */
  lease_owner: string | null
  lease_until: number | null
  created_at: number
  /** From this moment on it is not sent any more. */
  expires_at: number
  /** When it was accepted, failed, was dropped or had expired. */
  ended_at: number | null
  /** What the last attempt failed with, without secrets. */
  last_error: string | null
}

export interface ThrottleBucketTable {
  key: string
  failures: number
  last_failure_at: number
  blocked_until: number
  /** The event that was recorded when the bucket was blocked. */
  block_event_id: string | null
  /** Guesses that were allowed and have no outcome yet; `failures` does not include them. */
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
  /** SHA-256 over salt and details, hex; it stays when the details are erased. */
  details_digest: string
  /** JSON with the salt; NULL once erased. */
  details: string | null
  key_id: string
  /** HMAC over the fields of the event, written with it. */
  mac: string
  /** The position in the chain, from 1 without gaps; NULL until the chain writer assigns it, as the two below. */
  position: number | null
  /** The chain MAC of the event before; empty for the first one. */
  previous_mac: string | null
  chain_mac: string | null
  /**
   * The IP address of the details in the form of `addressKey`, so that a network is one range; NULL if there is none or the details are
   * erased. No MAC covers it, so `audit verify` compares it with the details.
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
  /** The oldest schema version that a program must know to run on this database. */
  oldest_program: number
  /** When the schema last changed. */
  changed_at: number
  /** The version of the program that changed it, as in package.json; NULL if that program did not store it. */
  changed_by: string | null
}

/** One row for each lock on PostgreSQL; SQLite locks the whole file. */
export interface NamedLockTable {
  name: string
}
