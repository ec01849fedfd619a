/** Refusals about roles and the permissions that they give. */
export const ROLE_REFUSALS = {
  'role.not_found': { kind: 'missing', title: 'Role not found', detail: 'There is no such role.' },
  'role.name_taken': { kind: 'conflict', title: 'Name taken', detail: 'Another role has this name.' },
  'role.fixed': {
    kind: 'conflict',
    title: 'Role is fixed',
    detail: 'A built-in role stays as it is, and a role of the configuration is changed in the setting `roles`.',
  },
  'role.in_use': {
    kind: 'conflict',
    title: 'Role in use',
    detail: 'Users have this role. `users` is their number. Give them another role first.',
  },
  'role.named_by_policy': {
    kind: 'conflict',
    title: 'Role named by a policy',
    detail: 'The policies in `policies` name this role. End them first.',
  },
  'role.named_by_app': {
    kind: 'conflict',
    title: 'An app is restricted to this role',
    detail: 'Only users with this role may use the apps in `apps`. Change who may use them first.',
  },
  'role.named_by_host': {
    kind: 'conflict',
    title: 'A protected host names this role',
    detail: 'Rules of the protected hosts in `hosts` name this role. Change them first.',
  },
  'role.beyond_own': {
    kind: 'forbidden',
    title: 'More permissions than yours',
    detail: 'This needs every permission of the user or role concerned, before and after the change.',
  },
  'role.beyond_help': {
    kind: 'forbidden',
    title: 'Not for users with permissions',
    detail:
      'This reaches only users without permissions. Resetting the second step of others needs `users:reset-factors`.',
  },
  'role.policy_needed': {
    kind: 'forbidden',
    title: 'A policy uses this role',
    detail: 'Leaving this role would weaken the second factor of the user. It needs the permission policy:write.',
  },
  'role.grant_forbidden': {
    kind: 'forbidden',
    title: 'Roles not permitted',
    detail: 'Giving or removing a role needs the permission `roles:write`.',
  },
} as const
