/** Refusals about groups of users. */
export const GROUP_REFUSALS = {
  'group.not_found': { kind: 'missing', title: 'Group not found', detail: 'There is no such group.' },
  'group.name_taken': {
    kind: 'conflict',
    title: 'Group name taken',
    detail: 'Another group has this name, perhaps in another case.',
  },
  'group.too_many': {
    kind: 'conflict',
    title: 'Too many groups',
    detail: 'Group limit reached. Delete one first.',
  },
  'group.too_many_managers': {
    kind: 'conflict',
    title: 'Too many managers',
    detail: 'The group has as many managers as it may have. Remove one first.',
  },
  'group.policy_needed': {
    kind: 'forbidden',
    title: 'A policy names this group',
    detail: 'Leaving this group would weaken the second factor of the user. It needs the permission policy:write.',
  },
  'group.named_by_policy': {
    kind: 'conflict',
    title: 'A policy names this group',
    detail: 'The group cannot be deleted while a policy names it. End the policy first.',
  },
} as const
