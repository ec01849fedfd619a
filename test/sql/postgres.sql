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
--   (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions"
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
--   "users"."review_required_at" as "reviewRequiredAt"
--   "users"."new_device_notices_off_at" as "newDeviceNoticesOffAt"
--   "users"."expires_at" as "expiresAt"
--   "users"."locale" as "locale"
--   "users"."time_zone" as "timeZone"
--   "users"."username_key" as "usernameKey"
--   "users"."otp_secret" as "otpSecret"

-- src/domain/groups/group.queries.ts

-- insertGroup
insert into "user_group" ("id", "name", "name_key", "description", "revision", "created_at")
  values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing
  returning "id";

-- updateGroupRow
update "user_group"
  set "name" = $1, "name_key" = $2, "description" = $3, "revision" = $4
  where "id" = $5
  and "revision" = $6
  returning "id";

-- deleteGroupRows
delete from "group_member"
  where "group_id" = $1;
delete from "group_manager"
  where "group_id" = $1;
delete from "user_group"
  where "id" = $1;

-- selectGroup
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "id" = $1;

-- keepGroup
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "id" = $1 for share;

-- takeGroup
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "id" = $1 for no key
  update;

-- selectGroupByKey
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "name_key" = $1;

-- selectNames
select "name"
  from "user_group"
  where "id" in ($1)
  order by "name_key";

-- countGroups
select count(*) as "count"
  from "user_group";

-- selectGroups
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members"
  from "user_group"
  order by "name_key"
  limit $1;
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members"
  from "user_group"
  where position($1 in name_key) > 0
  and "name_key" > $2
  and "id" in (select "group_id" from "group_member" where "subject" = $3)
  order by "name_key"
  limit $4;

-- selectOwnGroups
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "user_group"."name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members", "group_member"."subject" as "memberSubject", "group_manager"."subject" as "managerSubject"
  from "user_group"
  left join "group_member" on "group_member"."group_id" = "user_group"."id"
  and "group_member"."subject" = $1
  left join "group_manager" on "group_manager"."group_id" = "user_group"."id"
  and "group_manager"."subject" = $2
  where "user_group"."id" in (select "group_id" from "group_member" where "subject" = $3 union select "group_id" from "group_manager" where "subject" = $4)
  order by "user_group"."name_key"
  limit $5;
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "user_group"."name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members", "group_member"."subject" as "memberSubject", "group_manager"."subject" as "managerSubject"
  from "user_group"
  left join "group_member" on "group_member"."group_id" = "user_group"."id"
  and "group_member"."subject" = $1
  left join "group_manager" on "group_manager"."group_id" = "user_group"."id"
  and "group_manager"."subject" = $2
  where "user_group"."id" in (select "group_id" from "group_member" where "subject" = $3 union select "group_id" from "group_manager" where "subject" = $4)
  and "user_group"."name_key" > $5
  order by "user_group"."name_key"
  limit $6;

-- selectMemberCount
select count(*) as "count"
  from "group_member"
  where "group_id" = $1;

-- src/domain/groups/member.queries.ts

-- selectNamesOfGroups
select "user_group"."name"
  from "group_member"
  inner join "user_group" on "user_group"."id" = "group_member"."group_id"
  where "group_member"."subject" = $1
  order by "user_group"."name_key";
select "user_group"."name"
  from "group_member"
  inner join "user_group" on "user_group"."id" = "group_member"."group_id"
  where "group_member"."subject" = $1
  and "user_group"."id" in ($2)
  order by "user_group"."name_key";

-- selectGroupsOf
select "group_id" as "id"
  from "group_member"
  where "subject" = $1
  and "group_id" in ($2, $3);

-- selectMembershipsAmong
select "subject", "group_id" as "groupId"
  from "group_member"
  where "subject" in ($1)
  and "group_id" in ($2, $3);

-- insertMembership
insert into "group_member" ("group_id", "subject", "added_at")
  values ($1, $2, $3)
  on conflict do nothing
  returning "subject";

-- deleteMembership
delete from "group_member"
  where "group_id" = $1
  and "subject" = $2
  returning "subject";

-- holdMembership
select "subject"
  from "group_manager"
  where "group_id" = $1
  and "subject" = $2 for share;

-- holdUser
select "id"
  from "users"
  where "subject" = $1 for key share;

-- selectManagers
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName"
  from "group_manager"
  inner join "users" on "users"."subject" = "group_manager"."subject"
  where "group_manager"."group_id" = $1
  order by "users"."username_key", "users"."id";

-- countManagers
select count(*) as "count"
  from "group_manager"
  where "group_id" = $1;

-- hasMoreMembers
select "group_id"
  from "group_member"
  where "group_id" = $1
  limit $2 offset $3;

-- selectKeylessMembers
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName"
  from "users"
  where coalesce("username_key", '') = ''
  and (select 1 from group_member as found where found.group_id = $1 and found.subject = users.subject) is not null
  order by "users"."id"
  limit $2;

-- selectUsernameKey
select "username_key"
  from "users"
  where "username_key" > $1
  order by "username_key"
  limit $2 offset $3;

-- selectMembers
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName", "users"."username_key" as "key"
  from "users"
  where users.subject = any (array(select found.subject from group_member as found where found.group_id = $1))
  and "users"."username_key" > $2
  order by "users"."username_key"
  limit $3;
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName", "users"."username_key" as "key"
  from "users"
  where (select 1 from group_member as found where found.group_id = $1 and found.subject = users.subject) is not null
  and "users"."username_key" > $2
  and "users"."username_key" >= $3
  and "users"."username_key" < $4
  order by "users"."username_key"
  limit $5;
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName", "users"."username_key" as "key"
  from "users"
  where (select 1 from group_member as found where found.group_id = $1 and found.subject = users.subject) is not null
  and "users"."username_key" > $2
  and "users"."username_key" <= $3
  order by "users"."username_key"
  limit $4;

-- src/domain/policies/store/named-scope.queries.ts

-- selectVersionsNaming
select "policy"."id" as "policyId", "policy"."name" as "policyName", "policy_version"."version" as "version", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom", "policy_version"."cancelled_at" as "cancelledAt"
  from "policy"
  inner join "policy_version" on "policy_version"."policy_id" = "policy"."id"
  where "policy"."scope_key" = $1
  and "policy_version"."cancelled_at" is null;

-- src/domain/back-channel/delivery.queries.ts

-- insertDeliveries
insert into "client_delivery" ("id", "client_id", "event_id", "subject", "sid", "jti", "attempts", "next_attempt_at", "created_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict ("event_id", "client_id", "subject", "sid") do nothing;

-- leaseDelivery
update "client_delivery"
  set "lease_owner" = $1, "lease_until" = $2, "attempts" = "attempts" + $3
  where "id" = coalesce((select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" <= $4 and ("lease_until" is null or "lease_until" <= $5 or "lease_until" > $6) order by "next_attempt_at" limit $7 for update skip locked), (select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" > $8 and ("lease_until" is null or "lease_until" <= $9 or "lease_until" > $10) order by "next_attempt_at" limit $11 for update skip locked))
  returning *;
update "client_delivery"
  set "lease_owner" = $1, "lease_until" = $2, "attempts" = "attempts" + $3
  where "id" = coalesce((select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" <= $4 and ("lease_until" is null or "lease_until" <= $5 or "lease_until" > $6) and "client_id" not in ($7) and "last_error" is null order by "next_attempt_at" limit $8 for update skip locked), (select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" > $9 and ("lease_until" is null or "lease_until" <= $10 or "lease_until" > $11) and "client_id" not in ($12) and "last_error" is null order by "next_attempt_at" limit $13 for update skip locked))
  returning *;

-- settleDelivery
update "client_delivery"
  set "delivered_at" = $1, "lease_owner" = $2, "lease_until" = $3
  where "id" = $4
  and "lease_owner" = $5
  and "delivered_at" is null
  returning "id";

-- selectTroubled
select *
  from "client_delivery"
  where "client_id" = $1
  and "delivered_at" is null
  and "last_error" is not null
  order by "id"
  limit $2;

-- summarizeOpen
select count(*) as "all", count("failed_at") as "given_up", min("next_attempt_at") filter(where "failed_at" is null) as "next_attempt_at", min("created_at") filter(where "last_error" is not null) as "failing_since"
  from "client_delivery"
  where "client_id" = $1
  and "delivered_at" is null;

-- selectLastError
select "last_error"
  from "client_delivery"
  where "client_id" = $1
  and "delivered_at" is null
  and "last_error" is not null
  order by coalesce("failed_at", "next_attempt_at" - $2 * (1 << attempts)) desc, "id" desc
  limit $3;

-- requeueDeliveries
update "client_delivery"
  set "attempts" = $1, "next_attempt_at" = $2, "failed_at" = $3
  where "client_id" = $4
  and "delivered_at" is null
  and "last_error" is not null;

-- deleteDeliveriesOf
delete from "client_delivery"
  where "client_id" = $1;

-- deleteOldDeliveries
delete from "client_delivery"
  where "id" in (select "id" from "client_delivery" where "created_at" < $1 and ("delivered_at" is not null or "failed_at" is not null) limit $2);

-- selectCursor
select "position", "resume"
  from "ending_cursor"
  where "name" = $1;

-- updateCursor
update "ending_cursor"
  set "position" = $1, "resume" = $2
  where "name" = $3;

-- src/domain/grants/checked-session.queries.ts

-- selectDueForCheck
select "session_id" as "sessionId", "client_id" as "clientId", "subject"
  from "client_session"
  where "told_at" is null
  and "check_at" <= $1
  order by "check_at"
  limit $2;

-- updateCheckAt
update "client_session"
  set "check_at" = $1
  where "session_id" in ($2)
  and "told_at" is null;

-- bringForwardChecks
update "client_session"
  set "check_at" = $1
  where "session_id" in (select "session_id" from "client_session" where "told_at" is null and "check_at" > $2 limit $3)
  and "told_at" is null
  and "check_at" > $4;

-- checkUserNow
update "client_session"
  set "check_at" = $1
  where "subject" = $2
  and "told_at" is null;

-- src/domain/grants/user-at-app.queries.ts

-- selectUsersAtApps
select "client_grant"."subject", "client_grant"."client_id" as "clientId", "client_grant"."session_id" as "sessionId", "client_session"."sid", "resource"."client_id" as "servedBy"
  from "client_grant"
  left join "client_session" on "client_session"."session_id" = "client_grant"."session_id"
  and "client_session"."client_id" = "client_grant"."client_id"
  left join "resource" on "resource"."id" = "client_grant"."resource_id"
  where "client_grant"."subject" in ($1, $2);
select "subject", "client_id" as "clientId"
  from "client_user"
  where "subject" in ($1, $2);

-- src/domain/grants/notified-session.queries.ts

-- selectSessionsAtApps
select "client_session"."session_id" as "sessionId", "client_session"."client_id" as "clientId", "client_session"."subject", "client_session"."sid", "client"."backchannel_uri" as "uri"
  from "client_session"
  left join "client" on "client"."id" = "client_session"."client_id"
  where "client_session"."told_at" is null
  and ("client"."id" is null or "client"."created_at" <= $1)
  and "client_session"."subject" = $2
  and "client_session"."session_id" = $3
  order by "client_session"."session_id" desc, "client_session"."client_id" desc
  limit $4;
select "client_session"."session_id" as "sessionId", "client_session"."client_id" as "clientId", "client_session"."subject", "client_session"."sid", "client"."backchannel_uri" as "uri"
  from "client_session"
  left join "client" on "client"."id" = "client_session"."client_id"
  where "client_session"."told_at" is null
  and ("client"."id" is null or "client"."created_at" <= $1)
  and "client_session"."subject" = $2
  and not exists (select 1 from session join users on users.subject = session.subject and users.credential_epoch = session.epoch where session.id = client_session.session_id and session.revoked_at is null)
  order by "client_session"."session_id" desc, "client_session"."client_id" desc
  limit $3;
select "client_session"."session_id" as "sessionId", "client_session"."client_id" as "clientId", "client_session"."subject", "client_session"."sid", "client"."backchannel_uri" as "uri"
  from "client_session"
  left join "client" on "client"."id" = "client_session"."client_id"
  where "client_session"."told_at" is null
  and ("client"."id" is null or "client"."created_at" <= $1)
  and "client_session"."client_id" = $2
  and (client_session.session_id, client_session.client_id) < ($3, $4)
  order by "client_session"."session_id" desc, "client_session"."client_id" desc
  limit $5;

-- selectUsersWithoutSession
select "client_user"."client_id" as "clientId", "client_user"."subject", "client_user"."sid", "client"."backchannel_session_required" as "required"
  from "client_user"
  inner join "client" on "client"."id" = "client_user"."client_id"
  where "client"."backchannel_uri" is not null
  and "client"."created_at" <= $1
  and "client_user"."subject" = $2
  and not exists (select "client_session"."sid" from "client_session" where "client_session"."client_id" = "client_user"."client_id" and "client_session"."subject" = "client_user"."subject" and ("told_at" is null or "told_at" >= $3))
  order by "client_user"."client_id", "client_user"."subject"
  limit $4;
select "client_user"."client_id" as "clientId", "client_user"."subject", "client_user"."sid", "client"."backchannel_session_required" as "required"
  from "client_user"
  inner join "client" on "client"."id" = "client_user"."client_id"
  where "client"."backchannel_uri" is not null
  and "client"."created_at" <= $1
  and "client_user"."client_id" = $2
  and not exists (select "client_session"."sid" from "client_session" where "client_session"."client_id" = "client_user"."client_id" and "client_session"."subject" = "client_user"."subject" and ("told_at" is null or "told_at" >= $3))
  and (client_user.client_id, client_user.subject) > ($4, $5)
  order by "client_user"."client_id", "client_user"."subject"
  limit $6;

-- markNotified
update "client_session"
  set "told_at" = $1
  where "session_id" = $2
  and "client_id" = $3
  and "told_at" is null;

-- deleteUsersOfApps
delete from "client_user"
  where "client_id" = $1;
delete from "client_user"
  where "subject" = $1;

-- src/domain/hosts/host.queries.ts

-- selectHost
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "id" = $1;

-- selectHostByName
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "name" = $1;

-- takeHost
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "id" = $1 for no key
  update;

-- insertHost
insert into "protected_host" ("id", "name", "rules", "shared_groups", "needs_groups", "api_tokens", "preflights", "created_at", "created_by", "revision")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict ("name") do nothing
  returning "id";

-- updateHostRow
update "protected_host"
  set "rules" = $1, "shared_groups" = $2, "needs_groups" = $3, "api_tokens" = $4, "preflights" = $5, "revision" = $6
  where "id" = $7
  and "revision" = $8
  returning "id";

-- deleteHostRows
delete from "host_code"
  where "host_id" = $1;
delete from "host_session"
  where "host_id" = $1;
delete from "protected_host"
  where "id" = $1;

-- countHosts
select count(*) as "count"
  from "protected_host";

-- hasHostRow
select "id"
  from "protected_host"
  limit $1;

-- selectHosts
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  order by "name"
  limit $1;
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "name" > $1
  order by "name"
  limit $2;

-- selectHostsWithTokens
select "id", "name"
  from "protected_host"
  where "api_tokens" = $1
  order by "name";

-- selectHostNames
select "id", "name"
  from "protected_host"
  where "id" in ($1, $2);

-- selectRules
select "name", "rules"
  from "protected_host"
  order by "name";

-- src/domain/hosts/host-session.queries.ts

-- insertCode
insert into "host_code" ("id", "host_id", "session_id", "subject", "leaving", "created_at", "consumed_at")
  values ($1, $2, $3, $4, $5, $6, $7);

-- consumeCode
update "host_code"
  set "consumed_at" = $1
  where "id" = $2
  and "host_id" = $3
  and "leaving" in ($4, $5)
  and "consumed_at" is null
  and "created_at" > $6
  and "created_at" <= $7
  returning "session_id" as "sessionId", "leaving";

-- insertHostSession
insert into "host_session" ("hash", "host_id", "session_id", "subject", "created_at")
  values ($1, $2, $3, $4, $5);

-- selectSessionAt
select "session_id" as "sessionId"
  from "host_session"
  where "hash" = $1
  and "host_id" = $2;

-- selectHostUses
select "host_session"."host_id" as "hostId", count(*) as "living", max("host_session"."created_at") as "lastEnteredAt"
  from "host_session"
  inner join "session" on "session"."id" = "host_session"."session_id"
  where "host_session"."host_id" in ($1, $2)
  and "session"."revoked_at" is null
  group by "host_session"."host_id";

-- deleteCodesBefore
delete from "host_code"
  where "id" in (select "id" from "host_code" where "created_at" < $1 limit $2);

-- deleteEndedHostSessions
delete from "host_session"
  where "hash" in (select "hash" from "host_session" where "created_at" < $1 limit $2);
delete from "host_session"
  where "hash" in (select "hash" from "host_session" where not exists (select "session"."id" from "session" where "session"."id" = "host_session"."session_id" and "session"."revoked_at" is null) limit $1);

-- deleteCodesAfter
delete from "host_code"
  where "id" in (select "id" from "host_code" where "created_at" > $1 limit $2);

-- deleteAllCodes
delete from "host_code";

-- src/domain/registrations/registration.queries.ts

-- insertRegistration
insert into "registration" ("id", "state", "email", "locale", "link_id", "created_at", "expires_at")
  values ($1, $2, $3, $4, $5, $6, $7);

-- selectRequested
select "id", "email", "locale"
  from "registration"
  where "link_id" = $1
  and "state" = $2;

-- waitsWithEmail
select "id"
  from "registration"
  where "claimed_email_key" = $1;

-- waitsWithUsername
select "id"
  from "registration"
  where "username_key" = $1;

-- updateToWaiting
update "registration"
  set "username" = $1, "username_key" = $2, "full_name" = $3, "hashed_password" = $4, "time_zone" = $5, "attributes" = $6, "submitted_at" = $7, "expires_at" = $8, "state" = $9, "claimed_email_key" = $10
  where "id" = $11
  and "state" = $12
  returning "id";

-- selectWaiting
select "id", "email", "username", "full_name" as "fullName", "hashed_password" as "hashedPassword", "locale", "time_zone" as "timeZone", "attributes", "submitted_at" as "submittedAt", "expires_at" as "expiresAt"
  from "registration"
  where "state" = $1
  and "expires_at" > $2
  and "id" > $3
  order by "id"
  limit $4;

-- selectWaitingById
select "id", "email", "username", "full_name" as "fullName", "hashed_password" as "hashedPassword", "locale", "time_zone" as "timeZone", "attributes", "submitted_at" as "submittedAt", "expires_at" as "expiresAt"
  from "registration"
  where "state" = $1
  and "expires_at" > $2
  and "id" = $3;

-- selectWaitingNamed
select "id", "email", "username", "full_name" as "fullName", "hashed_password" as "hashedPassword", "locale", "time_zone" as "timeZone", "attributes", "submitted_at" as "submittedAt", "expires_at" as "expiresAt"
  from "registration"
  where "state" = $1
  and "expires_at" > $2
  and ("id" = $3 or "username_key" = $4 or "claimed_email_key" = $5);

-- selectWaitingCount
select count(*) as "count"
  from "registration"
  where "state" = $1
  and "expires_at" > $2;

-- wasNotifiedAfter
select "id"
  from "registration"
  where "told_at" > $1
  limit $2;

-- updateNotified
update "registration"
  set "told_at" = $1
  where "state" = $2
  and "expires_at" > $3
  and "told_at" is null;

-- selectUndecided
select "id"
  from "registration"
  where "state" = $1
  and "expires_at" <= $2
  limit $3;

-- updateToEnded
update "registration"
  set "state" = $1, "claimed_email_key" = $2, "username" = $3, "username_key" = $4, "full_name" = $5, "hashed_password" = $6, "attributes" = $7, "expires_at" = $8
  where "id" = $9
  and "state" = $10
  returning "id";

-- deleteExpiredRegistrationRows
delete from "registration"
  where "id" in (select "id" from "registration" where "expires_at" <= $1 and "state" != $2 limit $3);

-- src/domain/registrations/registration-answers.queries.ts

-- renameAnswersInRegistrations
update "registration"
  set "attributes" = replace(attributes, $1, $2)
  where "attributes" like $3;

-- src/domain/registrations/spent-challenge.queries.ts

-- insertSpentChallenge
insert into "spent_challenge" ("id", "expires_at")
  values ($1, $2)
  on conflict do nothing
  returning "id";

-- deleteSpentChallenges
delete from "spent_challenge"
  where "id" in (select "id" from "spent_challenge" where "expires_at" <= $1 limit $2);

-- src/use-cases/administration/clients/access-check.view.ts

-- countRefused
select sum(case when (1 = 1) then weight else 0 end) as "users", sum(case when "role_or_group" = 1 then weight else 0 end) as "role_or_group_all", sum(case when "role_or_group" = 1 and "before" = 1 then weight else 0 end) as "role_or_group_newly", sum(case when "passkey_not_allowed" = 1 and "role_or_group" = 0 then weight else 0 end) as "passkey_not_allowed_all", sum(case when "passkey_not_allowed" = 1 and "role_or_group" = 0 and "before" = 1 then weight else 0 end) as "passkey_not_allowed_newly", sum(case when "no_passkey" = 1 and "role_or_group" = 0 and "passkey_not_allowed" = 0 then weight else 0 end) as "no_passkey_all", sum(case when "no_passkey" = 1 and "role_or_group" = 0 and "passkey_not_allowed" = 0 and "before" = 1 then weight else 0 end) as "no_passkey_newly"
  from (select 1 as "weight", case when (not ((not (users.role = $1 or "member_before".subject is not null)) or (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($2) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $3 and policy.scope = 'group' and policy.scope_ref = member.group_id))) or (users.passkey_at is null))) then 1 else 0 end as "before", case when (not ((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))) or "member_after".subject is not null)) then 1 else 0 end as "role_or_group", case when (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($4) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $5 and policy.scope = 'group' and policy.scope_ref = member.group_id))) then 1 else 0 end as "passkey_not_allowed", case when (users.passkey_at is null) then 1 else 0 end as "no_passkey" from "users" left join (select distinct subject from group_member where group_id in ($6, $7)) as "member_before" on "member_before".subject = users.subject left join (select distinct subject from group_member where group_id in ($8)) as "member_after" on "member_after".subject = users.subject where (users.expires_at is null or cast(users.expires_at as bigint) > $9 or users.id = $10) and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 1))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($11) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $12 and policy.scope = 'group' and policy.scope_ref = member.group_id))) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null)))))) offset $13) as "found";
select 1
  from ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role = any (array(select name from role)) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))) as apart
  limit 1 offset $1;
select sum(case when (1 = 1) then weight else 0 end) as "users", sum(case when "no_second_factor" = 1 then weight else 0 end) as "no_second_factor_all", sum(case when "no_second_factor" = 1 and "before" = 1 then weight else 0 end) as "no_second_factor_newly"
  from (select users.weight as "weight", case when (not (1 = 0)) then 1 else 0 end as "before", case when (users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) then 1 else 0 end as "no_second_factor" from ( with apart as materialized (select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at" from users where subject in ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role = any (array(select name from role)) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null)))), kept as ( select kind, cast(sum(n) as bigint) as n from ( select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor') union all select case case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when apart.passkey_at is null then 'app' else 'passkey' end else case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end end || case when apart.role = 'admin' then ' admin' else '' end, -1 from apart) as cell group by kind), joining as ( select (select count(*) from users where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false'))) - (select count(*) from apart where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false'))) as n) select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at", 1 as weight from apart union all select null, '', 'user', '', null, '0', null, 0, null, null, (select coalesce(sum(n), 0) from kept where kind in ('app')) union all select null, '', 'user', '', null, '0', null, 0, 0, null, (select coalesce(sum(n), 0) from kept where kind in ('passkey')) union all select null, '', 'user', null, null, '0', null, null, null, null, (select n from joining) union all select null, '', 'user', '', null, '0', null, null, null, null, ((select coalesce(sum(n), 0) from kept where kind in ('invited', 'no-factor')) - (select n from joining))) as users where (users.expires_at is null or cast(users.expires_at as bigint) > $1 ) and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0)))) offset $2) as "found";

-- selectNewlyRefused
select USER_COLUMNS, case when (not ((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))) or "member_after".subject is not null)) then 'role_or_group' when (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($1) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $2 and policy.scope = 'group' and policy.scope_ref = member.group_id))) then 'passkey_not_allowed' when (users.passkey_at is null) then 'no_passkey' end as "reason"
  from "users"
  left join (select distinct subject from group_member where group_id in ($3, $4)) as "member_before" on "member_before".subject = users.subject
  left join (select distinct subject from group_member where group_id in ($5)) as "member_after" on "member_after".subject = users.subject
  where (users.expires_at is null or cast(users.expires_at as bigint) > $6 or users.id = $7)
  and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 1))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($8) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $9 and policy.scope = 'group' and policy.scope_ref = member.group_id))) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null))))))
  and not (not ((not ((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))) or "member_after".subject is not null)) or (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($10) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $11 and policy.scope = 'group' and policy.scope_ref = member.group_id))) or (users.passkey_at is null)))
  and (not ((not (users.role = $12 or "member_before".subject is not null)) or (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in ($13) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > $14 and policy.scope = 'group' and policy.scope_ref = member.group_id))) or (users.passkey_at is null)))
  order by "users"."id"
  limit $15;
select USER_COLUMNS, case when (users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) then 'no_second_factor' end as "reason"
  from "users"
  where (users.expires_at is null or cast(users.expires_at as bigint) > $1 )
  and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))))
  and not (not ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false')))))
  and (not (1 = 0))
  order by "users"."id"
  limit $2;

-- src/domain/policies/rollout/deadline.queries.ts

-- selectPlannedInstants
select distinct "policy_version"."in_force_from" as "at"
  from "policy"
  inner join "policy_version" on "policy_version"."policy_id" = "policy"."id"
  where "policy"."scope_key" in (select 'group:' || group_id from group_member where subject = $1 union all select cast($2 as text) union all select 'everyone')
  and "policy_version"."cancelled_at" is null
  and "policy_version"."in_force_from" > $3
  order by "at";

-- src/domain/policies/rollout/exemption.queries.ts

-- putExemptionRow
insert into "policy_exemption" ("policy_id", "subject", "reason", "ends_at", "created_at", "created_by", "by_help")
  values ($1, $2, $3, $4, $5, $6, $7)
  on conflict ("policy_id", "subject") do update
  set "reason" = $8, "ends_at" = $9, "created_at" = $10, "created_by" = $11, "by_help" = $12;

-- deleteExemptionRow
delete from "policy_exemption"
  where "policy_id" = $1
  and "subject" = $2
  returning "subject";

-- selectExemption
select "policy_id" as "policyId", "subject", "reason", "ends_at" as "endsAt", "created_at" as "createdAt", "created_by" as "createdBy", "by_help" as "byHelp"
  from "policy_exemption"
  where "policy_id" = $1
  and "subject" = $2;

-- src/domain/policies/rollout/rollout.queries.ts

-- beginReminderRow
update "policy_version"
  set "reminder" = $1, "reminder_position" = $2
  where "id" = $3
  and "cancelled_at" is null
  and ("reminder" is null or "reminder" < $4)
  returning "id";

-- moveReminderRow
update "policy_version"
  set "reminder_position" = $1
  where "id" = $2
  and "cancelled_at" is null
  and "reminder" = $3
  and "reminder_position" = $4
  returning "id";

-- selectUnfinishedReminder
select "id", "reminder" as "stage", "reminder_position" as "position"
  from "policy_version"
  where "id" = $1
  and "reminder_position" is not null;

-- putProgressRow
insert into "policy_progress" ("policy_id", "day", "concerned", "missing")
  values ($1, $2, $3, $4)
  on conflict ("policy_id", "day") do update
  set "concerned" = $5, "missing" = $6;

-- selectProgress
select "day", "concerned", "missing"
  from "policy_progress"
  where "policy_id" = $1
  and "day" >= $2
  order by "day";

-- deleteProgressBefore
delete from "policy_progress"
  where "day" < $1;

-- src/use-cases/administration/email-confirmations/unconfirmed.view.ts

-- selectUnconfirmed
select USER_COLUMNS
  from "users"
  where "users"."email_verified_at" is null
  and "users"."email_key" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $1)
  and not (hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null)
  and "users"."subject" != $2
  and ((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= $3) and not exists (select 1 from email_change where email_change.subject = users.subject and email_change.confirmed_at is null and email_change.expires_at > $4))
  and users.id > cast($5 as bigint)
  order by "users"."id"
  limit $6;
select USER_COLUMNS
  from "users"
  where "users"."email_verified_at" is null
  and "users"."email_key" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $1)
  and not (hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null)
  and ((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= $2) and not exists (select 1 from email_change where email_change.subject = users.subject and email_change.confirmed_at is null and email_change.expires_at > $3))
  and users.id > cast($4 as bigint)
  and "users"."id" in ($5)
  order by "users"."id"
  limit $6;

-- countUnconfirmed
select "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", sum(case when ((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= $1) and not exists (select 1 from email_change where email_change.subject = users.subject and email_change.confirmed_at is null and email_change.expires_at > $2)) then 1 else 0 end) as "due", count(*) as "all"
  from "users"
  where "users"."email_verified_at" is null
  and "users"."email_key" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3)
  and not (hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null)
  and "users"."subject" != $4
  group by "users"."role";

-- src/use-cases/administration/policy-rollout/exemptions.view.ts

-- selectExempt
select USER_COLUMNS, "exempt"."reason" as "reason", "exempt"."ends_at" as "endsAt", "exempt"."created_at" as "exemptSince", "exempt"."created_by" as "createdBy", "exempt"."by_help" as "byHelp", ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "policy_exemption" as "exempt"
  inner join "users" on "users"."subject" = "exempt"."subject"
  where "exempt"."policy_id" = $1
  and users.id > cast($2 as bigint)
  order by "users"."id"
  limit $3;

-- src/use-cases/administration/policy-rollout/weighed-users.view.ts

-- weighedUsers
select 1
  from (select subject from group_member where group_id in ($1) union all select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role = any (array(select name from role)) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))) as apart
  limit 1 offset $2;

-- src/use-cases/administration/policy-rollout/applicable.view.ts

-- selectApplicableIds
select "id"
  from "users"
  where "id" in ($1)
  and (users.subject in (select subject from group_member where group_id = $2) and not users.subject in ( select subject from policy_exemption where policy_id in ($3) and ends_at > $4));

-- src/use-cases/administration/policy-rollout/plan.view.ts

-- selectStopped
select USER_COLUMNS, case when (1 = 0) then 'no-factor-left' when users.passkey_at is not null then 'passkey-not-allowed' when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed' else 'no-second-factor' end as "reason", case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end as "state"
  from "users"
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in ($1) and ends_at > $2 and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3 )
  and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))
  and users.id > cast($4 as bigint)
  order by "users"."id"
  limit $5;
select USER_COLUMNS, case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $1) and not users.subject in ( select subject from policy_exemption where policy_id in ($2) and ends_at > $3))) then 'no-factor-left' when users.passkey_at is not null then 'passkey-not-allowed' when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed' else 'no-second-factor' end as "reason", case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $4) and not users.subject in ( select subject from policy_exemption where policy_id in ($5) and ends_at > $6))) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))))) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when (1 = 1) then 'already-stopped' else 'stopped' end end as "state"
  from "users"
  where (users.subject in (select subject from group_member where group_id = $7))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $8 or users.id = $9)
  and ((((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $10) and not users.subject in ( select subject from policy_exemption where policy_id in ($11) and ends_at > $12))) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = $13) and not users.subject in ( select subject from policy_exemption where policy_id in ($14) and ends_at > $15)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))))
  and users.id > cast($16 as bigint)
  and case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $17) and not users.subject in ( select subject from policy_exemption where policy_id in ($18) and ends_at > $19))) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))))) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when (1 = 1) then 'already-stopped' else 'stopped' end end = $20
  order by "users"."id"
  limit $21;
select USER_COLUMNS, case when (1 = 0) then 'no-factor-left' when users.passkey_at is not null then 'passkey-not-allowed' when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed' else 'no-second-factor' end as "reason", case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end as "state"
  from "users"
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in ($1) and ends_at > $2 and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3 )
  and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))
  and users.id > cast($4 as bigint)
  and "users"."id" in ($5)
  order by "users"."id"
  limit $6;

-- stopsAnyOf
select "users"."id"
  from "users"
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in ($1) and ends_at > $2 and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3 )
  and "users"."role" in ($4, $5)
  and "users"."subject" != $6
  and (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))
  and case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end = $7
  limit $8;
select "users"."id"
  from "users"
  where (users.subject in (select subject from group_member where group_id = $1))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $2 or users.id = $3)
  and "users"."role" in ($4)
  and "users"."subject" != $5
  and (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = $6) and not users.subject in ( select subject from policy_exemption where policy_id in ($7) and ends_at > $8)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))))
  and case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $9) and not users.subject in ( select subject from policy_exemption where policy_id in ($10) and ends_at > $11))) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))))) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when (1 = 1) then 'already-stopped' else 'stopped' end end = $12
  limit $13;

-- countStopped
select 1
  from ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role = any (array(select name from role)) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))) as apart
  limit 1 offset $1;
select sum(case when (1 = 1) then users.weight else 0 end) as "concerned", sum(case when (1 = 0) then users.weight else 0 end) as "contradicted", sum(case when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))) then users.weight else 0 end) as "privileged", sum(case when (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) then users.weight else 0 end) as "none_all", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and users.hashed_password is null) then users.weight else 0 end) as "none_joining", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and not (users.hashed_password is null) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0))) then users.weight else 0 end) as "none_already", sum(case when (((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "app_all", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_joining", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_already", sum(case when (((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "passkey_all", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_joining", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_already", 0 as "unreachable"
  from ( with apart as materialized (select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at" from users where subject in ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role = any (array(select name from role)) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null)))), kept as ( select kind, cast(sum(n) as bigint) as n from ( select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor') union all select case case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when apart.passkey_at is null then 'app' else 'passkey' end else case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end end || case when apart.role = 'admin' then ' admin' else '' end, -1 from apart) as cell group by kind), joining as ( select (select count(*) from users where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false'))) - (select count(*) from apart where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false'))) as n) select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at", 1 as weight from apart union all select null, '', 'user', '', null, '0', null, 0, null, null, (select coalesce(sum(n), 0) from kept where kind in ('app')) union all select null, '', 'user', '', null, '0', null, 0, 0, null, (select coalesce(sum(n), 0) from kept where kind in ('passkey')) union all select null, '', 'user', null, null, '0', null, null, null, null, (select n from joining) union all select null, '', 'user', '', null, '0', null, null, null, null, ((select coalesce(sum(n), 0) from kept where kind in ('invited', 'no-factor')) - (select n from joining))) as users
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in ($1) and ends_at > $2 and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3 )
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'));
select sum(case when (1 = 1) then 1 else 0 end) as "concerned", sum(case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $1) and not users.subject in ( select subject from policy_exemption where policy_id in ($2) and ends_at > $3))) then 1 else 0 end) as "contradicted", sum(case when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) and ((((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $4) and not users.subject in ( select subject from policy_exemption where policy_id in ($5) and ends_at > $6))) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = $7) and not users.subject in ( select subject from policy_exemption where policy_id in ($8) and ends_at > $9)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))))) then 1 else 0 end) as "privileged", sum(case when (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $10) and not users.subject in ( select subject from policy_exemption where policy_id in ($11) and ends_at > $12)))) then 1 else 0 end) as "none_all", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $13) and not users.subject in ( select subject from policy_exemption where policy_id in ($14) and ends_at > $15)))) and users.hashed_password is null) then 1 else 0 end) as "none_joining", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $16) and not users.subject in ( select subject from policy_exemption where policy_id in ($17) and ends_at > $18)))) and not (users.hashed_password is null) and (1 = 1)) then 1 else 0 end) as "none_already", sum(case when (((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $19) and not users.subject in ( select subject from policy_exemption where policy_id in ($20) and ends_at > $21)))) then 1 else 0 end) as "app_all", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $22) and not users.subject in ( select subject from policy_exemption where policy_id in ($23) and ends_at > $24)))) and (1 = 0)) then 1 else 0 end) as "app_joining", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $25) and not users.subject in ( select subject from policy_exemption where policy_id in ($26) and ends_at > $27)))) and not ((1 = 0)) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) then 1 else 0 end) as "app_already", sum(case when (((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = $28) and not users.subject in ( select subject from policy_exemption where policy_id in ($29) and ends_at > $30)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $31) and not users.subject in ( select subject from policy_exemption where policy_id in ($32) and ends_at > $33)))) then 1 else 0 end) as "passkey_all", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = $34) and not users.subject in ( select subject from policy_exemption where policy_id in ($35) and ends_at > $36)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $37) and not users.subject in ( select subject from policy_exemption where policy_id in ($38) and ends_at > $39)))) and (1 = 0)) then 1 else 0 end) as "passkey_joining", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = $40) and not users.subject in ( select subject from policy_exemption where policy_id in ($41) and ends_at > $42)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = $43) and not users.subject in ( select subject from policy_exemption where policy_id in ($44) and ends_at > $45)))) and not ((1 = 0)) and (1 = 0)) then 1 else 0 end) as "passkey_already", 0 as "unreachable"
  from "users"
  where (users.subject in (select subject from group_member where group_id = $46))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $47 or users.id = $48)
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'));
select sum(case when (1 = 1) then users.weight else 0 end) as "concerned", sum(case when (1 = 0) then users.weight else 0 end) as "contradicted", sum(case when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))) then users.weight else 0 end) as "privileged", sum(case when (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) then users.weight else 0 end) as "none_all", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and users.hashed_password is null) then users.weight else 0 end) as "none_joining", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and not (users.hashed_password is null) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0))) then users.weight else 0 end) as "none_already", sum(case when (((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "app_all", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_joining", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_already", sum(case when (((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "passkey_all", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_joining", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_already", (select count(*) as "count" from "users" where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in ($1) and ends_at > $2 and by_help is null)) and (users.expires_at is null or cast(users.expires_at as bigint) > $3 ) and "users"."email_key" is null and "users"."email" is null and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0))) and case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end = $4) as "unreachable"
  from ( with apart as materialized (select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at" from users where subject in ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role = any (array(select name from role)) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null)))), kept as ( select kind, cast(sum(n) as bigint) as n from ( select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor') union all select case case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when apart.passkey_at is null then 'app' else 'passkey' end else case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end end || case when apart.role = 'admin' then ' admin' else '' end, -1 from apart) as cell group by kind), joining as ( select (select count(*) from users where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false'))) - (select count(*) from apart where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false'))) as n) select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at", 1 as weight from apart union all select null, '', 'user', '', null, '0', null, 0, null, null, (select coalesce(sum(n), 0) from kept where kind in ('app')) union all select null, '', 'user', '', null, '0', null, 0, 0, null, (select coalesce(sum(n), 0) from kept where kind in ('passkey')) union all select null, '', 'user', null, null, '0', null, null, null, null, (select n from joining) union all select null, '', 'user', '', null, '0', null, null, null, null, ((select coalesce(sum(n), 0) from kept where kind in ('invited', 'no-factor')) - (select n from joining))) as users
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in ($5) and ends_at > $6 and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $7 )
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'));

-- src/domain/policies/store/stored-policy.queries.ts

-- selectPolicy
select "id", "name", "scope", "scope_ref" as "scopeRef", "revision", "created_at" as "createdAt"
  from "policy"
  where "id" = $1;

-- selectPolicies
select "id", "name", "scope", "scope_ref" as "scopeRef", "revision", "created_at" as "createdAt"
  from "policy"
  order by "scope", "name", "id";

-- selectInForce
select count(*) as "count", max("in_force_from") as "latest"
  from "policy_version"
  where "cancelled_at" is null
  and "in_force_from" <= $1;

-- selectVersions
select "policy_version"."policy_id" as "policyId", "policy_version"."version", "policy_version"."second_factor" as "secondFactor", "policy_version"."factors", "policy_version"."session_idle" as "sessionIdle", "policy_version"."session_absolute" as "sessionAbsolute", "policy_version"."reauthentication", "policy_version"."remember_for" as "rememberFor", "policy_version"."helpers_may_exempt" as "helpersMayExempt", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom", "policy_version"."id", "policy_version"."created_at" as "createdAt", "policy_version"."created_by" as "createdBy", "policy_version"."cancelled_at" as "cancelledAt", "policy_version"."reminder"
  from "policy_version"
  order by "policy_id", "version";
select "policy_version"."policy_id" as "policyId", "policy_version"."version", "policy_version"."second_factor" as "secondFactor", "policy_version"."factors", "policy_version"."session_idle" as "sessionIdle", "policy_version"."session_absolute" as "sessionAbsolute", "policy_version"."reauthentication", "policy_version"."remember_for" as "rememberFor", "policy_version"."helpers_may_exempt" as "helpersMayExempt", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom", "policy_version"."id", "policy_version"."created_at" as "createdAt", "policy_version"."created_by" as "createdBy", "policy_version"."cancelled_at" as "cancelledAt", "policy_version"."reminder"
  from "policy_version"
  where "policy_id" = $1
  order by "policy_id", "version";

-- selectVersionsFor
select ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = $1 where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = $2 union all select 'role:' || (cast($3 as text)) union all select 'everyone')) as "policies";

-- selectVersionsJoining
select ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = $1 where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = $2 union all select 'role:' || (cast($3 as text)) union all select 'everyone' union all select cast($4 as text) union all select cast($5 as text))) as "policies";

-- selectVersionsForEveryone
select "policy_version"."policy_id" as "policyId", "policy_version"."version", "policy_version"."second_factor" as "secondFactor", "policy_version"."factors", "policy_version"."session_idle" as "sessionIdle", "policy_version"."session_absolute" as "sessionAbsolute", "policy_version"."reauthentication", "policy_version"."remember_for" as "rememberFor", "policy_version"."helpers_may_exempt" as "helpersMayExempt", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom"
  from "policy"
  inner join "policy_version" on "policy_version"."policy_id" = "policy"."id"
  where "policy"."scope_key" = $1
  and "policy_version"."cancelled_at" is null
  and "policy_version"."in_force_from" <= $2;

-- src/domain/policies/store/policy-changes.queries.ts

-- insertPolicy
insert into "policy" ("id", "name", "scope", "scope_ref", "scope_key", "revision", "created_at")
  values ($1, $2, $3, $4, $5, $6, $7);

-- insertVersion
insert into "policy_version" ("id", "policy_id", "version", "second_factor", "factors", "session_idle", "session_absolute", "reauthentication", "remember_for", "helpers_may_exempt", "is_end", "in_force_from", "created_at", "created_by", "cancelled_at", "reminder")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16);

-- updateCancelled
update "policy_version"
  set "cancelled_at" = $1
  where "id" = $2;

-- updatePolicy
update "policy"
  set "name" = $1, "revision" = $2
  where "id" = $3;

-- deletePolicyRow
delete from "policy_version"
  where "policy_id" = $1;
delete from "policy_exemption"
  where "policy_id" = $1;
delete from "policy_progress"
  where "policy_id" = $1;
delete from "policy"
  where "id" = $1;

-- lockNamedGroup
select "id"
  from "user_group"
  where "id" = $1 for no key
  update;

-- src/domain/policies/rollout/help-exemption.queries.ts

-- putHelpExemption
insert into "help_exemption" ("subject", "exempted_at")
  values ($1, $2)
  on conflict ("subject") do update
  set "exempted_at" = $3
  where "help_exemption"."exempted_at" <= $4
  returning "subject";

-- selectHelpExemption
select "exempted_at"
  from "help_exemption"
  where "subject" = $1;

-- src/domain/policies/store/shared-users.queries.ts

-- selectUsersOfBoth
select "username"
  from "users"
  where 1 = 1
  and (users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))
  limit $1;
select "username"
  from "users"
  where users.role = $1
  and users.subject in (select subject from group_member where group_id = $2)
  limit $3;
select "username"
  from "users"
  where users.subject in (select subject from group_member where group_id = $1)
  and users.subject in (select subject from group_member where group_id = $2)
  limit $3;

-- src/use-cases/administration/policies/policy-scopes.view.ts

-- selectNamedGroups
select "id", "name"
  from "user_group"
  order by "name_key";

-- selectGroupNames
select "id", "name"
  from "user_group"
  where "id" in ($1);

-- selectRoleNames
select "name"
  from "role"
  order by "name";

-- selectPolicyNames
select "policy"."id", "policy"."name", "policy"."scope", "policy"."scope_ref" as "scopeRef", "user_group"."name" as "groupName"
  from "policy"
  left join "user_group" on "user_group"."id" = "policy"."scope_ref"
  and "policy"."scope" = $1
  where "policy"."id" in ($2, $3);

-- src/domain/attributes/attribute.queries.ts

-- selectAttributes
select *
  from "attribute"
  order by "position", "key";

-- shareAttributes
select *
  from "attribute"
  order by "position", "key" for share;

-- takeAttributes
select *
  from "attribute"
  order by "position", "key" for no key
  update;

-- insertAttribute
insert into "attribute" ("key", "label", "type", "choices", "visible_to", "changed_by", "at_joining", "position", "revision", "created_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict do nothing
  returning "key";

-- updateDeclaration
update "attribute"
  set "label" = $1, "type" = $2, "choices" = $3, "visible_to" = $4, "changed_by" = $5, "at_joining" = $6, "revision" = "revision" + $7
  where "key" = $8;

-- renameAttributeRow
update "attribute"
  set "key" = $1
  where "key" = $2;
update "user_attribute"
  set "key" = $1
  where "key" = $2;

-- updatePosition
update "attribute"
  set "position" = $1
  where "key" = $2;

-- countValues
select count(*) as "count"
  from "user_attribute"
  where "key" = $1;
select count(*) as "count"
  from "user_attribute"
  where "key" = $1
  and "value" in ($2, $3);

-- selectValues
select "key", "value"
  from "user_attribute"
  where "subject" = $1;

-- putValue
insert into "user_attribute" ("subject", "key", "value", "changed_at")
  values ($1, $2, $3, $4)
  on conflict ("subject", "key") do update
  set "value" = $5, "changed_at" = $6;

-- deleteValue
delete from "user_attribute"
  where "subject" = $1
  and "key" = $2;

-- deleteValuesOf
delete from "user_attribute"
  where "key" = $1;

-- deleteAttributeRow
delete from "attribute"
  where "key" = $1;

-- src/domain/remembered-devices/remembered-device.queries.ts

-- insertRememberedDevice
insert into "remembered_device" ("id", "token_hash", "subject", "epoch", "address", "agent", "created_at", "last_used_at", "expires_at", "revoked_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- selectRememberedDevice
select "id", "subject", "epoch", "address", "agent", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", "expires_at" as "expiresAt", "revoked_at" as "revokedAt", "token_hash" as "tokenHash", "replaced_by" as "replacedBy", "session_id" as "sessionId"
  from "remembered_device"
  where "id" = $1
  and "subject" = $2;

-- selectRememberedDevices
select "id", "subject", "epoch", "address", "agent", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", "expires_at" as "expiresAt", "revoked_at" as "revokedAt"
  from "remembered_device"
  where "subject" = $1
  and "revoked_at" is null
  and "expires_at" > $2
  order by "last_used_at" desc, "id" desc;

-- replaceDeviceToken
update "remembered_device"
  set "token_hash" = $1, "replaced_by" = $2, "session_id" = $3, "last_used_at" = $4
  where "id" = $5
  and "token_hash" = $6
  and "revoked_at" is null
  returning "id";

-- updateDeviceSession
update "remembered_device"
  set "session_id" = $1
  where "id" = $2;

-- isCurrentToken
select "id"
  from "remembered_device"
  where "id" = $1
  and "token_hash" = $2
  and "revoked_at" is null;

-- revokeRememberedDevice
update "remembered_device"
  set "revoked_at" = $1
  where "id" = $2
  and "subject" = $3
  and "revoked_at" is null
  returning "id";

-- revokeRememberedDevices
update "remembered_device"
  set "revoked_at" = $1
  where "subject" = $2
  and "revoked_at" is null
  returning "id";

-- deleteRememberedDevices
delete from "remembered_device"
  where "id" in (select "id" from "remembered_device" where "expires_at" < $1 limit $2);

-- src/domain/roles/role.queries.ts

-- selectRoles
select "name", "description", "permissions", "revision", "created_at", "is_configured"
  from "role"
  order by "name";

-- selectRole
select "name", "description", "permissions", "revision", "created_at", "is_configured"
  from "role"
  where "name" = $1;

-- selectSharedRole
select "name", "description", "permissions", "revision", "created_at", "is_configured"
  from "role"
  where "name" = $1 for share;

-- insertRoleRow
insert into "role" ("name", "description", "permissions", "revision", "created_at", "is_configured")
  values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing
  returning "name";

-- updateRoleRow
update "role"
  set "description" = $1, "permissions" = $2, "is_configured" = $3, "revision" = $4
  where "name" = $5
  and "revision" = $6
  returning "name";

-- deleteRoleRow
delete from "role"
  where "name" = $1
  and "revision" = $2
  returning "name";

-- src/domain/users/role-users.queries.ts

-- countByRole
select "role", count(*) as "count"
  from "users"
  where "role" in ($1, $2)
  group by "role";

-- roleIsHeldBeside
select "id"
  from "users"
  where "role" = $1
  and "subject" != $2
  limit $3;

-- src/domain/clients/client.queries.ts

-- selectClient
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_agg(json_build_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by))::text from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "client"."id" = $1;

-- selectClientsWithIds
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_agg(json_build_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by))::text from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "id" in ($1, $2)
  order by "name_key";

-- holdUnchangedClient
select "id"
  from "client"
  where "id" = $1
  and "revision" = $2 for share;

-- takeClient
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_agg(json_build_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by))::text from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "client"."id" = $1 for no key
  update;

-- selectClientWithSecrets
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", "client_secret"."id" as "secretId", "client_secret"."hash" as "secretHash", "client_secret"."created_at" as "secretCreatedAt", "client_secret"."expires_at" as "secretExpiresAt", "client_secret"."last_used_at" as "secretLastUsedAt", (select json_agg(json_build_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by))::text from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  left join "client_secret" on "client_secret"."client_id" = "client"."id"
  and ("client_secret"."expires_at" is null or "client_secret"."expires_at" > $1)
  where "client"."id" = $2;

-- insertClient
insert into "client" ("id", "name", "kind", "redirect_uris", "logout_uris", "auth_method", "id_token_alg", "scopes", "refresh_tokens", "require_pkce", "allow_http", "claims_in_id_token", "unconfirmed_email", "shared_groups", "trusted", "allowed_roles", "allowed_groups", "least_assurance", "max_age", "start_url", "hidden", "preset", "device_sign_in", "backchannel_uri", "backchannel_session_required", "name_key", "created_at", "created_by", "disabled_at", "revision")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
  on conflict do nothing
  returning "id";
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values ($1, $2, $3, $4);

-- updateClientRow
update "client"
  set "name" = $1, "kind" = $2, "redirect_uris" = $3, "logout_uris" = $4, "auth_method" = $5, "id_token_alg" = $6, "scopes" = $7, "refresh_tokens" = $8, "require_pkce" = $9, "allow_http" = $10, "claims_in_id_token" = $11, "unconfirmed_email" = $12, "shared_groups" = $13, "trusted" = $14, "allowed_roles" = $15, "allowed_groups" = $16, "least_assurance" = $17, "max_age" = $18, "start_url" = $19, "hidden" = $20, "preset" = $21, "device_sign_in" = $22, "backchannel_uri" = $23, "backchannel_session_required" = $24, "disabled_at" = $25, "revision" = $26
  where "id" = $27
  and "revision" = $28
  returning "id";
insert into "client" ("id", "name", "kind", "redirect_uris", "logout_uris", "auth_method", "id_token_alg", "scopes", "refresh_tokens", "require_pkce", "allow_http", "claims_in_id_token", "unconfirmed_email", "shared_groups", "trusted", "allowed_roles", "allowed_groups", "least_assurance", "max_age", "start_url", "hidden", "preset", "device_sign_in", "backchannel_uri", "backchannel_session_required", "name_key", "created_at", "created_by", "disabled_at", "revision")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
  on conflict do nothing
  returning "id";
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values ($1, $2, $3, $4);
update "client"
  set "name" = $1, "kind" = $2, "redirect_uris" = $3, "logout_uris" = $4, "auth_method" = $5, "id_token_alg" = $6, "scopes" = $7, "refresh_tokens" = $8, "require_pkce" = $9, "allow_http" = $10, "claims_in_id_token" = $11, "unconfirmed_email" = $12, "shared_groups" = $13, "trusted" = $14, "allowed_roles" = $15, "allowed_groups" = $16, "least_assurance" = $17, "max_age" = $18, "start_url" = $19, "hidden" = $20, "preset" = $21, "device_sign_in" = $22, "backchannel_uri" = $23, "backchannel_session_required" = $24, "name_key" = $25, "disabled_at" = $26, "revision" = $27
  where "id" = $28
  and "revision" = $29
  returning "id";
delete from "client_attribute"
  where "client_id" = $1;

-- deleteClientRows
delete from "client_attribute"
  where "client_id" = $1;
delete from "client_secret"
  where "client_id" = $1;
delete from "client_icon"
  where "client_id" = $1;
delete from "client_consent"
  where "client_id" = $1;
delete from "client"
  where "id" = $1;

-- selectClientNames
select "id", "name"
  from "client"
  where "id" in ($1);

-- selectIdByKey
select "id"
  from "client"
  where "name_key" = $1;

-- selectClientsAllowing
select "name"
  from "client"
  where "allowed_roles" is not null
  and position($1 in "allowed_roles") > 0
  order by "name_key";
select "name"
  from "client"
  where "allowed_groups" is not null
  and position($1 in "allowed_groups") > 0
  order by "name_key";

-- countClients
select count(*) as "count"
  from "client";

-- hasClientRow
select "id"
  from "client"
  limit $1;

-- selectWeakenedClients
select "name", "require_pkce", "allow_http"
  from "client"
  where "disabled_at" is null
  and ("require_pkce" = $1 or "allow_http" = $2)
  order by "name_key";

-- selectClients
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_agg(json_build_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by))::text from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "kind" != $1
  order by "name_key"
  limit $2;
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_agg(json_build_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by))::text from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "kind" != $1
  and position($2 in "name_key") > 0
  and "name_key" > $3
  order by "name_key"
  limit $4;

-- src/domain/clients/agent-client.queries.ts

-- selectAgentIds
select "id"
  from "client"
  where "kind" = $1
  limit $2;

-- countAgents
select count(*) as "count"
  from "client"
  where "kind" = $1;

-- src/domain/agents/agent-setting.queries.ts

-- selectAgentSetting
select "agents", "allowed_documents", "revision"
  from "openid_setting"
  where "id" = $1;

-- holdAgentSetting
select "agents", "allowed_documents", "revision"
  from "openid_setting"
  where "id" = $1 for share;

-- takeAgentSetting
select "agents", "allowed_documents", "revision"
  from "openid_setting"
  where "id" = $1 for no key
  update;

-- writeAgentSetting
update "openid_setting"
  set "agents" = $1, "allowed_documents" = $2, "revision" = $3
  where "id" = $4
  and "revision" = $5
  returning "id";

-- src/domain/clients/client-attribute.queries.ts

-- insertAttributes
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values ($1, $2, $3, $4);

-- replaceAttributes
delete from "client_attribute"
  where "client_id" = $1;
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values ($1, $2, $3, $4);

-- renameAttributeRows
update "client_attribute"
  set "key" = $1
  where "key" = $2;

-- deleteAttributeRows
delete from "client_attribute"
  where "key" = $1;

-- src/domain/clients/client-icon.queries.ts

-- selectIcon
select "type", "content", "digest"
  from "client_icon"
  where "client_id" = $1;

-- selectIconDigests
select "client_id" as "clientId", "digest"
  from "client_icon"
  where "client_id" in ($1);

-- putIcon
insert into "client_icon" ("client_id", "type", "content", "digest")
  values ($1, $2, $3, $4)
  on conflict ("client_id") do update
  set "type" = $5, "content" = $6, "digest" = $7;

-- deleteIconRow
delete from "client_icon"
  where "client_id" = $1;

-- src/domain/clients/restricted-client.queries.ts

-- selectRestrictedClients
select "id", "allowed_roles", "allowed_groups"
  from "client"
  where "id" in ($1, $2)
  and ("allowed_roles" is not null or "allowed_groups" is not null);

-- src/domain/clients/startable-client.queries.ts

-- selectStartableClients
select "id", "name", "start_url", "allowed_roles", "allowed_groups"
  from "client"
  where "start_url" is not null
  and "hidden" = $1
  and "disabled_at" is null
  order by "name_key";

-- src/domain/clients/resource.queries.ts

-- selectServingIds
select distinct "client_id"
  from "resource"
  where "client_id" is not null;

-- selectResource
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  where "resource"."id" = $1;

-- selectResourceByUri
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  where "resource"."uri" = $1;

-- takeResource
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision"
  from "resource"
  where "id" = $1 for no key
  update;

-- insertResource
insert into "resource" ("id", "uri", "name", "client_id", "token_format", "lifetime", "scopes", "allowed_clients", "created_at", "created_by", "revision")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  on conflict ("uri") do nothing
  returning "id";

-- updateResourceRow
update "resource"
  set "name" = $1, "client_id" = $2, "token_format" = $3, "lifetime" = $4, "scopes" = $5, "allowed_clients" = $6, "revision" = $7
  where "id" = $8
  and "revision" = $9
  returning "id";

-- deleteResourceRow
delete from "resource"
  where "id" = $1;

-- countResources
select count(*) as "count"
  from "resource";

-- selectResources
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  order by "resource"."uri"
  limit $1;
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  where "resource"."uri" > $1
  order by "resource"."uri"
  limit $2;

-- selectServedBy
select "id", "uri"
  from "resource"
  where "client_id" = $1
  order by "uri";

-- src/domain/clients/client-secret.queries.ts

-- selectSecrets
select "id", "hash", "created_at" as "createdAt", "expires_at" as "expiresAt", "last_used_at" as "lastUsedAt"
  from "client_secret"
  where "client_id" = $1
  order by "created_at", "id";

-- selectAllValidSecrets
select "id", "client_id" as "clientId", "hash"
  from "client_secret"
  where ("expires_at" is null or "expires_at" > $1)
  order by "created_at", "id";

-- insertSecret
insert into "client_secret" ("id", "client_id", "hash", "created_at", "expires_at", "last_used_at")
  values ($1, $2, $3, $4, $5, $6);

-- updateSecretEnd
update "client_secret"
  set "expires_at" = $1
  where "id" = $2
  and "client_id" = $3
  and ("expires_at" is null or "expires_at" > $4)
  returning "id";

-- updateSecretUse
update "client_secret"
  set "last_used_at" = $1
  where "id" = $2;

-- deleteEndedSecrets
delete from "client_secret"
  where "client_id" = $1
  and "expires_at" < $2;

-- src/domain/grants/app-sign-in.queries.ts

-- selectGrantsOfUser
select "client_id" as "clientId", "session_id" as "sessionId", "resource_id" as "resourceId", "epoch", "methods", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", (client_grant.revoked_at is null and client_grant.expires_at > $1) as "isAlive", exists (select 1 from client_token where client_token.grant_id = client_grant.id and client_token.is_offline = 1 and client_token.expires_at > $2) as "outlivesSession"
  from "client_grant"
  where "subject" = $3;

-- src/domain/grants/consent.queries.ts

-- selectConsent
select "client_id" as "clientId", "subject", "items", "given_at" as "givenAt", "document"
  from "client_consent"
  where "subject" = $1
  and "client_id" = $2
  and "resource" = $3 for share;

-- takeConsent
select "client_id" as "clientId", "subject", "items", "given_at" as "givenAt", "document"
  from "client_consent"
  where "subject" = $1
  and "client_id" = $2
  and "resource" = $3 for no key
  update;

-- selectConsents
select "client_id" as "clientId", "subject", "items", "given_at" as "givenAt", "document"
  from "client_consent"
  where "subject" = $1;

-- insertConsent
insert into "client_consent" ("client_id", "subject", "resource", "items", "given_at", "document")
  values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing
  returning "resource";

-- putConsent
insert into "client_consent" ("client_id", "subject", "resource", "items", "given_at", "document")
  values ($1, $2, $3, $4, $5, $6)
  on conflict ("subject", "client_id", "resource") do update
  set "items" = $7, "given_at" = $8, "document" = $9;

-- deleteConsentRow
delete from "client_consent"
  where "subject" = $1
  and "client_id" = $2
  returning "resource";

-- src/domain/grants/device-code.queries.ts

-- selectDeviceCode
select "id", "kind", "client_id" as "clientId", "grant_id" as "grantId", "is_offline" as "isOffline", "payload", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "successor", "denied_at" as "deniedAt"
  from "client_token"
  where "id" = $1
  and "kind" = $2;

-- selectWaitingCode
select "id", "kind", "client_id" as "clientId", "grant_id" as "grantId", "is_offline" as "isOffline", "payload", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "successor", "denied_at" as "deniedAt"
  from "client_token"
  where "user_code" = $1
  and "expires_at" > $2;

-- insertDeviceCode
insert into "client_token" ("id", "kind", "client_id", "user_code", "is_offline", "payload", "created_at", "expires_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict do nothing
  returning "id";

-- approveCodeRow
update "client_token"
  set "grant_id" = $1, "subject" = $2, "epoch" = $3, "is_offline" = $4, "payload" = $5, "user_code" = $6
  where "id" = $7
  and "user_code" is not null
  and "expires_at" > $8
  returning "id";

-- denyCodeRow
update "client_token"
  set "denied_at" = $1, "user_code" = $2
  where "id" = $3
  and "user_code" is not null
  and "expires_at" > $4
  returning "id";

-- updateWaitingPayload
update "client_token"
  set "payload" = $1
  where "id" = $2
  and "user_code" is not null
  and "expires_at" > $3
  returning "id";

-- updatePoll
update "client_token"
  set "polled_at" = $1
  where "id" = $2
  and ("polled_at" is null or "polled_at" <= $3 or "polled_at" > $4)
  returning "id";

-- src/domain/grants/grant.queries.ts

-- selectGrant
select "client_grant"."id", "client_grant"."client_id" as "clientId", "client_grant"."subject", "client_grant"."epoch", "client_grant"."session_id" as "sessionId", "client_grant"."methods", "client_grant"."authenticated_at" as "authenticatedAt", "client_grant"."payload", "client_grant"."created_at" as "createdAt", "client_grant"."expires_at" as "expiresAt", "client_grant"."revoked_at" as "revokedAt", "client_grant"."resource_id" as "resourceId"
  from "client_grant"
  where "id" = $1;

-- insertGrant
insert into "client_grant" ("id", "client_id", "subject", "epoch", "session_id", "methods", "authenticated_at", "payload", "created_at", "last_used_at", "expires_at", "revoked_at", "resource_id")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- updateGrantUse
update "client_grant"
  set "last_used_at" = $1
  where "id" = $2;

-- revokeGrantRow
update "client_grant"
  set "revoked_at" = $1
  where "id" = $2
  and "revoked_at" is null
  returning "id";

-- revokeGrantRowsOf
update "client_grant"
  set "revoked_at" = $1
  where "id" in (select "id" from "client_grant" where "client_id" = $2 and "revoked_at" is null limit $3)
  returning "id";
update "client_grant"
  set "revoked_at" = $1
  where "id" in (select "id" from "client_grant" where "client_id" = $2 and "revoked_at" is null and "subject" = $3 limit $4)
  returning "id";

-- revokeGrantRowsOfUser
update "client_grant"
  set "revoked_at" = $1
  where "subject" = $2
  and "revoked_at" is null
  returning "id";
update "client_grant"
  set "revoked_at" = $1
  where "subject" = $2
  and "revoked_at" is null
  and "session_id" != $3
  returning "id";

-- revokeAllGrants
update "client_grant"
  set "revoked_at" = $1
  where "revoked_at" is null;

-- selectClientSessions
select "session_id" as "sessionId", "client_id" as "clientId", "subject", "sid", "grant_id" as "grantId", "expires_at" as "expiresAt"
  from "client_session"
  where "session_id" = $1;

-- insertClientSession
insert into "client_session" ("session_id", "client_id", "subject", "sid", "grant_id", "expires_at")
  values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing
  returning "sid";
insert into "client_user" ("client_id", "subject", "sid")
  values ($1, $2, $3)
  on conflict ("client_id", "subject") do update
  set "sid" = $4;

-- replaceGrantOfSession
update "client_session"
  set "grant_id" = $1, "expires_at" = $2, "told_at" = $3
  where "session_id" = $4
  and "client_id" = $5
  and "grant_id" = $6
  returning "sid";

-- selectSessionsWithGrants
select distinct "session_id" as "id"
  from "client_grant"
  where "subject" = $1
  and "revoked_at" is null
  and "expires_at" > $2;

-- moveClientSessions
update "client_session"
  set "session_id" = $1
  where "session_id" = $2
  and "client_id" not in (select "other"."client_id" from "client_session" as "other" where "other"."session_id" = $3);
update "client_grant"
  set "session_id" = $1
  where "session_id" = $2;

-- updateEpochOfGrants
update "client_grant"
  set "epoch" = $1
  where "subject" = $2
  and "epoch" = $3
  and "revoked_at" is null;

-- deleteEndedGrants
delete from "client_session"
  where ("session_id", "client_id") in (select "session_id", "client_id" from "client_session" where "expires_at" < $1 limit $2);
delete from "client_grant"
  where "id" in (select "id" from "client_grant" where "expires_at" < $1 limit $2);
delete from "client_grant"
  where "id" in (select "id" from "client_grant" where "revoked_at" < $1 limit $2);

-- src/domain/grants/grant-use.queries.ts

-- selectGrantUses
select "client"."id" as "clientId", (select count(*) as "count" from "client_grant" where "client_id" = "client"."id" and "revoked_at" is null and "expires_at" > $1) as "living", (select "last_used_at" from "client_grant" where "client_id" = "client"."id" order by "last_used_at" desc limit $2) as "lastUsedAt"
  from "client"
  where "client"."id" in ($3);

-- src/domain/grants/token.queries.ts

-- selectToken
select "id", "kind", "grant_id" as "grantId", "is_offline" as "isOffline", "payload", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "successor"
  from "client_token"
  where "id" = $1;

-- insertGrantToken
insert into "client_token" ("id", "kind", "client_id", "grant_id", "subject", "epoch", "is_offline", "payload", "created_at", "expires_at") select $1 as "id", $2 as "kind", "client_grant"."client_id", "client_grant"."id" as "grant_id", "client_grant"."subject", "client_grant"."epoch", $3 as "is_offline", $4 as "payload", $5 as "created_at", $6 as "expires_at"
  from "client_grant"
  where "client_grant"."id" = $7
  and "client_grant"."revoked_at" is null
  returning "id";

-- putToken
insert into "client_token" ("id", "kind", "client_id", "grant_id", "subject", "epoch", "is_offline", "payload", "created_at", "expires_at", "consumed_at", "successor")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict ("id") do update
  set "payload" = $13, "expires_at" = $14;

-- setSuccessor
update "client_token"
  set "successor" = $1
  where "id" = $2;

-- clearSuccessorsSealedBy
update "client_token"
  set "successor" = $1
  where "successor" like $2;

-- deleteAllTokens
delete from "client_token";

-- deleteToken
delete from "client_token"
  where "id" = $1;

-- deleteExpiredTokenRows
delete from "client_token"
  where "id" in (select "id" from "client_token" where "expires_at" < $1 limit $2);

-- src/domain/signing-keys/signing-key.queries.ts

-- selectSigningKeys
select "kid", "alg", "created_at" as "createdAt", "signs_from" as "signsFrom", "retired_at" as "retiredAt"
  from "signing_key";

-- selectSealedSigningKeys
select "kid", "alg", "created_at" as "createdAt", "signs_from" as "signsFrom", "retired_at" as "retiredAt", "sealed"
  from "signing_key";

-- insertSigningKey
insert into "signing_key" ("kid", "alg", "sealed", "public_jwk", "created_at", "signs_from", "retired_at")
  values ($1, $2, $3, $4, $5, $6, $7);

-- withdrawKeyRows
update "signing_key"
  set "retired_at" = $1;

-- withdrawKeyRowsSealedBy
update "signing_key"
  set "retired_at" = $1
  where "sealed" like $2;

-- setRetirement
update "signing_key"
  set "retired_at" = $1
  where "kid" in ($2);

-- deleteSigningKeys
delete from "signing_key"
  where "kid" in ($1);

-- src/domain/users/user.queries.ts

-- raiseEveryEpoch
update "users"
  set "credential_epoch" = "credential_epoch" + $1, "revision" = "revision" + $2;

-- selectUserSummaries
select "subject", "id", "username", "full_name" as "fullName"
  from "users"
  where "subject" in ($1);

-- usersNamed
select USER_COLUMNS
  from "users"
  where ("username_key" = $1 or (coalesce("username_key", '') = '' and "username" = $2))
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

-- insertUserRow
insert into "users" ("username", "username_key", "email", "email_key", "full_name", "role", "disabled", "hashed_password", "created_at", "invited_at", "second_factor_at", "passkey_at", "password_changed_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  on conflict do nothing
  returning USER_COLUMNS;

-- conflictingKeys
select "username_key", "email_key"
  from "users"
  where "username_key" = $1;
select "username_key", "email_key"
  from "users"
  where ("username_key" = $1 or "email_key" = $2)
  and "id" != $3;

-- resyncIdSequence
select setval(pg_get_serial_sequence('users', 'id'), (select max(id) from users));

-- updateUserRow
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
  and "review_required_at" is null
  returning "id";

-- removeUser
delete from "users"
  where "id" = $1
  and "revision" = $2
  returning "id";

-- userExists
select "id"
  from "users"
  limit $1;

-- src/domain/users/acting-admins.queries.ts

-- otherAdminExists
select "id"
  from "users"
  where "role" = $1
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "id" != $2
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3)
  limit $4;

-- laterAdminExists
select "id"
  from "users"
  where "role" = $1
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "id" != $2
  and ((users.expires_at is null or cast(users.expires_at as bigint) > $3) or (cast(users.expires_at as bigint) = $4 and "id" > $5))
  limit $6;

-- selectKeptAdmin
select "id", case when (users.expires_at is null or cast(users.expires_at as bigint) > $1) then 1 else 0 end as "open"
  from "users"
  where "role" = $2
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  order by case when users.expires_at is null then 1 else 0 end desc, cast(users.expires_at as bigint) desc, "id" desc
  limit $3;

-- selectActingAdmins
select USER_COLUMNS
  from "users"
  where "role" = $1
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $2)
  order by "id";

-- selectActingHolders
select USER_COLUMNS
  from "users"
  where "role" in ($1, $2)
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > $3)
  order by case when role = 'admin' then 0 else 1 end, "id"
  limit $4;

-- src/domain/notices/notice.queries.ts

-- insertNotice
insert into "notice" ("id", "subject", "kind", "position", "once", "created_at", "expires_at")
  values ($1, $2, $3, (select coalesce(max("former"."position"), 0) + $4 as "p" from "notice" as "former" where "former"."subject" = $5), $6, $7, $8)
  on conflict ("once") do nothing
  returning "id";

-- selectNotice
select "id", "kind", "position", "created_at" as "createdAt"
  from "notice"
  where "id" = $1
  and "subject" = $2;

-- markReported
update "notice"
  set "reported_at" = $1
  where "id" = $2;

-- selectReports
select "id", "kind", "position", "created_at" as "createdAt"
  from "notice"
  where "subject" = $1
  and "reported_at" is not null
  order by "position";

-- selectChangesFrom
select distinct "kind"
  from "notice"
  where "subject" = $1
  and "position" >= $2
  and "kind" not in ($3, $4, $5, $6, $7, $8, $9, $10);

-- selectOthersSince
select distinct "kind"
  from "notice"
  where "subject" = $1
  and "id" != $2
  and "kind" in ($3, $4)
  and "created_at" > $5;

-- clearReports
update "notice"
  set "reported_at" = $1
  where "subject" = $2
  and "reported_at" is not null;

-- deleteEndedNotices
delete from "notice"
  where "id" in (select "id" from "notice" where "expires_at" < $1 and "subject" not in (select "subject" from "users" where "review_required_at" is not null) limit $2);

-- src/domain/notices/email-change.queries.ts

-- insertEmailChange
insert into "email_change" ("id", "subject", "position", "email", "former_email", "former_verified_at", "created_at", "expires_at", "confirmed_at")
  values ($1, $2, (select coalesce(max("former"."position"), 0) + $3 as "p" from "email_change" as "former" where "former"."subject" = $4), $5, $6, $7, $8, $9, $10);

-- selectEmailChange
select "id", "subject", "position", "email", "former_email" as "formerEmail", "former_verified_at" as "formerVerifiedAt", "created_at" as "createdAt", "expires_at" as "expiresAt", "confirmed_at" as "confirmedAt"
  from "email_change"
  where "id" = $1;

-- selectUnconfirmedChange
select "id", "subject", "position", "email", "former_email" as "formerEmail", "former_verified_at" as "formerVerifiedAt", "created_at" as "createdAt", "expires_at" as "expiresAt", "confirmed_at" as "confirmedAt"
  from "email_change"
  where "subject" = $1
  and "confirmed_at" is null
  order by "position" desc
  limit $2;

-- updateConfirmed
update "email_change"
  set "former_email" = $1, "former_verified_at" = $2, "expires_at" = $3, "confirmed_at" = $4
  where "id" = $5;

-- deleteUnconfirmedChanges
delete from "email_change"
  where "subject" = $1
  and "confirmed_at" is null;

-- deleteChangesFrom
delete from "email_change"
  where "subject" = $1
  and "position" >= $2;

-- deleteEndedChanges
delete from "email_change"
  where "id" in (select "id" from "email_change" where "expires_at" < $1 limit $2);

-- src/domain/users/expiry-notice.queries.ts

-- selectDueNotices
select USER_COLUMNS
  from "users"
  where "expires_at" is not null
  and (expiry_notice is null or expiry_notice < 3)
  and "expires_at" > $1
  and "expires_at" <= $2
  and ("expiry_notice" is null or "expiry_notice" < $3)
  order by "expires_at", "id"
  limit $4;
select USER_COLUMNS
  from "users"
  where "expires_at" is not null
  and (expiry_notice is null or expiry_notice < 3)
  and "expires_at" > $1
  and "expires_at" <= $2
  and ("expiry_notice" is null or "expiry_notice" < $3)
  and (expires_at, id) > ($4, cast($5 as bigint))
  order by "expires_at", "id"
  limit $6;

-- selectEndUnnoticed
select USER_COLUMNS
  from "users"
  where "subject" = $1
  and "expires_at" <= $2
  and (expiry_notice is null or expiry_notice < 3);

-- markNotice
update "users"
  set "expiry_notice" = $1
  where "id" = $2
  and "expires_at" = $3
  and ("expiry_notice" is null or "expiry_notice" < $4)
  returning "id";

-- src/domain/users/external-rows/plaintext-secret.queries.ts

-- selectPlaintextSecretRows
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != $1
  and "id" > cast($2 as bigint)
  order by "id"
  limit $3;

-- countPlaintextSecretRows
select count(*) as "count"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != $1;

-- selectPlaintextSecretRow
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != $1
  and "id" > cast($2 as bigint)
  order by "id"
  limit $3;

-- clearPlaintextSecret
update "users"
  set "otp_secret" = $1, "second_factor_at" = coalesce("second_factor_at", $2)
  where "id" = $3
  and "otp_secret" = $4
  returning "id";

-- src/domain/users/user-count.queries.ts

-- selectUserCells
select kind, case when day < $1 then -1 else day end as day, cast(sum(count) as bigint) as count
  from user_count
  group by 1, 2;

-- selectCountErrors
select kind, day, cast(sum(n) as bigint) as count
  from ( select kind, day, count(*) as n from (select case case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when users.passkey_at is null then 'app' else 'passkey' end else case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end end || case when users.role = 'admin' then ' admin' else '' end as kind, coalesce(cast(users.created_at / 86400000 as bigint), -1) as day from users union all select 'second-factor', coalesce(cast(users.second_factor_at / 86400000 as bigint), -1) from users where users.second_factor_at is not null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) union all select 'imported-hash', -1 from users where users.hashed_password like '$2%' or users.hashed_password like '$argon2i$%' or users.hashed_password like '$argon2d$%' or users.hashed_password like '$scrypt$%' or users.hashed_password like 'scrypt%' or users.hashed_password like '$pbkdf2%' or users.hashed_password like 'pbkdf2%') as cell group by kind, day union all select kind, day, -count from user_count) as difference
  group by kind, day having sum(n) <> 0;

-- correctCount
insert into "user_count" ("kind", "day", "count")
  values ($1, $2, $3);

-- gatherCounts
with gone as (delete from user_count returning kind, day, count) insert into user_count (kind, day, count) select kind, day, sum(count)
  from gone
  group by kind, day having sum(count) <> 0;

-- src/domain/users/external-rows/imported-hashes.queries.ts

-- selectImportedHashes
select "hashed_password" as "hash"
  from "users"
  where hashed_password not like '$argon2id$%'
  and "hashed_password" > $1
  order by "hashed_password"
  limit $2;

-- selectPepperedWith
select USER_COLUMNS
  from "users"
  where "hashed_password" like $1
  order by "id";

-- src/domain/users/external-rows/row-completion.queries.ts

-- keylessRows
select "id", "username", "email", "full_name" as "fullName", "email_key" as "emailKey", "completed_at" as "completedAt"
  from "users"
  where coalesce("username_key", '') = ''
  and "id" > cast($1 as bigint)
  order by "id"
  limit $2;

-- takeKeylessRows
select "id", "username", "email", "full_name" as "fullName", "email_key" as "emailKey", "completed_at" as "completedAt"
  from "users"
  where "id" in ($1, $2)
  and coalesce("username_key", '') = ''
  order by "id" for no key
  update;

-- countIncompleteRows
select count(*) as "count"
  from "users"
  where coalesce("username_key", '') = ''
  and "completed_at" is null;

-- keylessNamesakeExists
select "id"
  from "users"
  where coalesce("username_key", '') = ''
  and "username" is not null
  and lower("username") in ($1, $2)
  and "id" != $3
  limit $4;
select "id"
  from "users"
  where coalesce("email_key", '') = ''
  and "email" is not null
  and lower("email") in ($1)
  and "id" < $2
  limit $3;

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
  set username_key = found.username_key, email_key = found.email_key, completed_at = $4
  from found
  where users.id = found.id;
insert into "user_search" ("user_id", "words")
  values ($1, $2)
  on conflict ("user_id") do update
  set "words" = "excluded"."words";

-- src/domain/users/external-rows/row-findings.queries.ts

-- doubtfulRows
select "id", "username", "username_key" as "usernameKey", "email", "email_key" as "emailKey", "role", "completed_at" as "completedAt", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions"
  from "users"
  where ((username_key is null and completed_at is not null) or ((username_key is not null or completed_at is not null) and email is not null and email <> '' and email_key is null) or role not in ('admin', 'user') or (email not like '%_@_%._%' and email not like '%_@localhost') or email like '%@%@%' or email like '% %')
  order by "id"
  limit $1;

-- mixedLetterRows
select "id", "username"
  from "users"
  where ((username ~ '[A-Za-z\u00c0-\u024f]' and (username ~ '[\u0370-\u03ff\u1f00-\u1fff]' or username ~ '[\u0400-\u052f]')) or (username ~ '[\u0370-\u03ff\u1f00-\u1fff]' and username ~ '[\u0400-\u052f]'))
  order by "id"
  limit $1;

-- routedRows
select "id"
  from "users"
  where (email like '%!%' or email like '%~%%' escape '~' or email_key like '%!%' or email_key like '%~%%' escape '~')
  order by "id"
  limit $1;

-- unreadableRows
select "id", trim(case when (cast(username as text) <> username) then 'username ' else '' end || case when (cast(email as text) <> email) then 'email ' else '' end || case when (cast(full_name as text) <> full_name) then 'full_name ' else '' end || case when (cast(otp_secret as text) <> otp_secret) then 'otp_secret ' else '' end || case when (cast(role as text) <> role) then 'role ' else '' end || case when (email_verified_at not between -8640000000000000 and 8640000000000000) then 'email_verified_at ' else '' end || case when (created_at not between -8640000000000000 and 8640000000000000) then 'created_at ' else '' end || case when (invited_at not between -8640000000000000 and 8640000000000000) then 'invited_at ' else '' end || case when (second_factor_at not between -8640000000000000 and 8640000000000000) then 'second_factor_at ' else '' end || case when (last_sign_in_at not between -8640000000000000 and 8640000000000000) then 'last_sign_in_at ' else '' end || case when (password_changed_at not between -8640000000000000 and 8640000000000000) then 'password_changed_at ' else '' end || case when (password_change_asked_at not between -8640000000000000 and 8640000000000000) then 'password_change_asked_at ' else '' end || case when (credential_epoch not between -8640000000000000 and 8640000000000000) then 'credential_epoch ' else '' end || case when (revision not between -8640000000000000 and 8640000000000000) then 'revision ' else '' end || case when ((cast(hashed_password as text) <> hashed_password) or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))) then 'hashed_password ' else '' end) as "columns"
  from "users"
  where ((cast(username as text) <> username) or (cast(email as text) <> email) or (cast(full_name as text) <> full_name) or (cast(otp_secret as text) <> otp_secret) or (cast(role as text) <> role) or (email_verified_at not between -8640000000000000 and 8640000000000000) or (created_at not between -8640000000000000 and 8640000000000000) or (invited_at not between -8640000000000000 and 8640000000000000) or (second_factor_at not between -8640000000000000 and 8640000000000000) or (last_sign_in_at not between -8640000000000000 and 8640000000000000) or (password_changed_at not between -8640000000000000 and 8640000000000000) or (password_change_asked_at not between -8640000000000000 and 8640000000000000) or (credential_epoch not between -8640000000000000 and 8640000000000000) or (revision not between -8640000000000000 and 8640000000000000) or ((cast(hashed_password as text) <> hashed_password) or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))))
  order by "id"
  limit $1;

-- src/domain/sessions/session-count.queries.ts

-- selectSessionCount
select count(*) as "count"
  from (select "id" from "session" where "epoch" = (select "credential_epoch" from "users" where "users"."subject" = "session"."subject") and "revoked_at" is null and "last_seen_at" > $1 and "started_at" > $2 limit $3) as "running";

-- storeSessionCount
insert into "session_count" ("day", "count")
  values ($1, $2)
  on conflict ("day") do update
  set "count" = $3;

-- selectSessionCounts
select "day", "count"
  from "session_count"
  where "day" >= $1
  order by "day";

-- deleteSessionCountsBefore
delete from "session_count"
  where "day" < $1;

-- src/domain/sessions/session-times.queries.ts

-- updateLastSeen
update "session"
  set "last_seen_at" = $1, "authenticated_at" = case when ("last_seen_at" > $2 and "authenticated_at" > $3) then 0 else "authenticated_at" end
  where "id" = $4
  and ("last_seen_at" < $5 or "last_seen_at" > $6);

-- restartSessions
update "session"
  set "started_at" = $1, "last_seen_at" = $2, "authenticated_at" = $3
  where "id" >= $4
  and "started_at" > $5
  and "revoked_at" is null;
update "session"
  set "authenticated_at" = $1
  where "last_seen_at" > $2
  and "authenticated_at" > $3
  and "revoked_at" is null;

-- deleteOldSessions
delete from "session"
  where "token_hash" in (select "token_hash" from "session" where "id" < $1 limit $2);

-- src/use-cases/forward-auth/visit.view.ts

-- selectVisit
select "protected_host"."id" as "hostId", "protected_host"."name" as "hostName", "protected_host"."rules", "protected_host"."shared_groups" as "sharedGroups", "protected_host"."api_tokens" as "apiTokens", "protected_host"."preflights", "protected_host"."needs_groups" as "needsGroups", "session"."token_hash" as "tokenHash", "session"."transport", "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", case when protected_host.needs_groups = 1 then ( select json_agg(json_build_object('id', user_group.id, 'name', user_group.name))::text from group_member join user_group on user_group.id = group_member.group_id where group_member.subject = users.subject) end as "groups", exists (select 1 from policy) as "anyPolicy"
  from "protected_host"
  left join "host_session" on "host_session"."host_id" = "protected_host"."id"
  and "host_session"."hash" = $1
  left join "session" on "session"."id" = "host_session"."session_id"
  and "session"."revoked_at" is null
  left join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "protected_host"."name" = $2;
select "protected_host"."id" as "hostId", "protected_host"."name" as "hostName", "protected_host"."rules", "protected_host"."shared_groups" as "sharedGroups", "protected_host"."api_tokens" as "apiTokens", "protected_host"."preflights", "protected_host"."needs_groups" as "needsGroups", "session"."token_hash" as "tokenHash", "session"."transport", "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", case when protected_host.needs_groups = 1 then ( select json_agg(json_build_object('id', user_group.id, 'name', user_group.name))::text from group_member join user_group on user_group.id = group_member.group_id where group_member.subject = users.subject) end as "groups", exists (select 1 from policy) as "anyPolicy", ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "protected_host"
  left join "host_session" on "host_session"."host_id" = "protected_host"."id"
  and "host_session"."hash" = $1
  left join "session" on "session"."id" = "host_session"."session_id"
  and "session"."revoked_at" is null
  left join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "protected_host"."name" = $2;

-- selectGroupsOfUser
select "user_group"."id", "user_group"."name"
  from "group_member"
  inner join "user_group" on "user_group"."id" = "group_member"."group_id"
  where "group_member"."subject" = $1;

-- src/domain/sessions/session-user.queries.ts

-- selectSessionWithUser
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", exists (select 1 from policy) as "anyPolicy", exists (select 1 from client) as "anyClient"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."token_hash" = $1
  and "session"."transport" = $2;
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", exists (select 1 from policy) as "anyPolicy", exists (select 1 from client) as "anyClient", ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."token_hash" = $1
  and "session"."transport" = $2;

-- selectSessionWithUserById
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport", exists (select 1 from policy) as "anyPolicy"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = $1;
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport", exists (select 1 from policy) as "anyPolicy", ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = $1;

-- selectWithoutEnd
select "session"."id"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = $1;

-- selectSessionsWithUsers
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport", ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" in ($1, $2);

-- lockSessionWithUser
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."token_hash" = $1
  and "session"."transport" = $2 for share;

-- lockSessionWithUserById
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = $1 for share;

-- src/domain/sessions/session.queries.ts

-- insertSession
insert into "session" ("id", "token_hash", "subject", "epoch", "transport", "methods", "address", "agent", "started_at", "last_seen_at", "authenticated_at", "revoked_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- renewSession
update "session"
  set "token_hash" = $1, "epoch" = $2
  where "token_hash" = $3
  and "revoked_at" is null
  returning "id";
update "session"
  set "token_hash" = $1, "authenticated_at" = $2, "authentication_methods" = $3, "methods" = $4
  where "token_hash" = $5
  and "revoked_at" is null
  returning "id";

-- updateEpoch
update "session"
  set "epoch" = $1
  where "id" = $2
  and "revoked_at" is null;

-- updateEpochOfAll
update "session"
  set "epoch" = $1
  where "subject" = $2
  and "epoch" = $3
  and "revoked_at" is null;

-- revokeSessionOf
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
select "id", "subject", "transport", "methods", "address", "agent", "started_at" as "startedAt", "last_seen_at" as "lastSeenAt", "authenticated_at" as "authenticatedAt"
  from "session"
  where "subject" = $1
  and "revoked_at" is null
  and "last_seen_at" > $2
  and "started_at" > $3
  and "epoch" = (select "credential_epoch" from "users" where "users"."subject" = "session"."subject")
  order by "last_seen_at" desc, "id" desc;

-- src/domain/api-tokens/api-token.queries.ts

-- insertApiToken
insert into "api_token" ("id", "token_hash", "subject", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at", "host_id")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- selectApiTokenWithUser
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId", USER_COLUMNS, exists (select 1 from policy) as "anyPolicy"
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = $1;
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId", USER_COLUMNS, exists (select 1 from policy) as "anyPolicy", ( select json_agg(json_build_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help"))::text from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = $1;

-- lockApiTokenWithUser
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId", USER_COLUMNS
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = $1 for share;

-- selectLivingApiTokens
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId"
  from "api_token"
  where "subject" = $1
  and "revoked_at" is null
  and "expires_at" > $2
  order by "created_at" desc, "id" desc;

-- selectLivingApiTokensOfRole
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId"
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "users"."role" = $1
  and "api_token"."revoked_at" is null
  and "api_token"."expires_at" > $2
  order by "api_token"."id";

-- revokeApiTokenOf
update "api_token"
  set "revoked_at" = $1
  where "id" = $2
  and "subject" = $3
  and "revoked_at" is null
  and "expires_at" > $4
  returning "name";

-- revokeHostTokens
update "api_token"
  set "revoked_at" = $1
  where "host_id" = $2
  and "revoked_at" is null;

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
  and ("last_used_at" is null or "last_used_at" < $3 or "last_used_at" > $4);

-- deleteEndedApiTokens
delete from "api_token"
  where "token_hash" in (select "token_hash" from "api_token" where "expires_at" < $1 limit $2);
delete from "api_token"
  where "token_hash" in (select "token_hash" from "api_token" where "revoked_at" < $1 limit $2);

-- src/domain/mail/delivery.queries.ts

-- leaseMail
update "outbox"
  set "lease_owner" = $1, "lease_until" = $2, "attempts" = "attempts" + $3
  where "id" = coalesce((select "id" from "outbox" where "state" = $4 and "expires_at" > $5 and "next_attempt_at" <= $6 and ("lease_until" is null or "lease_until" <= $7 or "lease_until" > $8) order by "next_attempt_at" asc limit $9 for update skip locked), (select "id" from "outbox" where "state" = $10 and "expires_at" > $11 and "next_attempt_at" > $12 and ("lease_until" is null or "lease_until" <= $13 or "lease_until" > $14) order by "next_attempt_at" asc limit $15 for update skip locked))
  returning *;
update "outbox"
  set "lease_owner" = $1, "lease_until" = $2, "attempts" = "attempts" + $3
  where "id" = coalesce((select "id" from "outbox" where "state" = $4 and "expires_at" > $5 and "next_attempt_at" <= $6 and ("lease_until" is null or "lease_until" <= $7 or "lease_until" > $8) and last_failure is distinct from 'timed-out' order by "next_attempt_at" desc limit $9 for update skip locked), (select "id" from "outbox" where "state" = $10 and "expires_at" > $11 and "next_attempt_at" > $12 and ("lease_until" is null or "lease_until" <= $13 or "lease_until" > $14) and last_failure is distinct from 'timed-out' order by "next_attempt_at" desc limit $15 for update skip locked))
  returning *;

-- postponeMail
update "outbox"
  set "next_attempt_at" = $1, "last_error" = $2, "last_failure" = $3, "lease_owner" = $4, "lease_until" = $5
  where "id" = $6
  and "lease_owner" = $7
  and "state" = $8;

-- expireMailRows
update "outbox"
  set "state" = $1, "ended_at" = $2, "sealed_link_token" = $3, "lease_owner" = $4, "lease_until" = $5
  where "id" in (select "id" from "outbox" where "state" in ($6, $7) and "expires_at" <= $8 limit $9)
  and "state" in ($10, $11);

-- deleteEndedMailRows
delete from "outbox"
  where "id" in (select "id" from "outbox" where "state" != $1 and "ended_at" < $2 limit $3);

-- src/domain/mail/outbox.queries.ts

-- insertMail
insert into "outbox" ("id", "template", "recipient", "subject", "locale", "facts", "link_id", "link_path", "sealed_link_token", "message_id", "state", "attempts", "next_attempt_at", "created_at", "expires_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- endMail
update "outbox"
  set "state" = $1, "ended_at" = $2, "lease_owner" = $3, "lease_until" = $4, "last_failure" = $5, "last_error" = $6
  where "id" = $7
  and "state" in ($8)
  returning "id";
update "outbox"
  set "state" = $1, "ended_at" = $2, "lease_owner" = $3, "lease_until" = $4, "last_failure" = $5, "sealed_link_token" = $6
  where "id" = $7
  and "state" in ($8, $9)
  returning "id";

-- requeueMail
update "outbox"
  set "state" = $1, "next_attempt_at" = $2, "ended_at" = $3
  where "id" = $4
  and "state" in ($5, $6)
  and "expires_at" > $7
  returning "id";

-- selectMail
select *
  from "outbox"
  where "id" = $1;

-- selectMails
select *
  from "outbox"
  order by "id" desc
  limit $1;
select *
  from "outbox"
  where "state" = $1
  and "id" < $2
  order by "id" desc
  limit $3;

-- selectMailsToRequeue
select "id", "subject"
  from "outbox"
  where "state" = $1
  and "id" > $2
  and "expires_at" > $3
  and "next_attempt_at" > $4
  order by "id"
  limit $5;
select "id", "subject"
  from "outbox"
  where "state" = $1
  and "id" > $2
  and "expires_at" > $3
  order by "id"
  limit $4;

-- requeueMails
update "outbox"
  set "state" = $1, "next_attempt_at" = $2, "ended_at" = $3
  where "id" in ($4)
  and "state" in ($5, $6)
  and "expires_at" > $7;

-- selectWaitingError
select "last_error" as "error"
  from "outbox"
  where "state" = $1
  and "last_error" is not null
  order by "id"
  limit $2;

-- selectBlockedMails
select count(*) as "count"
  from "outbox"
  where "state" = $1
  and "last_failure" = $2;

-- selectExpiredMails
select count(*) as "count", max("ended_at") as "latest"
  from "outbox"
  where "state" = $1;

-- countMails
select count(*) as "count", min("created_at") as "oldest"
  from "outbox"
  where "state" = $1;

-- countMailsByState
select "state", count(*) as "count"
  from "outbox"
  group by "state";

-- dropMailsSealedBy
update "outbox"
  set "state" = $1, "ended_at" = $2, "sealed_link_token" = $3, "lease_owner" = $4, "lease_until" = $5
  where ("sealed_link_token" like $6 or "sealed_link_token" like $7)
  returning "id";

-- dropMailsOf
update "outbox"
  set "state" = $1, "ended_at" = $2, "sealed_link_token" = $3, "lease_owner" = $4, "lease_until" = $5
  where "state" in ($6, $7)
  and "template" in ($8, $9)
  and "subject" = $10;

-- src/domain/links/link.queries.ts

-- insertLink
insert into "link" ("id", "token_hash", "purpose", "subject", "epoch", "created_by", "created_at", "expires_at", "consumed_at", "about", "mailed_to", "replaced_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- selectLink
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "about", "mailed_to" as "mailedTo", "replaced_at" as "replacedAt"
  from "link"
  where "token_hash" = $1
  and "purpose" = $2;

-- selectLinkById
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "about", "mailed_to" as "mailedTo", "replaced_at" as "replacedAt"
  from "link"
  where "id" = $1;

-- hasMailedLink
select "id"
  from "link"
  where "subject" = $1
  and "purpose" = $2
  and "mailed_to" is not null
  and ("consumed_at" >= $3 or ("consumed_at" is null and "epoch" = $4 and "expires_at" > $5))
  limit $6;

-- selectUnconsumedLink
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "about", "mailed_to" as "mailedTo", "replaced_at" as "replacedAt"
  from "link"
  where "subject" = $1
  and "purpose" = $2
  and "epoch" = $3
  and "consumed_at" is null
  order by "created_at" desc
  limit $4;

-- clearMailedTo
update "link"
  set "mailed_to" = $1
  where "id" = $2;

-- updateToReplaced
update "link"
  set "replaced_at" = $1
  where "id" = $2
  and "consumed_at" is null
  and "replaced_at" is null
  returning "id";

-- deleteUnconsumedLinks
delete from "link"
  where "purpose" = $1
  and "subject" = $2
  and "consumed_at" is null;
delete from "link"
  where "purpose" = $1
  and "subject" is null
  and "consumed_at" is null;

-- deleteExpiredLinkRows
delete from "link"
  where "id" in (select "id" from "link" where "expires_at" < $1 limit $2);

-- src/domain/factors/recovery-codes/recovery-code.queries.ts

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

-- src/domain/factors/totp/consumed-steps.queries.ts

-- acceptStep
update "totp_factor"
  set "last_used_at" = $1, "unreadable_at" = $2, "last_used_step" = case when last_used_step > $3 then last_used_step else $4 end, "recorded_step" = case when last_used_step > $5 then last_used_step else $6 end, "unrecorded_until_step" = case when recorded_step = last_used_step then unrecorded_until_step else last_used_step end
  where "id" = $7
  and "confirmed_at" is not null
  and ("last_used_step" is null or "last_used_step" < $8 or ("last_used_step" > $9 and "recorded_step" = "last_used_step" and ("unrecorded_until_step" is null or "unrecorded_until_step" < $10) and not exists (select "step" from "consumed_totp_step" where "factor_id" = "totp_factor"."id" and "step" >= $11 and "step" <= $12)))
  and ("disclosed_step" is null or "disclosed_step" != $13)
  returning "id";

-- recordStep
insert into "consumed_totp_step" ("factor_id", "step", "ends_at") select "id", cast($1 as bigint) as "step", (cast($2 as bigint) + 2) * totp_factor.period * 1000 as "ends_at"
  from "totp_factor"
  where "id" = $3
  on conflict do nothing
  returning "step";

-- markStepDisclosed
insert into "consumed_totp_step" ("factor_id", "step", "ends_at") select "id", "disclosed_step", ("disclosed_step" + 2) * totp_factor.period * 1000 as "ends_at"
  from "totp_factor"
  where "id" = $1
  and "disclosed_step" > $2
  on conflict do nothing;
update "totp_factor"
  set "disclosed_step" = $1
  where "id" = $2
  and ("disclosed_step" is null or "disclosed_step" = $3 or "disclosed_step" < $4 or "disclosed_step" > $5)
  returning "id";

-- deletePassedSteps
delete from "consumed_totp_step"
  where ("factor_id", "step") in (select "factor_id", "step" from "consumed_totp_step" where "ends_at" < $1 limit $2);

-- useUpCurrentSteps
update "totp_factor"
  set "last_used_step" = case when last_used_step > (cast($1 as bigint) / period + 1) then last_used_step else (cast($2 as bigint) / period + 1) end, "unrecorded_until_step" = case when unrecorded_until_step > (cast($3 as bigint) / period + 1) then unrecorded_until_step else (cast($4 as bigint) / period + 1) end;

-- src/domain/factors/totp/totp.queries.ts

-- insertTotp
insert into "totp_factor" ("id", "subject", "name", "sealed_secret", "algorithm", "digits", "period", "created_at", "confirmed_at", "replaces", "last_used_at", "last_used_step", "replayed_step", "disclosed_step", "unreadable_at", "recorded_step", "unrecorded_until_step")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

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
  set "confirmed_at" = $1, "last_used_at" = $2, "last_used_step" = $3, "recorded_step" = $4, "replaces" = $5
  where "id" = $6
  and "confirmed_at" is null
  returning "id";

-- noteUnreadable
update "totp_factor"
  set "unreadable_at" = $1
  where "id" = $2
  and "unreadable_at" is null
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

-- restartPendingTotp
update "totp_factor"
  set "created_at" = $1
  where "id" >= $2
  and "confirmed_at" is null
  and "created_at" > $3;

-- deleteStalePendingTotp
delete from "totp_factor"
  where "id" in (select "id" from "totp_factor" where "confirmed_at" is null and "created_at" < $1 limit $2);

-- countSubjectsSealedBy
select count(distinct "subject") as "count"
  from "totp_factor"
  where "confirmed_at" is not null
  and ("sealed_secret" like $1 or "sealed_secret" like $2);

-- deleteTotpSealedBy
delete from "totp_factor"
  where ("sealed_secret" like $1 or "sealed_secret" like $2)
  returning "subject";

-- src/domain/factors/passkeys/passkey.queries.ts

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

-- src/domain/factors/passkeys/challenge.queries.ts

-- insertChallenge
insert into "passkey_challenge" ("id", "challenge_hash", "purpose", "subject", "bound_to", "created_at", "expires_at", "consumed_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8);

-- selectChallenge
select "id", "purpose", "subject", "bound_to" as "boundTo", "expires_at" as "expiresAt", "consumed_at" as "consumedAt"
  from "passkey_challenge"
  where "challenge_hash" = $1;

-- deleteOlderChallenges
delete from "passkey_challenge"
  where "bound_to" = $1
  and "purpose" = $2
  and "consumed_at" is null
  and "id" not in (select "id" from "passkey_challenge" where "bound_to" = $3 and "purpose" = $4 and "consumed_at" is null order by case when "created_at" > $5 then 1 else 0 end, "created_at" desc, "id" desc limit $6);

-- deleteStaleChallenges
delete from "passkey_challenge"
  where "id" in (select "id" from "passkey_challenge" where "expires_at" < $1 limit $2);

-- src/domain/approvals/approval.queries.ts

-- insertApproval
insert into "approval_request" ("id", "kind", "actor", "actor_epoch", "target", "target_name", "target_state", "wish_key", "parameters", "password_hash", "reason", "state", "created_at", "ready_at", "expires_at", "decided_by", "decided_at", "end_reason")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  on conflict do nothing
  returning "id";

-- selectApproval
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "id" = $1;

-- selectSameRequest
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "wish_key" = $1
  and "state" = $2;

-- endWaitingRequest
update "approval_request"
  set "state" = $1, "decided_by" = $2, "decided_at" = $3, "end_reason" = $4, "password_hash" = $5
  where "id" = $6
  and "state" = $7
  returning "id";

-- selectApprovals
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "state" = $1
  order by "id" asc
  limit $2;
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "state" != $1
  order by "id" desc
  limit $2;

-- selectApprovalsAbout
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "target" = $1
  and "state" = $2
  order by "id";

-- selectReady
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "state" = $1
  and "ready_at" <= $2
  order by "ready_at"
  limit $3;

-- countWaitingRequests
select count(*) as "count"
  from "approval_request"
  where "state" = $1;

-- deleteEndedApprovals
delete from "approval_request"
  where "id" in (select "id" from "approval_request" where "state" != $1 and "decided_at" < $2 limit $3);

-- exchangeRule
select "is_on", "wait"
  from "approval_policy"
  where "id" = $1;
insert into "approval_policy" ("id", "is_on", "wait")
  values ($1, $2, $3)
  on conflict do nothing
  returning "id";

-- src/domain/attempts/attempt.queries.ts

-- insertAttempt
insert into "attempt" ("id", "token_hash", "purpose", "stage", "subject", "epoch", "methods", "username", "email", "full_name", "hashed_password", "time_zone", "attributes", "link_id", "factor_id", "sealed_secret", "created_at", "expires_at", "consumed_at")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

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

-- renameAnswersInAttempts
update "attempt"
  set "attributes" = replace(attributes, $1, $2)
  where "attributes" like $3;

-- deleteAttempts
delete from "attempt"
  where "id" in (select "id" from "attempt" where "expires_at" < $1 limit $2);

-- src/domain/throttle/bucket-cleanup.queries.ts

-- deleteQuiet
delete from "throttle_bucket"
  where "key" > $1
  and "key" <= $2
  and "last_failure_at" <= $3
  and "blocked_until" <= $4;
delete from "throttle_bucket"
  where "key" > $1
  and "key" <= $2
  and "last_failure_at" <= $3;

-- endOfBatch
select "key"
  from "throttle_bucket"
  where "key" > $1
  and "key" < $2
  order by "key"
  limit $3 offset $4;
select "key"
  from "throttle_bucket"
  where "key" > $1
  order by "key"
  limit $2 offset $3;

-- clampBuckets
update "throttle_bucket"
  set "last_failure_at" = $1, "blocked_until" = case when blocked_until > last_failure_at
  and blocked_until < 9007199254740991 then blocked_until - last_failure_at + $2 else blocked_until end
  where "key" > $3
  and "key" <= $4
  and "last_failure_at" > $5;
update "throttle_bucket"
  set "last_failure_at" = $1, "blocked_until" = case when blocked_until > last_failure_at
  and blocked_until < 9007199254740991 then blocked_until - last_failure_at + $2 else blocked_until end
  where "key" > $3
  and "last_failure_at" > $4;

-- src/domain/throttle/throttle.queries.ts

-- consumeFromBucket
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values ($1, $2, $3, $4, $5, $6)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= $7
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or throttle_bucket.failures + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 5)
  returning "key";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values ($1, $2, $3, $4, $5, $6)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= $7
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or case when throttle_bucket.last_failure_at + 3600000 <= excluded.pending_since then 0 else throttle_bucket.failures end + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 100)
  returning "key";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values ($1, $2, $3, $4, $5, $6)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= $7
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or case when throttle_bucket.last_failure_at + 86400000 <= excluded.pending_since then 0 else throttle_bucket.failures end + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 20)
  returning "key";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values ($1, $2, $3, $4, $5, $6)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= $7
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or case when throttle_bucket.last_failure_at + 3600000 <= excluded.pending_since then 0 else throttle_bucket.failures end + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 3)
  returning "key";

-- failInBucket
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values ($1, $2, $3, $4)
  on conflict ("key") do update
  set "failures" = throttle_bucket.failures + 1, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when throttle_bucket.failures + 1 >= 100 then 9007199254740991 when throttle_bucket.failures + 1 >= 12 then excluded.last_failure_at + 3600000 when throttle_bucket.failures + 1 >= 11 then excluded.last_failure_at + 1920000 when throttle_bucket.failures + 1 >= 10 then excluded.last_failure_at + 960000 when throttle_bucket.failures + 1 >= 9 then excluded.last_failure_at + 480000 when throttle_bucket.failures + 1 >= 8 then excluded.last_failure_at + 240000 when throttle_bucket.failures + 1 >= 7 then excluded.last_failure_at + 120000 when throttle_bucket.failures + 1 >= 6 then excluded.last_failure_at + 60000 when throttle_bucket.failures + 1 >= 5 then excluded.last_failure_at + 30000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = $5
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values ($1, $2, $3, $4)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 107 then excluded.last_failure_at + 3600000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 106 then excluded.last_failure_at + 1920000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 105 then excluded.last_failure_at + 960000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 104 then excluded.last_failure_at + 480000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 103 then excluded.last_failure_at + 240000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 102 then excluded.last_failure_at + 120000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 101 then excluded.last_failure_at + 60000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 100 then excluded.last_failure_at + 30000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = $5
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values ($1, $2, $3, $4)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 27 then excluded.last_failure_at + 3600000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 26 then excluded.last_failure_at + 1920000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 25 then excluded.last_failure_at + 960000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 24 then excluded.last_failure_at + 480000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 23 then excluded.last_failure_at + 240000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 22 then excluded.last_failure_at + 120000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 21 then excluded.last_failure_at + 60000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 20 then excluded.last_failure_at + 30000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = $5
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values ($1, $2, $3, $4)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 3 then excluded.last_failure_at + 3600000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = $5
  returning "failures", "blocked_until" as "blockedUntil";

-- refundBucket
update "throttle_bucket"
  set "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end
  where "key" = $1
  and "pending" > $2;

-- deleteBucket
delete from "throttle_bucket"
  where "key" = $1;

-- setBlockEvent
update "throttle_bucket"
  set "block_event_id" = $1
  where "key" = $2;

-- deleteUserBucketsOf
delete from "throttle_bucket"
  where ("key" = $1 or ("key" >= $2 and "key" < $3));

-- deleteUserBuckets
delete from "throttle_bucket"
  where "key" >= $1
  and "key" < $2;

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

-- src/domain/audit/audit.queries.ts

-- chainMacsAmong
select "position", "chain_mac"
  from "audit_event"
  where "position" in ($1, $2);

-- selectEvent
select *
  from "audit_event"
  where "id" = $1;

-- insertEvent
insert into "audit_event" ("id", "at", "action", "actor", "target", "result", "reason", "details_digest", "details", "address_key", "key_id", "mac", "ends", "session_id", "kept_session_id", "client_id", "ending_mac")
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- oldestUnchained
select "at"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit $1;

-- unchainedEvents
select "id", "mac"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit $1;

-- lastLink
select "position", "chain_mac"
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position" desc
  limit $3;

-- newestChainedRow
select "position", "at"
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position" desc
  limit $3;

-- writeLinks
update audit_event
  set position = link.position, previous_mac = link."previousMac", chain_mac = link."chainMac"
  from json_to_recordset(cast($1 as json)) as link (id text, position bigint, "previousMac" text, "chainMac" text)
  where audit_event.id = link.id
  and audit_event.position is null;

-- chainMacAt
select "chain_mac"
  from "audit_event"
  where "position" = $1;

-- chainedAfter
select *
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position"
  limit $3;

-- chainedAt
select *
  from "audit_event"
  where "position" = $1
  limit $2;

-- outsideChain
select "id", "position"
  from "audit_event"
  where "position" is not null
  and ("position" <= $1 or "position" > $2)
  limit $3;

-- selectEndingWindow
select "id", "at", "position", "action", "target", "result", "ends", "session_id", "kept_session_id", "client_id"
  from "audit_event"
  where "position" > $1
  and "position" <= $2
  order by "position"
  limit $3;

-- selectUnchainedEndings
select "id", "at", "position", "action", "target", "result", "ends", "session_id", "kept_session_id", "client_id"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit $1;

-- selectPositionAt
select "position"
  from "audit_event"
  where "at" <= $1
  and "position" is not null
  order by "at" desc, "id" desc
  limit $2;

-- src/domain/audit/event-list.queries.ts

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
  from (select * from "audit_event" where "actor" = $1 order by "at" desc, "id" desc limit $2) as "part" union select *
  from (select * from "audit_event" where "target" = $3 order by "at" desc, "id" desc limit $4) as "part"
  order by "at" desc, "id" desc
  limit $5;
select *
  from "audit_event"
  where "action" = $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where "result" = 'done'
  order by "at" desc, "id" desc
  limit $1;
select *
  from "audit_event"
  where "address_key" >= $1
  and "address_key" <= $2
  order by "at" desc, "id" desc
  limit $3;
select *
  from "audit_event"
  where at >= $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where at < $1
  order by "at" desc, "id" desc
  limit $2;
select *
  from "audit_event"
  where (at, id) < ($1, $2)
  order by "at" desc, "id" desc
  limit $3;
select *
  from (select * from "audit_event" where "actor" = $1 and "target" = $2 and "actor" = $3 and "action" || '' = $4 and "result" || '' = 'done' and "address_key" >= $5 and "address_key" <= $6 and at >= $7 and at < $8 and (at, id) < ($9, $10) order by "at" desc, "id" desc limit $11) as "part" union select *
  from (select * from "audit_event" where "actor" = $12 and "target" = $13 and "target" = $14 and "action" || '' = $15 and "result" || '' = 'done' and "address_key" >= $16 and "address_key" <= $17 and at >= $18 and at < $19 and (at, id) < ($20, $21) order by "at" desc, "id" desc limit $22) as "part"
  order by "at" desc, "id" desc
  limit $23;
select *
  from "audit_event"
  where "address_key" || '' >= $1
  and "address_key" || '' <= $2
  order by "at" desc, "id" desc
  limit $3;
select *
  from "audit_event"
  where address_key = $1
  order by "at" desc, "id" desc
  limit $2;

-- countFrom
select count(*) as "count"
  from (select "id" from "audit_event" where "address_key" >= $1 and "address_key" <= $2 limit $3) as "found";

-- src/use-cases/administration/users/user-search.view.ts

-- readSearch
select count(*) as "count", json_agg(id)::text as "ids"
  from (select "found"."id" from (select user_id as id from user_search where words like $1) as "found" limit $2) as "matches";
select count(*) as "count", json_agg(id)::text as "ids"
  from (select "found"."id" from (select id from ( select id from users where "username_key" >= $1 and "username_key" < $2 limit $3) as "username_key" union select id from ( select id from users where "email_key" >= $4 and "email_key" < $5 limit $6) as "email_key") as "found" limit $7) as "matches";
select "words"
  from "user_search"
  order by "user_id" desc
  limit $1;

-- countFound
select count(*) as "all", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active') as "active", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is not null) as "withPasskey", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is null) as "withApp", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited') as "invited", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'no-factor') as "noFactor", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'disabled') as "disabled", count(*) filter(where "users"."role" = $1) as "admins"
  from "users"
  where users.id = any (array(select json_array_elements_text(cast($2 as json))::bigint));
select count(*) as "all", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active') as "active", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is not null) as "withPasskey", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is null) as "withApp", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited') as "invited", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'no-factor') as "noFactor", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'disabled') as "disabled", count(*) filter(where "users"."role" = $1) as "admins"
  from "users"
  where users.subject = any (array(select found.subject from group_member as found where found.group_id = $2));

-- src/use-cases/administration/users/user-list.view.ts

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
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id > cast($1 as bigint))
  order by "users"."username_key" asc, "users"."id" asc
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
  order by "users"."username_key" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id < cast($1 as bigint))
  order by "users"."username_key" desc, "users"."id" desc
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
  order by "users"."email_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id > cast($1 as bigint))
  order by "users"."email_key" asc, "users"."id" asc
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
  order by "users"."email_key" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id < cast($1 as bigint))
  order by "users"."email_key" desc, "users"."id" desc
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
  order by "users"."created_at" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id > cast($1 as bigint))
  order by "users"."created_at" asc, "users"."id" asc
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
  order by "users"."created_at" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id < cast($1 as bigint))
  order by "users"."created_at" desc, "users"."id" desc
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
  order by "users"."last_sign_in_at" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id > cast($1 as bigint))
  order by "users"."last_sign_in_at" asc, "users"."id" asc
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
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit $1;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id < cast($1 as bigint))
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and (select strpos(words, $1) from user_search where user_id = users.id) > 0)
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and (substr(users.username_key, 1, $1) = $2 or substr(users.email_key, 1, $3) = $4))
  order by "users"."username_key" asc, "users"."id" asc
  limit $5;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."role" = $1)
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ("users"."role" is null or ("users"."role" <> $1 and (select "role"."name" from "role" where "role"."name" = "users"."role") is null)))
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['active']))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['invited']))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['disabled']))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['no-factor']))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['active']) and ("users"."second_factor_at" is not null and "users"."passkey_at" is not null))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['active']) and ("users"."second_factor_at" is not null and "users"."passkey_at" is null))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."second_factor_at" is null)
  order by "users"."username_key" asc, "users"."id" asc
  limit $1;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where (select 1 from group_member as found where found.group_id = $1 and found.subject = users.subject) is not null
  and "users"."username_key" is not null
  order by "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where users.id = any (array(select json_array_elements_text(cast($1 as json))::bigint))
  and ("users"."username_key", users.id) > ($2, cast($3 as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit $4;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where users.id = any (array(select json_array_elements_text(cast($1 as json))::bigint))
  and (select 1 from group_member as found where found.group_id = $2 and found.subject = users.subject) is not null
  and ("users"."username_key", users.id) > ($3, cast($4 as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit $5;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where users.subject = any (array(select found.subject from group_member as found where found.group_id = $1))
  and ("users"."username_key", users.id) > ($2, cast($3 as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit $4;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where users.id = any (array(select json_array_elements_text(cast($1 as json))::bigint))
  and ("users"."username_key" is not null or "users"."username_key" is null)
  order by case when "users"."username_key" is null then 0 else 1 end asc, "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where users.id = any (array(select json_array_elements_text(cast($1 as json))::bigint))
  and (select 1 from group_member as found where found.group_id = $2 and found.subject = users.subject) is not null
  and ("users"."username_key" is not null or "users"."username_key" is null)
  order by case when "users"."username_key" is null then 0 else 1 end asc, "users"."username_key" asc, "users"."id" asc
  limit $3;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where users.subject = any (array(select found.subject from group_member as found where found.group_id = $1))
  and ("users"."username_key" is not null or "users"."username_key" is null)
  order by case when "users"."username_key" is null then 0 else 1 end asc, "users"."username_key" asc, "users"."id" asc
  limit $2;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['invited']) and ("users"."username_key", users.id) <= ($1, $2))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $3;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['invited']) and users.id <= $1)
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $2;

-- selectPosition
select "users"."id" as "id", "users"."username_key" as "key"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['invited']))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1 offset $2;
select "users"."id" as "id", "users"."username_key" as "key"
  from "users"
  where ("users"."username_key" is null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = any (array['invited']))
  order by case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end asc, "users"."username_key" asc, "users"."id" asc
  limit $1 offset $2;

-- selectUsersById
select USER_COLUMNS
  from "users"
  where "users"."id" in ($1, $2)
  order by "users"."username_key", "users"."id";

-- src/use-cases/administration/invitations/invitations.view.ts

-- selectInvitations
select "users"."subject" as "subject", "link"."created_by" as "createdBy", "link"."created_at" as "createdAt", "link"."expires_at" as "expiresAt", "link"."mailed_to" as "mailedTo", "link"."about" as "about"
  from "link"
  inner join "users" on "users"."subject" = "link"."subject"
  and "users"."credential_epoch" = "link"."epoch"
  where "link"."subject" in ($1)
  and "link"."purpose" = $2
  and "link"."consumed_at" is null
  order by "link"."created_at";

-- selectInvitationMail
select "outbox"."recipient", "outbox"."state", "outbox"."ended_at" as "endedAt"
  from "link"
  inner join "outbox" on "outbox"."link_id" = "link"."id"
  where "link"."subject" = $1
  and "link"."epoch" = $2
  and "link"."purpose" = $3
  and "link"."consumed_at" is null
  order by "link"."created_at" desc
  limit $4;

-- selectUnusedMailedLinks
select "link"."id" as "id", "link"."created_at" as "createdAt", "link"."expires_at" as "expiresAt", "outbox"."locale" as "locale"
  from "link"
  left join "outbox" on "outbox"."link_id" = "link"."id"
  where link.mailed_to is not null
  and link.about is null
  and link.consumed_at is null
  and link.replaced_at is null
  and "link"."purpose" = $1
  and "link"."expires_at" > $2
  and "link"."expires_at" <= $3
  order by "link"."expires_at", "link"."id"
  limit $4;
select "link"."id" as "id", "link"."created_at" as "createdAt", "link"."expires_at" as "expiresAt", "outbox"."locale" as "locale"
  from "link"
  left join "outbox" on "outbox"."link_id" = "link"."id"
  where link.mailed_to is not null
  and link.about is null
  and link.consumed_at is null
  and link.replaced_at is null
  and "link"."purpose" = $1
  and "link"."expires_at" > $2
  and "link"."expires_at" <= $3
  and (link.expires_at, link.id) > (cast($4 as bigint), $5)
  order by "link"."expires_at", "link"."id"
  limit $6;

-- src/use-cases/administration/health/unreadable-apps.view.ts

-- selectUsersOfUnreadableApps
select distinct "users"."id" as "id"
  from "totp_factor"
  inner join "users" on "users"."subject" = "totp_factor"."subject"
  where "totp_factor"."unreadable_at" is not null
  and "totp_factor"."confirmed_at" is not null
  order by "users"."id"
  limit $1;

-- src/use-cases/administration/users/find-user.view.ts

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

-- src/use-cases/administration/dashboard/overview.view.ts

-- countSignIns
select "action", count(*) as "count"
  from "audit_event"
  where "action" in ($1, $2, $3)
  and "at" >= $4
  and "at" < $5
  group by "action";

-- hasEvent
select "id"
  from "audit_event"
  where "action" = $1
  and "result" = $2
  limit $3;

-- src/foundation/platform/database/consume-once.ts

-- consumeOnce
update "attempt"
  set "consumed_at" = $1
  where "id" = $2
  and "consumed_at" is null
  returning "id";
update "link"
  set "consumed_at" = $1
  where "id" = $2
  and "consumed_at" is null
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
update "client_token"
  set "consumed_at" = $1
  where "id" = $2
  and "consumed_at" is null
  returning "id";

-- src/foundation/platform/database/future-rows.ts

-- clampFutureRows
update "attempt"
  set "expires_at" = "expires_at" - "created_at" + $1, "created_at" = $2
  where "id" >= $3
  and "created_at" > $4;
update "link"
  set "expires_at" = "expires_at" - "created_at" + $1, "created_at" = $2
  where "id" >= $3
  and "created_at" > $4;
update "passkey_challenge"
  set "expires_at" = "expires_at" - "created_at" + $1, "created_at" = $2
  where "id" >= $3
  and "created_at" > $4;
update "remembered_device"
  set "expires_at" = "expires_at" - "created_at" + $1, "created_at" = $2
  where "id" >= $3
  and "created_at" > $4;
update "client_grant"
  set "expires_at" = "expires_at" - "created_at" + $1, "created_at" = $2
  where "id" >= $3
  and "created_at" > $4;

-- src/foundation/platform/database/clock-jumps.ts

-- insertClockJump
insert into "clock_jump" ("id", "at", "moved_by")
  values ($1, $2, $3);

-- lastClockJump
select "at", "moved_by" as "movedBy"
  from "clock_jump"
  order by "at" desc, "id" desc
  limit $1;

-- deleteClockJumps
delete from "clock_jump"
  where "at" < $1;

-- src/foundation/platform/database/job-rows.ts

-- ensureJobs
insert into "job" ("name", "every", "next_run_at", "failures")
  values ($1, $2, $3, $4)
  on conflict ("name") do update
  set "next_run_at" = "excluded"."next_run_at"
  where job.next_run_at < excluded.next_run_at - 2 * excluded.every;

-- leaseJob
update "job"
  set "every" = $1, "lease_owner" = $2, "lease_until" = $3, "last_started_at" = $4
  where "name" = $5
  and ("lease_owner" = $6 or ("lease_until" is null or "lease_until" <= $7 or "lease_until" > $8))
  and ("next_run_at" is null or "next_run_at" <= $9 or "next_run_at" > $10)
  returning "failures";
update "job"
  set "every" = $1, "lease_owner" = $2, "lease_until" = $3, "last_started_at" = $4
  where "name" = $5
  and ("lease_owner" = $6 or ("lease_until" is null or "lease_until" <= $7 or "lease_until" > $8))
  returning "failures";

-- renewLease
update "job"
  set "lease_until" = $1
  where "name" = $2
  and "lease_owner" = $3
  returning "name";

-- finishRun
update "job"
  set "last_finished_at" = $1, "last_outcome" = $2, "last_error" = $3, "failures" = $4, "next_run_at" = $5, "lease_owner" = $6, "lease_until" = $7
  where "name" = $8
  and "lease_owner" = $9;

-- recordRun
insert into "job" ("name", "next_run_at", "every", "last_started_at", "last_finished_at", "last_outcome", "last_error", "failures")
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict ("name") do update
  set "every" = $9, "last_started_at" = $10, "last_finished_at" = $11, "last_outcome" = $12, "last_error" = $13, "failures" = $14, "next_run_at" = $15;

-- selectJob
select *
  from "job"
  where "name" = $1;

-- selectJobs
select *
  from "job"
  order by "name";

-- src/foundation/platform/database/search.ts

-- putSearchWords
insert into "user_search" ("user_id", "words")
  values ($1, $2)
  on conflict ("user_id") do update
  set "words" = $3;

-- dropSearchWords
delete from "user_search"
  where "user_id" = $1;

-- src/foundation/platform/database/lock.ts

-- lockFor
select pg_advisory_xact_lock($1::int, $2::int)
  from named_lock
  where name = $3 for
  update;

-- tryLockFor
select pg_try_advisory_xact_lock($1::int, $2::int) as taken;
select name
  from named_lock
  where name = $1 for
  update skip locked;
