/** Refusals of the set-up of the server. */
export const ONBOARDING_REFUSALS = {
  'setup.finished': { kind: 'conflict', title: 'Already set up', detail: 'This server already has its first admin.' },
} as const
