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
  values (?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "id";

-- updateGroupRow
update "user_group"
  set "name" = ?, "name_key" = ?, "description" = ?, "revision" = ?
  where "id" = ?
  and "revision" = ?
  returning "id";

-- deleteGroupRows
delete from "group_member"
  where "group_id" = ?;
delete from "group_manager"
  where "group_id" = ?;
delete from "user_group"
  where "id" = ?;

-- selectGroup
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "id" = ?;

-- keepGroup
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "id" = ?;

-- takeGroup
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "id" = ?;

-- selectGroupByKey
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt"
  from "user_group"
  where "name_key" = ?;

-- selectNames
select "name"
  from "user_group"
  where "id" in (?)
  order by "name_key";

-- countGroups
select count(*) as "count"
  from "user_group";

-- selectGroups
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members"
  from "user_group"
  order by "name_key"
  limit ?;
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members"
  from "user_group"
  where instr(name_key, ?) > 0
  and "name_key" > ?
  and "id" in (select "group_id" from "group_member" where "subject" = ?)
  order by "name_key"
  limit ?;

-- selectOwnGroups
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "user_group"."name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members", "group_member"."subject" as "memberSubject", "group_manager"."subject" as "managerSubject"
  from "user_group"
  left join "group_member" on "group_member"."group_id" = "user_group"."id"
  and "group_member"."subject" = ?
  left join "group_manager" on "group_manager"."group_id" = "user_group"."id"
  and "group_manager"."subject" = ?
  where "user_group"."id" in (select "group_id" from "group_member" where "subject" = ? union select "group_id" from "group_manager" where "subject" = ?)
  order by "user_group"."name_key"
  limit ?;
select "user_group"."id" as "id", "user_group"."name" as "name", "user_group"."description" as "description", "user_group"."revision" as "revision", "user_group"."created_at" as "createdAt", "user_group"."name_key" as "key", (select count(*) from group_member as counted where counted.group_id = user_group.id) as "members", "group_member"."subject" as "memberSubject", "group_manager"."subject" as "managerSubject"
  from "user_group"
  left join "group_member" on "group_member"."group_id" = "user_group"."id"
  and "group_member"."subject" = ?
  left join "group_manager" on "group_manager"."group_id" = "user_group"."id"
  and "group_manager"."subject" = ?
  where "user_group"."id" in (select "group_id" from "group_member" where "subject" = ? union select "group_id" from "group_manager" where "subject" = ?)
  and "user_group"."name_key" > ?
  order by "user_group"."name_key"
  limit ?;

-- selectMemberCount
select count(*) as "count"
  from "group_member"
  where "group_id" = ?;

-- src/domain/groups/member.queries.ts

-- selectNamesOfGroups
select "user_group"."name"
  from "group_member"
  inner join "user_group" on "user_group"."id" = "group_member"."group_id"
  where "group_member"."subject" = ?
  order by "user_group"."name_key";
select "user_group"."name"
  from "group_member"
  inner join "user_group" on "user_group"."id" = "group_member"."group_id"
  where "group_member"."subject" = ?
  and "user_group"."id" in (?)
  order by "user_group"."name_key";

-- selectGroupsOf
select "group_id" as "id"
  from "group_member"
  where "subject" = ?
  and "group_id" in (?, ?);

-- selectMembershipsAmong
select "subject", "group_id" as "groupId"
  from "group_member"
  where "subject" in (?)
  and "group_id" in (?, ?);

-- insertMembership
insert into "group_member" ("group_id", "subject", "added_at")
  values (?, ?, ?)
  on conflict do nothing
  returning "subject";

-- deleteMembership
delete from "group_member"
  where "group_id" = ?
  and "subject" = ?
  returning "subject";

-- holdMembership
select "subject"
  from "group_manager"
  where "group_id" = ?
  and "subject" = ?;

-- holdUser
select "id"
  from "users"
  where "subject" = ?;

-- selectManagers
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName"
  from "group_manager"
  inner join "users" on "users"."subject" = "group_manager"."subject"
  where "group_manager"."group_id" = ?
  order by "users"."username_key", "users"."id";

-- countManagers
select count(*) as "count"
  from "group_manager"
  where "group_id" = ?;

-- hasMoreMembers
select "group_id"
  from "group_member"
  where "group_id" = ?
  limit ? offset ?;

-- selectKeylessMembers
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName"
  from "users"
  where coalesce("username_key", '') = ''
  and (select 1 from group_member as found where found.group_id = ? and found.subject = users.subject) is not null
  order by "users"."id"
  limit ?;

-- selectUsernameKey
select "username_key"
  from "users"
  where "username_key" > ?
  order by "username_key"
  limit ? offset ?;

-- selectMembers
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName", "users"."username_key" as "key"
  from (select subject from group_member where group_id = ?) as "found" cross
  join "users"
  where "users"."subject" = "found"."subject"
  and "users"."username_key" > ?
  order by "users"."username_key"
  limit ?;
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName", "users"."username_key" as "key"
  from "users"
  where (select 1 from group_member as found where found.group_id = ? and found.subject = users.subject) is not null
  and "users"."username_key" > ?
  and "users"."username_key" >= ?
  and "users"."username_key" < ?
  order by "users"."username_key"
  limit ?;
select "users"."id" as "id", "users"."subject" as "subject", "users"."username" as "username", "users"."full_name" as "fullName", "users"."username_key" as "key"
  from "users"
  where (select 1 from group_member as found where found.group_id = ? and found.subject = users.subject) is not null
  and "users"."username_key" > ?
  and "users"."username_key" <= ?
  order by "users"."username_key"
  limit ?;

-- src/domain/policies/store/named-scope.queries.ts

-- selectVersionsNaming
select "policy"."id" as "policyId", "policy"."name" as "policyName", "policy_version"."version" as "version", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom", "policy_version"."cancelled_at" as "cancelledAt"
  from "policy"
  inner join "policy_version" on "policy_version"."policy_id" = "policy"."id"
  where "policy"."scope_key" = ?
  and "policy_version"."cancelled_at" is null;

-- src/domain/back-channel/delivery.queries.ts

-- insertDeliveries
insert into "client_delivery" ("id", "client_id", "event_id", "subject", "sid", "jti", "attempts", "next_attempt_at", "created_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict ("event_id", "client_id", "subject", "sid") do nothing;

-- leaseDelivery
update "client_delivery"
  set "lease_owner" = ?, "lease_until" = ?, "attempts" = "attempts" + ?
  where "id" = coalesce((select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" <= ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) order by "next_attempt_at" limit ?), (select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" > ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) order by "next_attempt_at" limit ?))
  returning *;
update "client_delivery"
  set "lease_owner" = ?, "lease_until" = ?, "attempts" = "attempts" + ?
  where "id" = coalesce((select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" <= ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) and "client_id" not in (?) and "last_error" is null order by "next_attempt_at" limit ?), (select "id" from "client_delivery" where "delivered_at" is null and "failed_at" is null and "next_attempt_at" > ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) and "client_id" not in (?) and "last_error" is null order by "next_attempt_at" limit ?))
  returning *;

-- settleDelivery
update "client_delivery"
  set "delivered_at" = ?, "lease_owner" = ?, "lease_until" = ?
  where "id" = ?
  and "lease_owner" = ?
  and "delivered_at" is null
  returning "id";

-- selectTroubled
select *
  from "client_delivery"
  where "client_id" = ?
  and "delivered_at" is null
  and "last_error" is not null
  order by "id"
  limit ?;

-- summarizeOpen
select count(*) as "all", count("failed_at") as "given_up", min("next_attempt_at") filter(where "failed_at" is null) as "next_attempt_at", min("created_at") filter(where "last_error" is not null) as "failing_since"
  from "client_delivery"
  where "client_id" = ?
  and "delivered_at" is null;

-- selectLastError
select "last_error"
  from "client_delivery"
  where "client_id" = ?
  and "delivered_at" is null
  and "last_error" is not null
  order by coalesce("failed_at", "next_attempt_at" - ? * (1 << attempts)) desc, "id" desc
  limit ?;

-- requeueDeliveries
update "client_delivery"
  set "attempts" = ?, "next_attempt_at" = ?, "failed_at" = ?
  where "client_id" = ?
  and "delivered_at" is null
  and "last_error" is not null;

-- deleteDeliveriesOf
delete from "client_delivery"
  where "client_id" = ?;

-- deleteOldDeliveries
delete from "client_delivery"
  where "id" in (select "id" from "client_delivery" where "created_at" < ? and ("delivered_at" is not null or "failed_at" is not null) limit ?);

-- selectCursor
select "position", "resume"
  from "ending_cursor"
  where "name" = ?;

-- updateCursor
update "ending_cursor"
  set "position" = ?, "resume" = ?
  where "name" = ?;

-- src/domain/grants/checked-session.queries.ts

-- selectDueForCheck
select "session_id" as "sessionId", "client_id" as "clientId", "subject"
  from "client_session"
  where "told_at" is null
  and "check_at" <= ?
  order by "check_at"
  limit ?;

-- updateCheckAt
update "client_session"
  set "check_at" = ?
  where "session_id" in (?)
  and "told_at" is null;

-- bringForwardChecks
update "client_session"
  set "check_at" = ?
  where "session_id" in (select "session_id" from "client_session" where "told_at" is null and "check_at" > ? limit ?)
  and "told_at" is null
  and "check_at" > ?;

-- checkUserNow
update "client_session"
  set "check_at" = ?
  where "subject" = ?
  and "told_at" is null;

-- src/domain/grants/user-at-app.queries.ts

-- selectUsersAtApps
select "client_grant"."subject", "client_grant"."client_id" as "clientId", "client_grant"."session_id" as "sessionId", "client_session"."sid", "resource"."client_id" as "servedBy"
  from "client_grant"
  left join "client_session" on "client_session"."session_id" = "client_grant"."session_id"
  and "client_session"."client_id" = "client_grant"."client_id"
  left join "resource" on "resource"."id" = "client_grant"."resource_id"
  where "client_grant"."subject" in (?, ?);
select "subject", "client_id" as "clientId"
  from "client_user"
  where "subject" in (?, ?);

-- src/domain/grants/notified-session.queries.ts

-- selectSessionsAtApps
select "client_session"."session_id" as "sessionId", "client_session"."client_id" as "clientId", "client_session"."subject", "client_session"."sid", "client"."backchannel_uri" as "uri"
  from "client_session"
  left join "client" on "client"."id" = "client_session"."client_id"
  where "client_session"."told_at" is null
  and ("client"."id" is null or "client"."created_at" <= ?)
  and "client_session"."subject" = ?
  and "client_session"."session_id" = ?
  order by "client_session"."session_id" desc, "client_session"."client_id" desc
  limit ?;
select "client_session"."session_id" as "sessionId", "client_session"."client_id" as "clientId", "client_session"."subject", "client_session"."sid", "client"."backchannel_uri" as "uri"
  from "client_session"
  left join "client" on "client"."id" = "client_session"."client_id"
  where "client_session"."told_at" is null
  and ("client"."id" is null or "client"."created_at" <= ?)
  and "client_session"."subject" = ?
  and not exists (select 1 from session join users on users.subject = session.subject and users.credential_epoch = session.epoch where session.id = client_session.session_id and session.revoked_at is null)
  order by "client_session"."session_id" desc, "client_session"."client_id" desc
  limit ?;
select "client_session"."session_id" as "sessionId", "client_session"."client_id" as "clientId", "client_session"."subject", "client_session"."sid", "client"."backchannel_uri" as "uri"
  from "client_session"
  left join "client" on "client"."id" = "client_session"."client_id"
  where "client_session"."told_at" is null
  and ("client"."id" is null or "client"."created_at" <= ?)
  and "client_session"."client_id" = ?
  and (client_session.session_id, client_session.client_id) < (?, ?)
  order by "client_session"."session_id" desc, "client_session"."client_id" desc
  limit ?;

-- selectUsersWithoutSession
select "client_user"."client_id" as "clientId", "client_user"."subject", "client_user"."sid", "client"."backchannel_session_required" as "required"
  from "client_user"
  inner join "client" on "client"."id" = "client_user"."client_id"
  where "client"."backchannel_uri" is not null
  and "client"."created_at" <= ?
  and "client_user"."subject" = ?
  and not exists (select "client_session"."sid" from "client_session" where "client_session"."client_id" = "client_user"."client_id" and "client_session"."subject" = "client_user"."subject" and ("told_at" is null or "told_at" >= ?))
  order by "client_user"."client_id", "client_user"."subject"
  limit ?;
select "client_user"."client_id" as "clientId", "client_user"."subject", "client_user"."sid", "client"."backchannel_session_required" as "required"
  from "client_user"
  inner join "client" on "client"."id" = "client_user"."client_id"
  where "client"."backchannel_uri" is not null
  and "client"."created_at" <= ?
  and "client_user"."client_id" = ?
  and not exists (select "client_session"."sid" from "client_session" where "client_session"."client_id" = "client_user"."client_id" and "client_session"."subject" = "client_user"."subject" and ("told_at" is null or "told_at" >= ?))
  and (client_user.client_id, client_user.subject) > (?, ?)
  order by "client_user"."client_id", "client_user"."subject"
  limit ?;

-- markNotified
update "client_session"
  set "told_at" = ?
  where "session_id" = ?
  and "client_id" = ?
  and "told_at" is null;

-- deleteUsersOfApps
delete from "client_user"
  where "client_id" = ?;
delete from "client_user"
  where "subject" = ?;

-- src/domain/hosts/host.queries.ts

-- selectHost
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "id" = ?;

-- selectHostByName
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "name" = ?;

-- takeHost
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "id" = ?;

-- insertHost
insert into "protected_host" ("id", "name", "rules", "shared_groups", "needs_groups", "api_tokens", "preflights", "created_at", "created_by", "revision")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict ("name") do nothing
  returning "id";

-- updateHostRow
update "protected_host"
  set "rules" = ?, "shared_groups" = ?, "needs_groups" = ?, "api_tokens" = ?, "preflights" = ?, "revision" = ?
  where "id" = ?
  and "revision" = ?
  returning "id";

-- deleteHostRows
delete from "host_code"
  where "host_id" = ?;
delete from "host_session"
  where "host_id" = ?;
delete from "protected_host"
  where "id" = ?;

-- countHosts
select count(*) as "count"
  from "protected_host";

-- hasHostRow
select "id"
  from "protected_host"
  limit ?;

-- selectHosts
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  order by "name"
  limit ?;
select "id", "name", "rules", "shared_groups", "api_tokens", "preflights", "created_at", "created_by", "revision"
  from "protected_host"
  where "name" > ?
  order by "name"
  limit ?;

-- selectHostsWithTokens
select "id", "name"
  from "protected_host"
  where "api_tokens" = ?
  order by "name";

-- selectHostNames
select "id", "name"
  from "protected_host"
  where "id" in (?, ?);

-- selectRules
select "name", "rules"
  from "protected_host"
  order by "name";

-- src/domain/hosts/host-session.queries.ts

-- insertCode
insert into "host_code" ("id", "host_id", "session_id", "subject", "leaving", "created_at", "consumed_at")
  values (?, ?, ?, ?, ?, ?, ?);

-- consumeCode
update "host_code"
  set "consumed_at" = ?
  where "id" = ?
  and "host_id" = ?
  and "leaving" in (?, ?)
  and "consumed_at" is null
  and "created_at" > ?
  and "created_at" <= ?
  returning "session_id" as "sessionId", "leaving";

-- insertHostSession
insert into "host_session" ("hash", "host_id", "session_id", "subject", "created_at")
  values (?, ?, ?, ?, ?);

-- selectSessionAt
select "session_id" as "sessionId"
  from "host_session"
  where "hash" = ?
  and "host_id" = ?;

-- selectHostUses
select "host_session"."host_id" as "hostId", count(*) as "living", max("host_session"."created_at") as "lastEnteredAt"
  from "host_session"
  inner join "session" on "session"."id" = "host_session"."session_id"
  where "host_session"."host_id" in (?, ?)
  and "session"."revoked_at" is null
  group by "host_session"."host_id";

-- deleteCodesBefore
delete from "host_code"
  where "id" in (select "id" from "host_code" where "created_at" < ? limit ?);

-- deleteEndedHostSessions
delete from "host_session"
  where "hash" in (select "hash" from "host_session" where "created_at" < ? limit ?);
delete from "host_session"
  where "hash" in (select "hash" from "host_session" where not exists (select "session"."id" from "session" where "session"."id" = "host_session"."session_id" and "session"."revoked_at" is null) limit ?);

-- deleteCodesAfter
delete from "host_code"
  where "id" in (select "id" from "host_code" where "created_at" > ? limit ?);

-- deleteAllCodes
delete from "host_code";

-- src/domain/registrations/registration.queries.ts

-- insertRegistration
insert into "registration" ("id", "state", "email", "locale", "link_id", "created_at", "expires_at")
  values (?, ?, ?, ?, ?, ?, ?);

-- selectRequested
select "id", "email", "locale"
  from "registration"
  where "link_id" = ?
  and "state" = ?;

-- waitsWithEmail
select "id"
  from "registration"
  where "claimed_email_key" = ?;

-- waitsWithUsername
select "id"
  from "registration"
  where "username_key" = ?;

-- updateToWaiting
update "registration"
  set "username" = ?, "username_key" = ?, "full_name" = ?, "hashed_password" = ?, "time_zone" = ?, "attributes" = ?, "submitted_at" = ?, "expires_at" = ?, "state" = ?, "claimed_email_key" = ?
  where "id" = ?
  and "state" = ?
  returning "id";

-- selectWaiting
select "id", "email", "username", "full_name" as "fullName", "hashed_password" as "hashedPassword", "locale", "time_zone" as "timeZone", "attributes", "submitted_at" as "submittedAt", "expires_at" as "expiresAt"
  from "registration"
  where "state" = ?
  and "expires_at" > ?
  and "id" > ?
  order by "id"
  limit ?;

-- selectWaitingById
select "id", "email", "username", "full_name" as "fullName", "hashed_password" as "hashedPassword", "locale", "time_zone" as "timeZone", "attributes", "submitted_at" as "submittedAt", "expires_at" as "expiresAt"
  from "registration"
  where "state" = ?
  and "expires_at" > ?
  and "id" = ?;

-- selectWaitingNamed
select "id", "email", "username", "full_name" as "fullName", "hashed_password" as "hashedPassword", "locale", "time_zone" as "timeZone", "attributes", "submitted_at" as "submittedAt", "expires_at" as "expiresAt"
  from "registration"
  where "state" = ?
  and "expires_at" > ?
  and ("id" = ? or "username_key" = ? or "claimed_email_key" = ?);

-- selectWaitingCount
select count(*) as "count"
  from "registration"
  where "state" = ?
  and "expires_at" > ?;

-- wasNotifiedAfter
select "id"
  from "registration"
  where "told_at" > ?
  limit ?;

-- updateNotified
update "registration"
  set "told_at" = ?
  where "state" = ?
  and "expires_at" > ?
  and "told_at" is null;

-- selectUndecided
select "id"
  from "registration"
  where "state" = ?
  and "expires_at" <= ?
  limit ?;

-- updateToEnded
update "registration"
  set "state" = ?, "claimed_email_key" = ?, "username" = ?, "username_key" = ?, "full_name" = ?, "hashed_password" = ?, "attributes" = ?, "expires_at" = ?
  where "id" = ?
  and "state" = ?
  returning "id";

-- deleteExpiredRegistrationRows
delete from "registration"
  where "id" in (select "id" from "registration" where "expires_at" <= ? and "state" != ? limit ?);

-- src/domain/registrations/registration-answers.queries.ts

-- renameAnswersInRegistrations
update "registration"
  set "attributes" = replace(attributes, ?, ?)
  where "attributes" like ?;

-- src/domain/registrations/spent-challenge.queries.ts

-- insertSpentChallenge
insert into "spent_challenge" ("id", "expires_at")
  values (?, ?)
  on conflict do nothing
  returning "id";

-- deleteSpentChallenges
delete from "spent_challenge"
  where "id" in (select "id" from "spent_challenge" where "expires_at" <= ? limit ?);

-- src/use-cases/administration/clients/access-check.view.ts

-- countRefused
select sum(case when (1 = 1) then weight else 0 end) as "users", sum(case when "role_or_group" = 1 then weight else 0 end) as "role_or_group_all", sum(case when "role_or_group" = 1 and "before" = 1 then weight else 0 end) as "role_or_group_newly", sum(case when "passkey_not_allowed" = 1 and "role_or_group" = 0 then weight else 0 end) as "passkey_not_allowed_all", sum(case when "passkey_not_allowed" = 1 and "role_or_group" = 0 and "before" = 1 then weight else 0 end) as "passkey_not_allowed_newly", sum(case when "no_passkey" = 1 and "role_or_group" = 0 and "passkey_not_allowed" = 0 then weight else 0 end) as "no_passkey_all", sum(case when "no_passkey" = 1 and "role_or_group" = 0 and "passkey_not_allowed" = 0 and "before" = 1 then weight else 0 end) as "no_passkey_newly"
  from (select 1 as "weight", case when (not ((not (users.role = ? or users.subject in (select distinct subject from group_member where group_id in (?, ?)))) or (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) or (users.passkey_at is null))) then 1 else 0 end as "before", case when (not ((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))) or users.subject in (select distinct subject from group_member where group_id in (?)))) then 1 else 0 end as "role_or_group", case when (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) then 1 else 0 end as "passkey_not_allowed", case when (users.passkey_at is null) then 1 else 0 end as "no_passkey" from "users" where (users.expires_at is null or cast(users.expires_at as bigint) > ? or users.id = ?) and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 1))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null)))))) limit ? offset ?) as "found";
select 1
  from ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role in (select name from role) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))) as apart
  limit 1 offset ?;
select sum(case when (1 = 1) then weight else 0 end) as "users", sum(case when "no_second_factor" = 1 then weight else 0 end) as "no_second_factor_all", sum(case when "no_second_factor" = 1 and "before" = 1 then weight else 0 end) as "no_second_factor_newly"
  from (select users.weight as "weight", case when (not (1 = 0)) then 1 else 0 end as "before", case when (users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) then 1 else 0 end as "no_second_factor" from ( with apart as materialized (select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at" from users where subject in ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role in (select name from role) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null)))), kept as ( select kind, cast(sum(n) as bigint) as n from ( select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor') union all select case case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when apart.passkey_at is null then 'app' else 'passkey' end else case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end end || case when apart.role = 'admin' then ' admin' else '' end, -1 from apart) as cell group by kind), joining as ( select (select count(*) from users where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false'))) - (select count(*) from apart where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false'))) as n) select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at", 1 as weight from apart union all select null, '', 'user', '', null, '0', null, 0, null, null, (select coalesce(sum(n), 0) from kept where kind in ('app')) union all select null, '', 'user', '', null, '0', null, 0, 0, null, (select coalesce(sum(n), 0) from kept where kind in ('passkey')) union all select null, '', 'user', null, null, '0', null, null, null, null, (select n from joining) union all select null, '', 'user', '', null, '0', null, null, null, null, ((select coalesce(sum(n), 0) from kept where kind in ('invited', 'no-factor')) - (select n from joining))) as users where (users.expires_at is null or cast(users.expires_at as bigint) > ? ) and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0)))) limit ? offset ?) as "found";

-- selectNewlyRefused
select USER_COLUMNS, case when (not ((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))) or users.subject in (select distinct subject from group_member where group_id in (?)))) then 'role_or_group' when (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) then 'passkey_not_allowed' when (users.passkey_at is null) then 'no_passkey' end as "reason"
  from "users"
  where (users.expires_at is null or cast(users.expires_at as bigint) > ? or users.id = ?)
  and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 1))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null))))))
  and not (not ((not ((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))) or users.subject in (select distinct subject from group_member where group_id in (?)))) or (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) or (users.passkey_at is null)))
  and (not ((not (users.role = ? or users.subject in (select distinct subject from group_member where group_id in (?, ?)))) or (exists (select 1 from group_member as member where member.subject = users.subject and member.group_id in (?) and not exists (select 1 from policy_exemption as exempt inner join policy on policy.id = exempt.policy_id where exempt.subject = member.subject and exempt.ends_at > ? and policy.scope = 'group' and policy.scope_ref = member.group_id))) or (users.passkey_at is null)))
  order by "users"."id"
  limit ?;
select USER_COLUMNS, case when (users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) then 'no_second_factor' end as "reason"
  from "users"
  where (users.expires_at is null or cast(users.expires_at as bigint) > ? )
  and ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not (((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)))) and users.hashed_password is not null) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and not ((1 = 0))))
  and not (not ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false')))))
  and (not (1 = 0))
  order by "users"."id"
  limit ?;

-- src/domain/policies/rollout/deadline.queries.ts

-- selectPlannedInstants
select distinct "policy_version"."in_force_from" as "at"
  from "policy"
  inner join "policy_version" on "policy_version"."policy_id" = "policy"."id"
  where "policy"."scope_key" in (select 'group:' || group_id from group_member where subject = ? union all select cast(? as text) union all select 'everyone')
  and "policy_version"."cancelled_at" is null
  and "policy_version"."in_force_from" > ?
  order by "at";

-- src/domain/policies/rollout/exemption.queries.ts

-- putExemptionRow
insert into "policy_exemption" ("policy_id", "subject", "reason", "ends_at", "created_at", "created_by", "by_help")
  values (?, ?, ?, ?, ?, ?, ?)
  on conflict ("policy_id", "subject") do update
  set "reason" = ?, "ends_at" = ?, "created_at" = ?, "created_by" = ?, "by_help" = ?;

-- deleteExemptionRow
delete from "policy_exemption"
  where "policy_id" = ?
  and "subject" = ?
  returning "subject";

-- selectExemption
select "policy_id" as "policyId", "subject", "reason", "ends_at" as "endsAt", "created_at" as "createdAt", "created_by" as "createdBy", "by_help" as "byHelp"
  from "policy_exemption"
  where "policy_id" = ?
  and "subject" = ?;

-- src/domain/policies/rollout/rollout.queries.ts

-- beginReminderRow
update "policy_version"
  set "reminder" = ?, "reminder_position" = ?
  where "id" = ?
  and "cancelled_at" is null
  and ("reminder" is null or "reminder" < ?)
  returning "id";

-- moveReminderRow
update "policy_version"
  set "reminder_position" = ?
  where "id" = ?
  and "cancelled_at" is null
  and "reminder" = ?
  and "reminder_position" = ?
  returning "id";

-- selectUnfinishedReminder
select "id", "reminder" as "stage", "reminder_position" as "position"
  from "policy_version"
  where "id" = ?
  and "reminder_position" is not null;

-- putProgressRow
insert into "policy_progress" ("policy_id", "day", "concerned", "missing")
  values (?, ?, ?, ?)
  on conflict ("policy_id", "day") do update
  set "concerned" = ?, "missing" = ?;

-- selectProgress
select "day", "concerned", "missing"
  from "policy_progress"
  where "policy_id" = ?
  and "day" >= ?
  order by "day";

-- deleteProgressBefore
delete from "policy_progress"
  where "day" < ?;

-- src/use-cases/administration/email-confirmations/unconfirmed.view.ts

-- selectUnconfirmed
select USER_COLUMNS
  from "users"
  where "users"."email_verified_at" is null
  and "users"."email_key" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ?)
  and not (hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null)
  and "users"."subject" != ?
  and ((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= ?) and not exists (select 1 from email_change where email_change.subject = users.subject and email_change.confirmed_at is null and email_change.expires_at > ?))
  and users.id > cast(? as bigint)
  order by "users"."id"
  limit ?;
select USER_COLUMNS
  from "users"
  where "users"."email_verified_at" is null
  and "users"."email_key" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ?)
  and not (hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null)
  and ((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= ?) and not exists (select 1 from email_change where email_change.subject = users.subject and email_change.confirmed_at is null and email_change.expires_at > ?))
  and users.id > cast(? as bigint)
  and "users"."id" in (?)
  order by "users"."id"
  limit ?;

-- countUnconfirmed
select "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", sum(case when ((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= ?) and not exists (select 1 from email_change where email_change.subject = users.subject and email_change.confirmed_at is null and email_change.expires_at > ?)) then 1 else 0 end) as "due", count(*) as "all"
  from "users"
  where "users"."email_verified_at" is null
  and "users"."email_key" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ?)
  and not (hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null)
  and "users"."subject" != ?
  group by "users"."role";

-- src/use-cases/administration/policy-rollout/exemptions.view.ts

-- selectExempt
select USER_COLUMNS, "exempt"."reason" as "reason", "exempt"."ends_at" as "endsAt", "exempt"."created_at" as "exemptSince", "exempt"."created_by" as "createdBy", "exempt"."by_help" as "byHelp", ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "policy_exemption" as "exempt"
  inner join "users" on "users"."subject" = "exempt"."subject"
  where "exempt"."policy_id" = ?
  and users.id > cast(? as bigint)
  order by "users"."id"
  limit ?;

-- src/use-cases/administration/policy-rollout/weighed-users.view.ts

-- weighedUsers
select 1
  from (select subject from group_member where group_id in (?) union all select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role in (select name from role) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))) as apart
  limit 1 offset ?;

-- src/use-cases/administration/policy-rollout/applicable.view.ts

-- selectApplicableIds
select "id"
  from "users"
  where "id" in (?)
  and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?));

-- src/use-cases/administration/policy-rollout/plan.view.ts

-- selectStopped
select USER_COLUMNS, case when (1 = 0) then 'no-factor-left' when users.passkey_at is not null then 'passkey-not-allowed' when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed' else 'no-second-factor' end as "reason", case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end as "state"
  from "users"
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ? and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? )
  and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))
  and users.id > cast(? as bigint)
  order by "users"."id"
  limit ?;
select USER_COLUMNS, case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) then 'no-factor-left' when users.passkey_at is not null then 'passkey-not-allowed' when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed' else 'no-second-factor' end as "reason", case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))))) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when (1 = 1) then 'already-stopped' else 'stopped' end end as "state"
  from "users"
  where (users.subject in (select subject from group_member where group_id = ?))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? or users.id = ?)
  and ((((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))))
  and users.id > cast(? as bigint)
  and case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))))) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when (1 = 1) then 'already-stopped' else 'stopped' end end = ?
  order by "users"."id"
  limit ?;
select USER_COLUMNS, case when (1 = 0) then 'no-factor-left' when users.passkey_at is not null then 'passkey-not-allowed' when users.second_factor_at is not null or users.otp_secret is not null then 'app-not-allowed' else 'no-second-factor' end as "reason", case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end as "state"
  from "users"
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ? and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? )
  and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))
  and users.id > cast(? as bigint)
  and "users"."id" in (?)
  order by "users"."id"
  limit ?;

-- stopsAnyOf
select "users"."id"
  from "users"
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ? and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? )
  and "users"."role" in (?, ?)
  and "users"."subject" != ?
  and (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))
  and case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end = ?
  limit ?;
select "users"."id"
  from "users"
  where (users.subject in (select subject from group_member where group_id = ?))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? or users.id = ?)
  and "users"."role" in (?)
  and "users"."subject" != ?
  and (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))))
  and case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role))))) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when (1 = 1) then 'already-stopped' else 'stopped' end end = ?
  limit ?;

-- countStopped
select 1
  from ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role in (select name from role) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))) as apart
  limit 1 offset ?;
select sum(case when (1 = 1) then users.weight else 0 end) as "concerned", sum(case when (1 = 0) then users.weight else 0 end) as "contradicted", sum(case when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))) then users.weight else 0 end) as "privileged", sum(case when (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) then users.weight else 0 end) as "none_all", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and users.hashed_password is null) then users.weight else 0 end) as "none_joining", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and not (users.hashed_password is null) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0))) then users.weight else 0 end) as "none_already", sum(case when (((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "app_all", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_joining", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_already", sum(case when (((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "passkey_all", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_joining", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_already", 0 as "unreachable"
  from ( with apart as materialized (select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at" from users where subject in ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role in (select name from role) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null)))), kept as ( select kind, cast(sum(n) as bigint) as n from ( select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor') union all select case case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when apart.passkey_at is null then 'app' else 'passkey' end else case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end end || case when apart.role = 'admin' then ' admin' else '' end, -1 from apart) as cell group by kind), joining as ( select (select count(*) from users where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false'))) - (select count(*) from apart where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false'))) as n) select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at", 1 as weight from apart union all select null, '', 'user', '', null, '0', null, 0, null, null, (select coalesce(sum(n), 0) from kept where kind in ('app')) union all select null, '', 'user', '', null, '0', null, 0, 0, null, (select coalesce(sum(n), 0) from kept where kind in ('passkey')) union all select null, '', 'user', null, null, '0', null, null, null, null, (select n from joining) union all select null, '', 'user', '', null, '0', null, null, null, null, ((select coalesce(sum(n), 0) from kept where kind in ('invited', 'no-factor')) - (select n from joining))) as users
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ? and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? )
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'));
select sum(case when (1 = 1) then 1 else 0 end) as "concerned", sum(case when (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) then 1 else 0 end) as "contradicted", sum(case when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) and ((((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?))) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))))) then 1 else 0 end) as "privileged", sum(case when (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) then 1 else 0 end) as "none_all", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) and users.hashed_password is null) then 1 else 0 end) as "none_joining", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) and not (users.hashed_password is null) and (1 = 1)) then 1 else 0 end) as "none_already", sum(case when (((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) then 1 else 0 end) as "app_all", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) and (1 = 0)) then 1 else 0 end) as "app_joining", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) and not ((1 = 0)) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) then 1 else 0 end) as "app_already", sum(case when (((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) then 1 else 0 end) as "passkey_all", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) and (1 = 0)) then 1 else 0 end) as "passkey_joining", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (((users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)) or (1 = 0)) and (not exists ( select 1 from totp_factor where totp_factor.subject = users.subject and totp_factor.confirmed_at is not null) or (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))))) and not (((users.disabled is null or cast(users.disabled as text) in ('0', 'false')) and (((users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))))) and (users.subject in (select subject from group_member where group_id = ?) and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ?)))) and not ((1 = 0)) and (1 = 0)) then 1 else 0 end) as "passkey_already", 0 as "unreachable"
  from "users"
  where (users.subject in (select subject from group_member where group_id = ?))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? or users.id = ?)
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'));
select sum(case when (1 = 1) then users.weight else 0 end) as "concerned", sum(case when (1 = 0) then users.weight else 0 end) as "contradicted", sum(case when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)))) then users.weight else 0 end) as "privileged", sum(case when (((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) then users.weight else 0 end) as "none_all", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and users.hashed_password is null) then users.weight else 0 end) as "none_joining", sum(case when ((((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) and not (1 = 0)) and not (users.hashed_password is null) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0))) then users.weight else 0 end) as "none_already", sum(case when (((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "app_all", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_joining", sum(case when ((((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "app_already", sum(case when (((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) then users.weight else 0 end) as "passkey_all", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_joining", sum(case when ((((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) and not (1 = 0)) and not ((1 = 0)) and (1 = 0)) then users.weight else 0 end) as "passkey_already", (select count(*) as "count" from "users" where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ? and by_help is null)) and (users.expires_at is null or cast(users.expires_at as bigint) > ? ) and "users"."email_key" is null and "users"."email" is null and ((1 = 0) or ((users.second_factor_at is null and users.passkey_at is null and users.otp_secret is null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 1))) or ((users.passkey_at is null and (users.second_factor_at is not null or users.otp_secret is not null) and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0)) or ((users.passkey_at is not null and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))) and (1 = 0))) and case when (1 = 0) then 'stopped' when users.passkey_at is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end when users.second_factor_at is not null or users.otp_secret is not null then case when (1 = 0) then 'already-stopped' else 'stopped' end else case when users.hashed_password is null then 'joining' when ((users.role = 'admin' or users.role in (select name from role where permissions <> '')) or (1 = 0)) then 'already-stopped' else 'stopped' end end = ?) as "unreachable"
  from ( with apart as materialized (select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at" from users where subject in ( select subject from policy_exemption union all select subject from users where role = 'admin' union all select subject from users where role in (select name from role) union all select subject from users where (expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null)))), kept as ( select kind, cast(sum(n) as bigint) as n from ( select kind, count as n from user_count where kind in ('app', 'passkey', 'invited', 'no-factor') union all select case case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when apart.passkey_at is null then 'app' else 'passkey' end else case when (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false')) then 'disabled' when apart.second_factor_at is not null then 'active' when apart.invited_at is not null then 'invited' else 'no-factor' end end || case when apart.role = 'admin' then ' admin' else '' end, -1 from apart) as cell group by kind), joining as ( select (select count(*) from users where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false'))) - (select count(*) from apart where hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null and not (apart.disabled is not null and cast(apart.disabled as text) not in ('0', 'false'))) as n) select "id", "subject", "role", "hashed_password", "otp_secret", "disabled", "invited_at", "second_factor_at", "passkey_at", "expires_at", 1 as weight from apart union all select null, '', 'user', '', null, '0', null, 0, null, null, (select coalesce(sum(n), 0) from kept where kind in ('app')) union all select null, '', 'user', '', null, '0', null, 0, 0, null, (select coalesce(sum(n), 0) from kept where kind in ('passkey')) union all select null, '', 'user', null, null, '0', null, null, null, null, (select n from joining) union all select null, '', 'user', '', null, '0', null, null, null, null, ((select coalesce(sum(n), 0) from kept where kind in ('invited', 'no-factor')) - (select n from joining))) as users
  where (1 = 1 and not users.subject in ( select subject from policy_exemption where policy_id in (?) and ends_at > ? and by_help is null))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ? )
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'));

-- src/domain/policies/store/stored-policy.queries.ts

-- selectPolicy
select "id", "name", "scope", "scope_ref" as "scopeRef", "revision", "created_at" as "createdAt"
  from "policy"
  where "id" = ?;

-- selectPolicies
select "id", "name", "scope", "scope_ref" as "scopeRef", "revision", "created_at" as "createdAt"
  from "policy"
  order by "scope", "name", "id";

-- selectInForce
select count(*) as "count", max("in_force_from") as "latest"
  from "policy_version"
  where "cancelled_at" is null
  and "in_force_from" <= ?;

-- selectVersions
select "policy_version"."policy_id" as "policyId", "policy_version"."version", "policy_version"."second_factor" as "secondFactor", "policy_version"."factors", "policy_version"."session_idle" as "sessionIdle", "policy_version"."session_absolute" as "sessionAbsolute", "policy_version"."reauthentication", "policy_version"."remember_for" as "rememberFor", "policy_version"."helpers_may_exempt" as "helpersMayExempt", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom", "policy_version"."id", "policy_version"."created_at" as "createdAt", "policy_version"."created_by" as "createdBy", "policy_version"."cancelled_at" as "cancelledAt", "policy_version"."reminder"
  from "policy_version"
  order by "policy_id", "version";
select "policy_version"."policy_id" as "policyId", "policy_version"."version", "policy_version"."second_factor" as "secondFactor", "policy_version"."factors", "policy_version"."session_idle" as "sessionIdle", "policy_version"."session_absolute" as "sessionAbsolute", "policy_version"."reauthentication", "policy_version"."remember_for" as "rememberFor", "policy_version"."helpers_may_exempt" as "helpersMayExempt", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom", "policy_version"."id", "policy_version"."created_at" as "createdAt", "policy_version"."created_by" as "createdBy", "policy_version"."cancelled_at" as "cancelledAt", "policy_version"."reminder"
  from "policy_version"
  where "policy_id" = ?
  order by "policy_id", "version";

-- selectVersionsFor
select ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = ? where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = ? union all select 'role:' || (cast(? as text)) union all select 'everyone')) as "policies";

-- selectVersionsJoining
select ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = ? where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = ? union all select 'role:' || (cast(? as text)) union all select 'everyone' union all select cast(? as text) union all select cast(? as text))) as "policies";

-- selectVersionsForEveryone
select "policy_version"."policy_id" as "policyId", "policy_version"."version", "policy_version"."second_factor" as "secondFactor", "policy_version"."factors", "policy_version"."session_idle" as "sessionIdle", "policy_version"."session_absolute" as "sessionAbsolute", "policy_version"."reauthentication", "policy_version"."remember_for" as "rememberFor", "policy_version"."helpers_may_exempt" as "helpersMayExempt", "policy_version"."is_end" as "isEnd", "policy_version"."in_force_from" as "inForceFrom"
  from "policy"
  inner join "policy_version" on "policy_version"."policy_id" = "policy"."id"
  where "policy"."scope_key" = ?
  and "policy_version"."cancelled_at" is null
  and "policy_version"."in_force_from" <= ?;

-- src/domain/policies/store/policy-changes.queries.ts

-- insertPolicy
insert into "policy" ("id", "name", "scope", "scope_ref", "scope_key", "revision", "created_at")
  values (?, ?, ?, ?, ?, ?, ?);

-- insertVersion
insert into "policy_version" ("id", "policy_id", "version", "second_factor", "factors", "session_idle", "session_absolute", "reauthentication", "remember_for", "helpers_may_exempt", "is_end", "in_force_from", "created_at", "created_by", "cancelled_at", "reminder")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- updateCancelled
update "policy_version"
  set "cancelled_at" = ?
  where "id" = ?;

-- updatePolicy
update "policy"
  set "name" = ?, "revision" = ?
  where "id" = ?;

-- deletePolicyRow
delete from "policy_version"
  where "policy_id" = ?;
delete from "policy_exemption"
  where "policy_id" = ?;
delete from "policy_progress"
  where "policy_id" = ?;
delete from "policy"
  where "id" = ?;

-- lockNamedGroup
select "id"
  from "user_group"
  where "id" = ?;

-- src/domain/policies/rollout/help-exemption.queries.ts

-- putHelpExemption
insert into "help_exemption" ("subject", "exempted_at")
  values (?, ?)
  on conflict ("subject") do update
  set "exempted_at" = ?
  where "help_exemption"."exempted_at" <= ?
  returning "subject";

-- selectHelpExemption
select "exempted_at"
  from "help_exemption"
  where "subject" = ?;

-- src/domain/policies/store/shared-users.queries.ts

-- selectUsersOfBoth
select "username"
  from "users"
  where 1 = 1
  and (users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))
  limit ?;
select "username"
  from "users"
  where users.role = ?
  and users.subject in (select subject from group_member where group_id = ?)
  limit ?;
select "username"
  from "users"
  where users.subject in (select subject from group_member where group_id = ?)
  and users.subject in (select subject from group_member where group_id = ?)
  limit ?;

-- src/use-cases/administration/policies/policy-scopes.view.ts

-- selectNamedGroups
select "id", "name"
  from "user_group"
  order by "name_key";

-- selectGroupNames
select "id", "name"
  from "user_group"
  where "id" in (?);

-- selectRoleNames
select "name"
  from "role"
  order by "name";

-- selectPolicyNames
select "policy"."id", "policy"."name", "policy"."scope", "policy"."scope_ref" as "scopeRef", "user_group"."name" as "groupName"
  from "policy"
  left join "user_group" on "user_group"."id" = "policy"."scope_ref"
  and "policy"."scope" = ?
  where "policy"."id" in (?, ?);

-- src/domain/attributes/attribute.queries.ts

-- selectAttributes
select *
  from "attribute"
  order by "position", "key";

-- shareAttributes
select *
  from "attribute"
  order by "position", "key";

-- takeAttributes
select *
  from "attribute"
  order by "position", "key";

-- insertAttribute
insert into "attribute" ("key", "label", "type", "choices", "visible_to", "changed_by", "at_joining", "position", "revision", "created_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "key";

-- updateDeclaration
update "attribute"
  set "label" = ?, "type" = ?, "choices" = ?, "visible_to" = ?, "changed_by" = ?, "at_joining" = ?, "revision" = "revision" + ?
  where "key" = ?;

-- renameAttributeRow
update "attribute"
  set "key" = ?
  where "key" = ?;
update "user_attribute"
  set "key" = ?
  where "key" = ?;

-- updatePosition
update "attribute"
  set "position" = ?
  where "key" = ?;

-- countValues
select count(*) as "count"
  from "user_attribute"
  where "key" = ?;
select count(*) as "count"
  from "user_attribute"
  where "key" = ?
  and "value" in (?, ?);

-- selectValues
select "key", "value"
  from "user_attribute"
  where "subject" = ?;

-- putValue
insert into "user_attribute" ("subject", "key", "value", "changed_at")
  values (?, ?, ?, ?)
  on conflict ("subject", "key") do update
  set "value" = ?, "changed_at" = ?;

-- deleteValue
delete from "user_attribute"
  where "subject" = ?
  and "key" = ?;

-- deleteValuesOf
delete from "user_attribute"
  where "key" = ?;

-- deleteAttributeRow
delete from "attribute"
  where "key" = ?;

-- src/domain/remembered-devices/remembered-device.queries.ts

-- insertRememberedDevice
insert into "remembered_device" ("id", "token_hash", "subject", "epoch", "address", "agent", "created_at", "last_used_at", "expires_at", "revoked_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectRememberedDevice
select "id", "subject", "epoch", "address", "agent", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", "expires_at" as "expiresAt", "revoked_at" as "revokedAt", "token_hash" as "tokenHash", "replaced_by" as "replacedBy", "session_id" as "sessionId"
  from "remembered_device"
  where "id" = ?
  and "subject" = ?;

-- selectRememberedDevices
select "id", "subject", "epoch", "address", "agent", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", "expires_at" as "expiresAt", "revoked_at" as "revokedAt"
  from "remembered_device"
  where "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?
  order by "last_used_at" desc, "id" desc;

-- replaceDeviceToken
update "remembered_device"
  set "token_hash" = ?, "replaced_by" = ?, "session_id" = ?, "last_used_at" = ?
  where "id" = ?
  and "token_hash" = ?
  and "revoked_at" is null
  returning "id";

-- updateDeviceSession
update "remembered_device"
  set "session_id" = ?
  where "id" = ?;

-- isCurrentToken
select "id"
  from "remembered_device"
  where "id" = ?
  and "token_hash" = ?
  and "revoked_at" is null;

-- revokeRememberedDevice
update "remembered_device"
  set "revoked_at" = ?
  where "id" = ?
  and "subject" = ?
  and "revoked_at" is null
  returning "id";

-- revokeRememberedDevices
update "remembered_device"
  set "revoked_at" = ?
  where "subject" = ?
  and "revoked_at" is null
  returning "id";

-- deleteRememberedDevices
delete from "remembered_device"
  where "id" in (select "id" from "remembered_device" where "expires_at" < ? limit ?);

-- src/domain/roles/role.queries.ts

-- selectRoles
select "name", "description", "permissions", "revision", "created_at", "is_configured"
  from "role"
  order by "name";

-- selectRole
select "name", "description", "permissions", "revision", "created_at", "is_configured"
  from "role"
  where "name" = ?;

-- selectSharedRole
select "name", "description", "permissions", "revision", "created_at", "is_configured"
  from "role"
  where "name" = ?;

-- insertRoleRow
insert into "role" ("name", "description", "permissions", "revision", "created_at", "is_configured")
  values (?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "name";

-- updateRoleRow
update "role"
  set "description" = ?, "permissions" = ?, "is_configured" = ?, "revision" = ?
  where "name" = ?
  and "revision" = ?
  returning "name";

-- deleteRoleRow
delete from "role"
  where "name" = ?
  and "revision" = ?
  returning "name";

-- src/domain/users/role-users.queries.ts

-- countByRole
select "role", count(*) as "count"
  from "users"
  where "role" in (?, ?)
  group by "role";

-- roleIsHeldBeside
select "id"
  from "users"
  where "role" = ?
  and "subject" != ?
  limit ?;

-- src/domain/clients/client.queries.ts

-- selectClient
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_group_array(json_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by)) from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "client"."id" = ?;

-- selectClientsWithIds
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_group_array(json_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by)) from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "id" in (?, ?)
  order by "name_key";

-- holdUnchangedClient
select "id"
  from "client"
  where "id" = ?
  and "revision" = ?;

-- takeClient
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_group_array(json_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by)) from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "client"."id" = ?;

-- selectClientWithSecrets
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", "client_secret"."id" as "secretId", "client_secret"."hash" as "secretHash", "client_secret"."created_at" as "secretCreatedAt", "client_secret"."expires_at" as "secretExpiresAt", "client_secret"."last_used_at" as "secretLastUsedAt", (select json_group_array(json_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by)) from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  left join "client_secret" on "client_secret"."client_id" = "client"."id"
  and ("client_secret"."expires_at" is null or "client_secret"."expires_at" > ?)
  where "client"."id" = ?;

-- insertClient
insert into "client" ("id", "name", "kind", "redirect_uris", "logout_uris", "auth_method", "id_token_alg", "scopes", "refresh_tokens", "require_pkce", "allow_http", "claims_in_id_token", "unconfirmed_email", "shared_groups", "trusted", "allowed_roles", "allowed_groups", "least_assurance", "max_age", "start_url", "hidden", "preset", "device_sign_in", "backchannel_uri", "backchannel_session_required", "name_key", "created_at", "created_by", "disabled_at", "revision")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "id";
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values (?, ?, ?, ?);

-- updateClientRow
update "client"
  set "name" = ?, "kind" = ?, "redirect_uris" = ?, "logout_uris" = ?, "auth_method" = ?, "id_token_alg" = ?, "scopes" = ?, "refresh_tokens" = ?, "require_pkce" = ?, "allow_http" = ?, "claims_in_id_token" = ?, "unconfirmed_email" = ?, "shared_groups" = ?, "trusted" = ?, "allowed_roles" = ?, "allowed_groups" = ?, "least_assurance" = ?, "max_age" = ?, "start_url" = ?, "hidden" = ?, "preset" = ?, "device_sign_in" = ?, "backchannel_uri" = ?, "backchannel_session_required" = ?, "disabled_at" = ?, "revision" = ?
  where "id" = ?
  and "revision" = ?
  returning "id";
insert into "client" ("id", "name", "kind", "redirect_uris", "logout_uris", "auth_method", "id_token_alg", "scopes", "refresh_tokens", "require_pkce", "allow_http", "claims_in_id_token", "unconfirmed_email", "shared_groups", "trusted", "allowed_roles", "allowed_groups", "least_assurance", "max_age", "start_url", "hidden", "preset", "device_sign_in", "backchannel_uri", "backchannel_session_required", "name_key", "created_at", "created_by", "disabled_at", "revision")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "id";
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values (?, ?, ?, ?);
update "client"
  set "name" = ?, "kind" = ?, "redirect_uris" = ?, "logout_uris" = ?, "auth_method" = ?, "id_token_alg" = ?, "scopes" = ?, "refresh_tokens" = ?, "require_pkce" = ?, "allow_http" = ?, "claims_in_id_token" = ?, "unconfirmed_email" = ?, "shared_groups" = ?, "trusted" = ?, "allowed_roles" = ?, "allowed_groups" = ?, "least_assurance" = ?, "max_age" = ?, "start_url" = ?, "hidden" = ?, "preset" = ?, "device_sign_in" = ?, "backchannel_uri" = ?, "backchannel_session_required" = ?, "name_key" = ?, "disabled_at" = ?, "revision" = ?
  where "id" = ?
  and "revision" = ?
  returning "id";
delete from "client_attribute"
  where "client_id" = ?;

-- deleteClientRows
delete from "client_attribute"
  where "client_id" = ?;
delete from "client_secret"
  where "client_id" = ?;
delete from "client_icon"
  where "client_id" = ?;
delete from "client_consent"
  where "client_id" = ?;
delete from "client"
  where "id" = ?;

-- selectClientNames
select "id", "name"
  from "client"
  where "id" in (?);

-- selectIdByKey
select "id"
  from "client"
  where "name_key" = ?;

-- selectClientsAllowing
select "name"
  from "client"
  where "allowed_roles" is not null
  and instr("allowed_roles", ?) > 0
  order by "name_key";
select "name"
  from "client"
  where "allowed_groups" is not null
  and instr("allowed_groups", ?) > 0
  order by "name_key";

-- countClients
select count(*) as "count"
  from "client";

-- hasClientRow
select "id"
  from "client"
  limit ?;

-- selectWeakenedClients
select "name", "require_pkce", "allow_http"
  from "client"
  where "disabled_at" is null
  and ("require_pkce" = ? or "allow_http" = ?)
  order by "name_key";

-- selectClients
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_group_array(json_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by)) from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "kind" != ?
  order by "name_key"
  limit ?;
select "client"."id", "client"."name", "client"."name_key", "client"."kind", "client"."redirect_uris", "client"."logout_uris", "client"."auth_method", "client"."id_token_alg", "client"."scopes", "client"."refresh_tokens", "client"."require_pkce", "client"."allow_http", "client"."claims_in_id_token", "client"."unconfirmed_email", "client"."shared_groups", "client"."trusted", "client"."allowed_roles", "client"."allowed_groups", "client"."least_assurance", "client"."max_age", "client"."start_url", "client"."hidden", "client"."preset", "client"."device_sign_in", "client"."backchannel_uri", "client"."backchannel_session_required", "client"."created_at", "client"."created_by", "client"."disabled_at", "client"."revision", (select json_group_array(json_object('key', client_attribute.key, 'claim', client_attribute.claim, 'allowedBy', client_attribute.allowed_by)) from client_attribute where client_attribute.client_id = client.id) as "attributes"
  from "client"
  where "kind" != ?
  and instr("name_key", ?) > 0
  and "name_key" > ?
  order by "name_key"
  limit ?;

-- src/domain/clients/agent-client.queries.ts

-- selectAgentIds
select "id"
  from "client"
  where "kind" = ?
  limit ?;

-- countAgents
select count(*) as "count"
  from "client"
  where "kind" = ?;

-- src/domain/agents/agent-setting.queries.ts

-- selectAgentSetting
select "agents", "allowed_documents", "revision"
  from "openid_setting"
  where "id" = ?;

-- holdAgentSetting
select "agents", "allowed_documents", "revision"
  from "openid_setting"
  where "id" = ?;

-- takeAgentSetting
select "agents", "allowed_documents", "revision"
  from "openid_setting"
  where "id" = ?;

-- writeAgentSetting
update "openid_setting"
  set "agents" = ?, "allowed_documents" = ?, "revision" = ?
  where "id" = ?
  and "revision" = ?
  returning "id";

-- src/domain/clients/client-attribute.queries.ts

-- insertAttributes
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values (?, ?, ?, ?);

-- replaceAttributes
delete from "client_attribute"
  where "client_id" = ?;
insert into "client_attribute" ("client_id", "key", "claim", "allowed_by")
  values (?, ?, ?, ?);

-- renameAttributeRows
update "client_attribute"
  set "key" = ?
  where "key" = ?;

-- deleteAttributeRows
delete from "client_attribute"
  where "key" = ?;

-- src/domain/clients/client-icon.queries.ts

-- selectIcon
select "type", "content", "digest"
  from "client_icon"
  where "client_id" = ?;

-- selectIconDigests
select "client_id" as "clientId", "digest"
  from "client_icon"
  where "client_id" in (?);

-- putIcon
insert into "client_icon" ("client_id", "type", "content", "digest")
  values (?, ?, ?, ?)
  on conflict ("client_id") do update
  set "type" = ?, "content" = ?, "digest" = ?;

-- deleteIconRow
delete from "client_icon"
  where "client_id" = ?;

-- src/domain/clients/restricted-client.queries.ts

-- selectRestrictedClients
select "id", "allowed_roles", "allowed_groups"
  from "client"
  where "id" in (?, ?)
  and ("allowed_roles" is not null or "allowed_groups" is not null);

-- src/domain/clients/startable-client.queries.ts

-- selectStartableClients
select "id", "name", "start_url", "allowed_roles", "allowed_groups"
  from "client"
  where "start_url" is not null
  and "hidden" = ?
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
  where "resource"."id" = ?;

-- selectResourceByUri
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  where "resource"."uri" = ?;

-- takeResource
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision"
  from "resource"
  where "id" = ?;

-- insertResource
insert into "resource" ("id", "uri", "name", "client_id", "token_format", "lifetime", "scopes", "allowed_clients", "created_at", "created_by", "revision")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict ("uri") do nothing
  returning "id";

-- updateResourceRow
update "resource"
  set "name" = ?, "client_id" = ?, "token_format" = ?, "lifetime" = ?, "scopes" = ?, "allowed_clients" = ?, "revision" = ?
  where "id" = ?
  and "revision" = ?
  returning "id";

-- deleteResourceRow
delete from "resource"
  where "id" = ?;

-- countResources
select count(*) as "count"
  from "resource";

-- selectResources
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  order by "resource"."uri"
  limit ?;
select "resource"."id", "resource"."uri", "resource"."name", "resource"."client_id", "resource"."token_format", "resource"."lifetime", "resource"."scopes", "resource"."allowed_clients", "resource"."created_at", "resource"."created_by", "resource"."revision", "client"."id" as "servingId", "client"."disabled_at" as "servingDisabledAt"
  from "resource"
  left join "client" on "client"."id" = "resource"."client_id"
  where "resource"."uri" > ?
  order by "resource"."uri"
  limit ?;

-- selectServedBy
select "id", "uri"
  from "resource"
  where "client_id" = ?
  order by "uri";

-- src/domain/clients/client-secret.queries.ts

-- selectSecrets
select "id", "hash", "created_at" as "createdAt", "expires_at" as "expiresAt", "last_used_at" as "lastUsedAt"
  from "client_secret"
  where "client_id" = ?
  order by "created_at", "id";

-- selectAllValidSecrets
select "id", "client_id" as "clientId", "hash"
  from "client_secret"
  where ("expires_at" is null or "expires_at" > ?)
  order by "created_at", "id";

-- insertSecret
insert into "client_secret" ("id", "client_id", "hash", "created_at", "expires_at", "last_used_at")
  values (?, ?, ?, ?, ?, ?);

-- updateSecretEnd
update "client_secret"
  set "expires_at" = ?
  where "id" = ?
  and "client_id" = ?
  and ("expires_at" is null or "expires_at" > ?)
  returning "id";

-- updateSecretUse
update "client_secret"
  set "last_used_at" = ?
  where "id" = ?;

-- deleteEndedSecrets
delete from "client_secret"
  where "client_id" = ?
  and "expires_at" < ?;

-- src/domain/grants/app-sign-in.queries.ts

-- selectGrantsOfUser
select "client_id" as "clientId", "session_id" as "sessionId", "resource_id" as "resourceId", "epoch", "methods", "created_at" as "createdAt", "last_used_at" as "lastUsedAt", (client_grant.revoked_at is null and client_grant.expires_at > ?) as "isAlive", exists (select 1 from client_token where client_token.grant_id = client_grant.id and client_token.is_offline = 1 and client_token.expires_at > ?) as "outlivesSession"
  from "client_grant"
  where "subject" = ?;

-- src/domain/grants/consent.queries.ts

-- selectConsent
select "client_id" as "clientId", "subject", "items", "given_at" as "givenAt", "document"
  from "client_consent"
  where "subject" = ?
  and "client_id" = ?
  and "resource" = ?;

-- takeConsent
select "client_id" as "clientId", "subject", "items", "given_at" as "givenAt", "document"
  from "client_consent"
  where "subject" = ?
  and "client_id" = ?
  and "resource" = ?;

-- selectConsents
select "client_id" as "clientId", "subject", "items", "given_at" as "givenAt", "document"
  from "client_consent"
  where "subject" = ?;

-- insertConsent
insert into "client_consent" ("client_id", "subject", "resource", "items", "given_at", "document")
  values (?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "resource";

-- putConsent
insert into "client_consent" ("client_id", "subject", "resource", "items", "given_at", "document")
  values (?, ?, ?, ?, ?, ?)
  on conflict ("subject", "client_id", "resource") do update
  set "items" = ?, "given_at" = ?, "document" = ?;

-- deleteConsentRow
delete from "client_consent"
  where "subject" = ?
  and "client_id" = ?
  returning "resource";

-- src/domain/grants/device-code.queries.ts

-- selectDeviceCode
select "id", "kind", "client_id" as "clientId", "grant_id" as "grantId", "is_offline" as "isOffline", "payload", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "successor", "denied_at" as "deniedAt"
  from "client_token"
  where "id" = ?
  and "kind" = ?;

-- selectWaitingCode
select "id", "kind", "client_id" as "clientId", "grant_id" as "grantId", "is_offline" as "isOffline", "payload", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "successor", "denied_at" as "deniedAt"
  from "client_token"
  where "user_code" = ?
  and "expires_at" > ?;

-- insertDeviceCode
insert into "client_token" ("id", "kind", "client_id", "user_code", "is_offline", "payload", "created_at", "expires_at")
  values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "id";

-- approveCodeRow
update "client_token"
  set "grant_id" = ?, "subject" = ?, "epoch" = ?, "is_offline" = ?, "payload" = ?, "user_code" = ?
  where "id" = ?
  and "user_code" is not null
  and "expires_at" > ?
  returning "id";

-- denyCodeRow
update "client_token"
  set "denied_at" = ?, "user_code" = ?
  where "id" = ?
  and "user_code" is not null
  and "expires_at" > ?
  returning "id";

-- updateWaitingPayload
update "client_token"
  set "payload" = ?
  where "id" = ?
  and "user_code" is not null
  and "expires_at" > ?
  returning "id";

-- updatePoll
update "client_token"
  set "polled_at" = ?
  where "id" = ?
  and ("polled_at" is null or "polled_at" <= ? or "polled_at" > ?)
  returning "id";

-- src/domain/grants/grant.queries.ts

-- selectGrant
select "client_grant"."id", "client_grant"."client_id" as "clientId", "client_grant"."subject", "client_grant"."epoch", "client_grant"."session_id" as "sessionId", "client_grant"."methods", "client_grant"."authenticated_at" as "authenticatedAt", "client_grant"."payload", "client_grant"."created_at" as "createdAt", "client_grant"."expires_at" as "expiresAt", "client_grant"."revoked_at" as "revokedAt", "client_grant"."resource_id" as "resourceId"
  from "client_grant"
  where "id" = ?;

-- insertGrant
insert into "client_grant" ("id", "client_id", "subject", "epoch", "session_id", "methods", "authenticated_at", "payload", "created_at", "last_used_at", "expires_at", "revoked_at", "resource_id")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- updateGrantUse
update "client_grant"
  set "last_used_at" = ?
  where "id" = ?;

-- revokeGrantRow
update "client_grant"
  set "revoked_at" = ?
  where "id" = ?
  and "revoked_at" is null
  returning "id";

-- revokeGrantRowsOf
update "client_grant"
  set "revoked_at" = ?
  where "id" in (select "id" from "client_grant" where "client_id" = ? and "revoked_at" is null limit ?)
  returning "id";
update "client_grant"
  set "revoked_at" = ?
  where "id" in (select "id" from "client_grant" where "client_id" = ? and "revoked_at" is null and "subject" = ? limit ?)
  returning "id";

-- revokeGrantRowsOfUser
update "client_grant"
  set "revoked_at" = ?
  where "subject" = ?
  and "revoked_at" is null
  returning "id";
update "client_grant"
  set "revoked_at" = ?
  where "subject" = ?
  and "revoked_at" is null
  and "session_id" != ?
  returning "id";

-- revokeAllGrants
update "client_grant"
  set "revoked_at" = ?
  where "revoked_at" is null;

-- selectClientSessions
select "session_id" as "sessionId", "client_id" as "clientId", "subject", "sid", "grant_id" as "grantId", "expires_at" as "expiresAt"
  from "client_session"
  where "session_id" = ?;

-- insertClientSession
insert into "client_session" ("session_id", "client_id", "subject", "sid", "grant_id", "expires_at")
  values (?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "sid";
insert into "client_user" ("client_id", "subject", "sid")
  values (?, ?, ?)
  on conflict ("client_id", "subject") do update
  set "sid" = ?;

-- replaceGrantOfSession
update "client_session"
  set "grant_id" = ?, "expires_at" = ?, "told_at" = ?
  where "session_id" = ?
  and "client_id" = ?
  and "grant_id" = ?
  returning "sid";

-- selectSessionsWithGrants
select distinct "session_id" as "id"
  from "client_grant"
  where "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?;

-- moveClientSessions
update "client_session"
  set "session_id" = ?
  where "session_id" = ?
  and "client_id" not in (select "other"."client_id" from "client_session" as "other" where "other"."session_id" = ?);
update "client_grant"
  set "session_id" = ?
  where "session_id" = ?;

-- updateEpochOfGrants
update "client_grant"
  set "epoch" = ?
  where "subject" = ?
  and "epoch" = ?
  and "revoked_at" is null;

-- deleteEndedGrants
delete from "client_session"
  where ("session_id", "client_id") in (select "session_id", "client_id" from "client_session" where "expires_at" < ? limit ?);
delete from "client_grant"
  where "id" in (select "id" from "client_grant" where "expires_at" < ? limit ?);
delete from "client_grant"
  where "id" in (select "id" from "client_grant" where "revoked_at" < ? limit ?);

-- src/domain/grants/grant-use.queries.ts

-- selectGrantUses
select "client"."id" as "clientId", (select count(*) as "count" from "client_grant" where "client_id" = "client"."id" and "revoked_at" is null and "expires_at" > ?) as "living", (select "last_used_at" from "client_grant" where "client_id" = "client"."id" order by "last_used_at" desc limit ?) as "lastUsedAt"
  from "client"
  where "client"."id" in (?);

-- src/domain/grants/token.queries.ts

-- selectToken
select "id", "kind", "grant_id" as "grantId", "is_offline" as "isOffline", "payload", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "successor"
  from "client_token"
  where "id" = ?;

-- insertGrantToken
insert into "client_token" ("id", "kind", "client_id", "grant_id", "subject", "epoch", "is_offline", "payload", "created_at", "expires_at") select ? as "id", ? as "kind", "client_grant"."client_id", "client_grant"."id" as "grant_id", "client_grant"."subject", "client_grant"."epoch", ? as "is_offline", ? as "payload", ? as "created_at", ? as "expires_at"
  from "client_grant"
  where "client_grant"."id" = ?
  and "client_grant"."revoked_at" is null
  returning "id";

-- putToken
insert into "client_token" ("id", "kind", "client_id", "grant_id", "subject", "epoch", "is_offline", "payload", "created_at", "expires_at", "consumed_at", "successor")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict ("id") do update
  set "payload" = ?, "expires_at" = ?;

-- setSuccessor
update "client_token"
  set "successor" = ?
  where "id" = ?;

-- clearSuccessorsSealedBy
update "client_token"
  set "successor" = ?
  where "successor" like ?;

-- deleteAllTokens
delete from "client_token";

-- deleteToken
delete from "client_token"
  where "id" = ?;

-- deleteExpiredTokenRows
delete from "client_token"
  where "id" in (select "id" from "client_token" where "expires_at" < ? limit ?);

-- src/domain/signing-keys/signing-key.queries.ts

-- selectSigningKeys
select "kid", "alg", "created_at" as "createdAt", "signs_from" as "signsFrom", "retired_at" as "retiredAt"
  from "signing_key";

-- selectSealedSigningKeys
select "kid", "alg", "created_at" as "createdAt", "signs_from" as "signsFrom", "retired_at" as "retiredAt", "sealed"
  from "signing_key";

-- insertSigningKey
insert into "signing_key" ("kid", "alg", "sealed", "public_jwk", "created_at", "signs_from", "retired_at")
  values (?, ?, ?, ?, ?, ?, ?);

-- withdrawKeyRows
update "signing_key"
  set "retired_at" = ?;

-- withdrawKeyRowsSealedBy
update "signing_key"
  set "retired_at" = ?
  where "sealed" like ?;

-- setRetirement
update "signing_key"
  set "retired_at" = ?
  where "kid" in (?);

-- deleteSigningKeys
delete from "signing_key"
  where "kid" in (?);

-- src/domain/users/user.queries.ts

-- raiseEveryEpoch
update "users"
  set "credential_epoch" = "credential_epoch" + ?, "revision" = "revision" + ?;

-- selectUserSummaries
select "subject", "id", "username", "full_name" as "fullName"
  from "users"
  where "subject" in (?);

-- usersNamed
select USER_COLUMNS
  from "users"
  where ("username_key" = ? or (coalesce("username_key", '') = '' and "username" = ?))
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

-- insertUserRow
insert into "users" ("username", "username_key", "email", "email_key", "full_name", "role", "disabled", "hashed_password", "created_at", "invited_at", "second_factor_at", "passkey_at", "password_changed_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning USER_COLUMNS;

-- conflictingKeys
select "username_key", "email_key"
  from "users"
  where "username_key" = ?;
select "username_key", "email_key"
  from "users"
  where ("username_key" = ? or "email_key" = ?)
  and "id" != ?;

-- resyncIdSequence
-- nothing to ask

-- updateUserRow
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
  and "review_required_at" is null
  returning "id";

-- removeUser
delete from "users"
  where "id" = ?
  and "revision" = ?
  returning "id";

-- userExists
select "id"
  from "users"
  limit ?;

-- src/domain/users/acting-admins.queries.ts

-- otherAdminExists
select "id"
  from "users"
  where "role" = ?
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "id" != ?
  and (users.expires_at is null or cast(users.expires_at as bigint) > ?)
  limit ?;

-- laterAdminExists
select "id"
  from "users"
  where "role" = ?
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and "id" != ?
  and ((users.expires_at is null or cast(users.expires_at as bigint) > ?) or (cast(users.expires_at as bigint) = ? and "id" > ?))
  limit ?;

-- selectKeptAdmin
select "id", case when (users.expires_at is null or cast(users.expires_at as bigint) > ?) then 1 else 0 end as "open"
  from "users"
  where "role" = ?
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  order by case when users.expires_at is null then 1 else 0 end desc, cast(users.expires_at as bigint) desc, "id" desc
  limit ?;

-- selectActingAdmins
select USER_COLUMNS
  from "users"
  where "role" = ?
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ?)
  order by "id";

-- selectActingHolders
select USER_COLUMNS
  from "users"
  where "role" in (?, ?)
  and "second_factor_at" is not null
  and (users.disabled is null or cast(users.disabled as text) in ('0', 'false'))
  and (users.expires_at is null or cast(users.expires_at as bigint) > ?)
  order by case when role = 'admin' then 0 else 1 end, "id"
  limit ?;

-- src/domain/notices/notice.queries.ts

-- insertNotice
insert into "notice" ("id", "subject", "kind", "position", "once", "created_at", "expires_at")
  values (?, ?, ?, (select coalesce(max("former"."position"), 0) + ? as "p" from "notice" as "former" where "former"."subject" = ?), ?, ?, ?)
  on conflict ("once") do nothing
  returning "id";

-- selectNotice
select "id", "kind", "position", "created_at" as "createdAt"
  from "notice"
  where "id" = ?
  and "subject" = ?;

-- markReported
update "notice"
  set "reported_at" = ?
  where "id" = ?;

-- selectReports
select "id", "kind", "position", "created_at" as "createdAt"
  from "notice"
  where "subject" = ?
  and "reported_at" is not null
  order by "position";

-- selectChangesFrom
select distinct "kind"
  from "notice"
  where "subject" = ?
  and "position" >= ?
  and "kind" not in (?, ?, ?, ?, ?, ?, ?, ?);

-- selectOthersSince
select distinct "kind"
  from "notice"
  where "subject" = ?
  and "id" != ?
  and "kind" in (?, ?)
  and "created_at" > ?;

-- clearReports
update "notice"
  set "reported_at" = ?
  where "subject" = ?
  and "reported_at" is not null;

-- deleteEndedNotices
delete from "notice"
  where "id" in (select "id" from "notice" where "expires_at" < ? and "subject" not in (select "subject" from "users" where "review_required_at" is not null) limit ?);

-- src/domain/notices/email-change.queries.ts

-- insertEmailChange
insert into "email_change" ("id", "subject", "position", "email", "former_email", "former_verified_at", "created_at", "expires_at", "confirmed_at")
  values (?, ?, (select coalesce(max("former"."position"), 0) + ? as "p" from "email_change" as "former" where "former"."subject" = ?), ?, ?, ?, ?, ?, ?);

-- selectEmailChange
select "id", "subject", "position", "email", "former_email" as "formerEmail", "former_verified_at" as "formerVerifiedAt", "created_at" as "createdAt", "expires_at" as "expiresAt", "confirmed_at" as "confirmedAt"
  from "email_change"
  where "id" = ?;

-- selectUnconfirmedChange
select "id", "subject", "position", "email", "former_email" as "formerEmail", "former_verified_at" as "formerVerifiedAt", "created_at" as "createdAt", "expires_at" as "expiresAt", "confirmed_at" as "confirmedAt"
  from "email_change"
  where "subject" = ?
  and "confirmed_at" is null
  order by "position" desc
  limit ?;

-- updateConfirmed
update "email_change"
  set "former_email" = ?, "former_verified_at" = ?, "expires_at" = ?, "confirmed_at" = ?
  where "id" = ?;

-- deleteUnconfirmedChanges
delete from "email_change"
  where "subject" = ?
  and "confirmed_at" is null;

-- deleteChangesFrom
delete from "email_change"
  where "subject" = ?
  and "position" >= ?;

-- deleteEndedChanges
delete from "email_change"
  where "id" in (select "id" from "email_change" where "expires_at" < ? limit ?);

-- src/domain/users/expiry-notice.queries.ts

-- selectDueNotices
select USER_COLUMNS
  from "users"
  where "expires_at" is not null
  and (expiry_notice is null or expiry_notice < 3)
  and "expires_at" > ?
  and "expires_at" <= ?
  and ("expiry_notice" is null or "expiry_notice" < ?)
  order by "expires_at", "id"
  limit ?;
select USER_COLUMNS
  from "users"
  where "expires_at" is not null
  and (expiry_notice is null or expiry_notice < 3)
  and "expires_at" > ?
  and "expires_at" <= ?
  and ("expiry_notice" is null or "expiry_notice" < ?)
  and (expires_at, id) > (?, cast(? as bigint))
  order by "expires_at", "id"
  limit ?;

-- selectEndUnnoticed
select USER_COLUMNS
  from "users"
  where "subject" = ?
  and "expires_at" <= ?
  and (expiry_notice is null or expiry_notice < 3);

-- markNotice
update "users"
  set "expiry_notice" = ?
  where "id" = ?
  and "expires_at" = ?
  and ("expiry_notice" is null or "expiry_notice" < ?)
  returning "id";

-- src/domain/users/external-rows/plaintext-secret.queries.ts

-- selectPlaintextSecretRows
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != ?
  and "id" > cast(? as bigint)
  order by "id"
  limit ?;

-- countPlaintextSecretRows
select count(*) as "count"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != ?;

-- selectPlaintextSecretRow
select "id", "subject", "otp_secret" as "otpSecret"
  from "users"
  where "otp_secret" is not null
  and "otp_secret" != ?
  and "id" > cast(? as bigint)
  order by "id"
  limit ?;

-- clearPlaintextSecret
update "users"
  set "otp_secret" = ?, "second_factor_at" = coalesce("second_factor_at", ?)
  where "id" = ?
  and "otp_secret" = ?
  returning "id";

-- src/domain/users/user-count.queries.ts

-- selectUserCells
select kind, case when day < ? then -1 else day end as day, cast(sum(count) as bigint) as count
  from user_count
  group by 1, 2;

-- selectCountErrors
select kind, day, cast(sum(n) as bigint) as count
  from ( select kind, day, count(*) as n from (select case case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end when 'active' then case when users.passkey_at is null then 'app' else 'passkey' end else case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end end || case when users.role = 'admin' then ' admin' else '' end as kind, coalesce(cast(users.created_at / 86400000 as bigint), -1) as day from users union all select 'second-factor', coalesce(cast(users.second_factor_at / 86400000 as bigint), -1) from users where users.second_factor_at is not null and not (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) union all select 'imported-hash', -1 from users where users.hashed_password like '$2%' or users.hashed_password like '$argon2i$%' or users.hashed_password like '$argon2d$%' or users.hashed_password like '$scrypt$%' or users.hashed_password like 'scrypt%' or users.hashed_password like '$pbkdf2%' or users.hashed_password like 'pbkdf2%') as cell group by kind, day union all select kind, day, -count from user_count) as difference
  group by kind, day having sum(n) <> 0;

-- correctCount
insert into user_count (kind, day, count)
  values (?, ?, ?)
  on conflict (kind, day) do update
  set count = user_count.count + excluded.count;

-- gatherCounts
-- nothing to ask

-- src/domain/users/external-rows/imported-hashes.queries.ts

-- selectImportedHashes
select "hashed_password" as "hash"
  from "users"
  where hashed_password not like '$argon2id$%'
  and "hashed_password" > ?
  order by "hashed_password"
  limit ?;

-- selectPepperedWith
select USER_COLUMNS
  from "users"
  where "hashed_password" like ?
  order by "id";

-- src/domain/users/external-rows/row-completion.queries.ts

-- keylessRows
select "id", "username", "email", "full_name" as "fullName", "email_key" as "emailKey", "completed_at" as "completedAt"
  from "users"
  where coalesce("username_key", '') = ''
  and "id" > cast(? as bigint)
  order by "id"
  limit ?;

-- takeKeylessRows
select "id", "username", "email", "full_name" as "fullName", "email_key" as "emailKey", "completed_at" as "completedAt"
  from "users"
  where "id" in (?, ?)
  and coalesce("username_key", '') = ''
  order by "id";

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
  and "username" collate nocase in (?, ?)
  and "id" != ?
  limit ?;
select "id"
  from "users"
  where coalesce("email_key", '') = ''
  and "email" is not null
  and "email" collate nocase in (?)
  and "id" < ?
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
  set username_key = found.username_key, email_key = found.email_key, completed_at = ?
  from found
  where users.id = found.id;
insert or replace into user_search (rowid, user_id, words)
  values (?, ?, ?);

-- src/domain/users/external-rows/row-findings.queries.ts

-- doubtfulRows
select "id", "username", "username_key" as "usernameKey", "email", "email_key" as "emailKey", "role", "completed_at" as "completedAt", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions"
  from "users"
  where ((username_key is null and completed_at is not null) or ((username_key is not null or completed_at is not null) and email is not null and email <> '' and email_key is null) or role not in ('admin', 'user') or (email not like '%_@_%._%' and email not like '%_@localhost') or email like '%@%@%' or email like '% %')
  order by "id"
  limit ?;

-- mixedLetterRows
select "id", "username"
  from "users"
  where ((username glob '*[A-Za-zÀ-ɏ]*' and (username glob '*[Ͱ-Ͽἀ-῿]*' or username glob '*[Ѐ-ԯ]*')) or (username glob '*[Ͱ-Ͽἀ-῿]*' and username glob '*[Ѐ-ԯ]*'))
  order by "id"
  limit ?;

-- routedRows
select "id"
  from "users"
  where (email like '%!%' or email like '%~%%' escape '~' or email_key like '%!%' or email_key like '%~%%' escape '~')
  order by "id"
  limit ?;

-- unreadableRows
select "id", trim(case when (cast(username as text) <> username) then 'username ' else '' end || case when (cast(email as text) <> email) then 'email ' else '' end || case when (cast(full_name as text) <> full_name) then 'full_name ' else '' end || case when (cast(otp_secret as text) <> otp_secret) then 'otp_secret ' else '' end || case when (cast(role as text) <> role) then 'role ' else '' end || case when (email_verified_at not between -8640000000000000 and 8640000000000000) then 'email_verified_at ' else '' end || case when (created_at not between -8640000000000000 and 8640000000000000) then 'created_at ' else '' end || case when (invited_at not between -8640000000000000 and 8640000000000000) then 'invited_at ' else '' end || case when (second_factor_at not between -8640000000000000 and 8640000000000000) then 'second_factor_at ' else '' end || case when (last_sign_in_at not between -8640000000000000 and 8640000000000000) then 'last_sign_in_at ' else '' end || case when (password_changed_at not between -8640000000000000 and 8640000000000000) then 'password_changed_at ' else '' end || case when (password_change_asked_at not between -8640000000000000 and 8640000000000000) then 'password_change_asked_at ' else '' end || case when (credential_epoch not between -8640000000000000 and 8640000000000000) then 'credential_epoch ' else '' end || case when (revision not between -8640000000000000 and 8640000000000000) then 'revision ' else '' end || case when ((cast(hashed_password as text) <> hashed_password) or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))) then 'hashed_password ' else '' end) as "columns"
  from "users"
  where ((cast(username as text) <> username) or (cast(email as text) <> email) or (cast(full_name as text) <> full_name) or (cast(otp_secret as text) <> otp_secret) or (cast(role as text) <> role) or (email_verified_at not between -8640000000000000 and 8640000000000000) or (created_at not between -8640000000000000 and 8640000000000000) or (invited_at not between -8640000000000000 and 8640000000000000) or (second_factor_at not between -8640000000000000 and 8640000000000000) or (last_sign_in_at not between -8640000000000000 and 8640000000000000) or (password_changed_at not between -8640000000000000 and 8640000000000000) or (password_change_asked_at not between -8640000000000000 and 8640000000000000) or (credential_epoch not between -8640000000000000 and 8640000000000000) or (revision not between -8640000000000000 and 8640000000000000) or ((cast(hashed_password as text) <> hashed_password) or (hashed_password <> '' and hashed_password not like '$argon2id$%' and not (hashed_password like '$2%' or hashed_password like '$argon2i$%' or hashed_password like '$argon2d$%' or hashed_password like '$scrypt$%' or hashed_password like 'scrypt%' or hashed_password like '$pbkdf2%' or hashed_password like 'pbkdf2%'))))
  order by "id"
  limit ?;

-- src/domain/sessions/session-count.queries.ts

-- selectSessionCount
select count(*) as "count"
  from (select "id" from "session" where "epoch" = (select "credential_epoch" from "users" where "users"."subject" = "session"."subject") and "revoked_at" is null and "last_seen_at" > ? and "started_at" > ? limit ?) as "running";

-- storeSessionCount
insert into "session_count" ("day", "count")
  values (?, ?)
  on conflict ("day") do update
  set "count" = ?;

-- selectSessionCounts
select "day", "count"
  from "session_count"
  where "day" >= ?
  order by "day";

-- deleteSessionCountsBefore
delete from "session_count"
  where "day" < ?;

-- src/domain/sessions/session-times.queries.ts

-- updateLastSeen
update "session"
  set "last_seen_at" = ?, "authenticated_at" = case when ("last_seen_at" > ? and "authenticated_at" > ?) then 0 else "authenticated_at" end
  where "id" = ?
  and ("last_seen_at" < ? or "last_seen_at" > ?);

-- restartSessions
update "session"
  set "started_at" = ?, "last_seen_at" = ?, "authenticated_at" = ?
  where "id" >= ?
  and "started_at" > ?
  and "revoked_at" is null;
update "session"
  set "authenticated_at" = ?
  where "last_seen_at" > ?
  and "authenticated_at" > ?
  and "revoked_at" is null;

-- deleteOldSessions
delete from "session"
  where "token_hash" in (select "token_hash" from "session" where "id" < ? limit ?);

-- src/use-cases/forward-auth/visit.view.ts

-- selectVisit
select "protected_host"."id" as "hostId", "protected_host"."name" as "hostName", "protected_host"."rules", "protected_host"."shared_groups" as "sharedGroups", "protected_host"."api_tokens" as "apiTokens", "protected_host"."preflights", "protected_host"."needs_groups" as "needsGroups", "session"."token_hash" as "tokenHash", "session"."transport", "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", case when protected_host.needs_groups = 1 then ( select json_group_array(json_object('id', user_group.id, 'name', user_group.name)) from group_member join user_group on user_group.id = group_member.group_id where group_member.subject = users.subject) end as "groups", exists (select 1 from policy) as "anyPolicy"
  from "protected_host"
  left join "host_session" on "host_session"."host_id" = "protected_host"."id"
  and "host_session"."hash" = ?
  left join "session" on "session"."id" = "host_session"."session_id"
  and "session"."revoked_at" is null
  left join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "protected_host"."name" = ?;
select "protected_host"."id" as "hostId", "protected_host"."name" as "hostName", "protected_host"."rules", "protected_host"."shared_groups" as "sharedGroups", "protected_host"."api_tokens" as "apiTokens", "protected_host"."preflights", "protected_host"."needs_groups" as "needsGroups", "session"."token_hash" as "tokenHash", "session"."transport", "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", case when protected_host.needs_groups = 1 then ( select json_group_array(json_object('id', user_group.id, 'name', user_group.name)) from group_member join user_group on user_group.id = group_member.group_id where group_member.subject = users.subject) end as "groups", exists (select 1 from policy) as "anyPolicy", ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "protected_host"
  left join "host_session" on "host_session"."host_id" = "protected_host"."id"
  and "host_session"."hash" = ?
  left join "session" on "session"."id" = "host_session"."session_id"
  and "session"."revoked_at" is null
  left join "users" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "protected_host"."name" = ?;

-- selectGroupsOfUser
select "user_group"."id", "user_group"."name"
  from "group_member"
  inner join "user_group" on "user_group"."id" = "group_member"."group_id"
  where "group_member"."subject" = ?;

-- src/domain/sessions/session-user.queries.ts

-- selectSessionWithUser
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", exists (select 1 from policy) as "anyPolicy", exists (select 1 from client) as "anyClient"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."token_hash" = ?
  and "session"."transport" = ?;
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", exists (select 1 from policy) as "anyPolicy", exists (select 1 from client) as "anyClient", ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."token_hash" = ?
  and "session"."transport" = ?;

-- selectSessionWithUserById
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport", exists (select 1 from policy) as "anyPolicy"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = ?;
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport", exists (select 1 from policy) as "anyPolicy", ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = ?;

-- selectWithoutEnd
select "session"."id"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = ?;

-- selectSessionsWithUsers
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport", ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" in (?, ?);

-- lockSessionWithUser
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."token_hash" = ?
  and "session"."transport" = ?;

-- lockSessionWithUserById
select "session"."id" as "sessionId", "session"."methods", "session"."started_at" as "startedAt", "session"."last_seen_at" as "lastSeenAt", "session"."authenticated_at" as "authenticatedAt", "session"."authentication_methods" as "authenticationMethods", "users"."id", "users"."subject", "users"."username", "users"."email", "users"."email_verified_at" as "emailVerifiedAt", "users"."full_name" as "fullName", "users"."role", (select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions", "users"."disabled", "users"."credential_epoch" as "credentialEpoch", "users"."revision", "users"."created_at" as "createdAt", "users"."second_factor_at" as "secondFactorAt", "users"."passkey_at" as "passkeyAt", "users"."last_sign_in_at" as "lastSignInAt", "users"."invited_at" as "invitedAt", "users"."password_change_asked_at" as "passwordChangeAskedAt", "users"."expires_at" as "expiresAt", "users"."locale", "users"."time_zone" as "timeZone", "session"."token_hash" as "tokenHash", "session"."transport"
  from "users"
  inner join "session" on "users"."subject" = "session"."subject"
  and "users"."credential_epoch" = "session"."epoch"
  where "session"."revoked_at" is null
  and "session"."id" = ?;

-- src/domain/sessions/session.queries.ts

-- insertSession
insert into "session" ("id", "token_hash", "subject", "epoch", "transport", "methods", "address", "agent", "started_at", "last_seen_at", "authenticated_at", "revoked_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- renewSession
update "session"
  set "token_hash" = ?, "epoch" = ?
  where "token_hash" = ?
  and "revoked_at" is null
  returning "id";
update "session"
  set "token_hash" = ?, "authenticated_at" = ?, "authentication_methods" = ?, "methods" = ?
  where "token_hash" = ?
  and "revoked_at" is null
  returning "id";

-- updateEpoch
update "session"
  set "epoch" = ?
  where "id" = ?
  and "revoked_at" is null;

-- updateEpochOfAll
update "session"
  set "epoch" = ?
  where "subject" = ?
  and "epoch" = ?
  and "revoked_at" is null;

-- revokeSessionOf
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
select "id", "subject", "transport", "methods", "address", "agent", "started_at" as "startedAt", "last_seen_at" as "lastSeenAt", "authenticated_at" as "authenticatedAt"
  from "session"
  where "subject" = ?
  and "revoked_at" is null
  and "last_seen_at" > ?
  and "started_at" > ?
  and "epoch" = (select "credential_epoch" from "users" where "users"."subject" = "session"."subject")
  order by "last_seen_at" desc, "id" desc;

-- src/domain/api-tokens/api-token.queries.ts

-- insertApiToken
insert into "api_token" ("id", "token_hash", "subject", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at", "host_id")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectApiTokenWithUser
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId", USER_COLUMNS, exists (select 1 from policy) as "anyPolicy"
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = ?;
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId", USER_COLUMNS, exists (select 1 from policy) as "anyPolicy", ( select json_group_array(json_object('policyId', "policy_version"."policy_id", 'version', "policy_version"."version", 'secondFactor', "policy_version"."second_factor", 'factors', "policy_version"."factors", 'sessionIdle', "policy_version"."session_idle", 'sessionAbsolute', "policy_version"."session_absolute", 'reauthentication', "policy_version"."reauthentication", 'rememberFor', "policy_version"."remember_for", 'helpersMayExempt', "policy_version"."helpers_may_exempt", 'isEnd', "policy_version"."is_end", 'inForceFrom', "policy_version"."in_force_from", 'scope', "policy"."scope", 'exemptUntil', "policy_exemption"."ends_at", 'exemptByHelp', "policy_exemption"."by_help")) from policy join policy_version on policy_version.policy_id = policy.id and policy_version.cancelled_at is null left join policy_exemption on policy_exemption.policy_id = policy.id and policy_exemption.subject = "users"."subject" where policy.scope_key in ( select 'group:' || group_id from group_member where group_member.subject = "users"."subject" union all select 'role:' || (case when users.role in ('user', 'admin') or users.role in (select name from role) then users.role else 'user' end) union all select 'everyone')) as "policies"
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = ?;

-- lockApiTokenWithUser
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId", USER_COLUMNS
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "api_token"."token_hash" = ?;

-- selectLivingApiTokens
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId"
  from "api_token"
  where "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?
  order by "created_at" desc, "id" desc;

-- selectLivingApiTokensOfRole
select "api_token"."id" as "tokenId", "api_token"."subject" as "tokenSubject", "api_token"."name", "api_token"."scopes", "api_token"."created_at" as "tokenCreatedAt", "api_token"."expires_at" as "tokenExpiresAt", "api_token"."last_used_at" as "lastUsedAt", "api_token"."revoked_at" as "revokedAt", "api_token"."host_id" as "hostId"
  from "users"
  inner join "api_token" on "users"."subject" = "api_token"."subject"
  where "users"."role" = ?
  and "api_token"."revoked_at" is null
  and "api_token"."expires_at" > ?
  order by "api_token"."id";

-- revokeApiTokenOf
update "api_token"
  set "revoked_at" = ?
  where "id" = ?
  and "subject" = ?
  and "revoked_at" is null
  and "expires_at" > ?
  returning "name";

-- revokeHostTokens
update "api_token"
  set "revoked_at" = ?
  where "host_id" = ?
  and "revoked_at" is null;

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
  and ("last_used_at" is null or "last_used_at" < ? or "last_used_at" > ?);

-- deleteEndedApiTokens
delete from "api_token"
  where "token_hash" in (select "token_hash" from "api_token" where "expires_at" < ? limit ?);
delete from "api_token"
  where "token_hash" in (select "token_hash" from "api_token" where "revoked_at" < ? limit ?);

-- src/domain/mail/delivery.queries.ts

-- leaseMail
update "outbox"
  set "lease_owner" = ?, "lease_until" = ?, "attempts" = "attempts" + ?
  where "id" = coalesce((select "id" from "outbox" where "state" = ? and "expires_at" > ? and "next_attempt_at" <= ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) order by "next_attempt_at" asc limit ?), (select "id" from "outbox" where "state" = ? and "expires_at" > ? and "next_attempt_at" > ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) order by "next_attempt_at" asc limit ?))
  returning *;
update "outbox"
  set "lease_owner" = ?, "lease_until" = ?, "attempts" = "attempts" + ?
  where "id" = coalesce((select "id" from "outbox" where "state" = ? and "expires_at" > ? and "next_attempt_at" <= ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) and last_failure is distinct from 'timed-out' order by "next_attempt_at" desc limit ?), (select "id" from "outbox" where "state" = ? and "expires_at" > ? and "next_attempt_at" > ? and ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?) and last_failure is distinct from 'timed-out' order by "next_attempt_at" desc limit ?))
  returning *;

-- postponeMail
update "outbox"
  set "next_attempt_at" = ?, "last_error" = ?, "last_failure" = ?, "lease_owner" = ?, "lease_until" = ?
  where "id" = ?
  and "lease_owner" = ?
  and "state" = ?;

-- expireMailRows
update "outbox"
  set "state" = ?, "ended_at" = ?, "sealed_link_token" = ?, "lease_owner" = ?, "lease_until" = ?
  where "id" in (select "id" from "outbox" where "state" in (?, ?) and "expires_at" <= ? limit ?)
  and "state" in (?, ?);

-- deleteEndedMailRows
delete from "outbox"
  where "id" in (select "id" from "outbox" where "state" != ? and "ended_at" < ? limit ?);

-- src/domain/mail/outbox.queries.ts

-- insertMail
insert into "outbox" ("id", "template", "recipient", "subject", "locale", "facts", "link_id", "link_path", "sealed_link_token", "message_id", "state", "attempts", "next_attempt_at", "created_at", "expires_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- endMail
update "outbox"
  set "state" = ?, "ended_at" = ?, "lease_owner" = ?, "lease_until" = ?, "last_failure" = ?, "last_error" = ?
  where "id" = ?
  and "state" in (?)
  returning "id";
update "outbox"
  set "state" = ?, "ended_at" = ?, "lease_owner" = ?, "lease_until" = ?, "last_failure" = ?, "sealed_link_token" = ?
  where "id" = ?
  and "state" in (?, ?)
  returning "id";

-- requeueMail
update "outbox"
  set "state" = ?, "next_attempt_at" = ?, "ended_at" = ?
  where "id" = ?
  and "state" in (?, ?)
  and "expires_at" > ?
  returning "id";

-- selectMail
select *
  from "outbox"
  where "id" = ?;

-- selectMails
select *
  from "outbox"
  order by "id" desc
  limit ?;
select *
  from "outbox"
  where "state" = ?
  and "id" < ?
  order by "id" desc
  limit ?;

-- selectMailsToRequeue
select "id", "subject"
  from "outbox"
  where "state" = ?
  and "id" > ?
  and "expires_at" > ?
  and "next_attempt_at" > ?
  order by "id"
  limit ?;
select "id", "subject"
  from "outbox"
  where "state" = ?
  and "id" > ?
  and "expires_at" > ?
  order by "id"
  limit ?;

-- requeueMails
update "outbox"
  set "state" = ?, "next_attempt_at" = ?, "ended_at" = ?
  where "id" in (?)
  and "state" in (?, ?)
  and "expires_at" > ?;

-- selectWaitingError
select "last_error" as "error"
  from "outbox"
  where "state" = ?
  and "last_error" is not null
  order by "id"
  limit ?;

-- selectBlockedMails
select count(*) as "count"
  from "outbox"
  where "state" = ?
  and "last_failure" = ?;

-- selectExpiredMails
select count(*) as "count", max("ended_at") as "latest"
  from "outbox"
  where "state" = ?;

-- countMails
select count(*) as "count", min("created_at") as "oldest"
  from "outbox"
  where "state" = ?;

-- countMailsByState
select "state", count(*) as "count"
  from "outbox"
  group by "state";

-- dropMailsSealedBy
update "outbox"
  set "state" = ?, "ended_at" = ?, "sealed_link_token" = ?, "lease_owner" = ?, "lease_until" = ?
  where ("sealed_link_token" like ? or "sealed_link_token" like ?)
  returning "id";

-- dropMailsOf
update "outbox"
  set "state" = ?, "ended_at" = ?, "sealed_link_token" = ?, "lease_owner" = ?, "lease_until" = ?
  where "state" in (?, ?)
  and "template" in (?, ?)
  and "subject" = ?;

-- src/domain/links/link.queries.ts

-- insertLink
insert into "link" ("id", "token_hash", "purpose", "subject", "epoch", "created_by", "created_at", "expires_at", "consumed_at", "about", "mailed_to", "replaced_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- selectLink
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "about", "mailed_to" as "mailedTo", "replaced_at" as "replacedAt"
  from "link"
  where "token_hash" = ?
  and "purpose" = ?;

-- selectLinkById
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "about", "mailed_to" as "mailedTo", "replaced_at" as "replacedAt"
  from "link"
  where "id" = ?;

-- hasMailedLink
select "id"
  from "link"
  where "subject" = ?
  and "purpose" = ?
  and "mailed_to" is not null
  and ("consumed_at" >= ? or ("consumed_at" is null and "epoch" = ? and "expires_at" > ?))
  limit ?;

-- selectUnconsumedLink
select "id", "purpose", "subject", "epoch", "created_by" as "createdBy", "created_at" as "createdAt", "expires_at" as "expiresAt", "consumed_at" as "consumedAt", "about", "mailed_to" as "mailedTo", "replaced_at" as "replacedAt"
  from "link"
  where "subject" = ?
  and "purpose" = ?
  and "epoch" = ?
  and "consumed_at" is null
  order by "created_at" desc
  limit ?;

-- clearMailedTo
update "link"
  set "mailed_to" = ?
  where "id" = ?;

-- updateToReplaced
update "link"
  set "replaced_at" = ?
  where "id" = ?
  and "consumed_at" is null
  and "replaced_at" is null
  returning "id";

-- deleteUnconsumedLinks
delete from "link"
  where "purpose" = ?
  and "subject" = ?
  and "consumed_at" is null;
delete from "link"
  where "purpose" = ?
  and "subject" is null
  and "consumed_at" is null;

-- deleteExpiredLinkRows
delete from "link"
  where "id" in (select "id" from "link" where "expires_at" < ? limit ?);

-- src/domain/factors/recovery-codes/recovery-code.queries.ts

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

-- src/domain/factors/totp/consumed-steps.queries.ts

-- acceptStep
update "totp_factor"
  set "last_used_at" = ?, "unreadable_at" = ?, "last_used_step" = case when last_used_step > ? then last_used_step else ? end, "recorded_step" = case when last_used_step > ? then last_used_step else ? end, "unrecorded_until_step" = case when recorded_step = last_used_step then unrecorded_until_step else last_used_step end
  where "id" = ?
  and "confirmed_at" is not null
  and ("last_used_step" is null or "last_used_step" < ? or ("last_used_step" > ? and "recorded_step" = "last_used_step" and ("unrecorded_until_step" is null or "unrecorded_until_step" < ?) and not exists (select "step" from "consumed_totp_step" where "factor_id" = "totp_factor"."id" and "step" >= ? and "step" <= ?)))
  and ("disclosed_step" is null or "disclosed_step" != ?)
  returning "id";

-- recordStep
insert into "consumed_totp_step" ("factor_id", "step", "ends_at") select "id", cast(? as bigint) as "step", (cast(? as bigint) + 2) * totp_factor.period * 1000 as "ends_at"
  from "totp_factor"
  where "id" = ?
  on conflict do nothing
  returning "step";

-- markStepDisclosed
insert into "consumed_totp_step" ("factor_id", "step", "ends_at") select "id", "disclosed_step", ("disclosed_step" + 2) * totp_factor.period * 1000 as "ends_at"
  from "totp_factor"
  where "id" = ?
  and "disclosed_step" > ?
  on conflict do nothing;
update "totp_factor"
  set "disclosed_step" = ?
  where "id" = ?
  and ("disclosed_step" is null or "disclosed_step" = ? or "disclosed_step" < ? or "disclosed_step" > ?)
  returning "id";

-- deletePassedSteps
delete from "consumed_totp_step"
  where ("factor_id", "step") in (select "factor_id", "step" from "consumed_totp_step" where "ends_at" < ? limit ?);

-- useUpCurrentSteps
update "totp_factor"
  set "last_used_step" = case when last_used_step > (cast(? as bigint) / period + 1) then last_used_step else (cast(? as bigint) / period + 1) end, "unrecorded_until_step" = case when unrecorded_until_step > (cast(? as bigint) / period + 1) then unrecorded_until_step else (cast(? as bigint) / period + 1) end;

-- src/domain/factors/totp/totp.queries.ts

-- insertTotp
insert into "totp_factor" ("id", "subject", "name", "sealed_secret", "algorithm", "digits", "period", "created_at", "confirmed_at", "replaces", "last_used_at", "last_used_step", "replayed_step", "disclosed_step", "unreadable_at", "recorded_step", "unrecorded_until_step")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

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
  set "confirmed_at" = ?, "last_used_at" = ?, "last_used_step" = ?, "recorded_step" = ?, "replaces" = ?
  where "id" = ?
  and "confirmed_at" is null
  returning "id";

-- noteUnreadable
update "totp_factor"
  set "unreadable_at" = ?
  where "id" = ?
  and "unreadable_at" is null
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

-- restartPendingTotp
update "totp_factor"
  set "created_at" = ?
  where "id" >= ?
  and "confirmed_at" is null
  and "created_at" > ?;

-- deleteStalePendingTotp
delete from "totp_factor"
  where "id" in (select "id" from "totp_factor" where "confirmed_at" is null and "created_at" < ? limit ?);

-- countSubjectsSealedBy
select count(distinct "subject") as "count"
  from "totp_factor"
  where "confirmed_at" is not null
  and ("sealed_secret" like ? or "sealed_secret" like ?);

-- deleteTotpSealedBy
delete from "totp_factor"
  where ("sealed_secret" like ? or "sealed_secret" like ?)
  returning "subject";

-- src/domain/factors/passkeys/passkey.queries.ts

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

-- src/domain/factors/passkeys/challenge.queries.ts

-- insertChallenge
insert into "passkey_challenge" ("id", "challenge_hash", "purpose", "subject", "bound_to", "created_at", "expires_at", "consumed_at")
  values (?, ?, ?, ?, ?, ?, ?, ?);

-- selectChallenge
select "id", "purpose", "subject", "bound_to" as "boundTo", "expires_at" as "expiresAt", "consumed_at" as "consumedAt"
  from "passkey_challenge"
  where "challenge_hash" = ?;

-- deleteOlderChallenges
delete from "passkey_challenge"
  where "bound_to" = ?
  and "purpose" = ?
  and "consumed_at" is null
  and "id" not in (select "id" from "passkey_challenge" where "bound_to" = ? and "purpose" = ? and "consumed_at" is null order by case when "created_at" > ? then 1 else 0 end, "created_at" desc, "id" desc limit ?);

-- deleteStaleChallenges
delete from "passkey_challenge"
  where "id" in (select "id" from "passkey_challenge" where "expires_at" < ? limit ?);

-- src/domain/approvals/approval.queries.ts

-- insertApproval
insert into "approval_request" ("id", "kind", "actor", "actor_epoch", "target", "target_name", "target_state", "wish_key", "parameters", "password_hash", "reason", "state", "created_at", "ready_at", "expires_at", "decided_by", "decided_at", "end_reason")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict do nothing
  returning "id";

-- selectApproval
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "id" = ?;

-- selectSameRequest
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "wish_key" = ?
  and "state" = ?;

-- endWaitingRequest
update "approval_request"
  set "state" = ?, "decided_by" = ?, "decided_at" = ?, "end_reason" = ?, "password_hash" = ?
  where "id" = ?
  and "state" = ?
  returning "id";

-- selectApprovals
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "state" = ?
  order by "id" asc
  limit ?;
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "state" != ?
  order by "id" desc
  limit ?;

-- selectApprovalsAbout
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "target" = ?
  and "state" = ?
  order by "id";

-- selectReady
select "id", "kind", "actor", "actor_epoch" as "actorEpoch", "target", "target_name" as "targetName", "target_state" as "targetState", "parameters", "password_hash" as "passwordHash", "reason", "state", "created_at" as "createdAt", "ready_at" as "readyAt", "expires_at" as "expiresAt", "decided_by" as "decidedBy", "decided_at" as "decidedAt", "end_reason" as "endReason"
  from "approval_request"
  where "state" = ?
  and "ready_at" <= ?
  order by "ready_at"
  limit ?;

-- countWaitingRequests
select count(*) as "count"
  from "approval_request"
  where "state" = ?;

-- deleteEndedApprovals
delete from "approval_request"
  where "id" in (select "id" from "approval_request" where "state" != ? and "decided_at" < ? limit ?);

-- exchangeRule
select "is_on", "wait"
  from "approval_policy"
  where "id" = ?;
insert into "approval_policy" ("id", "is_on", "wait")
  values (?, ?, ?)
  on conflict do nothing
  returning "id";

-- src/domain/attempts/attempt.queries.ts

-- insertAttempt
insert into "attempt" ("id", "token_hash", "purpose", "stage", "subject", "epoch", "methods", "username", "email", "full_name", "hashed_password", "time_zone", "attributes", "link_id", "factor_id", "sealed_secret", "created_at", "expires_at", "consumed_at")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

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

-- renameAnswersInAttempts
update "attempt"
  set "attributes" = replace(attributes, ?, ?)
  where "attributes" like ?;

-- deleteAttempts
delete from "attempt"
  where "id" in (select "id" from "attempt" where "expires_at" < ? limit ?);

-- src/domain/throttle/bucket-cleanup.queries.ts

-- deleteQuiet
delete from "throttle_bucket"
  where "key" > ?
  and "key" <= ?
  and "last_failure_at" <= ?
  and "blocked_until" <= ?;
delete from "throttle_bucket"
  where "key" > ?
  and "key" <= ?
  and "last_failure_at" <= ?;

-- endOfBatch
select "key"
  from "throttle_bucket"
  where "key" > ?
  and "key" < ?
  order by "key"
  limit ? offset ?;
select "key"
  from "throttle_bucket"
  where "key" > ?
  order by "key"
  limit ? offset ?;

-- clampBuckets
update "throttle_bucket"
  set "last_failure_at" = ?, "blocked_until" = case when blocked_until > last_failure_at
  and blocked_until < 9007199254740991 then blocked_until - last_failure_at + ? else blocked_until end
  where "key" > ?
  and "key" <= ?
  and "last_failure_at" > ?;
update "throttle_bucket"
  set "last_failure_at" = ?, "blocked_until" = case when blocked_until > last_failure_at
  and blocked_until < 9007199254740991 then blocked_until - last_failure_at + ? else blocked_until end
  where "key" > ?
  and "last_failure_at" > ?;

-- src/domain/throttle/throttle.queries.ts

-- consumeFromBucket
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values (?, ?, ?, ?, ?, ?)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= ?
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or throttle_bucket.failures + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 5)
  returning "key";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values (?, ?, ?, ?, ?, ?)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= ?
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or case when throttle_bucket.last_failure_at + 3600000 <= excluded.pending_since then 0 else throttle_bucket.failures end + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 100)
  returning "key";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values (?, ?, ?, ?, ?, ?)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= ?
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or case when throttle_bucket.last_failure_at + 86400000 <= excluded.pending_since then 0 else throttle_bucket.failures end + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 20)
  returning "key";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until", "pending", "pending_since")
  values (?, ?, ?, ?, ?, ?)
  on conflict ("key") do update
  set "pending" = case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end + 1, "pending_since" = case when case when excluded.pending_since - throttle_bucket.pending_since < 30000
  and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 then excluded.pending_since else throttle_bucket.pending_since end
  where "throttle_bucket"."blocked_until" <= ?
  and (case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end = 0 or case when throttle_bucket.last_failure_at + 3600000 <= excluded.pending_since then 0 else throttle_bucket.failures end + case when excluded.pending_since - throttle_bucket.pending_since < 30000 and throttle_bucket.pending_since - excluded.pending_since < 30000 then throttle_bucket.pending else 0 end < 3)
  returning "key";

-- failInBucket
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values (?, ?, ?, ?)
  on conflict ("key") do update
  set "failures" = throttle_bucket.failures + 1, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when throttle_bucket.failures + 1 >= 100 then 9007199254740991 when throttle_bucket.failures + 1 >= 12 then excluded.last_failure_at + 3600000 when throttle_bucket.failures + 1 >= 11 then excluded.last_failure_at + 1920000 when throttle_bucket.failures + 1 >= 10 then excluded.last_failure_at + 960000 when throttle_bucket.failures + 1 >= 9 then excluded.last_failure_at + 480000 when throttle_bucket.failures + 1 >= 8 then excluded.last_failure_at + 240000 when throttle_bucket.failures + 1 >= 7 then excluded.last_failure_at + 120000 when throttle_bucket.failures + 1 >= 6 then excluded.last_failure_at + 60000 when throttle_bucket.failures + 1 >= 5 then excluded.last_failure_at + 30000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = ?
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values (?, ?, ?, ?)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 107 then excluded.last_failure_at + 3600000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 106 then excluded.last_failure_at + 1920000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 105 then excluded.last_failure_at + 960000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 104 then excluded.last_failure_at + 480000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 103 then excluded.last_failure_at + 240000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 102 then excluded.last_failure_at + 120000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 101 then excluded.last_failure_at + 60000 when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 100 then excluded.last_failure_at + 30000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = ?
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values (?, ?, ?, ?)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 27 then excluded.last_failure_at + 3600000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 26 then excluded.last_failure_at + 1920000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 25 then excluded.last_failure_at + 960000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 24 then excluded.last_failure_at + 480000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 23 then excluded.last_failure_at + 240000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 22 then excluded.last_failure_at + 120000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 21 then excluded.last_failure_at + 60000 when case when throttle_bucket.last_failure_at + 86400000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 20 then excluded.last_failure_at + 30000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = ?
  returning "failures", "blocked_until" as "blockedUntil";
insert into "throttle_bucket" ("key", "failures", "last_failure_at", "blocked_until")
  values (?, ?, ?, ?)
  on conflict ("key") do update
  set "failures" = case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end, "last_failure_at" = excluded.last_failure_at, "blocked_until" = case when case when throttle_bucket.last_failure_at + 3600000 <= excluded.last_failure_at then 1 else throttle_bucket.failures + 1 end >= 3 then excluded.last_failure_at + 3600000 else 0 end, "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end, "block_event_id" = ?
  returning "failures", "blocked_until" as "blockedUntil";

-- refundBucket
update "throttle_bucket"
  set "pending" = case when throttle_bucket.pending > 0 then throttle_bucket.pending - 1 else 0 end
  where "key" = ?
  and "pending" > ?;

-- deleteBucket
delete from "throttle_bucket"
  where "key" = ?;

-- setBlockEvent
update "throttle_bucket"
  set "block_event_id" = ?
  where "key" = ?;

-- deleteUserBucketsOf
delete from "throttle_bucket"
  where ("key" = ? or ("key" >= ? and "key" < ?));

-- deleteUserBuckets
delete from "throttle_bucket"
  where "key" >= ?
  and "key" < ?;

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

-- src/domain/audit/audit.queries.ts

-- chainMacsAmong
select "position", "chain_mac"
  from "audit_event"
  where "position" in (?, ?);

-- selectEvent
select *
  from "audit_event"
  where "id" = ?;

-- insertEvent
insert into "audit_event" ("id", "at", "action", "actor", "target", "result", "reason", "details_digest", "details", "address_key", "key_id", "mac", "ends", "session_id", "kept_session_id", "client_id", "ending_mac")
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- oldestUnchained
select "at"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit ?;

-- unchainedEvents
select "id", "mac"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit ?;

-- lastLink
select "position", "chain_mac"
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position" desc
  limit ?;

-- newestChainedRow
select "position", "at"
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position" desc
  limit ?;

-- writeLinks
update "audit_event"
  set "position" = ?, "previous_mac" = ?, "chain_mac" = ?
  where "id" = ?
  and "position" is null
  returning "id";

-- chainMacAt
select "chain_mac"
  from "audit_event"
  where "position" = ?;

-- chainedAfter
select *
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position"
  limit ?;

-- chainedAt
select *
  from "audit_event"
  where "position" = ?
  limit ?;

-- outsideChain
select "id", "position"
  from "audit_event"
  where "position" is not null
  and ("position" <= ? or "position" > ?)
  limit ?;

-- selectEndingWindow
select "id", "at", "position", "action", "target", "result", "ends", "session_id", "kept_session_id", "client_id"
  from "audit_event"
  where "position" > ?
  and "position" <= ?
  order by "position"
  limit ?;

-- selectUnchainedEndings
select "id", "at", "position", "action", "target", "result", "ends", "session_id", "kept_session_id", "client_id"
  from "audit_event"
  where "position" is null
  order by "at", "id"
  limit ?;

-- selectPositionAt
select "position"
  from "audit_event"
  where "at" <= ?
  and "position" is not null
  order by "at" desc, "id" desc
  limit ?;

-- src/domain/audit/event-list.queries.ts

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
  from (select * from "audit_event" where "actor" = ? order by "at" desc, "id" desc limit ?) as "part" union select *
  from (select * from "audit_event" where "target" = ? order by "at" desc, "id" desc limit ?) as "part"
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "action" = ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "result" = 'done'
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
  where at >= ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where at < ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where (at, id) < (?, ?)
  order by "at" desc, "id" desc
  limit ?;
select *
  from (select * from "audit_event" where "actor" = ? and "target" = ? and "actor" = ? and "action" || '' = ? and "result" || '' = 'done' and "address_key" >= ? and "address_key" <= ? and at >= ? and at < ? and (at, id) < (?, ?) order by "at" desc, "id" desc limit ?) as "part" union select *
  from (select * from "audit_event" where "actor" = ? and "target" = ? and "target" = ? and "action" || '' = ? and "result" || '' = 'done' and "address_key" >= ? and "address_key" <= ? and at >= ? and at < ? and (at, id) < (?, ?) order by "at" desc, "id" desc limit ?) as "part"
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where "address_key" || '' >= ?
  and "address_key" || '' <= ?
  order by "at" desc, "id" desc
  limit ?;
select *
  from "audit_event"
  where address_key = ?
  order by "at" desc, "id" desc
  limit ?;

-- countFrom
select count(*) as "count"
  from (select "id" from "audit_event" where "address_key" >= ? and "address_key" <= ? limit ?) as "found";

-- src/use-cases/administration/users/user-search.view.ts

-- readSearch
select count(*) as "count", json_group_array(id) as "ids"
  from (select "found"."id" from (select rowid as id from user_search where words match ?) as "found" limit ?) as "matches";
select count(*) as "count", json_group_array(id) as "ids"
  from (select "found"."id" from (select id from ( select id from users where "username_key" >= ? and "username_key" < ? limit ?) as "username_key" union select id from ( select id from users where "email_key" >= ? and "email_key" < ? limit ?) as "email_key") as "found" limit ?) as "matches";

-- countFound
select count(*) as "all", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active') as "active", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is not null) as "withPasskey", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is null) as "withApp", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited') as "invited", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'no-factor') as "noFactor", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'disabled') as "disabled", count(*) filter(where "users"."role" = ?) as "admins"
  from (select value as id from json_each(?)) as "found" cross
  join "users"
  where "users"."id" = "found"."id";
select count(*) as "all", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active') as "active", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is not null) as "withPasskey", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and "users"."passkey_at" is null) as "withApp", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited') as "invited", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'no-factor') as "noFactor", count(*) filter(where case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'disabled') as "disabled", count(*) filter(where "users"."role" = ?) as "admins"
  from (select subject from group_member where group_id = ?) as "found" cross
  join "users"
  where "users"."subject" = "found"."subject";

-- src/use-cases/administration/users/user-list.view.ts

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
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id > cast(? as bigint))
  order by "users"."username_key" asc, "users"."id" asc
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
  order by "users"."username_key" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and users.id < cast(? as bigint))
  order by "users"."username_key" desc, "users"."id" desc
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
  order by "users"."email_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id > cast(? as bigint))
  order by "users"."email_key" asc, "users"."id" asc
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
  order by "users"."email_key" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."email_key" as "sortKey"
  from "users"
  where ("users"."email_key" is null and users.id < cast(? as bigint))
  order by "users"."email_key" desc, "users"."id" desc
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
  order by "users"."created_at" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id > cast(? as bigint))
  order by "users"."created_at" asc, "users"."id" asc
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
  order by "users"."created_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."created_at" as "sortKey"
  from "users"
  where ("users"."created_at" is null and users.id < cast(? as bigint))
  order by "users"."created_at" desc, "users"."id" desc
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
  order by "users"."last_sign_in_at" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id > cast(? as bigint))
  order by "users"."last_sign_in_at" asc, "users"."id" asc
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
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."last_sign_in_at" as "sortKey"
  from "users"
  where ("users"."last_sign_in_at" is null and users.id < cast(? as bigint))
  order by "users"."last_sign_in_at" desc, "users"."id" desc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and (select instr(words, ?) from user_search where rowid = users.id) > 0)
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and (substr(users.username_key, 1, ?) = ? or substr(users.email_key, 1, ?) = ?))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."role" = ?)
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and ("users"."role" is null or ("users"."role" <> ? and (select "role"."name" from "role" where "role"."name" = "users"."role") is null)))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active')
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited')
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'disabled')
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'no-factor')
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and ("users"."second_factor_at" is not null and "users"."passkey_at" is not null))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'active' and ("users"."second_factor_at" is not null and "users"."passkey_at" is null))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and "users"."second_factor_at" is null)
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where (select 1 from group_member as found where found.group_id = ? and found.subject = users.subject) is not null
  and "users"."username_key" is not null
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from (select value as id from json_each(?)) as "found" cross
  join "users"
  where "users"."id" = "found"."id"
  and ("users"."username_key", users.id) > (?, cast(? as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from (select value as id from json_each(?)) as "found" cross
  join "users"
  where "users"."id" = "found"."id"
  and (select 1 from group_member as found where found.group_id = ? and found.subject = users.subject) is not null
  and ("users"."username_key", users.id) > (?, cast(? as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from (select subject from group_member where group_id = ?) as "found" cross
  join "users"
  where "users"."subject" = "found"."subject"
  and ("users"."username_key", users.id) > (?, cast(? as bigint))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from (select value as id from json_each(?)) as "found" cross
  join "users"
  where "users"."id" = "found"."id"
  and ("users"."username_key" is not null or "users"."username_key" is null)
  order by case when "users"."username_key" is null then 0 else 1 end asc, "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from (select value as id from json_each(?)) as "found" cross
  join "users"
  where "users"."id" = "found"."id"
  and (select 1 from group_member as found where found.group_id = ? and found.subject = users.subject) is not null
  and ("users"."username_key" is not null or "users"."username_key" is null)
  order by case when "users"."username_key" is null then 0 else 1 end asc, "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from (select subject from group_member where group_id = ?) as "found" cross
  join "users"
  where "users"."subject" = "found"."subject"
  and ("users"."username_key" is not null or "users"."username_key" is null)
  order by case when "users"."username_key" is null then 0 else 1 end asc, "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited' and ("users"."username_key", users.id) <= (?, ?))
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;
select USER_COLUMNS, "users"."username_key" as "sortKey"
  from "users"
  where ("users"."username_key" is null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited' and users.id <= ?)
  order by "users"."username_key" asc, "users"."id" asc
  limit ?;

-- selectPosition
select "users"."id" as "id", "users"."username_key" as "key"
  from "users"
  where ("users"."username_key" is not null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited')
  order by "users"."username_key" asc, "users"."id" asc
  limit ? offset ?;
select "users"."id" as "id", "users"."username_key" as "key"
  from "users"
  where ("users"."username_key" is null and case when (users.disabled is not null and cast(users.disabled as text) not in ('0', 'false')) then 'disabled' when users.second_factor_at is not null then 'active' when users.invited_at is not null then 'invited' else 'no-factor' end = 'invited')
  order by "users"."username_key" asc, "users"."id" asc
  limit ? offset ?;

-- selectUsersById
select USER_COLUMNS
  from "users"
  where "users"."id" in (?, ?)
  order by "users"."username_key", "users"."id";

-- src/use-cases/administration/invitations/invitations.view.ts

-- selectInvitations
select "users"."subject" as "subject", "link"."created_by" as "createdBy", "link"."created_at" as "createdAt", "link"."expires_at" as "expiresAt", "link"."mailed_to" as "mailedTo", "link"."about" as "about"
  from "link"
  inner join "users" on "users"."subject" = "link"."subject"
  and "users"."credential_epoch" = "link"."epoch"
  where "link"."subject" in (?)
  and "link"."purpose" = ?
  and "link"."consumed_at" is null
  order by "link"."created_at";

-- selectInvitationMail
select "outbox"."recipient", "outbox"."state", "outbox"."ended_at" as "endedAt"
  from "link"
  inner join "outbox" on "outbox"."link_id" = "link"."id"
  where "link"."subject" = ?
  and "link"."epoch" = ?
  and "link"."purpose" = ?
  and "link"."consumed_at" is null
  order by "link"."created_at" desc
  limit ?;

-- selectUnusedMailedLinks
select "link"."id" as "id", "link"."created_at" as "createdAt", "link"."expires_at" as "expiresAt", "outbox"."locale" as "locale"
  from "link"
  left join "outbox" on "outbox"."link_id" = "link"."id"
  where link.mailed_to is not null
  and link.about is null
  and link.consumed_at is null
  and link.replaced_at is null
  and "link"."purpose" = ?
  and "link"."expires_at" > ?
  and "link"."expires_at" <= ?
  order by "link"."expires_at", "link"."id"
  limit ?;
select "link"."id" as "id", "link"."created_at" as "createdAt", "link"."expires_at" as "expiresAt", "outbox"."locale" as "locale"
  from "link"
  left join "outbox" on "outbox"."link_id" = "link"."id"
  where link.mailed_to is not null
  and link.about is null
  and link.consumed_at is null
  and link.replaced_at is null
  and "link"."purpose" = ?
  and "link"."expires_at" > ?
  and "link"."expires_at" <= ?
  and (link.expires_at, link.id) > (cast(? as bigint), ?)
  order by "link"."expires_at", "link"."id"
  limit ?;

-- src/use-cases/administration/health/unreadable-apps.view.ts

-- selectUsersOfUnreadableApps
select distinct "users"."id" as "id"
  from "totp_factor"
  inner join "users" on "users"."subject" = "totp_factor"."subject"
  where "totp_factor"."unreadable_at" is not null
  and "totp_factor"."confirmed_at" is not null
  order by "users"."id"
  limit ?;

-- src/use-cases/administration/users/find-user.view.ts

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

-- src/use-cases/administration/dashboard/overview.view.ts

-- countSignIns
select "action", count(*) as "count"
  from "audit_event"
  where "action" in (?, ?, ?)
  and "at" >= ?
  and "at" < ?
  group by "action";

-- hasEvent
select "id"
  from "audit_event"
  where "action" = ?
  and "result" = ?
  limit ?;

-- src/foundation/platform/database/consume-once.ts

-- consumeOnce
update "attempt"
  set "consumed_at" = ?
  where "id" = ?
  and "consumed_at" is null
  returning "id";
update "link"
  set "consumed_at" = ?
  where "id" = ?
  and "consumed_at" is null
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
update "client_token"
  set "consumed_at" = ?
  where "id" = ?
  and "consumed_at" is null
  returning "id";

-- src/foundation/platform/database/future-rows.ts

-- clampFutureRows
update "attempt"
  set "expires_at" = "expires_at" - "created_at" + ?, "created_at" = ?
  where "id" >= ?
  and "created_at" > ?;
update "link"
  set "expires_at" = "expires_at" - "created_at" + ?, "created_at" = ?
  where "id" >= ?
  and "created_at" > ?;
update "passkey_challenge"
  set "expires_at" = "expires_at" - "created_at" + ?, "created_at" = ?
  where "id" >= ?
  and "created_at" > ?;
update "remembered_device"
  set "expires_at" = "expires_at" - "created_at" + ?, "created_at" = ?
  where "id" >= ?
  and "created_at" > ?;
update "client_grant"
  set "expires_at" = "expires_at" - "created_at" + ?, "created_at" = ?
  where "id" >= ?
  and "created_at" > ?;

-- src/foundation/platform/database/clock-jumps.ts

-- insertClockJump
insert into "clock_jump" ("id", "at", "moved_by")
  values (?, ?, ?);

-- lastClockJump
select "at", "moved_by" as "movedBy"
  from "clock_jump"
  order by "at" desc, "id" desc
  limit ?;

-- deleteClockJumps
delete from "clock_jump"
  where "at" < ?;

-- src/foundation/platform/database/job-rows.ts

-- ensureJobs
insert into "job" ("name", "every", "next_run_at", "failures")
  values (?, ?, ?, ?)
  on conflict ("name") do update
  set "next_run_at" = "excluded"."next_run_at"
  where job.next_run_at < excluded.next_run_at - 2 * excluded.every;

-- leaseJob
update "job"
  set "every" = ?, "lease_owner" = ?, "lease_until" = ?, "last_started_at" = ?
  where "name" = ?
  and ("lease_owner" = ? or ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?))
  and ("next_run_at" is null or "next_run_at" <= ? or "next_run_at" > ?)
  returning "failures";
update "job"
  set "every" = ?, "lease_owner" = ?, "lease_until" = ?, "last_started_at" = ?
  where "name" = ?
  and ("lease_owner" = ? or ("lease_until" is null or "lease_until" <= ? or "lease_until" > ?))
  returning "failures";

-- renewLease
update "job"
  set "lease_until" = ?
  where "name" = ?
  and "lease_owner" = ?
  returning "name";

-- finishRun
update "job"
  set "last_finished_at" = ?, "last_outcome" = ?, "last_error" = ?, "failures" = ?, "next_run_at" = ?, "lease_owner" = ?, "lease_until" = ?
  where "name" = ?
  and "lease_owner" = ?;

-- recordRun
insert into "job" ("name", "next_run_at", "every", "last_started_at", "last_finished_at", "last_outcome", "last_error", "failures")
  values (?, ?, ?, ?, ?, ?, ?, ?)
  on conflict ("name") do update
  set "every" = ?, "last_started_at" = ?, "last_finished_at" = ?, "last_outcome" = ?, "last_error" = ?, "failures" = ?, "next_run_at" = ?;

-- selectJob
select *
  from "job"
  where "name" = ?;

-- selectJobs
select *
  from "job"
  order by "name";

-- src/foundation/platform/database/search.ts

-- putSearchWords
insert or replace into user_search (rowid, user_id, words)
  values (?, ?, ?);

-- dropSearchWords
delete from user_search
  where rowid = ?;

-- src/foundation/platform/database/lock.ts

-- lockFor
-- nothing to ask

-- tryLockFor
-- nothing to ask
