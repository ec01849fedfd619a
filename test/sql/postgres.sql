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
  where ("username_key" = $1 or ("username_key" is null and "username" = $2))
  order by case when username_key is null then 1 else 0 end, "id";

-- userWithVerifiedEmail
select USER_COLUMNS
  from "users"
  where "email_key" = $1
  and "email_verified_at" is not null;

-- userWithSubject
select USER_COLUMNS
  from "users"
  where "subject" = $1;

-- userWithId
select USER_COLUMNS
  from "users"
  where "id" = cast($1 as bigint);

-- takeUser
select "id"
  from "users"
  where "id" = cast($1 as bigint) for no key
  update;

-- unkeyedRows
select "id", "username", "email"
  from "users"
  where "username_key" is null
  order by "id"
  limit $1;

-- insertUser
insert into "users" ("username", "username_key", "email", "email_key", "full_name", "role", "disabled", "hashed_password", "created_at", "invited_at", "second_factor_at", "passkey_at", "password_changed_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict do nothing
  returning USER_COLUMNS;

-- keysInTheWay
select "username_key", "email_key"
  from "users"
  where "username_key" = $1;
select "username_key", "email_key"
  from "users"
  where ("username_key" = $1 or "email_key" = $2)
  and "id" != $3;

-- mendIdentity
select setval(pg_get_serial_sequence('users', 'id'), (select max(id) from users));

-- updateUser
update "users"
  set "full_name" = $1, "revision" = "revision" + $2
  where "id" = $3
  and "revision" = $4
  returning USER_COLUMNS;
update "users"
  set "role" = $1, "revision" = "revision" + $2, "credential_epoch" = "credential_epoch" + $3
  where "id" = $4
  and "revision" = $5
  returning USER_COLUMNS;

-- updateLastSignIn
update "users"
  set "last_sign_in_at" = $1
  where "subject" = $2
  returning "id";

-- removeUser
delete from "users"
  where "id" = $1
  and "revision" = $2
  returning "id";

-- otherAdminExists
select "id"
  from "users"
  where "role" = $1
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "id" != $2
  limit $3;

-- userExists
select "id"
  from "users"
  limit $1;

-- src/users/hand-typed.queries.ts

-- selectHandTypedSecrets
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != $1
  and "id" > cast($2 as bigint)
  order by "id"
  limit $3;

-- selectHandTypedSecret
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != $1
  and "id" > cast($2 as bigint)
  order by "id"
  limit $3;

-- clearHandTypedSecret
update "users"
  set "otp_secret" = $1, "second_factor_at" = coalesce("second_factor_at", $2)
  where "id" = $3
  and "otp_secret" = $4
  returning "id";

-- src/users/imported-hashes.queries.ts

-- selectImportedHashes
select min("hashed_password") as "first", max("hashed_password") as "last"
  from "users"
  where hashed_password not like '$argon2id$%'
  group by substr(hashed_password, 1, case when hashed_password like '$2%' then 7 when hashed_password like '$pbkdf2$%' then 14 when hashed_password like 'scrypt%' then 16 else 20 end)
  limit $1;

-- src/users/peppered.queries.ts

-- selectPepperedWith
select USER_COLUMNS
  from "users"
  where "hashed_password" like $1
  order by "id";

-- src/users/row-completion.queries.ts

-- incompleteRows
select "id", "username", "email", "full_name" as "fullName", "email_key" as "emailKey"
  from "users"
  where "username_key" is null
  and "id" > cast($1 as bigint)
  order by "id"
  limit $2;

-- takenKeys
select "username_key" as "key"
  from "users"
  where "username_key" in ($1, $2);
select "email_key" as "key"
  from "users"
  where "email_key" in ($1, $2);

-- writeCompleted
with found (id, username_key, email_key) as (values (cast($1 as bigint), cast($2 as text), cast($3 as text)))
  update users
  set username_key = found.username_key, email_key = found.email_key
  from found
  where users.id = found.id
  and coalesce(users.username_key, '') = '';
insert into "user_search" ("user_id", "words")
  values ($1, $2)
  on conflict ("user_id") do update
  set "words" = "excluded"."words";

-- src/users/row-findings.queries.ts

-- doubtfulRows
select "id", "username", "username_key" as "usernameKey", "email", "email_key" as "emailKey", "role"
  from "users"
  where ("username_key" is null or ("email" is not null and "email" != $1 and "email_key" is null) or "role" not in ($2, $3) or (email not like '%_@_%._%' and email not like '%_@localhost') or "email" like $4 or "email" like $5)
  order by "id"
  limit $6;

-- unreadableRows
select "id", trim(case when (cast("username" as text) <> "username") then 'username ' else '' end || case when (cast("email" as text) <> "email") then 'email ' else '' end || case when (cast("full_name" as text) <> "full_name") then 'full_name ' else '' end || case when (cast("otp_secret" as text) <> "otp_secret") then 'otp_secret ' else '' end || case when (cast("role" as text) <> "role") then 'role ' else '' end || case when ("email_verified_at" not between -8640000000000000 and 8640000000000000) then 'email_verified_at ' else '' end || case when ("created_at" not between -8640000000000000 and 8640000000000000) then 'created_at ' else '' end || case when ("invited_at" not between -8640000000000000 and 8640000000000000) then 'invited_at ' else '' end || case when ("second_factor_at" not between -8640000000000000 and 8640000000000000) then 'second_factor_at ' else '' end || case when ("last_sign_in_at" not between -8640000000000000 and 8640000000000000) then 'last_sign_in_at ' else '' end || case when ("password_changed_at" not between -8640000000000000 and 8640000000000000) then 'password_changed_at ' else '' end || case when ("password_change_asked_at" not between -8640000000000000 and 8640000000000000) then 'password_change_asked_at ' else '' end || case when ("credential_epoch" not between -8640000000000000 and 8640000000000000) then 'credential_epoch ' else '' end || case when ("revision" not between -8640000000000000 and 8640000000000000) then 'revision ' else '' end || case when ((cast("hashed_password" as text) <> "hashed_password") or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))) then 'hashed_password ' else '' end) as "columns"
  from "users"
  where ((cast("username" as text) <> "username") or (cast("email" as text) <> "email") or (cast("full_name" as text) <> "full_name") or (cast("otp_secret" as text) <> "otp_secret") or (cast("role" as text) <> "role") or ("email_verified_at" not between -8640000000000000 and 8640000000000000) or ("created_at" not between -8640000000000000 and 8640000000000000) or ("invited_at" not between -8640000000000000 and 8640000000000000) or ("second_factor_at" not between -8640000000000000 and 8640000000000000) or ("last_sign_in_at" not between -8640000000000000 and 8640000000000000) or ("password_changed_at" not between -8640000000000000 and 8640000000000000) or ("password_change_asked_at" not between -8640000000000000 and 8640000000000000) or ("credential_epoch" not between -8640000000000000 and 8640000000000000) or ("revision" not between -8640000000000000 and 8640000000000000) or ((cast("hashed_password" as text) <> "hashed_password") or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))))
  order by "id"
  limit $1;

-- src/sessions/open-session.queries.ts

-- selectOpenSession
select "users"."disabled"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."id" = $1
  and "session"."revoked_at" is null;

-- holdOpenSession
select "users"."disabled"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."id" = $1
  and "session"."revoked_at" is null for share;

-- src/sessions/session.queries.ts

-- insertSession
insert into "session" ("id", "token_hash", "subject", "epoch", "carrier", "methods", "address", "agent", "started_at", "last_seen_at", "proven_at", "revoked_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- selectSessionWithUser
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."proven_at" as "provenAt", "session"."proven_methods" as "provenMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."locale", "users"."time_zone" as "timeZone"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."token_hash" = $1
  and "session"."carrier" = $2
  and "session"."revoked_at" is null;

-- updateLastSeen
update "session"
  set "last_seen_at" = $1
  where "id" = $2
  and "last_seen_at" < $3;

-- updateProven
update "session"
  set "proven_at" = $1, "proven_methods" = $2, "methods" = $3, "token_hash" = $4
  where "id" = $5
  and "revoked_at" is null
  returning "id";

-- updateEpoch
update "session"
  set "epoch" = $1
  where "id" = $2
  and "revoked_at" is null;

-- revokeSession
update "session"
  set "revoked_at" = $1
  where "id" = $2
  and "subject" = $3
  and "revoked_at" is null
  returning "id";

-- revokeSessions
update "session"
  set "revoked_at" = $1
  where "subject" = $2
  and "revoked_at" is null
  returning "id";
update "session"
  set "revoked_at" = $1
  where "subject" = $2
  and "revoked_at" is null
  and "id" != $3
  returning "id";

-- selectSessions
select "id", "subject", "carrier", "methods", "address", "agent", "started_at" as "startedAt", "last_seen_at" as "lastSeenAt", "proven_at" as "provenAt"
  from "session"
  where "subject" = $1
  and "revoked_at" is null
  and "last_seen_at" > $2
  and "started_at" > $3
  and "epoch" = (select "credential_epoch" from "users" where "users"."subject" = "session"."subject")
  order by "last_seen_at" desc, "id" desc;

-- deleteOldSessions
delete from "session"
  where "id" < $1;

-- src/api-tokens/api-token.queries.ts

-- insertApiToken
insert into "api_token" ("id", "token_hash", "subject", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- selectApiTokenWithUser
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "expiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", USER_COLUMNS
  from "api_token"
  inner join "users" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = $1;

-- selectCountingToken
select "users"."disabled"
  from "api_token"
  inner join "users" on "users"."subject" = "api_token"."subject"
  where "api_token"."id" = $1
  and "api_token"."revoked_at" is null
  and "api_token"."expires_at" > $2;

-- holdCountingToken
select "users"."disabled"
  from "api_token"
  inner join "users" on "users"."subject" = "api_token"."subject"
  where "api_token"."id" = $1
  and "api_token"."revoked_at" is null
  and "api_token"."expires_at" > $2 for share;

-- selectLivingApiTokens
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "expiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt"
  from "api_token"
  where "subject" = $1
  and "revoked_at" is null
  and "expires_at" > $2
  order by "created_at" desc, "id" desc;

-- revokeApiToken
update "api_token"
  set "revoked_at" = $1
  where "id" = $2
  and "subject" = $3
  and "revoked_at" is null
  and "expires_at" > $4
  returning "name";

-- updateScopes
update "api_token"
  set "scopes" = $1
  where "id" = $2;

-- revokeApiTokens
update "api_token"
  set "revoked_at" = $1
  where "subject" = $2
  and "revoked_at" is null
  and "expires_at" > $3
  returning "id";

-- updateLastUsed
update "api_token"
  set "last_used_at" = $1
  where "id" = $2
  and ("last_used_at" is null or "last_used_at" < $3);

-- deleteEndedApiTokens
delete from "api_token"
  where ("expires_at" < $1 or "revoked_at" < $2);

-- src/links/link.queries.ts

-- insertLink
insert into "link" ("id", "token_hash", "purpose", "subject", "epoch", "created_by", "created_at", "expires_at", "spent_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- selectLink
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "spent_at" as "spentAt"
  from "link"
  where "token_hash" = $1
  and "purpose" = $2;

-- deleteUnspentLinks
delete from "link"
  where "purpose" = $1
  and "subject" = $2
  and "spent_at" is null;
delete from "link"
  where "purpose" = $1
  and "subject" is null
  and "spent_at" is null;

-- deleteExpiredLinks
delete from "link"
  where "expires_at" < $1;

-- src/factors/recovery-codes/recovery-code.queries.ts

-- insertRecoveryCodes
insert into "recovery_code" ("id", "subject", "selector", "code_hash", "created_at", "consumed_at")
  values ($1, $2, $3, $4, $5, $6);

-- selectRecoveryCode
select "id", "code_hash" as "codeHash", "consumed_at" as "consumedAt"
  from "recovery_code"
  where "subject" = $1
  and "selector" = $2;

-- selectRecoveryCodes
select "created_at" as "createdAt", "consumed_at" as "consumedAt"
  from "recovery_code"
  where "subject" = $1;

-- deleteRecoveryCodes
delete from "recovery_code"
  where "subject" = $1
  returning "consumed_at";

-- src/users/state-rollback.queries.ts

-- raiseEveryEpoch
update "users"
  set "credential_epoch" = "credential_epoch" + $1, "revision" = "revision" + $2;

-- src/factors/totp/state-rollback.queries.ts

-- useUpPresentSteps
update "totp_factor"
  set "last_used_step" = cast($1 as bigint) / period + 1
  where ("last_used_step" is null or "last_used_step" < cast($2 as bigint) / period + 1);

-- src/factors/totp/totp.queries.ts

-- insertTotp
insert into "totp_factor" ("id", "subject", "name", "sealed_secret", "algorithm", "digits", "period", "created_at", "confirmed_at", "replaces", "last_used_at", "last_used_step", "replayed_step", "told_step")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- selectTotpApps
select "id", "name", "created_at" as "createdAt", "confirmed_at" as "confirmedAt", "last_used_at" as "lastUsedAt", "replaces", "digits"
  from "totp_factor"
  where "subject" = $1
  order by "created_at", "id";

-- selectConfirmedTotp
select "id", "name", "created_at" as "createdAt", "confirmed_at" as "confirmedAt", "last_used_at" as "lastUsedAt", "replaces", "digits", "sealed_secret" as "sealedSecret", "algorithm", "period", "last_used_step" as "lastUsedStep"
  from "totp_factor"
  where "subject" = $1
  and "confirmed_at" is not null
  order by "created_at", "id";

-- selectPendingTotp
select "id", "name", "created_at" as "createdAt", "confirmed_at" as "confirmedAt", "last_used_at" as "lastUsedAt", "replaces", "digits", "sealed_secret" as "sealedSecret", "algorithm", "period", "last_used_step" as "lastUsedStep"
  from "totp_factor"
  where "subject" = $1
  and "id" = $2
  and "confirmed_at" is null;

-- confirmPendingTotp
update "totp_factor"
  set "confirmed_at" = $1, "last_used_at" = $2, "last_used_step" = $3, "replaces" = $4
  where "id" = $5
  and "confirmed_at" is null
  returning "id";

-- acceptStep
update "totp_factor"
  set "last_used_step" = $1, "last_used_at" = $2
  where "id" = $3
  and "confirmed_at" is not null
  and ("last_used_step" is null or "last_used_step" < $4)
  and ("told_step" is null or "told_step" != $5)
  returning "id";

-- noteToldStep
update "totp_factor"
  set "told_step" = $1
  where "id" = $2
  and ("told_step" is null or "told_step" = $3 or "told_step" < $4)
  returning "id";

-- noteReplay
update "totp_factor"
  set "replayed_step" = $1
  where "id" = $2
  and ("replayed_step" is null or "replayed_step" != $3)
  returning "id";

-- updateTotpName
update "totp_factor"
  set "name" = $1
  where "subject" = $2
  and "id" = $3
  returning "id";

-- deleteTotp
delete from "totp_factor"
  where "subject" = $1
  and "id" = $2
  returning "id";

-- deletePendingTotp
delete from "totp_factor"
  where "subject" = $1
  and "confirmed_at" is null;

-- deleteAllTotp
delete from "totp_factor"
  where "subject" = $1
  returning "id";

-- deleteStalePendingTotp
delete from "totp_factor"
  where "confirmed_at" is null
  and "created_at" < $1;

-- countSubjectsSealedBy
select count(distinct "subject") as "count"
  from "totp_factor"
  where "confirmed_at" is not null
  and ("sealed_secret" like $1 or "sealed_secret" like $2);

-- deleteTotpSealedBy
delete from "totp_factor"
  where ("sealed_secret" like $1 or "sealed_secret" like $2)
  returning "subject";

-- src/factors/passkeys/passkey.queries.ts

-- insertPasskey
insert into "passkey" ("id", "subject", "credential_id", "public_key", "sign_count", "transports", "aaguid", "device_type", "backed_up_at", "name", "created_at", "last_used_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict ("credential_id") do nothing
  returning "id";

-- selectPasskeys
select "id", "name", "credential_id" as "credentialId", "transports", "aaguid", "device_type" as "deviceType", "backed_up_at" as "backedUpAt", "created_at" as "createdAt", "last_used_at" as "lastUsedAt"
  from "passkey"
  where "subject" = $1
  order by "created_at", "id";

-- countPasskeysOf
select count(*) as "count"
  from "passkey"
  where "subject" = $1;

-- selectPasskeyWithCredential
select "id", "name", "credential_id" as "credentialId", "transports", "aaguid", "device_type" as "deviceType", "backed_up_at" as "backedUpAt", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", "subject", "public_key" as "publicKey", "sign_count" as "signCount"
  from "passkey"
  where "credential_id" = $1;

-- noteUse
update "passkey"
  set "sign_count" = $1, "last_used_at" = $2, "backed_up_at" = $3
  where "id" = $4
  and "sign_count" = $5
  returning "id";
update "passkey"
  set "sign_count" = $1, "last_used_at" = $2, "backed_up_at" = coalesce("backed_up_at", $3)
  where "id" = $4
  and "sign_count" < $5
  returning "id";

-- updatePasskeyName
update "passkey"
  set "name" = $1
  where "subject" = $2
  and "id" = $3
  returning "id";

-- deletePasskey
delete from "passkey"
  where "subject" = $1
  and "id" = $2
  returning "id";

-- deleteAllPasskeys
delete from "passkey"
  where "subject" = $1
  returning "id";

-- src/factors/passkeys/challenge.queries.ts

-- insertChallenge
insert into "passkey_challenge" ("id", "challenge_hash", "purpose", "subject", "bound_to", "created_at", "expires_at", "consumed_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8);

-- selectChallenge
select "id", "purpose", "subject", "bound_to" as "boundTo", "expires_at" as "expiresAt", "consumed_at" as "consumedAt"
  from "passkey_challenge"
  where "challenge_hash" = $1;

-- deleteStaleChallenges
delete from "passkey_challenge"
  where "expires_at" < $1;

-- src/attempts/attempt.queries.ts

-- insertAttempt
insert into "attempt" ("id", "token_hash", "purpose", "stage", "subject", "epoch", "methods", "username", "email", "full_name", "hashed_password", "link_id", "factor_id", "sealed_secret", "created_at", "expires_at", "consumed_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- selectAttempt
select *
  from "attempt"
  where "token_hash" = $1;

-- putSetupKey
update "attempt"
  set "factor_id" = $1, "sealed_secret" = $2
  where "id" = $3
  and "factor_id" is null
  returning "id";

-- deleteAttempts
delete from "attempt"
  where "expires_at" < $1;

-- src/throttle/throttle.queries.ts

-- drawFromBucket
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values ($1, $2, $3, $4)
  on conflict ("key") do update
  set "failures" = throttle_bucket.failures + 1, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when throttle_bucket.failures + 1 >= 100 then 9007199254740991 when throttle_bucket.failures + 1 >= 12 then excluded.last_failure_at + 3600000 when throttle_bucket.failures + 1 >= 11 then excluded.last_failure_at + 1920000 when throttle_bucket.failures + 1 >= 10 then excluded.last_failure_at + 960000 when throttle_bucket.failures + 1 >= 9 then excluded.last_failure_at + 480000 when throttle_bucket.failures + 1 >= 8 then excluded.last_failure_at + 240000 when throttle_bucket.failures + 1 >= 7 then excluded.last_failure_at + 120000 when throttle_bucket.failures + 1 >= 6 then excluded.last_failure_at + 60000 when throttle_bucket.failures + 1 >= 5 then excluded.last_failure_at + 30000 else 0 end, "closed_by" = $5
  where "throttle_bucket"."blocked_until" <= $6
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values ($1, $2, $3, $4)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 107 then excluded.last_failure_at + 3600000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 106 then excluded.last_failure_at + 1920000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 105 then excluded.last_failure_at + 960000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 104 then excluded.last_failure_at + 480000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 103 then excluded.last_failure_at + 240000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 102 then excluded.last_failure_at + 120000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 101 then excluded.last_failure_at + 60000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 100 then excluded.last_failure_at + 30000 else 0 end, "closed_by" = $5
  where "throttle_bucket"."blocked_until" <= $6
  returning "failures", "blocked_until" as "blockedUntil";

-- refundBucket
update "throttle_bucket"
  set "failures" = (throttle_bucket.failures - 1), "blocked_until" = case when (throttle_bucket.failures - 1) >= 100 then 9007199254740991 when (throttle_bucket.failures - 1) >= 12 then throttle_bucket.last_failure_at + 3600000 when (throttle_bucket.failures - 1) >= 11 then throttle_bucket.last_failure_at + 1920000 when (throttle_bucket.failures - 1) >= 10 then throttle_bucket.last_failure_at + 960000 when (throttle_bucket.failures - 1) >= 9 then throttle_bucket.last_failure_at + 480000 when (throttle_bucket.failures - 1) >= 8 then throttle_bucket.last_failure_at + 240000 when (throttle_bucket.failures - 1) >= 7 then throttle_bucket.last_failure_at + 120000 when (throttle_bucket.failures - 1) >= 6 then throttle_bucket.last_failure_at + 60000 when (throttle_bucket.failures - 1) >= 5 then throttle_bucket.last_failure_at + 30000 else 0 end, "closed_by" = case when (throttle_bucket.failures - 1) < 5 then null else throttle_bucket.closed_by end
  where "key" = $1
  and "failures" > $2;
update "throttle_bucket"
  set "failures" = (throttle_bucket.failures - 1), "blocked_until" = case when (throttle_bucket.failures - 1) >= 107 then throttle_bucket.last_failure_at + 3600000 when (throttle_bucket.failures - 1) >= 106 then throttle_bucket.last_failure_at + 1920000 when (throttle_bucket.failures - 1) >= 105 then throttle_bucket.last_failure_at + 960000 when (throttle_bucket.failures - 1) >= 104 then throttle_bucket.last_failure_at + 480000 when (throttle_bucket.failures - 1) >= 103 then throttle_bucket.last_failure_at + 240000 when (throttle_bucket.failures - 1) >= 102 then throttle_bucket.last_failure_at + 120000 when (throttle_bucket.failures - 1) >= 101 then throttle_bucket.last_failure_at + 60000 when (throttle_bucket.failures - 1) >= 100 then throttle_bucket.last_failure_at + 30000 else 0 end, "closed_by" = case when (throttle_bucket.failures - 1) < 100 then null else throttle_bucket.closed_by end
  where "key" = $1
  and "failures" > $2;

-- deleteBucket
delete from "throttle_bucket"
  where "key" = $1;

-- noteClosedBy
update "throttle_bucket"
  set "closed_by" = $1
  where "key" = $2;

-- deleteUserBucketsOf
delete from "throttle_bucket"
  where ("key" = $1 or ("key" >= $2 and "key" < $3));

-- deleteUserBuckets
delete from "throttle_bucket"
  where "key" >= $1
  and "key" < $2;

-- deleteQuietNetworks
delete from "throttle_bucket"
  where "key" >= $1
  and "key" < $2
  and "last_failure_at" <= $3
  and "blocked_until" <= $4;

-- endOfNames
select "key"
  from "throttle_bucket"
  where "key" > $1
  and "key" < $2
  order by "key"
  limit $3 offset $4;

-- deleteQuietNames
delete from "throttle_bucket"
  where "key" > $1
  and "key" <= $2
  and "last_failure_at" <= $3;

-- bucketsWithKeys
select *
  from "throttle_bucket"
  where "key" in ($1);

-- bucketsOfUser
select *
  from "throttle_bucket"
  where "key" >= $1
  and "key" < $2
  order by "key";

-- src/audit/noted-heads.queries.ts

-- sealsAmong
select "position", "seal"
  from "audit_event"
  where "position" in ($1, $2);

-- src/audit/audit.queries.ts

-- selectEvent
select *
  from "audit_event"
  where "id" = $1;

-- insertEvent
insert into "audit_event" ("id", "at", "action", "actor", "target", "result", "reason", "details_digest", "details", "address_key", "key_id", "mac")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- selectEvents
select *
  from "audit_event"
  order by "at" desc, "id" desc
  limit $1;
select *
  from "audit_event"
  where "actor" = $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where "target" = $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where ("actor" = $1 or "target" = $2)
  order by "at" desc, "id" desc
  limit $3;
select *
  from "audit_event"
  where "action" = $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where "result" = $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where "address_key" >= $1
  and "address_key" <= $2
  order by "at" desc, "id" desc
  limit $3;
select *
  from "audit_event"
  where "at" >= $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where "at" < $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where ("at", "id") < ($1, $2)
  order by "at" desc, "id" desc
  limit $3;
select *
  from "audit_event"
  where "actor" = $1
  and "target" = $2
  and ("actor" = $3 or "target" = $4)
  and "action" = $5
  and "result" = $6
  and "address_key" >= $7
  and "address_key" <= $8
  and "at" >= $9
  and "at" < $10
  and ("at", "id") < ($11, $12)
  order by "at" desc, "id" desc
  limit $13;
select *
  from "audit_event"
  where address_key || '' >= $1
  and address_key || '' <= $2
  order by "at" desc, "id" desc
  limit $3;
select *
  from "audit_event"
  where "address_key" = $1
  order by "at" desc, "id" desc
  limit $2;

-- countFrom
select count(*) as "count"
  from (select "id" from "audit_event" where "address_key" >= $1 and "address_key" <= $2 limit $3) as "found";

-- oldestUnsealed
select "at"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit $1;

-- unsealedEvents
select "id", "mac"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit $1;

-- lastLink
select "position", "seal"
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position" desc
  limit $3;

-- newestSealedRow
select "position", "at"
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position" desc
  limit $3;

-- writeLinks
update audit_event
  set position = link.position, previous = link.previous, seal = link.seal
  from json_to_recordset(cast($1 as json)) as link (id text, position bigint, previous text, seal text)
  where audit_event.id = link.id
  and audit_event.position is null;

-- sealAt
select "seal"
  from "audit_event"
  where "position" = $1;

-- sealedAfter
select *
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position"
  limit $3;

-- sealedAt
select *
  from "audit_event"
  where "position" = $1
  limit $2;

-- sealedNowhere
select "id", "position"
  from "audit_event"
  where "position" is not null
  and ("position" <= $1 or "position" > $2)
  limit $3;

-- src/administration/users/user-list.view.ts

-- selectUsers
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is not null
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key", users.id) > ($1, cast($2 as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit $3;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is null
  order by "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id > cast($1 as bigint))
  order by "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is not null
  order by "users"."username_key" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key", users.id) < ($1, cast($2 as bigint))
  order by "users"."username_key" desc, "users"."id" desc
  limit $3;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where "users"."username_key" is null
  order by "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id < cast($1 as bigint))
  order by "users"."id" desc
  limit $2;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is not null
  order by "users"."email_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key", users.id) > ($1, cast($2 as bigint))
  order by "users"."email_key" asc, "users"."id" asc
  limit $3;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is null
  order by "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id > cast($1 as bigint))
  order by "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is not null
  order by "users"."email_key" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key", users.id) < ($1, cast($2 as bigint))
  order by "users"."email_key" desc, "users"."id" desc
  limit $3;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where "users"."email_key" is null
  order by "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id < cast($1 as bigint))
  order by "users"."id" desc
  limit $2;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is not null
  order by "users"."created_at" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at", users.id) > ($1, cast($2 as bigint))
  order by "users"."created_at" asc, "users"."id" asc
  limit $3;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is null
  order by "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id > cast($1 as bigint))
  order by "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is not null
  order by "users"."created_at" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at", users.id) < ($1, cast($2 as bigint))
  order by "users"."created_at" desc, "users"."id" desc
  limit $3;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where "users"."created_at" is null
  order by "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id < cast($1 as bigint))
  order by "users"."id" desc
  limit $2;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is not null
  order by "users"."last_sign_in_at" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at", users.id) > ($1, cast($2 as bigint))
  order by "users"."last_sign_in_at" asc, "users"."id" asc
  limit $3;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is null
  order by "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id > cast($1 as bigint))
  order by "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is not null
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at", users.id) < ($1, cast($2 as bigint))
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit $3;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where "users"."last_sign_in_at" is null
  order by "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id < cast($1 as bigint))
  order by "users"."id" desc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."id" in (select user_id from user_search where words like $1))
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and (("users"."username_key" >= $1 and "users"."username_key" < $2) or ("users"."email_key" >= $3 and "users"."email_key" < $4)))
  order by "users"."username_key" asc, "users"."id" asc
  limit $5;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."role" = $1)
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ("users"."role" is null or "users"."role" <> $1))
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null))
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null))
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and not (users.disabled is null or cast(users.disabled as text) in ('0', 'false')))
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null))
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;

-- selectUsersById
select USER_COLUMNS
  from "users"
  where "users"."id" in ($1, $2)
  order by "users"."username_key", "users"."id";

-- countByFilter
select count(*) as "all", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where "users"."role" = $1) as "admins"
  from "users"
  where 1 = 1;
select count(*) as "all", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where "users"."role" = $1) as "admins"
  from "users"
  where "users"."id" in (select user_id from user_search where words like $2);
select count(*) as "all", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where "users"."role" = $1) as "admins"
  from "users"
  where (("users"."username_key" >= $2 and "users"."username_key" < $3) or ("users"."email_key" >= $4 and "users"."email_key" < $5));

-- src/administration/invitations/invitations.view.ts

-- selectInvitationEnds
select "users"."subject" as "subject", max("link"."expires_at") as "end"
  from "link"
  inner join "users" on "users"."subject" = "link"."subject"
  and "users"."credential_epoch" = "link"."epoch"
  where "link"."subject" in ($1)
  and "link"."purpose" = $2
  and "link"."spent_at" is null
  group by "users"."subject";

-- src/administration/user/find-user.view.ts

-- selectNamesLike
select "username_key"
  from "users"
  where "username_key" >= $1
  and "username_key" < $2
  order by "username_key"
  limit $3;

-- selectIdByEmail
select "id"
  from "users"
  where "email_key" = $1;

-- selectSessionOwner
select "subject"
  from "session"
  where "id" = $1;

-- src/administration/overview/overview.view.ts

-- countUsers
select count(*) as "total", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null)) as "active", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is not null)) as "invited", count(*) filter(where ((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is null and "users"."invited_at" is null)) as "noFactor", count(*) filter(where not (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) as "disabled", count(*) filter(where (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null) and "passkey_at" is not null)) as "withPasskey", count(*) filter(where (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and "users"."second_factor_at" is not null) and "passkey_at" is null)) as "withApp", count(*) filter(where (("role" = $1 and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and "second_factor_at" is not null)) as "actingAdmins", count(*) filter(where (("role" = $2 and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and "second_factor_at" is null)) as "waitingAdmins", count(*) filter(where (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%')) as "importedHashes", count(*) filter(where "otp_secret" <> $3) as "plainSecrets"
  from "users";

-- countSessions
select count(*) as "count"
  from "session"
  inner join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."last_seen_at" > $1
  and "session"."started_at" > $2;

-- countSignIns
select count(*) filter(where "action" = $1) as "succeeded", count(*) filter(where "action" in ($2, $3)) as "refused"
  from "audit_event"
  where "at" >= $4
  and "at" < $5;

-- countUsersSince
select case when "users"."created_at" >= $1 then "users"."created_at" / 86400000 else -1 end as "span", count(*) as "count"
  from "users"
  where (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  group by "span";
select case when "users"."second_factor_at" >= $1 then "users"."second_factor_at" / 86400000 else -1 end as "span", count(*) as "count"
  from "users"
  where (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "second_factor_at" is not null
  group by "span";

-- src/users/people.queries.ts

-- selectPeople
select "subject", "id", "username"
  from "users"
  where "subject" in ($1);

-- src/platform/database/consume-once.ts

-- consumeOnce
update "attempt"
  set "consumed_at" = $1
  where "id" = $2
  and "consumed_at" is null
  returning "id";
update "link"
  set "spent_at" = $1
  where "id" = $2
  and "spent_at" is null
  returning "id";
update "passkey_challenge"
  set "consumed_at" = $1
  where "id" = $2
  and "consumed_at" is null
  returning "id";
update "recovery_code"
  set "consumed_at" = $1
  where "id" = $2
  and "consumed_at" is null
  returning "id";

-- src/platform/database/search.ts

-- putSearchWords
insert into "user_search" ("user_id", "words")
  values ($1, $2)
  on conflict ("user_id") do update
  set "words" = $3;

-- dropSearchWords
delete from "user_search"
  where "user_id" = $1;

-- usersWithSearchWords
select "user_id" as id
  from user_search
  where "user_id" in ($1);

-- src/platform/database/lock.ts

-- lockFor
select pg_advisory_xact_lock($1::int, $2::int);

-- tryLockFor
select pg_try_advisory_xact_lock($1::int, $2::int) as taken;
