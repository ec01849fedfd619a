// Pages that say what went wrong.
import type { RefusalKind } from '../../kernel/refusal.ts'

export const error = {
  titles: {
    malformed: 'This could not be read',
    invalid: 'Check the highlighted fields',
    unauthenticated: 'You are not signed in',
    reauthentication: 'Confirm it’s you',
    forbidden: 'This is not allowed',
    missing: 'Not found',
    method: 'Not at this address',
    conflict: 'This can’t be done now',
    stale: 'Changed meanwhile',
    'too-large': 'That is too much',
    'media-type': 'This could not be read',
    throttled: 'Too many tries',
    unavailable: 'Not right now',
    internal: 'Something went wrong here',
  } satisfies Record<RefusalKind | 'internal', string>,
  formOutdated: 'This form is out of date',
  internal:
    'This is a fault of the server. It was noted, and whoever looks after the server finds it by the request id.',
  nothingChanged: 'Nothing was changed.',
  waitOver: 'You can try again now.',
  home: 'Go to the start page',
  again: 'Open the page again',
  requestId: 'If you ask for help, give this request id:',
  reference: 'If you ask for help, give this reference:',
  /** For whoever follows a code from a program’s answer. */
  meaningLead: 'What this code means when a program gets it as an answer.',
  told: 'People are told',
  httpStatus: 'HTTP status',
  forPrograms: 'For programs',
}

export const wrongAddress = {
  title: 'Wrong address',
  lead: 'This server answers under another address. Here, passwords and links would not work as they should.',
  expected: 'Its address',
  current: 'You opened',
  go: (url: string) => `Go to ${url}`,
  setting: 'If you look after the server and people are to use the address you opened, start it with this setting:',
  behindProxy: 'A proxy stands in front of the server?',
  proxy:
    'Let it pass on the host that the browser asked for: as the Host header, or as X-Forwarded-Host with DOORWARD_TRUSTED_PROXIES naming the proxy.',
}
