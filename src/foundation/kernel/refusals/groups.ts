/** Refusals about groups of users. */
export const GROUP_REFUSALS = {
  'group.not_found': { kind: 'missing', title: 'Group not found', detail: 'There is no such group.' },
  'group.name_taken': {
    kind: 'conflict',
    title: 'Group name taken',
    detail: 'Another group has this name. Names are not case-sensitive.',
  },
  'group.too_many': {
    kind: 'conflict',
    title: 'Too many groups',
    detail: 'Group limit reached. Delete one first.',
  },
  'group.too_many_managers': {
    kind: 'conflict',
    title: 'Too many managers',
    detail: 'Manager limit reached. Remove one first.',
  },
  'group.policy_needed': {
    kind: 'forbidden',
    title: 'A policy uses this group',
    detail:
      'A policy uses this group, so leaving it could weaken the second factor of the user. This needs the permission `policy:write`.',
  },
  'group.second_admin_needed': {
    kind: 'forbidden',
    title: 'A second admin is needed',
    detail:
      'The user has permissions, and a policy of the group would stop them at once or within a week. Add them below `/groups`, where it waits for a second admin.',
  },
  'group.named_by_policy': {
    kind: 'conflict',
    title: 'A policy uses this group',
    detail: 'The group cannot be deleted while a policy uses it. End the policy first.',
  },
  'group.named_by_app': {
    kind: 'conflict',
    title: 'An app is restricted to this group',
    detail: 'Only members of this group may use the apps in `apps`. Change who may use them first.',
  },
  'group.named_by_host': {
    kind: 'conflict',
    title: 'A protected host names this group',
    detail: 'Rules of the protected hosts in `hosts` name this group. Change them first.',
  },
} as const
