/** Refusals of single-use links, of the set-up of the server, and of self-registration. */
export const ONBOARDING_REFUSALS = {
  'link.unknown': {
    kind: 'missing',
    title: 'Unknown link',
    detail: 'Unknown link. Ask for a new one.',
  },
  'link.expired': { kind: 'missing', title: 'Link expired', detail: 'Link expired. Ask for a new one.' },
  'link.replaced': {
    kind: 'missing',
    title: 'Link replaced',
    detail: 'A newer link was emailed to the same address. Use that one.',
  },
  'link.used': { kind: 'missing', title: 'Link already used', detail: 'Link already used. Sign in.' },
  'setup.finished': { kind: 'conflict', title: 'Already set up', detail: 'This server already has an admin.' },
  'registration.off': {
    kind: 'missing',
    title: 'No registration',
    detail: 'Sign-up is by invitation only. Ask an admin to invite you.',
  },
  'registration.proof_refused': {
    kind: 'forbidden',
    title: 'Proof of work refused',
    detail:
      'The proof of work is missing, wrong, expired or already used. Solve a new challenge of GET /registrations/challenge.',
  },
  'registration.not_found': {
    kind: 'missing',
    title: 'Registration not found',
    detail: 'No such registration is waiting. It was already decided, or it expired.',
  },
} as const
