// The pages of the roll-out of policies: those of admins, and what users read before and at a deadline.
import { PLANNED_POLICY } from '../server/policy-scenes.ts'
import { type Screen, sending } from './screen.ts'

const ON = { as: 'postmaster', on: 'mailing' } as const
const HELP = { as: 'helper', on: 'mailing' } as const

/** A page of the user whom a policy stops. */
function ofStopped(path = ''): Screen['at'] {
  return ({ mailing }) => `/admin/users/${mailing.ids.stopped}${path}`
}

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
  // The same user as an admin sees them.
  { ...ON, name: 'user-stopped', at: ofStopped() },
  { ...HELP, name: 'user-help', at: ofStopped() },
  { ...HELP, name: 'user-help-exempt', at: ofStopped('/exempt/sales') },
  {
    ...HELP,
    name: 'user-help-exempt-faults',
    at: ofStopped('/exempt/sales'),
    doing: sending({ reason: ' ' }),
    status: 422,
  },
  {
    ...HELP,
    name: 'user-help-refusal-unknown',
    at: ofStopped('/refusal?reference=none'),
    status: 404,
  },
  { name: 'account-before-deadline', as: 'mailed', at: '/account', on: 'mailing' },
  { name: 'security-before-deadline', as: 'mailed', at: '/account/security', on: 'mailing' },
  { name: 'enrolment-at-deadline', as: 'stopped', at: '/enrolment', endsAt: '/enrolment/passkey', on: 'mailing' },
]
