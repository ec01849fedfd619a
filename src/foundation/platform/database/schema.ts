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
  /** approvals/ */
  approval_request: ApprovalRequestTable
  approval_policy: ApprovalPolicyTable
  /** mail/ */
  outbox: OutboxTable
  /** notices/ */
  notice: NoticeTable
  email_change: EmailChangeTable
  /** registrations/ */
  registration: RegistrationTable
  /** registrations/ : challenges whose proof of work was accepted once */
  spent_challenge: SpentChallengeTable
  /** roles/ */
  role: RoleTable
  /** groups/ */
  user_group: UserGroupTable
  group_member: GroupMemberTable
  group_manager: GroupManagerTable
  /** policies/ */
  policy: PolicyTable
  policy_version: PolicyVersionTable
  policy_exemption: PolicyExemptionTable
  help_exemption: HelpExemptionTable
  policy_progress: PolicyProgressTable
  /** remembered-devices/ */
  remembered_device: RememberedDeviceTable
  /** attributes/ */
  attribute: AttributeTable
  user_attribute: UserAttributeTable
  /** clients/ */
  client: ClientTable
  client_secret: ClientSecretTable
  /** clients/ : which attributes an app gets, as which claims */
  client_attribute: ClientAttributeTable
  client_icon: ClientIconTable
  /** clients/ : APIs for which apps get access tokens */
  resource: ResourceTable
  /** hosts/ */
  protected_host: ProtectedHostTable
  host_session: HostSessionTable
  host_code: HostCodeTable
  client_consent: ClientConsentTable
  openid_setting: OpenidSettingTable
  /** grants/ */
  client_session: ClientSessionTable
  client_grant: ClientGrantTable
  client_token: ClientTokenTable
  client_user: ClientUserTable
  /** back-channel/ */
  client_delivery: ClientDeliveryTable
  ending_cursor: EndingCursorTable
  /** signing-keys/ */
  signing_key: SigningKeyTable
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
  /** Since when "This wasn't me" asks for a review; the next complete sign-in leads to it instead of a session. */
  review_required_at: number | null
  /** Since when the user wants no mails about sign-ins from new devices. */
  new_device_notices_off_at: number | null
  /** From this instant on the user cannot sign in; NULL without an end. */
  expires_at: number | null
  /** The last notice of this end that was sent: 1 two weeks before, 2 a day before, 3 at the end. NULL before the first. */
  expiry_notice: number | null
  /** When an admin last asked the user to confirm the email; NULL before the first time. */
  email_confirmation_asked_at: number | null
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
  purpose: 'sign-in' | 'set-up' | 'invitation' | 'registration'
  stage: 'second-factor' | 'enrolment' | 'review'
  /** The user; for a set-up or a registration the subject that the new user will have. */
  subject: string
  epoch: number
  /** The factors that were verified, separated by spaces: `password totp`. */
  methods: string
  /** For set-up, invitation and registration: the values that the completed enrolment will write. */
  username: string | null
  email: string | null
  full_name: string | null
  hashed_password: string | null
  time_zone: string | null
  /** JSON: the answers to the attributes that are asked at joining, by their keys. NULL where none was given. */
  attributes: string | null
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
  /** The protected host that it opens; NULL for one that is for this server’s API. */
  host_id: string | null
}

export interface LinkTable {
  id: string
  token_hash: string
  purpose:
    | 'set-up'
    | 'invitation'
    | 'password-reset'
    | 'enrolment'
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
  /** The id of what the link answers: an event, a change of email or a request; NULL for a link that is about its user alone. */
  about: string | null
  /** The email to which the link was mailed without being shown to anybody; NULL if it was shown. */
  mailed_to: string | null
  /** When a reminder mailed another link instead; NULL for any other link. */
  replaced_at: number | null
}

/** One mail: what it says, to whom, and how far its delivery has come. */
export interface OutboxTable {
  id: string
  template: string
  /** One email address. */
  recipient: string
  /** The user whom the mail is about; the row outlives the user, so that its user can be notified of a deletion. */
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
  /** `timed-out`: the server did not answer the last attempt in time; `blocked`: it refused this server or its sender for good. */
  last_failure: 'timed-out' | 'blocked' | null
}

/** Requests of the two-person rule. They outlive the users whom they name, so that admins see how they ended. */
export interface ApprovalRequestTable {
  id: string
  kind: string
  /** The admin who asked. */
  actor: string
  actor_epoch: number
  /** The user concerned; NULL for a user who is yet to be created. */
  target: string | null
  target_name: string
  /** A hash of what the request relies on about the user; it lapses when that changes. NULL without a user. */
  target_state: string | null
  /** A hash of kind, user and parameters: at most one request with it waits. */
  wish_key: string
  /** JSON without secrets. */
  parameters: string
  /** Of a request that sets a password; NULL once the request has ended. */
  password_hash: string | null
  reason: string | null
  state: 'waiting' | 'carried-out' | 'declined' | 'withdrawn' | 'objected' | 'lapsed'
  created_at: number
  /** From then on it is carried out without a second admin. */
  ready_at: number
  /** From then on it can no longer be carried out. */
  expires_at: number
  /** The user who ended it; NULL if time did, or an objection by link. */
  decided_by: string | null
  decided_at: number | null
  /** Why it lapsed, an error code. */
  end_reason: string | null
}

/** One row: the setting of the two-person rule that the last start found. */
export interface ApprovalPolicyTable {
  id: number
  is_on: number
  /** Milliseconds. */
  wait: number
}

export interface RegistrationTable {
  id: string
  /** `requested`: a link was mailed. `known`: a user has the email. `waiting`: for an admin. `ended`: decided, or the user exists. */
  state: 'requested' | 'known' | 'waiting' | 'ended'
  email: string
  /** The language of the page, for later mails. */
  locale: string | null
  link_id: string | null
  /** The folded email and username while the registration waits, so that no other can claim them; NULL otherwise. */
  claimed_email_key: string | null
  username: string | null
  username_key: string | null
  full_name: string | null
  hashed_password: string | null
  time_zone: string | null
  /** JSON: the answers to the attributes that are asked at joining, by their keys. */
  attributes: string | null
  created_at: number
  /** Since when it waits. */
  submitted_at: number | null
  /** When admins were notified that it waits. */
  told_at: number | null
  expires_at: number
}

export interface SpentChallengeTable {
  id: string
  /** When the challenge itself expires, after which the row is not needed. */
  expires_at: number
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
   * The IP address of the details in the form of `ipAddressKey`, so that a network is one range; NULL if there is none or the details are
   * erased. No MAC covers it, so `audit verify` compares it with the details.
   */
  address_key: string | null
  /** What it ends; `nothing` for an action that could have; NULL for one that cannot, and for an event of a program that did not write it. */
  ends: 'session' | 'credentials' | 'user' | 'grant' | 'client' | 'everyone' | 'nothing' | null
  /** The session that it ends; the one of the user that stays; the app that is concerned. */
  session_id: string | null
  kept_session_id: string | null
  client_id: string | null
  /** `<key id>.<HMAC>` over the four columns above, under which an older program, which does not know them, finds its own MAC right. */
  ending_mac: string | null
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

/** What a user was notified of about their account; a link "This wasn't me" is about one row. */
export interface NoticeTable {
  id: string
  subject: string
  kind: string
  /** Counts the notices of one user. Two that were written at the same time may have the same one. */
  position: number
  /** Unique: of a notice that is sent at most once for each user, network and day; NULL for every other. */
  once: string | null
  created_at: number
  /** When its link ends; then the row is deleted, unless a review needs it. */
  expires_at: number
  /** When its link was used; NULL before, and again when the review that it asked for has ended. */
  reported_at: number | null
}

/** A change of an email that waits for its confirmation, or one that can still be undone. */
export interface EmailChangeTable {
  id: string
  subject: string
  /** Counts the changes of one user: an undo ends the later ones. */
  position: number
  /** NULL for a removal. */
  email: string | null
  former_email: string | null
  former_verified_at: number | null
  created_at: number
  /** The end of the confirmation; once it is confirmed, the end of the undo. */
  expires_at: number
  /** NULL while it waits for its confirmation. */
  confirmed_at: number | null
}

/** A role beside `admin` and `user`. */
export interface RoleTable {
  /** As in `users.role`. */
  name: string
  description: string
  /** Separated by spaces. */
  permissions: string
  /** Increased by every change of the row (optimistic locking). */
  revision: number
  created_at: number
  /** 1 if the configuration declares it, so that only the configuration can change it. */
  is_configured: number
}

export interface UserGroupTable {
  id: string
  name: string
  /** The folded name, unique. */
  name_key: string
  description: string
  revision: number
  created_at: number
}

export interface GroupMemberTable {
  group_id: string
  subject: string
  added_at: number
}

/** Users who add and remove members of a group; they need not be members. */
export interface GroupManagerTable {
  group_id: string
  subject: string
  added_at: number
}

/** A policy: its name and its scope. What it says is in its versions. */
export interface PolicyTable {
  id: string
  name: string
  scope: 'everyone' | 'role' | 'group'
  /** The name of the role or the id of the group; NULL for everyone. */
  scope_ref: string | null
  /** Scope and reference, such as `role:support`: at most one policy for each. */
  scope_key: string
  revision: number
  created_at: number
}

/** What a policy says from an instant on, until its next version is in force. A version is never changed, only cancelled before it is in force. */
export interface PolicyVersionTable {
  id: string
  policy_id: string
  /** Counts the versions of one policy, from 1. */
  version: number
  /** NULL where the version says nothing about it, as in the columns below. */
  second_factor: 'optional' | 'required' | 'phishing-resistant' | null
  /** The allowed second factors, separated by spaces: `totp passkey`. */
  factors: string | null
  /** Milliseconds, as in the columns below. */
  session_idle: number | null
  session_absolute: number | null
  /** How old an authentication may be at a sensitive action. */
  reauthentication: number | null
  /** How long a device is remembered; 0 for never. */
  remember_for: number | null
  /** 1 if the help desk may exempt users from the policy for a few days. NULL counts as 0. */
  helpers_may_exempt: number | null
  /** 1 if the policy ends with this version, which then says nothing. */
  is_end: number
  in_force_from: number
  created_at: number
  /** The user who made it; NULL for the operator. */
  created_by: string | null
  cancelled_at: number | null
  /** The last reminder that was begun: 1 at the announcement, 2 a week before, 3 a day before. NULL before the first. */
  reminder: number | null
  /** The id of the last user that it has notified; NULL once it has notified all. */
  reminder_position: number | null
}

/** A user to which a policy does not apply until the end date. */
export interface PolicyExemptionTable {
  policy_id: string
  subject: string
  reason: string
  ends_at: number
  created_at: number
  created_by: string | null
  /** 1 where the help desk gave it; null otherwise. */
  by_help: Generated<number | null>
}

/** When the help desk exempted a user last, so that it does so once in a while only. */
export interface HelpExemptionTable {
  subject: string
  exempted_at: number
}

/** To how many users a policy applies, and how many of them lack what it requires, by day. */
export interface PolicyProgressTable {
  policy_id: string
  /** Days since 1970 in UTC. */
  day: number
  concerned: number
  missing: number
}

/** A browser that skips the second factor for some days. */
export interface RememberedDeviceTable {
  id: string
  token_hash: string
  subject: string
  epoch: number
  address: string
  agent: string | null
  created_at: number
  last_used_at: number
  expires_at: number
  revoked_at: number | null
  /** SHA-256 of what identifies the form that replaced the secret last; null until then, and after that form was repeated. */
  replaced_by: string | null
  /** The session that began with that form. */
  session_id: string | null
}

/** A field of the profile that an operator has declared. */
export interface AttributeTable {
  key: string
  label: string
  type: 'text' | 'number' | 'date' | 'yes-no' | 'choice'
  /** JSON: the texts of a choice; an empty list for the other types. */
  choices: string
  /** Who sees it besides admins: no other, or the user. */
  visible_to: 'admin' | 'user'
  changed_by: 'admin' | 'user'
  /** Whether it is asked at joining: 0 never, 1 may be left empty, 2 must be answered. */
  at_joining: number
  position: number
  revision: number
  created_at: number
}

export interface UserAttributeTable {
  subject: string
  key: string
  value: string
  changed_at: number
}

/** An app whose users sign in here (OAuth 2.0 calls it a client). */
export interface ClientTable {
  id: string
  name: string
  /** The folded name, unique. */
  name_key: string
  kind: 'web' | 'browser' | 'native' | 'api' | 'agent'
  /** JSON: an array of URIs, as in the column below. */
  redirect_uris: string
  logout_uris: string
  /** How the app authenticates at the token endpoint; `none` for a public app, which has no secret. */
  auth_method: 'client_secret_basic' | 'client_secret_post' | 'none'
  id_token_alg: 'ES256' | 'RS256'
  /** Separated by spaces: those that the app may ask for. */
  scopes: string
  /** 1 if it gets refresh tokens, as in the columns below. */
  refresh_tokens: number
  require_pkce: number
  /** 1 if redirect URIs may begin with `http` in private networks. */
  allow_http: number
  claims_in_id_token: number
  /** 1 if it gets emails that are not confirmed too. */
  unconfirmed_email: number
  /** JSON: an array of ids of groups whose names it gets, or `"all"`; NULL for none. */
  shared_groups: string | null
  /** 1 if it may sign users in on a device by a code that they type elsewhere. */
  device_sign_in: number
  /** 1 if its users are not asked for consent. */
  trusted: number
  /** JSON: an array of names of roles that may use it; NULL for none. */
  allowed_roles: string | null
  /** JSON: an array of ids of groups; everyone may use an app that has neither roles nor groups. */
  allowed_groups: string | null
  /** What an authentication must reach beside the policies; NULL for nothing more. */
  least_assurance: 'two-factors' | 'phishing-resistant' | null
  /** How long ago an authentication may be, in seconds. */
  max_age: number | null
  /** Where users open it. */
  start_url: string | null
  /** 1 if it is left out of the start page of its users. */
  hidden: number
  preset: string | null
  /** Where the app is notified of the end of a session (OpenID Connect Back-Channel Logout 1.0); NULL where it is not. */
  backchannel_uri: string | null
  /** 1 if it takes no logout token that is about all sessions of a user. */
  backchannel_session_required: number
  created_at: number
  created_by: string | null
  disabled_at: number | null
  revision: number
}

/** A secret of an app. Two may be valid while it changes. */
export interface ClientSecretTable {
  id: string
  client_id: string
  /** SHA-256 of the secret. */
  hash: string
  created_at: number
  /** NULL without an end. */
  expires_at: number | null
  last_used_at: number | null
}

export interface ClientAttributeTable {
  client_id: string
  /** Of the attribute. */
  key: string
  /** The name under which the app gets its value. */
  claim: string
  /** The admin who allowed it; NULL for the operator. */
  allowed_by: string | null
}

/** The picture of an app. */
export interface ClientIconTable {
  client_id: string
  type: 'image/png' | 'image/webp'
  /** The file in Base64. */
  content: string
  /** SHA-256 of the file, as hexadecimal digits. */
  digest: string
}

/** An API for which apps get access tokens. */
export interface ResourceTable {
  id: string
  /** As apps request it, unique. */
  uri: string
  name: string
  /** The app that serves it and may introspect its tokens; NULL where its tokens are JWTs and none does. */
  client_id: string | null
  token_format: 'opaque' | 'jwt'
  /** How long a token lives, in seconds; NULL for the usual time. */
  lifetime: number | null
  /** Separated by spaces. */
  scopes: string
  /** JSON: an array of ids of apps that may request tokens for it, or `"all"`. */
  allowed_clients: string
  created_at: number
  created_by: string | null
  revision: number
}

/** A host name behind a reverse proxy, which lets this server authorize each request. */
export interface ProtectedHostTable {
  id: string
  /** The DNS name, in lower case and without a port, unique. */
  name: string
  /** JSON: an array of objects, in the order in which they are compared with a request. */
  rules: string
  /** JSON: an array of ids of the groups that the app behind the host learns of. */
  shared_groups: string
  /** 1 if the groups of a user must be read for a request. */
  needs_groups: 0 | 1
  api_tokens: 0 | 1
  preflights: 0 | 1
  created_at: number
  created_by: string | null
  revision: number
}

/** A browser that is signed in at a protected host, by a session. */
export interface HostSessionTable {
  /** SHA-256 of the host’s cookie. */
  hash: string
  host_id: string
  session_id: string
  subject: string
  created_at: number
}

/** A one-time code by which a browser enters a protected host. */
export interface HostCodeTable {
  /** SHA-256 of the code. */
  id: string
  host_id: string
  session_id: string
  subject: string
  /** The digest of a value that only this browser has. */
  leaving: string
  created_at: number
  consumed_at: number | null
}

/** What a user has agreed that an app learns and may do. */
export interface ClientConsentTable {
  client_id: string
  subject: string
  /** The URI of the resource for which the tokens are; empty for this server alone. */
  resource: string
  /** JSON: an array of what was agreed to, in order. */
  items: string
  given_at: number
  /** Digest of what the document of an agent said then; NULL for an app that an admin has registered. */
  document: string | null
}

/** What admins say about all apps: one row. */
export interface OpenidSettingTable {
  id: number
  /** 1 if agents may come without registration. */
  agents: number
  /** JSON: an array of URLs of documents, and of hosts. */
  allowed_documents: string
  revision: number
}

/** That a session has signed in to an app. */
export interface ClientSessionTable {
  session_id: string
  client_id: string
  subject: string
  /** The identifier of the session that the app gets: another one in each app, so that apps cannot compare. */
  sid: string
  grant_id: string
  /** The absolute limit of the session, and a week. */
  expires_at: number
  /** When the end of the session, or of this app in it, was on the list of endings; NULL while it goes on. */
  told_at: number | null
  /** When a job looks next whether time or a rule has ended it. */
  check_at: Generated<number>
}

/** Who has ever signed in to an app. It outlives the user, so that the app can be notified of the deletion. */
export interface ClientUserTable {
  client_id: string
  subject: string
  /** Of the latest session. */
  sid: string
}

/** That an app is notified that a session, or all sessions of a user, have ended. */
export interface ClientDeliveryTable {
  id: string
  client_id: string
  /** The audit event that ended it. */
  event_id: string
  subject: string
  /** Empty where it is about all sessions of the user. */
  sid: string
  /** The id of the logout token, the same at each attempt. */
  jti: string
  attempts: number
  next_attempt_at: number
  lease_owner: string | null
  lease_until: number | null
  created_at: number
  delivered_at: number | null
  failed_at: number | null
  last_error: string | null
}

/** Up to which position of the audit log a reader has read. */
export interface EndingCursorTable {
  name: string
  position: number
  /** Where the reader goes on within the next ending, if so many have to hear of it that they are notified in batches. */
  resume: string | null
}

/** A family of tokens: of one session at one app. */
export interface ClientGrantTable {
  id: string
  client_id: string
  subject: string
  epoch: number
  session_id: string
  /** The factors that were verified at `authenticated_at`, separated by spaces. Tokens that outlive the session are evaluated by them. */
  methods: string
  authenticated_at: number
  /** JSON of the library: the granted scopes and claims. */
  payload: string
  created_at: number
  last_used_at: number
  /** The absolute end of the family. */
  expires_at: number
  revoked_at: number | null
  /** The resource for which its access tokens are; NULL for this server alone. */
  resource_id: string | null
}

/** What was issued and is presented once or more often. The value itself is not stored. */
export interface ClientTokenTable {
  /** SHA-256 of kind and value. */
  id: string
  kind: 'code' | 'access' | 'refresh' | 'interaction' | 'request' | 'device'
  /** NULL for an interaction and a pushed request, as in the three columns below; those are so for a device code that waits too. */
  client_id: string | null
  grant_id: string | null
  subject: string | null
  epoch: number | null
  /** 1 if it outlives the session. */
  is_offline: number
  /** JSON of the library, without the value. */
  payload: string
  created_at: number
  expires_at: number
  consumed_at: number | null
  /** Of a consumed refresh token: the token that followed it, sealed, for a client that did not get the answer. */
  successor: string | null
  /** Of a device code that waits for its user: the MAC of the code that the user types. It is too short for a hash alone. */
  user_code: string | null
  /** When a user has denied the device code. */
  denied_at: number | null
  /** When the device last asked for tokens in vain. */
  polled_at: number | null
}

/** A key that signs ID tokens. Its state follows from the instants. */
export interface SigningKeyTable {
  kid: string
  alg: 'ES256' | 'RS256'
  /** The private key as a JWK, sealed for this `kid`. */
  sealed: string
  public_jwk: string
  created_at: number
  /** Until then it is published only. */
  signs_from: number
  /** From then on it signs no more; NULL while no successor is known. */
  retired_at: number | null
}
