// What ends sessions, credentials and sign-ins to apps: each call in the sources, with the event that records it.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ALWAYS_ENDS, type EndKind, SOMETIMES_ENDS } from '#domain/audit/ending.ts'
import { endedByTimeJob } from '#domain/back-channel/ended-by-time.job.ts'
import { expiryNoticeJob } from '#domain/expiry/expiry-notice.job.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { readPage } from './support/documentation/markdown.ts'
import { type CallGraph, readCallGraph } from './support/sources/call-graph.ts'

const GRAPH = readCallGraph()

/** The functions that end something by writing a row. */
const ENDS = [
  'domain/sessions/session.service.ts endSession',
  'domain/sessions/session.service.ts endSessionsOf',
  'domain/users/user.service.ts deleteUserRow',
  'domain/users/user.service.ts raiseAllCredentialEpochs',
  'domain/grants/grant.service.ts revokeGrant',
  'domain/grants/grant.service.ts revokeGrantsOf',
  'domain/grants/grant.service.ts revokeGrantsOfUser',
  'domain/grants/grant.service.ts endAllGrants',
]
/** It raises the credential epoch for some changes, which ends everything of the epoch before. */
const CHANGES_USER = ['domain/users/user.service.ts updateUser', 'domain/notices/review.service.ts endReview']

const NO_BUMP = 'a change that raises no epoch'

/** By the function that ends something: the actions of its event, or why it needs none. */
const CAUSES: Readonly<Record<string, readonly (keyof typeof KINDS)[] | string>> = {
  'domain/sessions/replaced-session.service.ts endReplacedSession': ['session.ended'],
  'domain/attempts/former-session.service.ts endFormerSession': ['session.ended'],
  'use-cases/sign-in/sign-out.service.ts endBySigningOut': ['session.ended'],
  'use-cases/sign-in/remembered-device.service.ts endFirstSession': ['session.ended'],
  'use-cases/account/sessions/own-sessions.service.ts endOwnSession': ['session.ended'],
  'use-cases/account/sessions/own-sessions.service.ts signOutElsewhere': ['session.ended'],
  'use-cases/administration/credentials/credentials.service.ts revokeSession': ['session.ended'],
  'use-cases/administration/credentials/credentials.service.ts resetSecondFactor': ['totp.reset'],
  'use-cases/administration/credentials/credentials.service.ts forgetFactors': 'a part of resetSecondFactor',
  'use-cases/administration/credentials/credentials.service.ts storePassword': ['password.set'],
  'use-cases/administration/users/change-user.service.ts applyChanges': ['user.changed', 'user.renamed'],
  'use-cases/administration/users/change-user.service.ts applyValues': NO_BUMP,
  'use-cases/administration/account-status/account-status.service.ts disableUser': ['user.disabled'],
  'use-cases/administration/account-status/account-status.service.ts enableUser':
    'everything of the user ended when it was disabled',
  'use-cases/administration/account-status/account-status.service.ts deleteUser': ['user.deleted'],
  'use-cases/administration/account-status/account-status.service.ts signOutUser': ['user.signed_out'],
  'use-cases/account/profile/profile.service.ts deleteOwnAccount': ['user.deleted'],
  'use-cases/account/own-account/own-account.service.ts endOtherSessions': 'a part of its callers',
  'use-cases/account/own-account/factor-addition.service.ts cleanUpAfterAddition': 'a part of its callers',
  'use-cases/account/own-account/factor-removal.service.ts cleanUpAfterRemoval': 'a part of its callers',
  'use-cases/account/password/own-password.service.ts storeOwnPassword': ['password.changed'],
  'use-cases/administration/invitations/in-person-enrolment.service.ts confirmEnrolmentFor': ['totp.confirmed'],
  'use-cases/administration/key-recovery/key-recovery.service.ts dropPasswords': ['password.dropped'],
  'use-cases/administration/key-recovery/key-recovery.service.ts requireNewFactor': ['totp.reset'],
  'use-cases/enrolment/enrolment-completion.service.ts completeInvitation': ['invitation.accepted'],
  'use-cases/enrolment/enrolment-completion.service.ts completeSignIn':
    'the factor that was added in the same transaction has its event: totp.confirmed, passkey.registered',
  'domain/notices/review.service.ts endReview': 'a part of its callers',
  'domain/attributes/attribute-values.service.ts changeValues': NO_BUMP,
  'domain/notices/email-change.service.ts applyEmailChange': NO_BUMP,
  'domain/notices/email-change.service.ts askToConfirm': NO_BUMP,
  'domain/notices/email-change.service.ts changeEmail': NO_BUMP,
  'domain/notices/email-change.service.ts undoEmailChange': NO_BUMP,
  'use-cases/account/notices/own-notices.service.ts changeOwnNotices': NO_BUMP,
  'use-cases/account/profile/profile.service.ts applyChanges': NO_BUMP,
  'use-cases/account/recovery-codes/own-recovery-codes.service.ts renewRecoveryCodes': NO_BUMP,
  'use-cases/account/tokens/own-tokens.service.ts makeOwnToken': NO_BUMP,
  'use-cases/account/totp/own-apps.service.ts begin': NO_BUMP,
  'use-cases/administration/account-status/user-review.service.ts liftReview': NO_BUMP,
  'use-cases/administration/credentials/tokens.service.ts makeTokenOf': NO_BUMP,
  'use-cases/administration/help/help.service.ts mailInvitationAgain': NO_BUMP,
  'use-cases/administration/invitations/in-person-enrolment.service.ts beginEnrolmentFor': NO_BUMP,
  'use-cases/administration/invitations/invitation.service.ts inviteUser': NO_BUMP,
  'use-cases/administration/invitations/invitation.service.ts mailInvitation': NO_BUMP,
  'use-cases/sign-in/credentials.service.ts updateAfterMatch': NO_BUMP,
  'use-cases/recovery/password-reset.service.ts storeForgottenPassword': ['password.reset'],
  'domain/notices/review.service.ts requireReview': ['review.required'],
  'use-cases/sign-in/review.service.ts storeReview': ['review.completed'],
  'use-cases/administration/state-rollback/state-rollback.service.ts endWhatCouldReturn': ['database.rolled_back'],
  'domain/grants/consent.service.ts withdrawConsent': ['app.consent_withdrawn'],
  'domain/back-channel/ended-by-time.service.ts recordExpired': ['session.expired'],
  'domain/back-channel/ended-by-time.service.ts recordAccessEnded': ['app.access_ended'],
  'domain/grants/reported-end.service.ts endWithEvent': ['app.token_reused', 'app.token_revoked'],
  'use-cases/administration/clients/app-state.service.ts disableApp': ['app.disabled'],
  'use-cases/administration/clients/app-state.service.ts deleteApp': ['app.deleted'],
  'use-cases/administration/clients/app-state.service.ts endAppGrants': ['app.grants_ended'],
  'use-cases/administration/clients/clients.service.ts writeAppChange': ['app.changed'],
  'use-cases/administration/agents/agents.service.ts endSignInsOf': ['app.grants_ended'],
  'use-cases/administration/agents/agents.service.ts endAgentSignIns': ['app.grants_ended'],
}
const KINDS = { ...ALWAYS_ENDS, ...SOMETIMES_ENDS }

test('each call that ends something is known, with the event that says so', () => {
  const callers = callersOf(GRAPH, [...ENDS, ...CHANGES_USER])
  assert.deepEqual(callers, Object.keys(CAUSES).toSorted())
})

function callersOf(graph: CallGraph, names: readonly string[]): string[] {
  const callers = [...graph].filter(([, named]) => names.some((name) => named.has(name))).map(([name]) => name)
  return [...new Set(callers)].toSorted()
}

test('each action that ends something is the event of a caller, or found by a job', () => {
  const recorded = new Set(Object.values(CAUSES).flatMap((actions) => (typeof actions === 'string' ? [] : actions)))
  // What is added by its owner, and removed, is recorded by the callers of what ends the other sessions.
  const byCallers = ['totp.removed', 'passkey.registered', 'passkey.removed']
  const byJobs = ['user.expired']
  assert.deepEqual([...recorded, ...byCallers, ...byJobs].toSorted(), Object.keys(KINDS).toSorted())
})

const ENDS_IN_WORDS: Readonly<Record<EndKind, string>> = {
  session: 'One session',
  user: 'Everything of a user',
  credentials: 'Credentials, and all sessions but one that stays',
  grant: 'What one app got of a user',
  client: 'What one app got of all users',
  everyone: 'Everything of everyone',
}

test('docs/app-sessions.md says of each action what it ends, which apps hear of it, and when', () => {
  const rows = [
    ...readPage('docs/app-sessions.md').text.matchAll(/^\| (`\w+\.\w+`.*?) \| (.*?) \| (.*?) \| (.*?) \|$/gm),
  ]
  const documented = rows.flatMap(([, events = '', ends, hear = '', when = '']) =>
    [...events.matchAll(/`(\w+\.\w+)`/g)].map(([, action = '']) => ({ action, events, ends, hear, when })),
  )
  assert.deepEqual(documented.map(({ action }) => action).toSorted(), Object.keys(KINDS).toSorted())
  for (const { action, events, ends, hear, when } of documented) {
    assert.equal(ends, ENDS_IN_WORDS[KINDS[action as keyof typeof KINDS]], action)
    assert.equal(/, if the /.test(events), Object.hasOwn(SOMETIMES_ENDS, action), action)
    assert.equal(hear.startsWith('None'), NOT_SENT.includes(action), action)
    assert.equal(when.startsWith('Within 30 seconds'), FOUND_BY_JOBS.includes(action), action)
  }
  // What a job finds is chained and sent within some seconds.
  for (const { every } of [endedByTimeJob, expiryNoticeJob]) assert.ok(every <= seconds(20))
})

const NOT_SENT = ['app.token_revoked', 'app.deleted']
const FOUND_BY_JOBS = ['session.expired', 'app.access_ended', 'user.expired']
