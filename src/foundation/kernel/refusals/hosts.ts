/** Refusals about protected hosts, whose requests a reverse proxy lets this server authorize. */
export const HOST_REFUSALS = {
  'host.not_found': { kind: 'missing', title: 'Host not found', detail: 'There is no such protected host.' },
  'host.name_taken': { kind: 'conflict', title: 'Host taken', detail: 'This host is protected already.' },
  'host.too_many': {
    kind: 'conflict',
    title: 'Too many hosts',
    detail: 'Limit of protected hosts reached. Remove one first.',
  },
} as const
