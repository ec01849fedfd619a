// Lists every background job of the server.
import { apiTokenJob } from '#domain/api-tokens/api-token.job.ts'
import { attemptJob } from '#domain/attempts/attempt.job.ts'
import { chainWriterJob } from '#domain/audit/chain-writer.job.ts'
import { endedByTimeJob } from '#domain/back-channel/ended-by-time.job.ts'
import { oldDeliveriesJob } from '#domain/back-channel/old-deliveries.job.ts'
import { expiryNoticeJob } from '#domain/expiry/expiry-notice.job.ts'
import { challengeJob } from '#domain/factors/passkeys/challenge.job.ts'
import { externalRowsJob } from '#domain/factors/totp/external-rows.job.ts'
import { totpJob } from '#domain/factors/totp/totp.job.ts'
import { grantJob } from '#domain/grants/grant.job.ts'
import { hostSessionJob } from '#domain/hosts/host-session.job.ts'
import { linkJob } from '#domain/links/link.job.ts'
import { mailDeliveryJob } from '#domain/mail/delivery.job.ts'
import { outboxJob } from '#domain/mail/outbox.job.ts'
import { noticeJob } from '#domain/notices/notice.job.ts'
import { sessionCountJob } from '#domain/policies/evaluation/session-count.job.ts'
import { sessionJob } from '#domain/policies/evaluation/session.job.ts'
import { registrationJob } from '#domain/registrations/registration.job.ts'
import { waitingRegistrationsJob } from '#domain/registrations/waiting-registrations.job.ts'
import { rememberedDeviceJob } from '#domain/remembered-devices/remembered-device.job.ts'
import { signingKeyJob } from '#domain/signing-keys/signing-key.job.ts'
import { bucketCleanupJob } from '#domain/throttle/bucket-cleanup.job.ts'
import { userCountJob } from '#domain/users/user-count.job.ts'
import type { Job } from '#foundation/job.ts'
import { approvalJob } from '#use-cases/administration/approvals/approval.job.ts'
import { invitationReminderJob } from '#use-cases/administration/invitations/invitation-reminder.job.ts'
import { policyProgressJob } from '#use-cases/administration/policy-rollout/progress.job.ts'
import { policyReminderJob } from '#use-cases/administration/policy-rollout/reminder.job.ts'
import { backChannelJob } from '#use-cases/openid/back-channel.job.ts'
import { clockJumpJob } from './clock-jump.job.ts'

/** Creates new jobs for each application, because the chain writer keeps the end of its chain in memory, and the delivery of mails its lanes. */
export function newJobs(): readonly Job[] {
  return [
    externalRowsJob,
    userCountJob,
    attemptJob,
    sessionJob,
    sessionCountJob,
    apiTokenJob,
    linkJob,
    rememberedDeviceJob,
    grantJob,
    hostSessionJob,
    signingKeyJob,
    noticeJob,
    approvalJob,
    invitationReminderJob,
    policyReminderJob,
    policyProgressJob,
    registrationJob,
    waitingRegistrationsJob,
    totpJob,
    challengeJob,
    bucketCleanupJob,
    clockJumpJob,
    expiryNoticeJob,
    outboxJob,
    mailDeliveryJob(),
    oldDeliveriesJob,
    endedByTimeJob,
    backChannelJob(),
    chainWriterJob(),
  ]
}
