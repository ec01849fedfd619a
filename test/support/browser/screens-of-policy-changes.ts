// The pages on which admins make, change and end policies.
import { PLANNED_POLICY } from '../server/policy-scenes.ts'
import { type Screen, sending } from './screen.ts'

const ON = { as: 'postmaster', on: 'mailing' } as const

export const POLICY_SCREENS: readonly Screen[] = [
  { ...ON, name: 'policies', at: '/admin/policies' },
  { name: 'policies-none', as: 'owner', at: '/admin/policies', on: 'fresh' },
  { ...ON, name: 'policy', at: PLANNED_POLICY },
  { ...ON, name: 'policy-done', at: `${PLANNED_POLICY}?done=changed` },
  { ...ON, name: 'policy-in-force', at: '/admin/policies/sales' },
  { ...ON, name: 'policy-new', at: '/admin/policies/new' },
  {
    ...ON,
    name: 'policy-new-deadline',
    at: '/admin/policies/new',
    async doing(page) {
      await page.check('#second_factor-required')
      await page.check('#start-later')
    },
  },
  {
    ...ON,
    name: 'policy-new-faults',
    at: '/admin/policies/new',
    doing: sending({ name: 'All users', session_idle: 'long' }),
    status: 422,
  },
  {
    ...ON,
    name: 'policy-check',
    at: '/admin/policies/new',
    doing: sending({ name: 'All users', session_idle: '30m', session_absolute: '12h' }),
  },
  { ...ON, name: 'policy-change', at: `${PLANNED_POLICY}/change` },
  { ...ON, name: 'policy-rename', at: `${PLANNED_POLICY}/rename` },
  { ...ON, name: 'policy-rename-faults', at: `${PLANNED_POLICY}/rename`, doing: sending({ name: ' ' }), status: 422 },
  { ...ON, name: 'policy-cancel', at: `${PLANNED_POLICY}/versions/1/cancel` },
  { ...ON, name: 'policy-delete', at: `${PLANNED_POLICY}/delete` },
  { ...ON, name: 'policy-end', at: '/admin/policies/sales/end' },
]
