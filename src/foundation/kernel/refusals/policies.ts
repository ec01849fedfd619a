/** Refusals by policies, and about them. */
export const POLICY_REFUSALS = {
  'factor.not_allowed': {
    kind: 'conflict',
    title: 'Second step not allowed',
    detail: 'The policies for this account do not allow this kind of second step. Set up one that they allow.',
  },
  'policy.not_found': { kind: 'missing', title: 'Policy not found', detail: 'There is no such policy.' },
  'policy.exists': {
    kind: 'conflict',
    title: 'Policy exists',
    detail: 'There is already a policy for these users. Add a version to it.',
  },
  'policy.version_planned': {
    kind: 'conflict',
    title: 'Version planned',
    detail:
      'A version that begins later is already planned, and would never be in force. Cancel it first, or choose a time after it.',
  },
  'policy.version_not_found': {
    kind: 'missing',
    title: 'Version not found',
    detail: 'The policy has no such version.',
  },
  'policy.version_in_force': {
    kind: 'conflict',
    title: 'Version in force',
    detail: 'Only a planned version can be cancelled. Add a new version.',
  },
  'policy.in_use': {
    kind: 'conflict',
    title: 'Policy was in force',
    detail: 'Only a policy that was never in force can be deleted. End it instead, so that its history stays.',
  },
  'policy.ended': {
    kind: 'conflict',
    title: 'Policy ended',
    detail: 'The policy is not in force, and no version is planned.',
  },
  'policy.cancelling_stops': {
    kind: 'forbidden',
    title: 'A second admin is needed',
    detail:
      'Without this version the policy would stop another user with permissions within a week. Add a version with the terms you want instead: it waits for a second admin.',
  },
  'policy.exemption_not_found': {
    kind: 'missing',
    title: 'Exemption not found',
    detail: 'This user is not exempt from the policy.',
  },
  'policy.exemption_useless': {
    kind: 'conflict',
    title: 'Exemption changes nothing',
    detail:
      'The exemption would change nothing: without this policy, the same is asked of the user. `second_factor` says what.',
  },
  'policy.own_exemption': {
    kind: 'conflict',
    title: 'Your own account',
    detail: 'You cannot exempt yourself from a policy. Ask another admin.',
  },
} as const
