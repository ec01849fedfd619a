// Calls every query of the product, once for each form of its SQL.
import * as apiTokens from '#domain/api-tokens/api-token.queries.ts'
import * as approvals from '#domain/approvals/approval.queries.ts'
import * as attempts from '#domain/attempts/attempt.queries.ts'
import * as audit from '#domain/audit/audit.queries.ts'
import * as eventList from '#domain/audit/event-list.queries.ts'
import * as passkeyChallenges from '#domain/factors/passkeys/challenge.queries.ts'
import * as passkeys from '#domain/factors/passkeys/passkey.queries.ts'
import * as recoveryCodes from '#domain/factors/recovery-codes/recovery-code.queries.ts'
import * as consumedSteps from '#domain/factors/totp/consumed-steps.queries.ts'
import * as totp from '#domain/factors/totp/totp.queries.ts'
import * as links from '#domain/links/link.queries.ts'
import * as delivery from '#domain/mail/delivery.queries.ts'
import * as outbox from '#domain/mail/outbox.queries.ts'
import * as emailChanges from '#domain/notices/email-change.queries.ts'
import * as notices from '#domain/notices/notice.queries.ts'
import * as sessionCounts from '#domain/sessions/session-count.queries.ts'
import * as sessionTimes from '#domain/sessions/session-times.queries.ts'
import * as sessionUsers from '#domain/sessions/session-user.queries.ts'
import * as sessions from '#domain/sessions/session.queries.ts'
import * as quiet from '#domain/throttle/bucket-cleanup.queries.ts'
import * as throttle from '#domain/throttle/throttle.queries.ts'
import * as actingAdmins from '#domain/users/acting-admins.queries.ts'
import * as expiryNotices from '#domain/users/expiry-notice.queries.ts'
import { selectImportedHashes, selectPepperedWith } from '#domain/users/external-rows/imported-hashes.queries.ts'
import * as insertedExternally from '#domain/users/external-rows/plaintext-secret.queries.ts'
import * as completion from '#domain/users/external-rows/row-completion.queries.ts'
import * as findings from '#domain/users/external-rows/row-findings.queries.ts'
import * as userCounts from '#domain/users/user-count.queries.ts'
import * as users from '#domain/users/user.queries.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days } from '#foundation/kernel/time.ts'
import * as clockJumps from '#foundation/platform/database/clock-jumps.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import type { Database, Transaction } from '#foundation/platform/database/database.ts'
import { clampFutureRows } from '#foundation/platform/database/future-rows.ts'
import * as jobRows from '#foundation/platform/database/job-rows.ts'
import * as locks from '#foundation/platform/database/lock.ts'
import * as search from '#foundation/platform/database/search.ts'
import * as overview from '#use-cases/administration/dashboard/overview.view.ts'
import * as unreadableApps from '#use-cases/administration/health/unreadable-apps.view.ts'
import * as invitations from '#use-cases/administration/invitations/invitations.view.ts'
import * as findUser from '#use-cases/administration/users/find-user.view.ts'
import * as userList from '#use-cases/administration/users/user-list.view.ts'
import * as userSearch from '#use-cases/administration/users/user-search.view.ts'
import * as visits from '#use-cases/forward-auth/visit.view.ts'
import { ATTRIBUTE_CALLS } from './attribute-calls.ts'
import { BACK_CHANNEL_CALLS } from './back-channel-calls.ts'
import { CLIENT_CALLS } from './client-calls.ts'
import { GRANT_CALLS } from './grant-calls.ts'
import { GROUP_CALLS } from './group-calls.ts'
import { HOST_CALLS } from './host-calls.ts'
import { POLICY_CALLS } from './policy-calls.ts'
import { REGISTRATION_CALLS } from './registration-calls.ts'
import { REMEMBERED_DEVICE_CALLS } from './remembered-device-calls.ts'
import { ROLE_CALLS } from './role-calls.ts'
import { ROLLOUT_CALLS } from './rollout-calls.ts'
import * as values from './values.ts'
import { ID, NOW, SINCE, SUBJECT } from './values.ts'

export type Call = (db: Transaction) => Promise<unknown>

/** The calls by file and function, in their order there. */
export type QueryCalls = Readonly<Record<string, Readonly<Record<string, Call | readonly Call[]>>>>

/** Sends the query as after a read that has seen a stored policy. */
async function withPoliciesSeen<Row>({ seen }: Database, send: () => Promise<Row>): Promise<Row> {
  seen.policies = true
  return send().finally(() => (seen.policies = false))
}

export const QUERY_CALLS: QueryCalls = {
  ...GROUP_CALLS,
  ...BACK_CHANNEL_CALLS,
  ...HOST_CALLS,
  ...REGISTRATION_CALLS,
  ...ROLLOUT_CALLS,
  ...POLICY_CALLS,
  ...ATTRIBUTE_CALLS,
  ...REMEMBERED_DEVICE_CALLS,
  ...ROLE_CALLS,
  ...CLIENT_CALLS,
  ...GRANT_CALLS,
  'src/domain/users/user.queries.ts': {
    raiseEveryEpoch: users.raiseEveryEpoch,
    selectUserSummaries: (db) => users.selectUserSummaries(db, [SUBJECT]),
    usersNamed: (db) => users.usersNamed(db, 'ada', 'Ada'),
    userWithVerifiedEmail: (db) => users.userWithVerifiedEmail(db, 'ada@example.org'),
    userWithSubject: (db) => users.userWithSubject(db, SUBJECT),
    userWithId: (db) => users.userWithId(db, ID),
    takeUser: (db) => users.takeUser(db, ID),
    insertUserRow: (db) => users.insertUserRow(db, values.NEW_USER),
    conflictingKeys: [
      (db) => users.conflictingKeys(db, { username_key: 'ada' }),
      (db) => users.conflictingKeys(db, { id: ID, username_key: 'ada', email_key: 'ada@example.org' }),
    ],
    resyncIdSequence: users.resyncIdSequence,
    updateUserRow: [
      (db) => users.updateUserRow(db, ID, 1, { full_name: 'Ada' }, false),
      (db) => users.updateUserRow(db, ID, 1, { role: 'admin' }, true),
    ],
    updateLastSignIn: (db) => users.updateLastSignIn(db, SUBJECT, NOW),
    removeUser: (db) => users.removeUser(db, ID, 1),
    userExists: (db) => users.userExists(db),
  },
  'src/domain/users/acting-admins.queries.ts': {
    otherAdminExists: (db) => actingAdmins.otherAdminExists(db, ID),
    laterAdminExists: (db) => actingAdmins.laterAdminExists(db, { id: ID, end: NOW }),
    selectKeptAdmin: (db) => actingAdmins.selectKeptAdmin(db, NOW),
    selectActingAdmins: (db) => actingAdmins.selectActingAdmins(db, NOW),
    selectActingHolders: (db) => actingAdmins.selectActingHolders(db, NOW, { roles: ['admin', 'clerk'], most: 3 }),
  },
  'src/domain/notices/notice.queries.ts': {
    insertNotice: (db) => notices.insertNotice(db, values.NOTICE),
    selectNotice: (db) => notices.selectNotice(db, SUBJECT, 'notice'),
    markReported: (db) => notices.markReported(db, 'notice', NOW),
    selectReports: (db) => notices.selectReports(db, SUBJECT),
    selectChangesFrom: (db) => notices.selectChangesFrom(db, SUBJECT, 3),
    selectOthersSince: (db) =>
      notices.selectOthersSince(db, { id: '1', subject: SUBJECT }, { kinds: ['joined', 'new-device'], since: NOW }),
    clearReports: (db) => notices.clearReports(db, SUBJECT),
    deleteEndedNotices: (db) => notices.deleteEndedNotices(db, NOW),
  },
  'src/domain/notices/email-change.queries.ts': {
    insertEmailChange: (db) => emailChanges.insertEmailChange(db, values.EMAIL_CHANGE),
    selectEmailChange: (db) => emailChanges.selectEmailChange(db, 'change'),
    selectUnconfirmedChange: (db) => emailChanges.selectUnconfirmedChange(db, SUBJECT),
    updateConfirmed: (db) => emailChanges.updateConfirmed(db, values.EMAIL_CHANGE),
    deleteUnconfirmedChanges: (db) => emailChanges.deleteUnconfirmedChanges(db, SUBJECT),
    deleteChangesFrom: (db) => emailChanges.deleteChangesFrom(db, SUBJECT, 1),
    deleteEndedChanges: (db) => emailChanges.deleteEndedChanges(db, NOW),
  },
  'src/domain/users/expiry-notice.queries.ts': {
    selectDueNotices: [
      (db) => expiryNotices.selectDueNotices(db, { stage: 3, from: -1, until: NOW, after: null, limit: 50 }),
      (db) =>
        expiryNotices.selectDueNotices(db, { stage: 1, from: NOW, until: NOW, after: { end: NOW, id: ID }, limit: 50 }),
    ],
    selectEndUnnoticed: (db) => expiryNotices.selectEndUnnoticed(db, SUBJECT, NOW),
    markNotice: (db) => expiryNotices.markNotice(db, { id: ID, end: NOW, stage: 1 }),
  },
  'src/domain/users/external-rows/plaintext-secret.queries.ts': {
    selectPlaintextSecretRows: (db) => insertedExternally.selectPlaintextSecretRows(db, 0, 10),
    countPlaintextSecretRows: insertedExternally.countPlaintextSecretRows,
    selectPlaintextSecretRow: (db) => insertedExternally.selectPlaintextSecretRow(db, ID),
    clearPlaintextSecret: (db) =>
      insertedExternally.clearPlaintextSecret(db, { userId: ID, subject: SUBJECT, secret: Secret.of('?') }, NOW),
  },
  'src/domain/users/user-count.queries.ts': {
    selectUserCells: (db) => userCounts.selectUserCells(db, 20_000),
    selectCountErrors: userCounts.selectCountErrors,
    correctCount: (db) => userCounts.correctCount(db, { kind: 'app', day: 20_000, count: 1 }),
    gatherCounts: userCounts.gatherCounts,
  },
  'src/domain/users/external-rows/imported-hashes.queries.ts': {
    selectImportedHashes,
    selectPepperedWith: (db) => selectPepperedWith(db, 'pepper-0f3a5b7c9d1e'),
  },
  'src/domain/users/external-rows/row-completion.queries.ts': {
    keylessRows: (db) => completion.keylessRows(db, 0, 10),
    takeKeylessRows: (db) => completion.takeKeylessRows(db, [1, 2]),
    countIncompleteRows: (db) => completion.countIncompleteRows(db),
    keylessNamesakeExists: [
      (db) => completion.keylessNamesakeExists(db, 'username', ['Ada', 'ada'], { besides: ID }),
      (db) => completion.keylessNamesakeExists(db, 'email', ['ada@example.org'], { before: ID }),
    ],
    takenKeys: (db) => completion.takenKeys(db, [{ usernameKey: 'ada', emailKey: 'ada@example.org' }]),
    writeCompleted: (db) =>
      completion.writeCompleted(db, [{ id: ID, usernameKey: 'ada', emailKey: null, words: 'ada' }], NOW),
  },
  'src/domain/users/external-rows/row-findings.queries.ts': {
    doubtfulRows: (db) => findings.doubtfulRows(db, 10),
    mixedLetterRows: (db) => findings.mixedLetterRows(db, 10),
    routedRows: (db) => findings.routedRows(db, 10),
    unreadableRows: (db) => findings.unreadableRows(db, 10),
  },
  'src/domain/sessions/session-count.queries.ts': {
    selectSessionCount: (db) => sessionCounts.selectSessionCount(db, SINCE, 10),
    storeSessionCount: (db) => sessionCounts.storeSessionCount(db, 20_000, 3),
    selectSessionCounts: (db) => sessionCounts.selectSessionCounts(db, 20_000),
    deleteSessionCountsBefore: (db) => sessionCounts.deleteSessionCountsBefore(db, 20_000),
  },
  'src/domain/sessions/session-times.queries.ts': {
    updateLastSeen: (db) => sessionTimes.updateLastSeen(db, 'session', NOW, NOW),
    restartSessions: (db) => sessionTimes.restartSessions(db, NOW, NOW),
    deleteOldSessions: (db) => sessionTimes.deleteOldSessions(db, NOW),
  },
  'src/use-cases/forward-auth/visit.view.ts': {
    selectVisit: [
      (db) => visits.selectVisit(db, 'wiki.example.org', 'hash'),
      (db) => withPoliciesSeen(db, () => visits.selectVisit(db, 'wiki.example.org', 'hash')),
    ],
    selectGroupsOfUser: (db) => visits.selectGroupsOfUser(db, SUBJECT),
  },
  'src/domain/sessions/session-user.queries.ts': {
    selectSessionWithUser: [
      (db) => sessionUsers.selectSessionWithUser(db, 'hash', 'bearer'),
      (db) => withPoliciesSeen(db, () => sessionUsers.selectSessionWithUser(db, 'hash', 'bearer')),
    ],
    selectSessionWithUserById: [
      (db) => sessionUsers.selectSessionWithUserById(db, 'session'),
      (db) => withPoliciesSeen(db, () => sessionUsers.selectSessionWithUserById(db, 'session')),
    ],
    selectWithoutEnd: (db) => sessionUsers.selectWithoutEnd(db, 'session'),
    selectSessionsWithUsers: (db) => sessionUsers.selectSessionsWithUsers(db, ['session', 'other']),
    lockSessionWithUser: (db) => sessionUsers.lockSessionWithUser(db, 'hash', 'bearer'),
    lockSessionWithUserById: (db) => sessionUsers.lockSessionWithUserById(db, 'session'),
  },
  'src/domain/sessions/session.queries.ts': {
    insertSession: (db) => sessions.insertSession(db, values.SESSION),
    renewSession: [
      (db) => sessions.renewSession(db, 'hash', { token_hash: 'another', epoch: 2 }),
      (db) =>
        sessions.renewSession(db, 'hash', {
          token_hash: 'another',
          authenticated_at: NOW,
          authentication_methods: 'password',
          methods: 'password',
        }),
    ],
    updateEpoch: (db) => sessions.updateEpoch(db, 'session', 2),
    updateEpochOfAll: (db) => sessions.updateEpochOfAll(db, SUBJECT, { from: 1, to: 2 }),
    revokeSessionOf: (db) => sessions.revokeSessionOf(db, SUBJECT, 'session', NOW),
    revokeSessions: [
      (db) => sessions.revokeSessions(db, SUBJECT, null, NOW),
      (db) => sessions.revokeSessions(db, SUBJECT, 'session', NOW),
    ],
    selectSessions: (db) => sessions.selectSessions(db, SUBJECT, SINCE),
  },
  'src/domain/api-tokens/api-token.queries.ts': {
    insertApiToken: (db) => apiTokens.insertApiToken(db, values.API_TOKEN, 'hash'),
    selectApiTokenWithUser: [
      (db) => apiTokens.selectApiTokenWithUser(db, 'hash'),
      (db) => withPoliciesSeen(db, () => apiTokens.selectApiTokenWithUser(db, 'hash')),
    ],
    lockApiTokenWithUser: (db) => apiTokens.lockApiTokenWithUser(db, 'hash'),
    selectLivingApiTokens: (db) => apiTokens.selectLivingApiTokens(db, SUBJECT, NOW),
    selectLivingApiTokensOfRole: (db) => apiTokens.selectLivingApiTokensOfRole(db, 'help-desk', NOW),
    revokeApiTokenOf: (db) => apiTokens.revokeApiTokenOf(db, { subject: SUBJECT, id: 'token', now: NOW }),
    revokeHostTokens: (db) => apiTokens.revokeHostTokens(db, 'host', NOW),
    updateScopes: (db) => apiTokens.updateScopes(db, 'token', 'self:read'),
    revokeApiTokens: (db) => apiTokens.revokeApiTokens(db, SUBJECT, NOW),
    updateLastUsed: (db) => apiTokens.updateLastUsed(db, 'token', NOW, NOW),
    deleteEndedApiTokens: (db) => apiTokens.deleteEndedApiTokens(db, NOW),
  },
  'src/domain/mail/delivery.queries.ts': {
    leaseMail: [
      (db) => delivery.leaseMail(db, { owner: 'node', now: NOW, order: 'oldest' }),
      (db) => delivery.leaseMail(db, { owner: 'node', now: NOW, order: 'newest' }),
    ],
    postponeMail: (db) =>
      delivery.postponeMail(db, { id: 'mail', owner: 'node' }, { nextAttemptAt: NOW, error: 'not now', failure: null }),
    expireMailRows: (db) => delivery.expireMailRows(db, NOW),
    deleteEndedMailRows: (db) => delivery.deleteEndedMailRows(db, NOW),
  },
  'src/domain/mail/outbox.queries.ts': {
    insertMail: (db) => outbox.insertMail(db, values.MAIL),
    endMail: [
      (db) => outbox.endMail(db, 'mail', { from: ['queued'], to: 'failed', now: NOW, error: 'refused' }),
      (db) => outbox.endMail(db, 'mail', { from: ['queued', 'failed'], to: 'accepted', now: NOW }),
    ],
    requeueMail: (db) => outbox.requeueMail(db, 'mail', NOW),
    selectMail: (db) => outbox.selectMail(db, 'mail'),
    selectMails: [
      (db) => outbox.selectMails(db, { state: undefined, before: undefined, limit: 10 }),
      (db) => outbox.selectMails(db, { state: 'queued', before: 'mail', limit: 10 }),
    ],
    selectMailsToRequeue: [
      (db) => outbox.selectMailsToRequeue(db, { state: 'queued', after: '', now: NOW, limit: 10 }),
      (db) => outbox.selectMailsToRequeue(db, { state: 'failed', after: 'mail', now: NOW, limit: 10 }),
    ],
    requeueMails: (db) => outbox.requeueMails(db, ['mail'], NOW),
    selectWaitingError: (db) => outbox.selectWaitingError(db),
    selectBlockedMails: (db) => outbox.selectBlockedMails(db),
    selectExpiredMails: (db) => outbox.selectExpiredMails(db),
    countMails: (db) => outbox.countMails(db, 'queued'),
    countMailsByState: (db) => outbox.countMailsByState(db),
    dropMailsSealedBy: (db) => outbox.dropMailsSealedBy(db, ['seal-1', 'seal-2'], NOW),
    dropMailsOf: (db) =>
      outbox.dropMailsOf(db, { templates: ['invitation', 'invitation-reminder'], subject: SUBJECT }, NOW),
  },
  'src/domain/links/link.queries.ts': {
    insertLink: (db) => links.insertLink(db, values.LINK, 'hash'),
    selectLink: (db) => links.selectLink(db, 'hash', 'invitation'),
    selectLinkById: (db) => links.selectLinkById(db, 'link'),
    hasMailedLink: (db) =>
      links.hasMailedLink(db, { purpose: 'password-reset', subject: SUBJECT, epoch: 0 }, { now: NOW, usedSince: NOW }),
    selectUnconsumedLink: (db) => links.selectUnconsumedLink(db, { purpose: 'invitation', subject: SUBJECT, epoch: 0 }),
    clearMailedTo: (db) => links.clearMailedTo(db, 'link'),
    updateToReplaced: (db) => links.updateToReplaced(db, 'link', NOW),
    deleteUnconsumedLinks: [
      (db) => links.deleteUnconsumedLinks(db, 'invitation', SUBJECT),
      (db) => links.deleteUnconsumedLinks(db, 'set-up', null),
    ],
    deleteExpiredLinkRows: (db) => links.deleteExpiredLinkRows(db, NOW),
  },
  'src/domain/factors/recovery-codes/recovery-code.queries.ts': {
    insertRecoveryCodes: (db) =>
      recoveryCodes.insertRecoveryCodes(db, SUBJECT, [{ id: 'code', selector: '0a1', codeHash: 'hash' }], NOW),
    selectRecoveryCode: (db) => recoveryCodes.selectRecoveryCode(db, SUBJECT, '0a1'),
    selectRecoveryCodes: (db) => recoveryCodes.selectRecoveryCodes(db, SUBJECT),
    deleteRecoveryCodes: (db) => recoveryCodes.deleteRecoveryCodes(db, SUBJECT),
  },
  'src/domain/factors/totp/consumed-steps.queries.ts': {
    acceptStep: (db) => consumedSteps.acceptStep(db, 'app', 1, NOW),
    recordStep: (db) => consumedSteps.recordStep(db, 'app', 1),
    markStepDisclosed: (db) => consumedSteps.markStepDisclosed(db, 'app', 1, { passed: 1, beyond: 1 }),
    deletePassedSteps: (db) => consumedSteps.deletePassedSteps(db, NOW),
    useUpCurrentSteps: (db) => consumedSteps.useUpCurrentSteps(db, NOW / 1000),
  },
  'src/domain/factors/totp/totp.queries.ts': {
    insertTotp: (db) => totp.insertTotp(db, SUBJECT, values.APP),
    selectTotpApps: (db) => totp.selectTotpApps(db, SUBJECT),
    selectConfirmedTotp: (db) => totp.selectConfirmedTotp(db, SUBJECT),
    selectPendingTotp: (db) => totp.selectPendingTotp(db, SUBJECT, 'app'),
    confirmPendingTotp: (db) => totp.confirmPendingTotp(db, 'app', 1, NOW),
    noteUnreadable: (db) => totp.noteUnreadable(db, 'app', NOW),
    noteReplay: (db) => totp.noteReplay(db, 'app', 1),
    updateTotpName: (db) => totp.updateTotpName(db, SUBJECT, 'app', 'Phone'),
    deleteTotp: (db) => totp.deleteTotp(db, SUBJECT, 'app'),
    deletePendingTotp: (db) => totp.deletePendingTotp(db, SUBJECT),
    deleteAllTotp: (db) => totp.deleteAllTotp(db, SUBJECT),
    restartPendingTotp: (db) => totp.restartPendingTotp(db, NOW, NOW),
    deleteStalePendingTotp: (db) => totp.deleteStalePendingTotp(db, NOW),
    countSubjectsSealedBy: (db) => totp.countSubjectsSealedBy(db, ['one', 'other']),
    deleteTotpSealedBy: (db) => totp.deleteTotpSealedBy(db, ['one', 'other']),
  },
  'src/domain/factors/passkeys/passkey.queries.ts': {
    insertPasskey: (db) => passkeys.insertPasskey(db, values.PASSKEY),
    selectPasskeys: (db) => passkeys.selectPasskeys(db, SUBJECT),
    countPasskeysOf: (db) => passkeys.countPasskeysOf(db, SUBJECT),
    selectPasskeyWithCredential: (db) => passkeys.selectPasskeyWithCredential(db, 'credential'),
    noteUse: [
      (db) => passkeys.noteUse(db, { id: 'passkey', signCount: 0, backedUp: false }, NOW),
      (db) => passkeys.noteUse(db, { id: 'passkey', signCount: 1, backedUp: true }, NOW),
    ],
    updatePasskeyName: (db) => passkeys.updatePasskeyName(db, SUBJECT, 'passkey', 'Phone'),
    deletePasskey: (db) => passkeys.deletePasskey(db, SUBJECT, 'passkey'),
    deleteAllPasskeys: (db) => passkeys.deleteAllPasskeys(db, SUBJECT),
  },
  'src/domain/factors/passkeys/challenge.queries.ts': {
    insertChallenge: (db) => passkeyChallenges.insertChallenge(db, values.CHALLENGE, 'hash', NOW),
    selectChallenge: (db) => passkeyChallenges.selectChallenge(db, 'hash'),
    deleteOlderChallenges: (db) =>
      passkeyChallenges.deleteOlderChallenges(
        db,
        { purpose: 'reauthentication', boundTo: 'session' },
        { kept: 5, ahead: NOW },
      ),
    deleteStaleChallenges: (db) => passkeyChallenges.deleteStaleChallenges(db, NOW),
  },
  'src/domain/approvals/approval.queries.ts': {
    insertApproval: (db) => approvals.insertApproval(db, values.APPROVAL, 'key'),
    selectApproval: (db) => approvals.selectApproval(db, 'approval'),
    selectSameRequest: (db) => approvals.selectSameRequest(db, 'key'),
    endWaitingRequest: (db) =>
      approvals.endWaitingRequest(db, 'approval', { state: 'declined', by: SUBJECT, reason: null }, NOW),
    selectApprovals: [
      (db) => approvals.selectApprovals(db, 'waiting', 200),
      (db) => approvals.selectApprovals(db, 'ended', 200),
    ],
    selectApprovalsAbout: (db) => approvals.selectApprovalsAbout(db, SUBJECT),
    selectReady: (db) => approvals.selectReady(db, NOW, 100),
    countWaitingRequests: approvals.countWaitingRequests,
    deleteEndedApprovals: (db) => approvals.deleteEndedApprovals(db, NOW),
    exchangeRule: [
      (db) => approvals.exchangeRule(db, { isOn: true, wait: 1 }),
      (db) => approvals.exchangeRule(db, { isOn: false, wait: 1 }),
    ],
  },
  'src/domain/attempts/attempt.queries.ts': {
    insertAttempt: (db) => attempts.insertAttempt(db, values.ATTEMPT, 'hash', NOW),
    selectAttempt: (db) => attempts.selectAttempt(db, 'hash'),
    putSetupKey: (db) => attempts.putSetupKey(db, 'attempt', { factorId: 'app', sealedSecret: 'sealed' }),
    renameAnswersInAttempts: (db) => attempts.renameAnswersInAttempts(db, 'events', 'custom_events'),
    deleteAttempts: (db) => attempts.deleteAttempts(db, NOW),
  },
  'src/domain/throttle/bucket-cleanup.queries.ts': {
    deleteQuiet: [
      (db) => quiet.deleteQuiet(db, 'network:', { after: '', end: 'network:7' }, { quietSince: NOW, unblockedAt: NOW }),
      (db) =>
        quiet.deleteQuiet(
          db,
          'name:',
          { after: '', end: 'name:7:password' },
          { quietSince: NOW, unblockedAt: undefined },
        ),
    ],
    endOfBatch: [(db) => quiet.endOfBatch(db, '', 10, 'name:'), (db) => quiet.endOfBatch(db, '', 1000)],
    clampBuckets: [
      (db) => quiet.clampBuckets(db, { after: '', end: 'user:' }, NOW),
      (db) => quiet.clampBuckets(db, { after: 'user:', end: undefined }, NOW),
    ],
  },
  'src/domain/throttle/throttle.queries.ts': {
    consumeFromBucket: [
      (db) => throttle.consumeFromBucket(db, `user:${SUBJECT}:code`, NOW),
      (db) => throttle.consumeFromBucket(db, 'network:192.0.2.1', NOW),
      (db) => throttle.consumeFromBucket(db, `user:${SUBJECT}:name:session`, NOW),
      (db) => throttle.consumeFromBucket(db, `mail:${SUBJECT}`, NOW),
    ],
    failInBucket: [
      (db) => throttle.failInBucket(db, `user:${SUBJECT}:code`, NOW),
      (db) => throttle.failInBucket(db, 'network:192.0.2.1', NOW),
      (db) => throttle.failInBucket(db, `user:${SUBJECT}:name:session`, NOW),
      (db) => throttle.failInBucket(db, `mail:${SUBJECT}`, NOW),
    ],
    refundBucket: (db) => throttle.refundBucket(db, 'network:192.0.2.1'),
    deleteBucket: (db) => throttle.deleteBucket(db, 'network:192.0.2.1'),
    setBlockEvent: (db) => throttle.setBlockEvent(db, `user:${SUBJECT}:code`, 'event'),
    deleteUserBucketsOf: (db) => throttle.deleteUserBucketsOf(db, SUBJECT, 'code'),
    deleteUserBuckets: (db) => throttle.deleteUserBuckets(db, SUBJECT),
    bucketsWithKeys: (db) => throttle.bucketsWithKeys(db, ['network:192.0.2.1']),
    bucketsOfUser: (db) => throttle.bucketsOfUser(db, SUBJECT),
  },
  'src/domain/audit/audit.queries.ts': {
    chainMacsAmong: (db) => audit.chainMacsAmong(db, [1, 2]),
    selectEvent: (db) => audit.selectEvent(db, 'event'),
    insertEvent: (db) => audit.insertEvent(db, values.EVENT),
    oldestUnchained: audit.oldestUnchained,
    unchainedEvents: (db) => audit.unchainedEvents(db, 10),
    lastLink: audit.lastLink,
    newestChainedRow: audit.newestChainedRow,
    writeLinks: (db) => audit.writeLinks(db, [{ id: 'event', position: 1, previousMac: '', chainMac: 'mac' }]),
    chainMacAt: (db) => audit.chainMacAt(db, 1),
    chainedAfter: (db) => audit.chainedAfter(db, 1, 10),
    chainedAt: (db) => audit.chainedAt(db, 1, 10),
    outsideChain: (db) => audit.outsideChain(db, 10),
    selectEndingWindow: (db) => audit.selectEndingWindow(db, 1, 10),
    selectUnchainedEndings: (db) => audit.selectUnchainedEndings(db, 10),
    selectPositionAt: (db) => audit.selectPositionAt(db, NOW),
  },
  'src/domain/audit/event-list.queries.ts': {
    selectEvents: [
      ...values.eventFilters().map((filter) => (db: Database) => eventList.selectEvents(db, filter)),
      (db: Database) => eventList.selectEvents(db, { address: values.IP_ADDRESS_RANGE, limit: 10 }, true),
      (db: Database) => eventList.selectEvents(db, { address: { from: '4c0000207', to: '4c0000207' }, limit: 10 }),
    ],
    countFrom: (db) => eventList.countFrom(db, values.IP_ADDRESS_RANGE, 1000),
  },
  'src/use-cases/administration/users/user-search.view.ts': {
    readSearch: ['ada', 'ad', 'ada lovelace'].map((q) => (db: Database) => userSearch.readSearch(db, q)),
    countFound: [
      (db) => userSearch.countFound(db, { term: 'ada', found: [1, 2] }),
      (db) => userSearch.countFound(db, null, { id: 'group', isLarge: false }),
    ],
  },
  'src/use-cases/administration/users/user-list.view.ts': {
    selectUsers: [
      ...values.listings().map(
        ({ segments, ...listing }) =>
          (db: Database) =>
            userList.selectUsers(db, listing, segments, { limit: 10 }),
      ),
      ...values.positions().map(
        ({ segment, end, ...listing }) =>
          (db: Database) =>
            userList.selectUsers(db, { ...listing, search: null }, [segment], { limit: 10, end }),
      ),
    ],
    selectPosition: values.positions().map(
      ({ segment, ...listing }) =>
        (db: Database) =>
          userList.selectPosition(db, listing, segment, 10),
    ),
    selectUsersById: (db) => userList.selectUsersById(db, [ID, ID + 1]),
  },
  'src/use-cases/administration/invitations/invitations.view.ts': {
    selectInvitations: (db) => invitations.selectInvitations(db, [SUBJECT]),
    selectInvitationMail: (db) => invitations.selectInvitationMail(db, { subject: SUBJECT, epoch: 1 }),
    selectUnusedMailedLinks: [null, { id: 'link', expiresAt: NOW }].map(
      (after) => (db) => invitations.selectUnusedMailedLinks(db, { from: NOW, until: NOW, after, limit: 50 }),
    ),
  },
  'src/use-cases/administration/health/unreadable-apps.view.ts': {
    selectUsersOfUnreadableApps: (db) => unreadableApps.selectUsersOfUnreadableApps(db, 1000),
  },
  'src/use-cases/administration/users/find-user.view.ts': {
    selectNamesLike: (db) => findUser.selectNamesLike(db, 'ad'),
    selectIdByEmail: (db) => findUser.selectIdByEmail(db, 'ada@example.org'),
    selectSessionOwner: (db) => findUser.selectSessionOwner(db, 'session'),
  },
  'src/use-cases/administration/dashboard/overview.view.ts': {
    countSignIns: (db) => overview.countSignIns(db, NOW, NOW + days(1)),
    hasEvent: (db) => overview.hasEvent(db, 'setup.guide_closed'),
  },
  'src/foundation/platform/database/consume-once.ts': {
    consumeOnce: (['attempt', 'link', 'passkey_challenge', 'recovery_code', 'client_token'] as const).map(
      (table) => (db: Database) => consumeOnce(db, table, 'id', NOW),
    ),
  },
  'src/foundation/platform/database/future-rows.ts': {
    clampFutureRows: (['attempt', 'link', 'passkey_challenge', 'remembered_device', 'client_grant'] as const).map(
      (table) => (db: Database) => clampFutureRows(db, table, NOW),
    ),
  },
  'src/foundation/platform/database/clock-jumps.ts': {
    insertClockJump: (db) => clockJumps.insertClockJump(db, 'jump', { at: NOW, movedBy: 86_400_000 }),
    lastClockJump: clockJumps.lastClockJump,
    deleteClockJumps: (db) => clockJumps.deleteClockJumps(db, NOW),
  },
  'src/foundation/platform/database/job-rows.ts': {
    ensureJobs: (db) => jobRows.ensureJobs(db, [values.JOB], NOW),
    leaseJob: [false, true].map(
      (force) => (db: Database) => jobRows.leaseJob(db, values.JOB, { owner: 'node', now: NOW, force }),
    ),
    renewLease: (db) => jobRows.renewLease(db, values.JOB.name, 'node', NOW),
    finishRun: (db) => jobRows.finishRun(db, values.JOB.name, 'node', values.JOB_RUN),
    recordRun: (db) => jobRows.recordRun(db, values.JOB, NOW, values.JOB_RUN),
    selectJob: (db) => jobRows.selectJob(db, values.JOB.name),
    selectJobs: jobRows.selectJobs,
  },
  'src/foundation/platform/database/search.ts': {
    putSearchWords: (db) => search.putSearchWords(db, ID, 'ada'),
    dropSearchWords: (db) => search.dropSearchWords(db, ID),
  },
  'src/foundation/platform/database/lock.ts': {
    lockFor: (db) => locks.lockFor(db, 'admins'),
    tryLockFor: (db) => locks.tryLockFor(db, 'seal'),
  },
}
