/** Refusals of single-use links, and of the set-up of the server. */
export const ONBOARDING_REFUSALS = {
  'link.unknown': {
    kind: 'missing',
    title: 'Unknown link',
    detail: 'Unknown link. Ask for a new one.',
  },
  'link.expired': { kind: 'missing', title: 'Link expired', detail: 'Link expired. Ask for a new one.' },
  'link.used': { kind: 'missing', title: 'Link already used', detail: 'Link already used. Sign in.' },
  'setup.finished': { kind: 'conflict', title: 'Already set up', detail: 'This server already has an admin.' },
} as const
