// The pages of remembered devices: the choice at the second step, the lists of the user and of an admin, and the step-up.
import type { Screen } from './screen.ts'

export const REMEMBERED_DEVICE_SCREENS: readonly Screen[] = [
  { name: 'second-step-remember', as: 'remembering-halfway', at: '/sign-in/second-step' },
  { name: 'security-remembered-devices', as: 'remembered', at: '/account/security' },
  { name: 'security-device-forgotten', as: 'remembered', at: '/account/security?done=device-forgotten' },
  { name: 'password-on-remembered-device', as: 'remembered', at: '/account/security/password', endsAt: '/confirm' },
]

export const USER_WITH_REMEMBERED_DEVICES: readonly Screen[] = [
  { name: 'user-remembered-devices', as: 'admin', at: ({ ids }) => `/admin/users/${ids.get('chiara')}/sign-in` },
]
