// Calls the queries of protected hosts, once for each form of their SQL.
import * as sessions from '#domain/hosts/host-session.queries.ts'
import * as hosts from '#domain/hosts/host.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const HOST = {
  id: 'host',
  name: 'wiki.example.org',
  rules: [{ path: '/', methods: [], who: 'groups', names: ['group'], leastAssurance: null, maxAge: null }],
  sharedGroups: [],
  apiTokens: true,
  preflights: false,
  createdAt: NOW,
  createdBy: null,
  revision: 1,
} as const

const CODE = {
  id: 'code',
  host_id: 'host',
  session_id: 'session',
  subject: SUBJECT,
  leaving: 'digest',
  created_at: NOW,
}
const PRESENTED = {
  id: 'code',
  hostId: 'host',
  leaving: ['digest', 'other'],
  now: NOW,
  since: NOW,
  until: NOW,
} as const

export const HOST_CALLS: QueryCalls = {
  'src/domain/hosts/host.queries.ts': {
    selectHost: (db) => hosts.selectHost(db, 'host'),
    selectHostByName: (db) => hosts.selectHostByName(db, 'wiki.example.org'),
    takeHost: (db) => hosts.takeHost(db, 'host'),
    insertHost: (db) => hosts.insertHost(db, HOST),
    updateHostRow: (db) => hosts.updateHostRow(db, HOST),
    deleteHostRows: (db) => hosts.deleteHostRows(db, 'host'),
    countHosts: (db) => hosts.countHosts(db),
    hasHostRow: (db) => hosts.hasHostRow(db),
    selectHosts: [
      (db) => hosts.selectHosts(db, { limit: 10 }),
      (db) => hosts.selectHosts(db, { limit: 10, after: 'wiki.example.org' }),
    ],
    selectHostsWithTokens: (db) => hosts.selectHostsWithTokens(db),
    selectHostNames: (db) => hosts.selectHostNames(db, ['host', 'other']),
    selectRules: (db) => hosts.selectRules(db),
  },
  'src/domain/hosts/host-session.queries.ts': {
    insertCode: (db) => sessions.insertCode(db, CODE),
    consumeCode: (db) => sessions.consumeCode(db, PRESENTED),
    insertHostSession: (db) =>
      sessions.insertHostSession(db, {
        hash: 'hash',
        host_id: 'host',
        session_id: 'session',
        subject: SUBJECT,
        created_at: NOW,
      }),
    selectSessionAt: (db) => sessions.selectSessionAt(db, 'hash', 'host'),
    selectHostUses: (db) => sessions.selectHostUses(db, ['host', 'other']),
    deleteCodesBefore: (db) => sessions.deleteCodesBefore(db, NOW),
    deleteEndedHostSessions: (db) => sessions.deleteEndedHostSessions(db, NOW),
    deleteCodesAfter: (db) => sessions.deleteCodesAfter(db, NOW),
    deleteAllCodes: (db) => sessions.deleteAllCodes(db),
  },
}
