// Calls the queries of groups, once for each form of their SQL.
import * as groups from '#domain/groups/group.queries.ts'
import * as members from '#domain/groups/member.queries.ts'
import { selectVersionsNaming } from '#domain/policies/store/named-scope.queries.ts'
import type { QueryCalls } from './calls.ts'
import { NOW, SUBJECT } from './values.ts'

const GROUP = { id: 'group', name: 'Staff', key: 'staff', description: '', revision: 0, createdAt: NOW } as const
const MEMBERSHIP = { groupId: 'group', subject: SUBJECT, addedAt: NOW } as const
const MEMBERS = { groupId: 'group', beginning: '', after: '', limit: 51 } as const

export const GROUP_CALLS: QueryCalls = {
  'src/domain/groups/group.queries.ts': {
    insertGroup: (db) => groups.insertGroup(db, GROUP),
    updateGroupRow: (db) => groups.updateGroupRow(db, GROUP),
    deleteGroupRows: (db) => groups.deleteGroupRows(db, 'group'),
    selectGroup: (db) => groups.selectGroup(db, 'group'),
    keepGroup: (db) => groups.keepGroup(db, 'group'),
    takeGroup: (db) => groups.takeGroup(db, 'group'),
    selectGroupByKey: (db) => groups.selectGroupByKey(db, 'staff'),
    selectNames: (db) => groups.selectNames(db, ['group']),
    countGroups: groups.countGroups,
    selectGroups: [
      (db) => groups.selectGroups(db, { term: '', limit: 51 }),
      (db) => groups.selectGroups(db, { term: 'a', after: 'staff', member: SUBJECT, limit: 51 }),
    ],
    selectOwnGroups: [
      (db) => groups.selectOwnGroups(db, SUBJECT, { limit: 51 }),
      (db) => groups.selectOwnGroups(db, SUBJECT, { after: 'staff', limit: 51 }),
    ],
    selectMemberCount: (db) => groups.selectMemberCount(db, 'group'),
  },
  'src/domain/groups/member.queries.ts': {
    selectNamesOfGroups: [
      (db) => members.selectNamesOfGroups(db, SUBJECT),
      (db) => members.selectNamesOfGroups(db, SUBJECT, ['group']),
    ],
    selectGroupsOf: (db) => members.selectGroupsOf(db, SUBJECT, ['group', 'other']),
    selectMembershipsAmong: (db) => members.selectMembershipsAmong(db, [SUBJECT], ['group', 'other']),
    insertMembership: (db) => members.insertMembership(db, 'group_member', MEMBERSHIP),
    deleteMembership: (db) => members.deleteMembership(db, 'group_member', 'group', SUBJECT),
    holdMembership: (db) => members.holdMembership(db, 'group_manager', 'group', SUBJECT),
    holdUser: (db) => members.holdUser(db, SUBJECT),
    selectManagers: (db) => members.selectManagers(db, 'group'),
    countManagers: (db) => members.countManagers(db, 'group'),
    hasMoreMembers: (db) => members.hasMoreMembers(db, 'group', 5000),
    selectKeylessMembers: (db) => members.selectKeylessMembers(db, 'group'),
    selectUsernameKey: (db) => members.selectUsernameKey(db, 'a', 3000),
    selectMembers: [
      (db) => members.selectMembers(db, MEMBERS),
      (db) => members.selectMembers(db, { ...MEMBERS, walkTo: null, beginning: 'a' }),
      (db) => members.selectMembers(db, { ...MEMBERS, walkTo: 'b' }),
    ],
  },
  'src/domain/policies/store/named-scope.queries.ts': {
    selectVersionsNaming: (db) => selectVersionsNaming(db, 'group:group'),
  },
}
