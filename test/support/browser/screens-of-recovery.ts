// The pages of ways back in: a forgotten password, a lost phone or passkey, the link after a reset of the second step.
import type { Page } from 'playwright-core'

import { send } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'

/** Sends the form empty, as a browser that ignores `required` does. */
async function sendsNothing(page: Page): Promise<void> {
  await page.locator('main form').evaluate((form) => form.setAttribute('novalidate', ''))
  await send(page, {})
}

export const RECOVERY_SCREENS: readonly Screen[] = [
  { name: 'forgot-password', as: 'anonymous', at: '/forgot-password' },
  { name: 'forgot-password-empty', as: 'anonymous', at: '/forgot-password', doing: sendsNothing, status: 422 },
  {
    name: 'forgot-password-sent',
    as: 'anonymous',
    at: '/forgot-password',
    doing: sending({ username: 'nobody' }),
    endsAt: '/forgot-password/sent',
  },
  { name: 'forgot-password-off', as: 'anonymous', at: '/forgot-password', on: 'ruled' },
  { name: 'password-reset', as: 'anonymous', at: ({ links }) => links.reset },
  {
    name: 'password-reset-faults',
    as: 'anonymous',
    at: ({ links }) => links.reset,
    doing: sending({ 'new-password': 'short' }),
    status: 422,
  },
  { name: 'password-reset-unknown', as: 'anonymous', at: '/password-reset/dwl_none', status: 404 },
  { name: 'enrolment-link', as: 'anonymous', at: ({ links }) => links.enrolment },
  {
    name: 'enrolment-link-wrong',
    as: 'anonymous',
    at: ({ links }) => links.enrolment,
    doing: sending({ 'current-password': 'wrong' }),
    status: 403,
  },
  { name: 'enrolment-link-unknown', as: 'anonymous', at: '/enrolment-link/dwl_none', status: 404 },
  { name: 'second-step-lost', as: 'halfway', at: '/sign-in/lost' },
  { name: 'second-step-lost-passkey', as: 'keyholder-halfway', at: '/sign-in/lost' },
  { name: 'recovered-after-loss', as: 'user', at: '/account/recovered?because=lost' },
]
