// What is recorded about registrations.
// Tested in audit.service.test.ts.
export const REGISTRATION_EVENTS = {
  'registration.requested': { sentence: 'Registration requested', refused: 'Registration not mailed' },
  'registration.submitted': { sentence: 'Registration waits for approval' },
  'registration.completed': { sentence: 'Registered', refused: 'Registration refused' },
  'registration.approved': { sentence: 'Registration approved', refused: 'Approval refused' },
  'registration.declined': { sentence: 'Registration declined' },
  'registration.expired': { sentence: 'Registration expired without a decision' },
} as const
