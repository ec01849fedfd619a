-- Every statement, made by the tests from test/sql/calls.ts.
-- After a change that is meant: npm test -- --test-update-snapshots test/sql

-- USER_COLUMNS:
--   "users"."id" as "id"
--   "users"."subject" as "subject"
--   "users"."username" as "username"
--   "users"."email" as "email"
--   "users"."email_verified_at" as "emailVerifiedAt"
--   "users"."full_name" as "fullName"
--   "users"."role" as "role"
--   "users"."disabled" as "disabled"
--   "users"."hashed_password" as "hashedPassword"
--   "users"."credential_epoch" as "credentialEpoch"
--   "users"."revision" as "revision"
--   "users"."created_at" as "createdAt"
--   "users"."invited_at" as "invitedAt"
--   "users"."second_factor_at" as "secondFactorAt"
--   "users"."passkey_at" as "passkeyAt"
--   "users"."last_sign_in_at" as "lastSignInAt"
--   "users"."password_changed_at" as "passwordChangedAt"
--   "users"."password_change_asked_at" as "passwordChangeAskedAt"
--   "users"."locale" as "locale"
--   "users"."time_zone" as "timeZone"
--   "users"."username_key" as "usernameKey"
--   "users"."otp_secret" as "otpSecret"

-- src/users/user.queries.ts

-- usersNamed
select USER_COLUMNS
  from "users"
  where ("username_key" = ? or ("username_key" is null and "username" = ?))
  order by case when username_key is null then 1 else 0 end, "id";

-- userWithVerifiedEmail
select USER_COLUMNS
  from "users"
  where "email_key" = ?
  and "email_verified_at" is not null;

-- userWithSubject
select USER_COLUMNS
  from "users"
  where "subject" = ?;

-- userWithId
select USER_COLUMNS
  from "users"
  where "id" = cast(? as bigint);

-- takeUser
select "id"
  from "users"
  where "id" = cast(? as bigint);

-- unkeyedRows
select "id", "username", "email"
  from "users"
  where "username_key" is null
  order by "id"
  limit ?;

-- insertUser
insert into "users" ("username", "username_key", "email", "email_key", "full_name", "role", "disabled", "hashed_password", "created_at", "invited_at", "second_factor_at", "passkey_at", "password_changed_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning USER_COLUMNS;

-- keysInTheWay
select "username_key", "email_key"
  from "users"
  where "username_key" = ?;
select "username_key", "email_key"
  from "users"
  where ("username_key" = ? or "email_key" = ?)
  and "id" != ?;

-- mendIdentity
-- nothing to ask

-- updateUser
update "users"
  set "full_name" = ?, "revision" = "revision" + ?
  where "id" = ?
  and "revision" = ?
  returning USER_COLUMNS;
update "users"
  set "role" = ?, "revision" = "revision" + ?, "credential_epoch" = "credential_epoch" + ?
  where "id" = ?
  and "revision" = ?
  returning USER_COLUMNS;

-- updateLastSignIn
update "users"
  set "last_sign_in_at" = ?
  where "subject" = ?
  returning "id";

-- removeUser
delete from "users"
  where "id" = ?
  and "revision" = ?
  returning "id";

-- otherAdminExists
select "id"
  from "users"
  where "role" = ?
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "id" != ?
  limit ?;

-- userExists
select "id"
  from "users"
  limit ?;

-- src/users/hand-typed.queries.ts

-- selectHandTypedSecrets
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != ?
  and "id" > cast(? as bigint)
  order by "id"
  limit ?;

-- selectHandTypedSecret
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != ?
  and "id" > cast(? as bigint)
  order by "id"
  limit ?;

-- clearHandTypedSecret
update "users"
  set "otp_secret" = ?, "second_factor_at" = coalesce("second_factor_at", ?)
  where "id" = ?
  and "otp_secret" = ?
  returning "id";

-- src/users/imported-hashes.queries.ts

-- selectImportedHashes
select min("hashed_password") as "first", max("hashed_password") as "last"
  from "users"
  where hashed_password not like '$argon2id$%'
  group by substr(hashed_password, 1, case when hashed_password like '$2%' then 7 when hashed_password like '$pbkdf2$%' then 14 when hashed_password like 'scrypt%' then 16 else 20 end)
  limit ?;

-- src/users/peppered.queries.ts

-- selectPepperedWith
select USER_COLUMNS
  from "users"
  where "hashed_password" like ?
  order by "id";

-- src/users/row-completion.queries.ts

-- incompleteRows
select "id", "username", "email", "full_name" as "fullName", "email_key" as "emailKey"
  from "users"
  where "username_key" is null
  and "id" > cast(? as bigint)
  order by "id"
  limit ?;

-- takenKeys
select "username_key" as "key"
  from "users"
  where "username_key" in (?, ?);
select "email_key" as "key"
  from "users"
  where "email_key" in (?, ?);

-- writeCompleted
with found (id, username_key, email_key) as (values (cast(? as bigint), cast(? as text), cast(? as text)))
  update users
  set username_key = found.username_key, email_key = found.email_key
  from found
  where users.id = found.id
  and coalesce(users.username_key, '') = '';
insert or replace into user_search (rowid, user_id, words)
  values (?, ?, ?);

-- src/users/row-findings.queries.ts

-- doubtfulRows
select "id", "username", "username_key" as "usernameKey", "email", "email_key" as "emailKey", "role"
  from "users"
  where ("username_key" is null or ("email" is not null and "email" != ? and "email_key" is null) or "role" not in (?, ?) or (email not like '%_@_%._%' and email not like '%_@localhost') or "email" like ? or "email" like ?)
  order by "id"
  limit ?;

-- unreadableRows
select "id", trim(case when (cast("username" as text) <> "username") then 'username ' else '' end || case when (cast("email" as text) <> "email") then 'email ' else '' end || case when (cast("full_name" as text) <> "full_name") then 'full_name ' else '' end || case when (cast("otp_secret" as text) <> "otp_secret") then 'otp_secret ' else '' end || case when (cast("role" as text) <> "role") then 'role ' else '' end || case when ("email_verified_at" not between -8640000000000000 and 8640000000000000) then 'email_verified_at ' else '' end || case when ("created_at" not between -8640000000000000 and 8640000000000000) then 'created_at ' else '' end || case when ("invited_at" not between -8640000000000000 and 8640000000000000) then 'invited_at ' else '' end || case when ("second_factor_at" not between -8640000000000000 and 8640000000000000) then 'second_factor_at ' else '' end || case when ("last_sign_in_at" not between -8640000000000000 and 8640000000000000) then 'last_sign_in_at ' else '' end || case when ("password_changed_at" not between -8640000000000000 and 8640000000000000) then 'password_changed_at ' else '' end || case when ("password_change_asked_at" not between -8640000000000000 and 8640000000000000) then 'password_change_asked_at ' else '' end || case when ("credential_epoch" not between -8640000000000000 and 8640000000000000) then 'credential_epoch ' else '' end || case when ("revision" not between -8640000000000000 and 8640000000000000) then 'revision ' else '' end || case when ((cast("hashed_password" as text) <> "hashed_password") or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))) then 'hashed_password ' else '' end) as "columns"
  from "users"
  where ((cast("username" as text) <> "username") or (cast("email" as text) <> "email") or (cast("full_name" as text) <> "full_name") or (cast("otp_secret" as text) <> "otp_secret") or (cast("role" as text) <> "role") or ("email_verified_at" not between -8640000000000000 and 8640000000000000) or ("created_at" not between -8640000000000000 and 8640000000000000) or ("invited_at" not between -8640000000000000 and 8640000000000000) or ("second_factor_at" not between -8640000000000000 and 8640000000000000) or ("last_sign_in_at" not between -8640000000000000 and 8640000000000000) or ("password_changed_at" not between -8640000000000000 and 8640000000000000) or ("password_change_asked_at" not between -8640000000000000 and 8640000000000000) or ("credential_epoch" not between -8640000000000000 and 8640000000000000) or ("revision" not between -8640000000000000 and 8640000000000000) or ((cast("hashed_password" as text) <> "hashed_password") or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))))
  order by "id"
  limit ?;

-- src/sessions/open-session.queries.ts

-- selectOpenSession
select "users"."disabled"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."id" = ?
  and "session"."revoked_at" is null;

-- holdOpenSession
select "users"."disabled"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."id" = ?
  and "session"."revoked_at" is null;

-- src/sessions/session.queries.ts

-- insertSession
insert into "session" ("id", "token_hash", "subject", "epoch", "carrier", "methods", "address", "agent", "started_at", "last_seen_at", "proven_at", "revoked_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectSessionWithUser
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."proven_at" as "provenAt", "session"."proven_methods" as "provenMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."locale", "users"."time_zone" as "timeZone"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."token_hash" = ?
  and "session"."carrier" = ?
  and "session"."revoked_at" is null;

-- updateLastSeen
update "session"
  set "last_seen_at" = ?
  where "id" = ?
  and "last_seen_at" < ?;

-- updateProven
update "session"
  set "proven_at" = ?, "proven_methods" = ?, "methods" = ?, "token_hash" = ?
  where "id" = ?
  and "revoked_at" is null
  returning "id";

-- updateEpoch
update "session"
  set "epoch" = ?
  where "id" = ?
  and "revoked_at" is null;

-- revokeSession
update "session"
  set "revoked_at" = ?
  where "id" = ?
  and "subject" = ?
  and "revoked_at" is null
  returning "id";

-- revokeSessions
update "session"
  set "revoked_at" = ?
  where "subject" = ?
  and "revoked_at" is null
  returning "id";
update "session"
  set "revoked_at" = ?
  where "subject" = ?
  and "revoked_at" is null
  and "id" != ?
  returning "id";

-- selectSessions
select "id", "subject", "carrier", "methods", "address", "agent", "started_at" as "startedAt", "last_seen_at" as "lastSeenAt", "proven_at" as "provenAt"
  from "session"
  where "subject" = ?
  and "revoked_at" is null
  and "last_seen_at" > ?
  and "started_at" > ?
  and "epoch" = (select "credential_epoch" from "users" where "users"."subject" = "session"."subject")
  order by "last_seen_at" desc, "id" desc;

-- deleteOldSessions
delete from "session"
  where "id" < ?;

-- src/api-tokens/api-token.queries.ts

-- insertApiToken
insert into "api_token" ("id", "token_hash", "subject", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectApiTokenWithUser
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "expiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", USER_COLUMNS
  from "api_token"
  inner join "users" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = ?;

-- selectCountingToken
select "users"."disabled"
  from "api_token"
  inner join "users" on "users"."subject" = "api_token"."subject"
  where "api_token"."id" = ?
  and "api_token"."revoked_at" is null
  and "api_token"."expires_at" > ?;

-- holdCountingToken
select "users"."disabled"
  from "api_token"
  inner join "users" on "users"."subject" = "api_token"."subject"
  where "api_token"."id" = ?
  and "api_token"."revoked_at" is null
  and "api_token"."expires_at" > ?;

-- selectLivingApiTokens
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "expiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt"
  from "api_token"
  where "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?
  order by "created_at" desc, "id" desc;

-- revokeApiToken
update "api_token"
  set "revoked_at" = ?
  where "id" = ?
  and "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?
  returning "name";

-- updateScopes
update "api_token"
  set "scopes" = ?
  where "id" = ?;

-- revokeApiTokens
update "api_token"
  set "revoked_at" = ?
  where "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?
  returning "id";

-- updateLastUsed
update "api_token"
  set "last_used_at" = ?
  where "id" = ?
  and ("last_used_at" is null or "last_used_at" < ?);

-- deleteEndedApiTokens
delete from "api_token"
  where ("expires_at" < ? or "revoked_at" < ?);

-- src/links/link.queries.ts

-- insertLink
insert into "link" ("id", "token_hash", "purpose", "subject", "epoch", "created_by", "created_at", "expires_at", "spent_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectLink
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "spent_at" as "spentAt"
  from "link"
  where "token_hash" = ?
  and "purpose" = ?;

-- deleteUnspentLinks
delete from "link"
  where "purpose" = ?
  and "subject" = ?
  and "spent_at" is null;
delete from "link"
  where "purpose" = ?
  and "subject" is null
  and "spent_at" is null;

-- deleteExpiredLinks
delete from "link"
  where "expires_at" < ?;

-- src/factors/recovery-codes/recovery-code.queries.ts

-- insertRecoveryCodes
insert into "recovery_code" ("id", "subject", "selector", "code_hash", "created_at", "consumed_at")
  values (?, ?, ?, ?, ?, ?);

-- selectRecoveryCode
select "id", "code_hash" as "codeHash", "consumed_at" as "consumedAt"
  from "recovery_code"
  where "subject" = ?
  and "selector" = ?;

-- selectRecoveryCodes
select "created_at" as "createdAt", "consumed_at" as "consumedAt"
  from "recovery_code"
  where "subject" = ?;

-- deleteRecoveryCodes
delete from "recovery_code"
  where "subject" = ?
  returning "consumed_at";

-- src/users/state-rollback.queries.ts

-- raiseEveryEpoch
update "users"
  set "credential_epoch" = "credential_epoch" + ?, "revision" = "revision" + ?;

-- src/factors/totp/state-rollback.queries.ts

-- useUpPresentSteps
update "totp_factor"
  set "last_used_step" = cast(? as bigint) / period + 1
  where ("last_used_step" is null or "last_used_step" < cast(? as bigint) / period + 1);

-- src/factors/totp/totp.queries.ts

-- insertTotp
insert into "totp_factor" ("id", "subject", "name", "sealed_secret", "algorithm", "digits", "period", "created_at", "confirmed_at", "replaces", "last_used_at", "last_used_step", "replayed_step", "told_step")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectTotpApps
select "id", "name", "created_at" as "createdAt", "confirmed_at" as "confirmedAt", "last_used_at" as "lastUsedAt", "replaces", "digits"
  from "totp_factor"
  where "subject" = ?
  order by "created_at", "id";

-- selectConfirmedTotp
select "id", "name", "created_at" as "createdAt", "confirmed_at" as "confirmedAt", "last_used_at" as "lastUsedAt", "replaces", "digits", "sealed_secret" as "sealedSecret", "algorithm", "period", "last_used_step" as "lastUsedStep"
  from "totp_factor"
  where "subject" = ?
  and "confirmed_at" is not null
  order by "created_at", "id";

-- selectPendingTotp
select "id", "name", "created_at" as "createdAt", "confirmed_at" as "confirmedAt", "last_used_at" as "lastUsedAt", "replaces", "digits", "sealed_secret" as "sealedSecret", "algorithm", "period", "last_used_step" as "lastUsedStep"
  from "totp_factor"
  where "subject" = ?
  and "id" = ?
  and "confirmed_at" is null;

-- confirmPendingTotp
update "totp_factor"
  set "confirmed_at" = ?, "last_used_at" = ?, "last_used_step" = ?, "replaces" = ?
  where "id" = ?
  and "confirmed_at" is null
  returning "id";

-- acceptStep
update "totp_factor"
  set "last_used_step" = ?, "last_used_at" = ?
  where "id" = ?
  and "confirmed_at" is not null
  and ("last_used_step" is null or "last_used_step" < ?)
  and ("told_step" is null or "told_step" != ?)
  returning "id";

-- noteToldStep
update "totp_factor"
  set "told_step" = ?
  where "id" = ?
  and ("told_step" is null or "told_step" = ? or "told_step" < ?)
  returning "id";

-- noteReplay
update "totp_factor"
  set "replayed_step" = ?
  where "id" = ?
  and ("replayed_step" is null or "replayed_step" != ?)
  returning "id";

-- updateTotpName
update "totp_factor"
  set "name" = ?
  where "subject" = ?
  and "id" = ?
  returning "id";

-- deleteTotp
delete from "totp_factor"
  where "subject" = ?
  and "id" = ?
  returning "id";

-- deletePendingTotp
delete from "totp_factor"
  where "subject" = ?
  and "confirmed_at" is null;

-- deleteAllTotp
delete from "totp_factor"
  where "subject" = ?
  returning "id";

-- deleteStalePendingTotp
delete from "totp_factor"
  where "confirmed_at" is null
  and "created_at" < ?;

-- countSubjectsSealedBy
select count(distinct "subject") as "count"
  from "totp_factor"
  where "confirmed_at" is not null
  and ("sealed_secret" like ? or "sealed_secret" like ?);

-- deleteTotpSealedBy
delete from "totp_factor"
  where ("sealed_secret" like ? or "sealed_secret" like ?)
  returning "subject";

-- src/factors/passkeys/passkey.queries.ts

-- insertPasskey
insert into "passkey" ("id", "subject", "credential_id", "public_key", "sign_count", "transports", "aaguid", "device_type", "backed_up_at", "name", "created_at", "last_used_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict ("credential_id") do nothing
  returning "id";

-- selectPasskeys
select "id", "name", "credential_id" as "credentialId", "transports", "aaguid", "device_type" as "deviceType", "backed_up_at" as "backedUpAt", "created_at" as "createdAt", "last_used_at" as "lastUsedAt"
  from "passkey"
  where "subject" = ?
  order by "created_at", "id";

-- countPasskeysOf
select count(*) as "count"
  from "passkey"
  where "subject" = ?;

-- selectPasskeyWithCredential
select "id", "name", "credential_id" as "credentialId", "transports", "aaguid", "device_type" as "deviceType", "backed_up_at" as "backedUpAt", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", "subject", "public_key" as "publicKey", "sign_count" as "signCount"
  from "passkey"
  where "credential_id" = ?;

-- noteUse
update "passkey"
  set "sign_count" = ?, "last_used_at" = ?, "backed_up_at" = ?
  where "id" = ?
  and "sign_count" = ?
  returning "id";
update "passkey"
  set "sign_count" = ?, "last_used_at" = ?, "backed_up_at" = coalesce("backed_up_at", ?)
  where "id" = ?
  and "sign_count" < ?
  returning "id";

-- updatePasskeyName
update "passkey"
  set "name" = ?
  where "subject" = ?
  and "id" = ?
  returning "id";

-- deletePasskey
delete from "passkey"
  where "subject" = ?
  and "id" = ?
  returning "id";

-- deleteAllPasskeys
delete from "passkey"
  where "subject" = ?
  returning "id";

-- src/factors/passkeys/challenge.queries.ts

-- insertChallenge
insert into "passkey_challenge" ("id", "challenge_hash", "purpose", "subject", "bound_to", "created_at", "expires_at", "consumed_at")
  values (?, ?, ?, ?, ?, ?, ?, ?);

-- selectChallenge
select "id", "purpose", "subject", "bound_to" as "boundTo", "expires_at" as "expiresAt", "consumed_at" as "consumedAt"
  from "passkey_challenge"
  where "challenge_hash" = ?;

-- deleteStaleChallenges
delete from "passkey_challenge"
  where "expires_at" < ?;

-- src/attempts/attempt.queries.ts

-- insertAttempt
insert into "attempt" ("id", "token_hash", "purpose", "stage", "subject", "epoch", "methods", "username", "email", "full_name", "hashed_password", "link_id", "factor_id", "sealed_secret", "created_at", "expires_at", "consumed_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectAttempt
select *
  from "attempt"
  where "token_hash" = ?;

-- putSetupKey
update "attempt"
  set "factor_id" = ?, "sealed_secret" = ?
  where "id" = ?
  and "factor_id" is null
  returning "id";

-- deleteAttempts
delete from "attempt"
  where "expires_at" < ?;

-- src/throttle/throttle.queries.ts

-- drawFromBucket
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values (?, ?, ?, ?)
  on conflict ("key") do update
  set "failures" = throttle_bucket.failures + 1, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when throttle_bucket.failures + 1 >= 100 then 9007199254740991 when throttle_bucket.failures + 1 >= 12 then excluded.last_failure_at + 3600000 when throttle_bucket.failures + 1 >= 11 then excluded.last_failure_at + 1920000 when throttle_bucket.failures + 1 >= 10 then excluded.last_failure_at + 960000 when throttle_bucket.failures + 1 >= 9 then excluded.last_failure_at + 480000 when throttle_bucket.failures + 1 >= 8 then excluded.last_failure_at + 240000 when throttle_bucket.failures + 1 >= 7 then excluded.last_failure_at + 120000 when throttle_bucket.failures + 1 >= 6 then excluded.last_failure_at + 60000 when throttle_bucket.failures + 1 >= 5 then excluded.last_failure_at + 30000 else 0 end, "closed_by" = ?
  where "throttle_bucket"."blocked_until" <= ?
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values (?, ?, ?, ?)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 107 then excluded.last_failure_at + 3600000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 106 then excluded.last_failure_at + 1920000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 105 then excluded.last_failure_at + 960000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 104 then excluded.last_failure_at + 480000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 103 then excluded.last_failure_at + 240000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 102 then excluded.last_failure_at + 120000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 101 then excluded.last_failure_at + 60000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 100 then excluded.last_failure_at + 30000 else 0 end, "closed_by" = ?
  where "throttle_bucket"."blocked_until" <= ?
  returning "failures", "blocked_until" as "blockedUntil";

-- refundBucket
update "throttle_bucket"
  set "failures" = (throttle_bucket.failures - 1), "blocked_until" = case when (throttle_bucket.failures - 1) >= 100 then 9007199254740991 when (throttle_bucket.failures - 1) >= 12 then throttle_bucket.last_failure_at + 3600000 when (throttle_bucket.failures - 1) >= 11 then throttle_bucket.last_failure_at + 1920000 when (throttle_bucket.failures - 1) >= 10 then throttle_bucket.last_failure_at + 960000 when (throttle_bucket.failures - 1) >= 9 then throttle_bucket.last_failure_at + 480000 when (throttle_bucket.failures - 1) >= 8 then throttle_bucket.last_failure_at + 240000 when (throttle_bucket.failures - 1) >= 7 then throttle_bucket.last_failure_at + 120000 when (throttle_bucket.failures - 1) >= 6 then throttle_bucket.last_failure_at + 60000 when (throttle_bucket.failures - 1) >= 5 then throttle_bucket.last_failure_at + 30000 else 0 end, "closed_by" = case when (throttle_bucket.failures - 1) < 5 then null else throttle_bucket.closed_by end
  where "key" = ?
  and "failures" > ?;
update "throttle_bucket"
  set "failures" = (throttle_bucket.failures - 1), "blocked_until" = case when (throttle_bucket.failures - 1) >= 107 then throttle_bucket.last_failure_at + 3600000 when (throttle_bucket.failures - 1) >= 106 then throttle_bucket.last_failure_at + 1920000 when (throttle_bucket.failures - 1) >= 105 then throttle_bucket.last_failure_at + 960000 when (throttle_bucket.failures - 1) >= 104 then throttle_bucket.last_failure_at + 480000 when (throttle_bucket.failures - 1) >= 103 then throttle_bucket.last_failure_at + 240000 when (throttle_bucket.failures - 1) >= 102 then throttle_bucket.last_failure_at + 120000 when (throttle_bucket.failures - 1) >= 101 then throttle_bucket.last_failure_at + 60000 when (throttle_bucket.failures - 1) >= 100 then throttle_bucket.last_failure_at + 30000 else 0 end, "closed_by" = case when (throttle_bucket.failures - 1) < 100 then null else throttle_bucket.closed_by end
  where "key" = ?
  and "failures" > ?;

-- deleteBucket
delete from "throttle_bucket"
  where "key" = ?;

-- noteClosedBy
update "throttle_bucket"
  set "closed_by" = ?
  where "key" = ?;

-- deleteUserBucketsOf
delete from "throttle_bucket"
  where ("key" = ? or ("key" >= ? and "key" < ?));

-- deleteUserBuckets
delete from "throttle_bucket"
  where "key" >= ?
  and "key" < ?;

-- deleteQuietNetworks
delete from "throttle_bucket"
  where "key" >= ?
  and "key" < ?
  and "last_failure_at" <= ?
  and "blocked_until" <= ?;

-- endOfNames
select "key"
  from "throttle_bucket"
  where "key" > ?
  and "key" < ?
  order by "key"
  limit ? offset ?;

-- deleteQuietNames
delete from "throttle_bucket"
  where "key" > ?
  and "key" <= ?
  and "last_failure_at" <= ?;

-- bucketsWithKeys
select *
  from "throttle_bucket"
  where "key" in (?);

-- bucketsOfUser
select *
  from "throttle_bucket"
  where "key" >= ?
  and "key" < ?
  order by "key";

-- src/audit/noted-heads.queries.ts

-- sealsAmong
select "position", "seal"
  from "audit_event"
  where "position" in (?, ?);

-- src/audit/audit.queries.ts

-- selectEvent
select *
  from "audit_event"
  where "id" = ?;

-- insertEvent
insert into "audit_event" ("id", "at", "action", "actor", "target", "result", "reason", "details_digest", "details", "address_key", "key_id", "mac")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectEvents
select *
  from "audit_event"
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "actor" = ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "target" = ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where ("actor" = ? or "target" = ?)
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "action" = ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "result" = ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "address_key" >= ?
  and "address_key" <= ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "at" >= ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "at" < ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where ("at", "id") < (?, ?)
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "actor" = ?
  and "target" = ?
  and ("actor" = ? or "target" = ?)
  and "action" = ?
  and "result" = ?
  and "address_key" >= ?
  and "address_key" <= ?
  and "at" >= ?
  and "at" < ?
  and ("at", "id") < (?, ?)
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where address_key || '' >= ?
  and address_key || '' <= ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "address_key" = ?
  order by "at" desc, "id" desc
  limit ?;

-- countFrom
select count(*) as "count"
  from (select "id" from "audit_event" where "address_key" >= ? and "address_key" <= ? limit ?) as "found";

-- oldestUnsealed
select "at"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit ?;

-- unsealedEvents
select "id", "mac"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit ?;

-- lastLink
select "position", "seal"
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position" desc
  limit ?;

-- newestSealedRow
select "position", "at"
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position" desc
  limit ?;

-- writeLinks
update "audit_event"
  set "position" = ?, "previous" = ?, "seal" = ?
  where "id" = ?
  and "position" is null
  returning "id";

-- sealAt
select "seal"
  from "audit_event"
  where "position" = ?;

-- sealedAfter
select *
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position"
  limit ?;

-- sealedAt
select *
  from "audit_event"
  where "position" = ?
  limit ?;

-- sealedNowhere
select "id", "position"
  from "audit_event"
  where "position" is not null
  and ("position" <= ? or "position" > ?)
  limit ?;

-- src/administration/users/user-list.view.ts

-- selectUsers
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is not null
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key", users.id) > (?, cast(? as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is null
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id > cast(? as bigint))
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is not null
  order by "users"."username_key" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key", users.id) < (?, cast(? as bigint))
  order by "users"."username_key" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is null
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id < cast(? as bigint))
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is not null
  order by "users"."email_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key", users.id) > (?, cast(? as bigint))
  order by "users"."email_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is null
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id > cast(? as bigint))
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is not null
  order by "users"."email_key" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key", users.id) < (?, cast(? as bigint))
  order by "users"."email_key" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is null
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id < cast(? as bigint))
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is not null
  order by "users"."created_at" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at", users.id) > (?, cast(? as bigint))
  order by "users"."created_at" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is null
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id > cast(? as bigint))
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is not null
  order by "users"."created_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at", users.id) < (?, cast(? as bigint))
  order by "users"."created_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is null
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id < cast(? as bigint))
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is not null
  order by "users"."last_sign_in_at" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at", users.id) > (?, cast(? as bigint))
  order by "users"."last_sign_in_at" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is null
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id > cast(? as bigint))
  order by "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is not null
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at", users.id) < (?, cast(? as bigint))
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is null
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id < cast(? as bigint))
  order by "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."id" in (select rowid from user_search where words match ?))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and (("users"."username_key" >= ? and "users"."username_key" < ?) or ("users"."email_key" >= ? and "users"."email_key" < ?)))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."role" = ?)
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ("users"."role" is null or "users"."role" <> ?))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and not (users.disabled is null or cast(users.disabled as text) in ('0', 'false')))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;

-- selectUsersById
select USER_COLUMNS
  from "users"
  where "users"."id" in (?, ?)
  order by "users"."username_key", "users"."id";

-- countByFilter
select count(*) as "all", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where "users"."role" = ?) as "admins"
  from "users"
  where 1 = 1;
select count(*) as "all", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where "users"."role" = ?) as "admins"
  from "users"
  where "users"."id" in (select rowid from user_search where words match ?);
select count(*) as "all", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where "users"."role" = ?) as "admins"
  from "users"
  where (("users"."username_key" >= ? and "users"."username_key" < ?) or ("users"."email_key" >= ? and "users"."email_key" < ?));

-- src/administration/invitations/invitations.view.ts

-- selectInvitationEnds
select "users"."subject" as "subject", max("link"."expires_at") as "end"
  from "link"
  inner join "users" on "users"."subject" = "link"."subject"
  and "users"."credential_epoch" = "link"."epoch"
  where "link"."subject" in (?)
  and "link"."purpose" = ?
  and "link"."spent_at" is null
  group by "users"."subject";

-- src/administration/user/find-user.view.ts

-- selectNamesLike
select "username_key"
  from "users"
  where "username_key" >= ?
  and "username_key" < ?
  order by "username_key"
  limit ?;

-- selectIdByEmail
select "id"
  from "users"
  where "email_key" = ?;

-- selectSessionOwner
select "subject"
  from "session"
  where "id" = ?;

-- src/administration/overview/overview.view.ts

-- countUsers
select count(*) as "total", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null) and "passkey_at" is not null)) as "withPasskey", count(*) filter(where (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null) and "passkey_at" is null)) as "withApp", count(*) filter(where (("role" = ? and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and "second_factor_at" is not null)) as "actingAdmins", count(*) filter(where (("role" = ? and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and "second_factor_at" is null)) as "waitingAdmins", count(*) filter(where (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%')) as "importedHashes", count(*) filter(where "otp_secret" <> ?) as "plainSecrets"
  from "users";

-- countSessions
select count(*) as "count"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."last_seen_at" > ?
  and "session"."started_at" > ?;

-- countSignIns
select count(*) filter(where "action" = ?) as "succeeded", count(*) filter(where "action" in (?, ?)) as "refused"
  from "audit_event"
  where "at" >= ?
  and "at" < ?;

-- countUsersSince
select case when "users"."created_at" >= ? then "users"."created_at" / 86400000 else -1 end as "span", count(*) as "count"
  from "users"
  where (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  group by "span";
select case when "users"."second_factor_at" >= ? then "users"."second_factor_at" / 86400000 else -1 end as "span", count(*) as "count"
  from "users"
  where (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "second_factor_at" is not null
  group by "span";

-- src/users/people.queries.ts

-- selectPeople
select "subject", "id", "username"
  from "users"
  where "subject" in (?);

-- src/platform/database/consume-once.ts

-- consumeOnce
update "attempt"
  set "consumed_at" = ?
  where "id" = ?
  and "consumed_at" is null
  returning "id";
update "link"
  set "spent_at" = ?
  where "id" = ?
  and "spent_at" is null
  returning "id";
update "passkey_challenge"
  set "consumed_at" = ?
  where "id" = ?
  and "consumed_at" is null
  returning "id";
update "recovery_code"
  set "consumed_at" = ?
  where "id" = ?
  and "consumed_at" is null
  returning "id";

-- src/platform/database/search.ts

-- putSearchWords
insert or replace into user_search (rowid, user_id, words)
  values (?, ?, ?);

-- dropSearchWords
delete from user_search
  where rowid = ?;

-- usersWithSearchWords
select "rowid" as id
  from user_search
  where "rowid" in (?);

-- src/platform/database/lock.ts

-- lockFor
-- nothing to ask

-- tryLockFor
-- nothing to ask
