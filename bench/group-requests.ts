// The lists of groups and the plans of policies, as an admin asks for them.

import type { TimedRequest } from './timed-requests.ts'

const PASSKEYS = { second_factor: 'phishing-resistant' } as const

export const GROUP_REQUESTS: readonly (readonly [path: string, request: TimedRequest])[] = [
  ['/groups', {}],
  ['/groups/group-7/members', {}],
  ['/groups/scattered/members', {}],
  ['/users?group=Group%207', {}],
  ['/users?group=Every%20fifth', {}],
  ['/groups/last/members', {}],
  ['/users?group=End%20of%20the%20alphabet', {}],
  ['/users?group=Every%20fifth&q=person', {}],
  ['/admin/groups', {}],
  ['/admin/groups/scattered', {}],
  ['/admin/policies', {}],
  ['/policies/plan', { method: 'POST', body: { scope: 'everyone', ...PASSKEYS } }],
  ['/policies/plan', { method: 'POST', body: { scope: 'role', scope_ref: 'user', ...PASSKEYS } }],
  ['/policies/plan', { method: 'POST', body: { scope: 'group', scope_ref: 'group-7', ...PASSKEYS } }],
  ['/policies/all/plan', {}],
  ['/admin/policies/all/plan', {}],
  ['/admin/policies/all', {}],
]
