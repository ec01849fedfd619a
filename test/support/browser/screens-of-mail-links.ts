// The pages of mailed links, of the review of a reported account, and what the account page says where mail is on.
import { moveOn, press } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'

/** Presses the button of a page whose link a visit before may have used. */
function pressing(button: string): NonNullable<Screen['doing']> {
  return async (page, { mailing }) => {
    await mailing.restore()
    await moveOn(page, () => press(page, button))
  }
}

const on = 'mailing'

export const MAIL_LINK_SCREENS: readonly Screen[] = [
  { name: 'not-me', as: 'anonymous', at: ({ mailing }) => mailing.links.notMe, on },
  {
    name: 'not-me-done',
    as: 'anonymous',
    at: ({ mailing }) => mailing.links.reported,
    doing: pressing('Lock down my account'),
    on,
  },
  { name: 'not-me-unknown', as: 'anonymous', at: '/not-me/dwl_none', status: 404, on },
  { name: 'confirm-email', as: 'anonymous', at: ({ mailing }) => mailing.links.confirm, on },
  { name: 'confirm-email-unknown', as: 'anonymous', at: '/confirm-email/dwl_none', status: 404, on },
  { name: 'undo-email', as: 'anonymous', at: ({ mailing }) => mailing.links.undo, on },
  { name: 'undo-email-unknown', as: 'anonymous', at: '/undo-email/dwl_none', status: 404, on },
  {
    name: 'undo-email-taken',
    as: 'anonymous',
    at: ({ mailing }) => mailing.links.undoTaken,
    doing: pressing('Undo the change'),
    status: 409,
    on,
  },
  { name: 'review', as: 'reviewing', at: '/sign-in/review', on },
  {
    name: 'review-faults',
    as: 'reviewing',
    at: '/sign-in/review',
    doing: sending({ 'new-password': 'short' }),
    status: 422,
    on,
  },
  { name: 'review-another-factor', as: 'detoured', at: '/sign-in/review', on },
  { name: 'review-by-admin', as: 'barred', at: '/sign-in/review', on },
]

export const MAILED_ACCOUNT_SCREENS: readonly Screen[] = [
  { name: 'account-pending-email', as: 'mailed', at: '/account', on },
  { name: 'account-notices', as: 'postmaster', at: '/account', on },
]

export const REVIEWED_USER_SCREENS: readonly Screen[] = [
  { name: 'user-review', as: 'postmaster', at: ({ mailing }) => `/admin/users/${mailing.ids.reviewing}`, on },
  {
    name: 'user-review-another-factor',
    as: 'postmaster',
    at: ({ mailing }) => `/admin/users/${mailing.ids.detoured}`,
    on,
  },
  { name: 'user-review-by-admin', as: 'postmaster', at: ({ mailing }) => `/admin/users/${mailing.ids.barred}`, on },
]
