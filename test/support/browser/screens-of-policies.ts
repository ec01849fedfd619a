// The pages of the roll-out of policies: those of admins, and what users read before and at a deadline.
import { sending } from './screen.ts'
import type { Screen } from './screen.ts'
import { PLANNED_POLICY } from '../server/policy-scenes.ts'

const ON = { as: 'postmaster', on: 'mailing' } as const

export const ROLLOUT_SCREENS: readonly Screen[] = [
  { ...ON, name: 'policy-progress', at: PLANNED_POLICY },
  { ...ON, name: 'policy-plan', at: `${PLANNED_POLICY}/plan` },
  { ...ON, name: 'policy-plan-nobody', at: `${PLANNED_POLICY}/plan?state=joining` },
  { ...ON, name: 'policy-exemptions', at: `${PLANNED_POLICY}/exemptions` },
  { ...ON, name: 'policy-exemptions-done', at: `${PLANNED_POLICY}/exemptions?done=exempted` },
  { ...ON, name: 'policy-exemptions-none', at: '/admin/policies/sales/exemptions' },
  {
    ...ON,
    name: 'policy-unexempt',
    at: ({ mailing }) => `${PLANNED_POLICY}/exemptions/${mailing.ids.exempt}/end`,
  },
  { ...ON, name: 'policy-exempt', at: `${PLANNED_POLICY}/exemptions/new` },
  {
    ...ON,
    name: 'policy-exempt-faults',
    at: `${PLANNED_POLICY}/exemptions/new`,
    doing: sending({ user: 'nobody', reason: 'On leave', ends_on: '2099-01-01' }),
    status: 422,
  },
  { ...ON, name: 'user-help', at: ({ mailing }) => `/admin/users/${mailing.ids.stopped}` },
  { ...ON, name: 'user-help-exempt', at: ({ mailing }) => `/admin/users/${mailing.ids.stopped}/exempt/sales` },
  {
    ...ON,
    name: 'user-help-exempt-faults',
    at: ({ mailing }) => `/admin/users/${mailing.ids.stopped}/exempt/sales`,
    doing: sending({ reason: ' ' }),
    status: 422,
  },
  {
    ...ON,
    name: 'user-help-refusal-unknown',
    at: ({ mailing }) => `/admin/users/${mailing.ids.stopped}/refusal?reference=none`,
    status: 404,
  },
  { name: 'account-before-deadline', as: 'mailed', at: '/account', on: 'mailing' },
  { name: 'security-before-deadline', as: 'mailed', at: '/account/security', on: 'mailing' },
  { name: 'enrolment-at-deadline', as: 'stopped', at: '/enrolment', endsAt: '/enrolment/passkey', on: 'mailing' },
]
