/** Refusals of single-use links, and of the set-up of the server. */
export const ONBOARDING_REFUSALS = {
  'link.unknown': {
    kind: 'missing',
    title: 'Link not known',
    detail: 'This link is not known here. Ask for a new one.',
  },
  'link.expired': { kind: 'missing', title: 'Link ran out', detail: 'This link ran out. Ask for a new one.' },
  'link.used': { kind: 'missing', title: 'Link already used', detail: 'This link was already used. Sign in.' },
  'setup.finished': { kind: 'conflict', title: 'Already set up', detail: 'This server already has its first admin.' },
} as const
