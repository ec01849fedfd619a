// Every query of the product, called once for each form its SQL can take.
import * as checkup from '../../src/administration/checkup/checkup.view.ts'
import * as events from '../../src/administration/activity/events.view.ts'
import * as invitations from '../../src/administration/invitations/invitations.view.ts'
import * as findUser from '../../src/administration/user/find-user.view.ts'
import * as overview from '../../src/administration/overview/overview.view.ts'
import * as userList from '../../src/administration/users/user-list.view.ts'
import * as attempts from '../../src/attempts/attempt.queries.ts'
import * as audit from '../../src/audit/audit.queries.ts'
import * as totp from '../../src/factors/totp/totp.queries.ts'
import { days } from '../../src/kernel/time.ts'
import * as links from '../../src/links/link.queries.ts'
import { consumeOnce } from '../../src/platform/database/consume-once.ts'
import * as locks from '../../src/platform/database/lock.ts'
import type { Database } from '../../src/platform/database/schema.ts'
import * as search from '../../src/platform/database/search.ts'
import * as sessions from '../../src/sessions/session.queries.ts'
import * as throttle from '../../src/throttle/throttle.queries.ts'
import * as handTyped from '../../src/users/hand-typed.queries.ts'
import { selectImportedHashes } from '../../src/users/imported-hashes.queries.ts'
import * as completion from '../../src/users/row-completion.queries.ts'
import * as findings from '../../src/users/row-findings.queries.ts'
import * as users from '../../src/users/user.queries.ts'
import * as values from './values.ts'
import { ID, NOW, SINCE, SUBJECT } from './values.ts'

export type Call = (db: Database) => Promise<unknown>

/** By file and function, in the order they are written down in. */
export type QueryCalls = Readonly<Record<string, Readonly<Record<string, Call | readonly Call[]>>>>

export const QUERY_CALLS: QueryCalls = {
  'src/users/user.queries.ts': {
    usersNamed: (db) => users.usersNamed(db, 'ada', 'Ada'),
    userWithVerifiedEmail: (db) => users.userWithVerifiedEmail(db, 'ada@example.org'),
    userWithSubject: (db) => users.userWithSubject(db, SUBJECT),
    userWithId: (db) => users.userWithId(db, ID),
    unkeyedRows: (db) => users.unkeyedRows(db, 10),
    insertUser: (db) => users.insertUser(db, values.NEW_USER),
    keysInTheWay: [
      (db) => users.keysInTheWay(db, { username_key: 'ada' }),
      (db) => users.keysInTheWay(db, { id: ID, username_key: 'ada', email_key: 'ada@example.org' }),
    ],
    mendIdentity: users.mendIdentity,
    updateUser: [
      (db) => users.updateUser(db, ID, 1, { full_name: 'Ada' }, false),
      (db) => users.updateUser(db, ID, 1, { role: 'admin' }, true),
    ],
    updateLastSignIn: (db) => users.updateLastSignIn(db, SUBJECT, NOW),
    removeUser: (db) => users.removeUser(db, ID, 1),
    otherAdminExists: (db) => users.otherAdminExists(db, ID),
    userExists: (db) => users.userExists(db),
  },
  'src/users/hand-typed.queries.ts': {
    selectHandTypedSecrets: (db) => handTyped.selectHandTypedSecrets(db, 0, 10),
    selectHandTypedSecret: (db) => handTyped.selectHandTypedSecret(db, ID),
    clearHandTypedSecret: (db) => handTyped.clearHandTypedSecret(db, { id: ID, subject: SUBJECT, otpSecret: '?' }, NOW),
  },
  'src/users/imported-hashes.queries.ts': { selectImportedHashes },
  'src/users/row-completion.queries.ts': {
    incompleteRows: (db) => completion.incompleteRows(db, 0, 10),
    takenKeys: (db) => completion.takenKeys(db, [{ usernameKey: 'ada', emailKey: 'ada@example.org' }]),
    writeCompleted: (db) =>
      completion.writeCompleted(db, [{ id: ID, usernameKey: 'ada', emailKey: null, words: 'ada' }]),
  },
  'src/users/row-findings.queries.ts': {
    doubtfulRows: (db) => findings.doubtfulRows(db, 10),
    unreadableRows: (db) => findings.unreadableRows(db, 10),
  },
  'src/sessions/session.queries.ts': {
    insertSession: (db) => sessions.insertSession(db, values.SESSION),
    selectSessionWithUser: (db) => sessions.selectSessionWithUser(db, 'hash', 'bearer'),
    updateLastSeen: (db) => sessions.updateLastSeen(db, 'session', NOW),
    updateProven: (db) => sessions.updateProven(db, 'session', NOW),
    updateEpoch: (db) => sessions.updateEpoch(db, 'session', 2),
    revokeSession: (db) => sessions.revokeSession(db, SUBJECT, 'session', NOW),
    revokeSessions: [
      (db) => sessions.revokeSessions(db, SUBJECT, null, NOW),
      (db) => sessions.revokeSessions(db, SUBJECT, 'session', NOW),
    ],
    selectSessions: (db) => sessions.selectSessions(db, SUBJECT, SINCE),
    deleteOldSessions: (db) => sessions.deleteOldSessions(db, NOW),
  },
  'src/links/link.queries.ts': {
    insertLink: (db) => links.insertLink(db, values.LINK, 'hash'),
    selectLink: (db) => links.selectLink(db, 'hash', 'invitation'),
    deleteUnspentLinks: [
      (db) => links.deleteUnspentLinks(db, 'invitation', SUBJECT),
      (db) => links.deleteUnspentLinks(db, 'set-up', null),
    ],
    deleteExpiredLinks: (db) => links.deleteExpiredLinks(db, NOW),
  },
  'src/factors/totp/totp.queries.ts': {
    insertTotp: (db) => totp.insertTotp(db, SUBJECT, values.APP),
    selectTotpApps: (db) => totp.selectTotpApps(db, SUBJECT),
    selectConfirmedTotp: (db) => totp.selectConfirmedTotp(db, SUBJECT),
    selectPendingTotp: (db) => totp.selectPendingTotp(db, SUBJECT, 'app'),
    confirmPendingTotp: (db) => totp.confirmPendingTotp(db, 'app', 1, NOW),
    acceptStep: (db) => totp.acceptStep(db, 'app', 1, NOW),
    noteReplay: (db) => totp.noteReplay(db, 'app', 1),
    updateTotpName: (db) => totp.updateTotpName(db, SUBJECT, 'app', 'Phone'),
    deleteTotp: (db) => totp.deleteTotp(db, SUBJECT, 'app'),
    deletePendingTotp: (db) => totp.deletePendingTotp(db, SUBJECT),
    deleteAllTotp: (db) => totp.deleteAllTotp(db, SUBJECT),
    deleteStalePendingTotp: (db) => totp.deleteStalePendingTotp(db, NOW),
    deleteTotpSealedBy: (db) => totp.deleteTotpSealedBy(db, ['one', 'other']),
  },
  'src/attempts/attempt.queries.ts': {
    insertAttempt: (db) => attempts.insertAttempt(db, values.ATTEMPT, 'hash', NOW),
    selectAttempt: (db) => attempts.selectAttempt(db, 'hash'),
    putSetupKey: (db) => attempts.putSetupKey(db, 'attempt', { factorId: 'app', sealedSecret: 'sealed' }),
    deleteAttempts: (db) => attempts.deleteAttempts(db, NOW),
  },
  'src/throttle/throttle.queries.ts': {
    drawFromBucket: [
      (db) => throttle.drawFromBucket(db, `user:${SUBJECT}:code`, NOW),
      (db) => throttle.drawFromBucket(db, 'network:192.0.2.1', NOW),
    ],
    refundBucket: [
      (db) => throttle.refundBucket(db, `user:${SUBJECT}:code`),
      (db) => throttle.refundBucket(db, 'network:192.0.2.1'),
    ],
    deleteBucket: (db) => throttle.deleteBucket(db, 'network:192.0.2.1'),
    deleteUserBuckets: (db) => throttle.deleteUserBuckets(db, SUBJECT),
    deleteQuietNetworks: (db) => throttle.deleteQuietNetworks(db, NOW, NOW),
    bucketsWithKeys: (db) => throttle.bucketsWithKeys(db, ['network:192.0.2.1']),
    bucketsOfUser: (db) => throttle.bucketsOfUser(db, SUBJECT),
  },
  'src/audit/audit.queries.ts': {
    insertEvent: (db) => audit.insertEvent(db, values.EVENT),
    selectEvents: values.eventFilters().map((filter) => (db: Database) => audit.selectEvents(db, filter)),
    oldestUnsealed: audit.oldestUnsealed,
    unsealedEvents: (db) => audit.unsealedEvents(db, 10),
    lastLink: audit.lastLink,
    newestSealedRow: audit.newestSealedRow,
    writeLinks: (db) => audit.writeLinks(db, [{ id: 'event', position: 1, previous: '', seal: 'seal' }]),
    sealAt: (db) => audit.sealAt(db, 1),
    sealedAfter: (db) => audit.sealedAfter(db, 1, 10),
  },
  'src/administration/users/user-list.view.ts': {
    selectUsers: values.listings().map(
      ({ segment, ...listing }) =>
        (db: Database) =>
          userList.selectUsers(db, listing, segment, 10),
    ),
    selectUsersById: (db) => userList.selectUsersById(db, [ID, ID + 1]),
    countByFilter: [
      (db) => userList.countByFilter(db, {}),
      (db) => userList.countByFilter(db, { q: 'ada' }),
      (db) => userList.countByFilter(db, { q: 'ad' }),
    ],
  },
  'src/administration/invitations/invitations.view.ts': {
    selectInvitationEnds: (db) => invitations.selectInvitationEnds(db, [SUBJECT]),
  },
  'src/administration/user/find-user.view.ts': {
    selectNamesLike: (db) => findUser.selectNamesLike(db, 'ad'),
    selectIdByEmail: (db) => findUser.selectIdByEmail(db, 'ada@example.org'),
    selectSessionOwner: (db) => findUser.selectSessionOwner(db, 'session'),
  },
  'src/administration/overview/overview.view.ts': {
    countUsers: overview.countUsers,
    countSessions: (db) => overview.countSessions(db, SINCE),
    countSignIns: (db) => overview.countSignIns(db, NOW, NOW + days(1)),
    countUsersSince: [
      (db) => overview.countUsersSince(db, 'created_at', SINCE.started, days(1)),
      (db) => overview.countUsersSince(db, 'second_factor_at', SINCE.started, days(1)),
    ],
  },
  'src/administration/checkup/checkup.view.ts': { selectDatabaseSize: checkup.selectDatabaseSize },
  'src/administration/activity/events.view.ts': { selectPeople: (db) => events.selectPeople(db, [SUBJECT]) },
  'src/platform/database/consume-once.ts': {
    consumeOnce: [(db) => consumeOnce(db, 'attempt', 'attempt', NOW), (db) => consumeOnce(db, 'link', 'link', NOW)],
  },
  'src/platform/database/search.ts': {
    putSearchWords: (db) => search.putSearchWords(db, ID, 'ada'),
    dropSearchWords: (db) => search.dropSearchWords(db, ID),
    usersWithSearchWords: (db) => search.usersWithSearchWords(db, [ID]),
  },
  'src/platform/database/lock.ts': {
    lockFor: (db) => locks.lockFor(db, 'admins'),
    tryLockFor: (db) => locks.tryLockFor(db, 'seal'),
  },
}
