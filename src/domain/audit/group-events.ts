// The actions about groups of users, with their sentences. Tested in audit.service.test.ts.
export const GROUP_EVENTS = {
  'group.created': { sentence: 'Group created', refused: 'Group not created' },
  'group.changed': { sentence: 'Group changed', refused: 'Group change refused' },
  'group.deleted': { sentence: 'Group deleted', refused: 'Deleting a group refused' },
  'group.member_added': { sentence: 'Added to a group', refused: 'Adding to a group refused' },
  'group.member_removed': { sentence: 'Removed from a group', refused: 'Removing from a group refused' },
  'group.manager_added': { sentence: 'Made manager of a group', refused: 'Making manager of a group refused' },
  'group.manager_removed': { sentence: 'No longer manager of a group', refused: 'Removing a group manager refused' },
} as const
