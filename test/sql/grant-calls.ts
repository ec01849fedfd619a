// Calls the queries of what apps got, and of the keys that sign their ID tokens, once for each form of their SQL.
import * as signIns from '#domain/grants/app-sign-in.queries.ts'
import * as consents from '#domain/grants/consent.queries.ts'
import * as devices from '#domain/grants/device-code.queries.ts'
import * as uses from '#domain/grants/grant-use.queries.ts'
import * as grants from '#domain/grants/grant.queries.ts'
import * as tokens from '#domain/grants/token.queries.ts'
import * as signingKeys from '#domain/signing-keys/signing-key.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const GRANT = {
  id: 'grant',
  clientId: 'client',
  subject: SUBJECT,
  epoch: 1,
  sessionId: 'session',
  methods: ['password', 'totp'],
  authenticatedAt: NOW,
  payload: '{}',
  createdAt: NOW,
  expiresAt: NOW,
  resourceId: null,
} as const

const CLIENT_SESSION = {
  sessionId: 'session',
  clientId: 'client',
  subject: SUBJECT,
  sid: 'sid',
  grantId: 'grant',
  expiresAt: NOW,
} as const

const TOKEN = {
  id: 'token',
  kind: 'access',
  grantId: 'grant',
  isOffline: false,
  payload: '{}',
  createdAt: NOW,
  expiresAt: NOW,
} as const

const DEVICE_CODE = {
  id: 'token',
  clientId: 'client',
  userCode: 'mac',
  payload: '{}',
  createdAt: NOW,
  expiresAt: NOW,
} as const

const APPROVED_CODE = {
  id: 'token',
  grantId: 'grant',
  subject: SUBJECT,
  epoch: 1,
  isOffline: false,
  payload: '{}',
} as const

const SIGNING_KEY = {
  kid: 'key',
  alg: 'ES256',
  sealed: 'sealed',
  publicJwk: '{}',
  createdAt: NOW,
  signsFrom: NOW,
} as const

const CONSENT = {
  clientId: 'client',
  subject: SUBJECT,
  items: ['scope:profile'],
  givenAt: NOW,
  document: null,
} as const

export const GRANT_CALLS: QueryCalls = {
  'src/domain/grants/app-sign-in.queries.ts': {
    selectGrantsOfUser: (db) => signIns.selectGrantsOfUser(db, SUBJECT, NOW),
  },
  'src/domain/grants/consent.queries.ts': {
    selectConsent: (db) => consents.selectConsent(db, CONSENT),
    takeConsent: (db) => consents.takeConsent(db, CONSENT),
    selectConsents: (db) => consents.selectConsents(db, SUBJECT),
    insertConsent: (db) => consents.insertConsent(db, CONSENT),
    putConsent: (db) => consents.putConsent(db, CONSENT),
    deleteConsentRow: (db) => consents.deleteConsentRow(db, CONSENT),
  },
  'src/domain/grants/device-code.queries.ts': {
    selectDeviceCode: (db) => devices.selectDeviceCode(db, 'token'),
    selectWaitingCode: (db) => devices.selectWaitingCode(db, 'mac', NOW),
    insertDeviceCode: (db) => devices.insertDeviceCode(db, DEVICE_CODE),
    approveCodeRow: (db) => devices.approveCodeRow(db, APPROVED_CODE, NOW),
    denyCodeRow: (db) => devices.denyCodeRow(db, 'token', NOW),
    updateWaitingPayload: (db) => devices.updateWaitingPayload(db, 'token', '{}', NOW),
    updatePoll: (db) => devices.updatePoll(db, 'token', { now: NOW, before: NOW }),
  },
  'src/domain/grants/grant.queries.ts': {
    selectGrant: (db) => grants.selectGrant(db, 'grant'),
    insertGrant: (db) => grants.insertGrant(db, GRANT),
    updateGrantUse: (db) => grants.updateGrantUse(db, 'grant', NOW),
    revokeGrantRow: (db) => grants.revokeGrantRow(db, 'grant', NOW),
    revokeGrantRowsOf: [
      (db) => grants.revokeGrantRowsOf(db, { clientId: 'client' }, NOW),
      (db) => grants.revokeGrantRowsOf(db, { clientId: 'client', subject: SUBJECT }, NOW),
    ],
    revokeGrantRowsOfUser: [
      (db) => grants.revokeGrantRowsOfUser(db, { subject: SUBJECT }, NOW),
      (db) => grants.revokeGrantRowsOfUser(db, { subject: SUBJECT, exceptSession: 'session' }, NOW),
    ],
    revokeAllGrants: (db) => grants.revokeAllGrants(db, NOW),
    selectClientSessions: (db) => grants.selectClientSessions(db, 'session'),
    insertClientSession: (db) => grants.insertClientSession(db, CLIENT_SESSION),
    replaceGrantOfSession: (db) => grants.replaceGrantOfSession(db, CLIENT_SESSION, { id: 'other', expiresAt: NOW }),
    selectSessionsWithGrants: (db) => grants.selectSessionsWithGrants(db, SUBJECT, NOW),
    moveClientSessions: (db) => grants.moveClientSessions(db, 'session', 'other'),
    updateEpochOfGrants: (db) => grants.updateEpochOfGrants(db, SUBJECT, { from: 1, to: 2 }),
    deleteEndedGrants: (db) => grants.deleteEndedGrants(db, NOW),
  },
  'src/domain/grants/grant-use.queries.ts': {
    selectGrantUses: (db) => uses.selectGrantUses(db, ['client'], NOW),
  },
  'src/domain/grants/token.queries.ts': {
    selectToken: (db) => tokens.selectToken(db, 'token'),
    insertGrantToken: (db) => tokens.insertGrantToken(db, TOKEN),
    putToken: (db) => tokens.putToken(db, { ...TOKEN, kind: 'interaction', grantId: null }),
    setSuccessor: (db) => tokens.setSuccessor(db, 'token', 'sealed'),
    clearSuccessorsSealedBy: (db) => tokens.clearSuccessorsSealedBy(db, ['seal-1']),
    deleteAllTokens: (db) => tokens.deleteAllTokens(db),
    deleteToken: (db) => tokens.deleteToken(db, 'token'),
    deleteExpiredTokenRows: (db) => tokens.deleteExpiredTokenRows(db, NOW),
  },
  'src/domain/signing-keys/signing-key.queries.ts': {
    selectSigningKeys: (db) => signingKeys.selectSigningKeys(db),
    selectSealedSigningKeys: (db) => signingKeys.selectSealedSigningKeys(db),
    insertSigningKey: (db) => signingKeys.insertSigningKey(db, SIGNING_KEY),
    withdrawKeyRows: (db) => signingKeys.withdrawKeyRows(db),
    withdrawKeyRowsSealedBy: (db) => signingKeys.withdrawKeyRowsSealedBy(db, ['seal-1']),
    setRetirement: (db) => signingKeys.setRetirement(db, ['key'], NOW),
    deleteSigningKeys: (db) => signingKeys.deleteSigningKeys(db, ['key']),
  },
}
