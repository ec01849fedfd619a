/** Refusals of exemptions from policies. */
export const ROLLOUT_REFUSALS = {
  'policy.exemption_not_found': {
    kind: 'missing',
    title: 'Exemption not found',
    detail: 'This user is not exempt from the policy.',
  },
  'policy.own_exemption': {
    kind: 'conflict',
    title: 'Your own account',
    detail: 'You cannot exempt yourself from a policy. Ask another admin.',
  },
} as const
