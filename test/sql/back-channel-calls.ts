// Calls the queries by which apps are notified of endings, once for each form of their SQL.
import * as deliveries from '#domain/back-channel/delivery.queries.ts'
import * as checked from '#domain/grants/checked-session.queries.ts'
import * as notified from '#domain/grants/notified-session.queries.ts'
import * as usersAtApps from '#domain/grants/user-at-app.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const DELIVERY = {
  id: 'delivery',
  clientId: 'client',
  subject: SUBJECT,
  sid: 'sid',
  jti: 'jti',
  createdAt: NOW,
} as const
const LEASED = { id: 'delivery', leaseOwner: 'owner' } as const
const FIRST = { before: null, limit: 10 } as const
const NEXT = { owner: 'owner', now: NOW } as const

export const BACK_CHANNEL_CALLS: QueryCalls = {
  'src/domain/back-channel/delivery.queries.ts': {
    insertDeliveries: (db) => deliveries.insertDeliveries(db, 'event', [DELIVERY]),
    leaseDelivery: [
      (db) => deliveries.leaseDelivery(db, { ...NEXT, busy: [], onlyFirst: false }),
      (db) => deliveries.leaseDelivery(db, { ...NEXT, busy: ['client'], onlyFirst: true }),
    ],
    settleDelivery: (db) => deliveries.settleDelivery(db, LEASED, { delivered_at: NOW }),
    selectTroubled: (db) => deliveries.selectTroubled(db, 'client', 20),
    summarizeOpen: (db) => deliveries.summarizeOpen(db, 'client'),
    selectLastError: (db) => deliveries.selectLastError(db, 'client'),
    requeueDeliveries: (db) => deliveries.requeueDeliveries(db, 'client', NOW),
    deleteDeliveriesOf: (db) => deliveries.deleteDeliveriesOf(db, 'client'),
    deleteOldDeliveries: (db) => deliveries.deleteOldDeliveries(db, NOW),
    selectCursor: (db) => deliveries.selectCursor(db, 'back-channel'),
    updateCursor: (db) => deliveries.updateCursor(db, 'back-channel', { position: 1, resume: null }),
  },
  'src/domain/grants/checked-session.queries.ts': {
    selectDueForCheck: (db) => checked.selectDueForCheck(db, NOW, 200),
    updateCheckAt: (db) => checked.updateCheckAt(db, ['session'], NOW),
    bringForwardChecks: (db) => checked.bringForwardChecks(db, NOW),
    checkUserNow: (db) => checked.checkUserNow(db, SUBJECT),
  },
  'src/domain/grants/user-at-app.queries.ts': {
    selectUsersAtApps: (db) => usersAtApps.selectUsersAtApps(db, [SUBJECT, 'other']),
  },
  'src/domain/grants/notified-session.queries.ts': {
    selectSessionsAtApps: [
      (db) => notified.selectSessionsAtApps(db, { at: NOW, subject: SUBJECT, sessionId: 'session' }, FIRST),
      (db) => notified.selectSessionsAtApps(db, { at: NOW, subject: SUBJECT, onlyEnded: true }, FIRST),
      (db) =>
        notified.selectSessionsAtApps(
          db,
          { at: NOW, clientId: 'client' },
          { before: ['session', 'client'], limit: 10 },
        ),
    ],
    selectUsersWithoutSession: [
      (db) => notified.selectUsersWithoutSession(db, { at: NOW, subject: SUBJECT }, { after: null, limit: 10 }),
      (db) =>
        notified.selectUsersWithoutSession(
          db,
          { at: NOW, clientId: 'client' },
          { after: ['client', SUBJECT], limit: 10 },
        ),
    ],
    markNotified: (db) => notified.markNotified(db, [{ sessionId: 'session', clientId: 'client' }], NOW),
    deleteUsersOfApps: [
      (db) => notified.deleteUsersOfApps(db, { clientId: 'client' }),
      (db) => notified.deleteUsersOfApps(db, { subject: SUBJECT }),
    ],
  },
}
