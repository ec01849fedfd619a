import { duration, oneOf } from './parse.ts'
import type { Setting } from './types.ts'

/** The settings of the two-person rule. No page and no route changes them, so that an admin cannot turn the rule off alone. */
export const APPROVAL_SETTINGS = {
  two_person_rule: {
    kind: oneOf(['off', 'on']),
    standard: 'off',
    sentence:
      'Two-person rule, `off` or `on`: a second admin approves changes to accounts with permissions and to roles. Only this configuration changes it, and each change is audited at the next start.',
    example: 'on',
  },
  approval_wait: {
    kind: duration('1h', '30d'),
    standard: '24h',
    sentence:
      'Waiting time of the two-person rule: without a second admin, a request is carried out after it, unless the person concerned objects. Only this configuration changes it.',
    example: '48h',
  },
} as const satisfies Record<string, Setting<unknown>>
