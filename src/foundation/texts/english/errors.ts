// Pages that say what went wrong.
import type { RefusalKind } from '#foundation/kernel/refusal.ts'

export const error = {
  titles: {
    waiting: 'Waiting for a second admin',
    malformed: 'We couldn’t read that',
    invalid: 'Check the highlighted fields',
    unauthenticated: 'You’re not signed in',
    reauthentication: 'Confirm it’s you',
    forbidden: 'Not allowed',
    missing: 'Not found',
    method: 'Method not allowed',
    conflict: 'Can’t do that right now',
    stale: 'Changed in the meantime',
    'too-large': 'Too large',
    'media-type': 'We couldn’t read that',
    throttled: 'Too many attempts',
    unavailable: 'Temporarily unavailable',
    internal: 'Something went wrong',
  } satisfies Record<RefusalKind | 'internal', string>,
  formOutdated: 'This form is out of date',
  internal: 'The problem is on our side, and it was logged. If it keeps happening, ask your admin for help.',
  nothingChanged: 'Nothing was changed.',
  waitOver: 'You can try again now.',
  home: 'Go to start page',
  list: 'Go to list',
  again: 'Reload the page',
  requestId: 'If you ask for help, give this request ID:',
  reference: 'If you ask for help, give this reference:',
  /** For developers who follow a code from the API’s answer. */
  meaning: 'What this code means',
  code: 'Code',
  httpStatus: 'HTTP status',
  forPrograms: 'Sent to apps',
}

export const wrongUrl = {
  title: 'Wrong address',
  lead: 'This server has a different address. Passkeys and links won’t work here.',
  expected: 'Server address',
  current: 'You opened',
  go: (url: string) => `Go to ${url}`,
  setting: 'Are you the admin? To use the address you opened, start the server with:',
  behindProxy: 'Is there a proxy in front of the server?',
  proxy:
    'Have it forward the original host: in the Host header, or in X-Forwarded-Host with the proxy’s address in DOORWARD_TRUSTED_PROXIES.',
}
