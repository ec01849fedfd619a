// Calls the queries of remembered devices, once for each form of their SQL.
import * as devices from '#domain/remembered-devices/remembered-device.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const DEVICE = {
  id: 'device',
  subject: SUBJECT,
  epoch: 1,
  address: '192.0.2.1',
  agent: null,
  createdAt: NOW,
  lastUsedAt: NOW,
  expiresAt: NOW,
  revokedAt: null,
} as const

export const REMEMBERED_DEVICE_CALLS: QueryCalls = {
  'src/domain/remembered-devices/remembered-device.queries.ts': {
    insertRememberedDevice: (db) => devices.insertRememberedDevice(db, DEVICE, 'hash'),
    selectRememberedDevice: (db) => devices.selectRememberedDevice(db, { subject: SUBJECT, id: 'device' }),
    selectRememberedDevices: (db) => devices.selectRememberedDevices(db, SUBJECT, NOW),
    replaceDeviceToken: (db) =>
      devices.replaceDeviceToken(db, { id: 'device', from: 'hash', to: 'another', by: null, now: NOW }),
    updateDeviceSession: (db) => devices.updateDeviceSession(db, 'device', 'session'),
    isCurrentToken: (db) => devices.isCurrentToken(db, { id: 'device', tokenHash: 'hash' }),
    revokeRememberedDevice: (db) => devices.revokeRememberedDevice(db, { subject: SUBJECT, id: 'device', now: NOW }),
    revokeRememberedDevices: (db) => devices.revokeRememberedDevices(db, SUBJECT, NOW),
    deleteRememberedDevices: (db) => devices.deleteRememberedDevices(db, NOW),
  },
}
