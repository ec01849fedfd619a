// Calls the queries of registrations, once for each form of their SQL.
import * as answers from '#domain/registrations/registration-answers.queries.ts'
import * as registrations from '#domain/registrations/registration.queries.ts'
import * as spentChallenges from '#domain/registrations/spent-challenge.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW } from './values.ts'

const REQUEST = {
  id: 'registration',
  state: 'requested',
  email: 'ada@example.org',
  locale: null,
  linkId: 'link',
  createdAt: NOW,
  expiresAt: NOW,
} as const

const SUBMITTED = {
  email_key: 'ada@example.org',
  username: 'ada',
  username_key: 'ada',
  full_name: null,
  hashed_password: 'hash',
  time_zone: null,
  attributes: null,
}

export const REGISTRATION_CALLS: QueryCalls = {
  'src/domain/registrations/registration.queries.ts': {
    insertRegistration: (db) => registrations.insertRegistration(db, REQUEST),
    selectRequested: (db) => registrations.selectRequested(db, 'link'),
    waitsWithEmail: (db) => registrations.waitsWithEmail(db, 'ada@example.org'),
    waitsWithUsername: (db) => registrations.waitsWithUsername(db, 'ada'),
    updateToWaiting: (db) => registrations.updateToWaiting(db, 'registration', SUBMITTED, { now: NOW, expiresAt: NOW }),
    selectWaiting: (db) => registrations.selectWaiting(db, { now: NOW, after: '', limit: 50 }),
    selectWaitingById: (db) => registrations.selectWaitingById(db, 'registration', NOW),
    selectWaitingNamed: (db) => registrations.selectWaitingNamed(db, { word: 'Ada', key: 'ada', now: NOW }),
    selectWaitingCount: (db) => registrations.selectWaitingCount(db, NOW),
    wasNotifiedAfter: (db) => registrations.wasNotifiedAfter(db, NOW),
    updateNotified: (db) => registrations.updateNotified(db, NOW),
    selectUndecided: (db) => registrations.selectUndecided(db, NOW, 100),
    updateToEnded: (db) => registrations.updateToEnded(db, 'registration', 'waiting', NOW),
    deleteExpiredRegistrationRows: (db) => registrations.deleteExpiredRegistrationRows(db, NOW),
  },
  'src/domain/registrations/registration-answers.queries.ts': {
    renameAnswersInRegistrations: (db) => answers.renameAnswersInRegistrations(db, 'events', 'custom_events'),
  },
  'src/domain/registrations/spent-challenge.queries.ts': {
    insertSpentChallenge: (db) =>
      spentChallenges.insertSpentChallenge(db, { id: 'challenge', bits: 8, expiresAt: NOW }),
    deleteSpentChallenges: (db) => spentChallenges.deleteSpentChallenges(db, NOW),
  },
}
