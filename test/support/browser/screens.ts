// Lists every page in each state that a user can reach: its path, its viewer, and the actions that lead there. The browser
// tests and `npm run screenshots` visit all of them. A new page, or a new state of one, gets a line here.
import type { Page } from 'playwright-core'

import { PASSWORD } from '../people/people.ts'
import { LOCKED } from '../server/populated-server.ts'
import { moveOn, send } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'
import { ADMIN_SCREENS } from './screens-of-admin.ts'
import { OWN_APP_SCREENS } from './screens-of-apps.ts'
import { ATTRIBUTE_SCREENS, OWN_ATTRIBUTE_SCREENS } from './screens-of-attributes.ts'
import { ERROR_SCREENS } from './screens-of-errors.ts'
import { OWN_GROUP_SCREENS } from './screens-of-groups.ts'
import { MAIL_LINK_SCREENS, MAILED_ACCOUNT_SCREENS, REVIEWED_USER_SCREENS } from './screens-of-mail-links.ts'
import { OPENID_SCREENS } from './screens-of-openid.ts'
import { ROLLOUT_SCREENS } from './screens-of-policies.ts'
import { POLICY_SCREENS } from './screens-of-policy-changes.ts'
import { RECOVERY_SCREENS } from './screens-of-recovery.ts'
import { REMEMBERED_DEVICE_SCREENS, USER_WITH_REMEMBERED_DEVICES } from './screens-of-remembered-devices.ts'

const SETUP: readonly Screen[] = [
  { name: 'setup-code', as: 'anonymous', at: '/setup', on: 'empty' },
  {
    name: 'setup-code-wrong',
    as: 'anonymous',
    at: '/setup',
    doing: sending({ setup_token: 'http://localhost/setup/nothing' }),
    status: 404,
    on: 'empty',
  },
  { name: 'setup-link-unknown', as: 'anonymous', at: '/setup/dwl_none', status: 404, on: 'empty' },
  { name: 'setup-you', as: 'anonymous', at: ({ links }) => links.setup, on: 'empty' },
  {
    name: 'setup-you-faults',
    as: 'anonymous',
    at: ({ links }) => links.setup,
    doing: sending({ username: 'a@b', email: 'nowhere@x', 'new-password': 'short' }),
    status: 422,
    on: 'empty',
  },
  { name: 'setup-you-resumed', as: 'founder', at: ({ links }) => links.setup, on: 'empty' },
  { name: 'setup-choice', as: 'founder', at: '/enrolment', on: 'empty' },
  { name: 'setup-second-step', as: 'founder', at: '/enrolment/app', on: 'empty' },
  { name: 'setup-passkey', as: 'founder', at: '/enrolment/passkey', on: 'empty' },
]

/** Sends a passkey response that no browser produced, as if the page's module had filled the field. */
async function sendsPasskey(page: Page): Promise<void> {
  await moveOn(page, () =>
    page.locator('input[name="passkey"]').evaluate((field: HTMLInputElement) => {
      field.value = '{}'
      field.form?.submit()
    }),
  )
}

const SIGN_IN: readonly Screen[] = [
  { name: 'sign-in', as: 'anonymous', at: '/sign-in' },
  { name: 'sign-in-ended', as: 'anonymous', at: '/sign-in?because=ended' },
  { name: 'sign-in-signed-out', as: 'anonymous', at: '/sign-in?because=signed-out' },
  { name: 'sign-in-help', as: 'anonymous', at: '/sign-in/help' },
  {
    name: 'sign-in-wrong',
    as: 'anonymous',
    at: '/sign-in',
    doing: sending({ username: 'vera', 'current-password': 'wrong' }),
    status: 401,
  },
  {
    name: 'sign-in-nothing-typed',
    as: 'anonymous',
    at: '/sign-in',
    doing: async (page) => {
      await page
        .locator('main form')
        .first()
        .evaluate((form) => form.setAttribute('novalidate', ''))
      await send(page, {})
    },
    status: 422,
  },
  {
    name: 'sign-in-too-many-tries',
    as: 'anonymous',
    at: '/sign-in',
    doing: sending({ username: LOCKED, 'current-password': PASSWORD }),
    status: 429,
  },
  {
    name: 'sign-in-passkey-refused',
    as: 'anonymous',
    at: '/sign-in',
    doing: sendsPasskey,
    status: 401,
  },
  { name: 'second-step', as: 'halfway', at: '/sign-in/second-step' },
  { name: 'second-step-passkey', as: 'keyholder-halfway', at: '/sign-in/second-step' },
  {
    name: 'second-step-passkey-refused',
    as: 'keyholder-halfway',
    at: '/sign-in/second-step',
    doing: sendsPasskey,
    status: 401,
  },
  { name: 'second-step-recovery-code', as: 'keyholder-halfway', at: '/sign-in/second-step?way=recovery-code' },
  {
    name: 'second-step-recovery-code-wrong',
    as: 'keyholder-halfway',
    at: '/sign-in/second-step?way=recovery-code',
    doing: sending({ 'recovery-code': 'none of them' }),
    status: 401,
  },
  { name: 'recovered', as: 'recovered', at: '/account/recovered' },
  { name: 'recovered-without-hurry', as: 'recovered-early', at: '/account/recovered' },
  { name: 'confirm-passkey', as: 'keyholder', at: '/confirm' },
  { name: 'confirm-recovery-code', as: 'keyholder', at: '/confirm?way=recovery-code' },
  {
    name: 'confirm-recovery-code-wrong',
    as: 'keyholder',
    at: '/confirm?way=recovery-code',
    doing: sending({ 'current-password': 'wrong', 'recovery-code': 'none of them' }),
    status: 403,
  },
  {
    name: 'second-step-wrong',
    as: 'halfway',
    at: '/sign-in/second-step',
    doing: sending({ code: '000000' }),
    status: 401,
  },
  {
    name: 'second-step-disabled',
    as: 'disabled',
    at: '/sign-in/second-step',
    doing: (page, { disabled }) => send(page, { code: disabled.code() }),
    status: 403,
  },
  { name: 'sign-in-after-idleness', as: 'idle', at: '/account', endsAt: '/sign-in' },
  { name: 'signed-out', as: 'anonymous', at: '/sign-out' },
  { name: 'sign-out', as: 'user', at: '/sign-out' },
  { name: 'confirm-after-form', as: 'user', at: '/confirm?because=form' },
  {
    name: 'confirm-wrong',
    as: 'user',
    at: '/confirm',
    doing: sending({ 'current-password': 'wrong', code: '000000' }),
    status: 403,
  },
  { name: 'confirmed', as: 'user', at: '/account?done=confirmed' },
]

/** Sends the form without a passkey response, as a button pressed before the module has loaded does. */
async function sendsNoPasskey(page: Page): Promise<void> {
  await page.locator('form[data-passkey]').evaluate((form) => (form as HTMLFormElement).submit())
  await page.locator('[role=alert]').waitFor()
}

const INVITATION: readonly Screen[] = [
  { name: 'invitation', as: 'anonymous', at: ({ links }) => links.invitation },
  {
    name: 'invitation-faults',
    as: 'anonymous',
    at: ({ links }) => links.invitation,
    doing: sending({ 'new-password': 'short' }),
    status: 422,
  },
  { name: 'invitation-unknown', as: 'anonymous', at: `/invitation/dwl_${'x'.repeat(43)}`, status: 404 },
  { name: 'invitation-expired', as: 'anonymous', at: ({ links }) => links.expired, status: 404 },
  { name: 'invitation-replaced', as: 'anonymous', at: ({ links }) => links.replaced, status: 404 },
  { name: 'invitation-used', as: 'anonymous', at: ({ links }) => links.used, status: 404 },
  { name: 'enrolment-choice', as: 'newcomer', at: '/enrolment' },
  { name: 'enrolment', as: 'newcomer', at: '/enrolment/app' },
  { name: 'enrolment-wrong', as: 'newcomer', at: '/enrolment/app', doing: sending({ code: '000000' }), status: 401 },
  { name: 'enrolment-passkey', as: 'newcomer', at: '/enrolment/passkey' },
  { name: 'enrolment-passkey-wrong', as: 'newcomer', at: '/enrolment/passkey', doing: sendsNoPasskey, status: 401 },
]

const REGISTRATION: readonly Screen[] = [
  { name: 'register', as: 'anonymous', at: '/register', on: 'fresh' },
  {
    name: 'register-faults',
    as: 'anonymous',
    at: '/register',
    doing: sending({ email: 'ada@elsewhere.example' }),
    status: 422,
    on: 'fresh',
  },
  { name: 'check-your-mail', as: 'anonymous', at: '/register/sent', on: 'fresh' },
  { name: 'registration-details', as: 'anonymous', at: ({ links }) => links.registration, on: 'fresh' },
  {
    name: 'registration-details-faults',
    as: 'anonymous',
    at: ({ links }) => links.registration,
    doing: sending({ username: 'grace', 'new-password': 'a kettle full of stars' }),
    status: 409,
    on: 'fresh',
  },
  {
    name: 'registration-link-unknown',
    as: 'anonymous',
    at: `/registration/dwl_${'x'.repeat(43)}`,
    status: 404,
    on: 'fresh',
  },
  { name: 'registration-waits', as: 'anonymous', at: '/register/waiting', on: 'fresh' },
  { name: 'sign-in-with-registration', as: 'anonymous', at: '/sign-in', on: 'fresh' },
]

const ACCOUNT: readonly Screen[] = [
  { name: 'account', as: 'user', at: '/account' },
  { name: 'account-just-set', as: 'user', at: '/account?done=set-up' },
  { name: 'account-saved', as: 'user', at: '/account?done=saved' },
  {
    name: 'account-faults',
    as: 'user',
    at: '/account',
    doing: sending({ username: 'a@b', email: 'nowhere@x' }),
    status: 422,
  },
  {
    name: 'account-changed-meanwhile',
    as: 'long',
    at: '/account',
    doing: async (page) => {
      await page.locator('input[name="seen"]').evaluate((field) => field.setAttribute('value', 'another'))
      await send(page, { full_name: 'Maxi' })
    },
    status: 412,
  },
  { name: 'account-long-name', as: 'long', at: '/account' },
  { name: 'account-right-to-left', as: 'hebrew', at: '/account' },
  { name: 'account-markup', as: 'markup', at: '/account' },
  { name: 'account-of-admin', as: 'admin', at: '/account' },
  { name: 'account-delete', as: 'user', at: '/account/delete' },
  { name: 'account-deleted', as: 'anonymous', at: '/account/deleted' },
  { name: 'confirm', as: 'stale-session', at: '/account/delete', endsAt: '/confirm' },
]

const SECURITY: readonly Screen[] = [
  { name: 'security', as: 'user', at: '/account/security' },
  { name: 'security-done', as: 'user', at: '/account/security?done=others' },
  { name: 'security-beginner', as: 'beginner', at: '/account/security' },
  { name: 'security-long-name', as: 'long', at: '/account/security' },
  { name: 'security-markup', as: 'markup', at: '/account/security' },
  { name: 'requests', as: 'keyholder', at: '/account/security/requests' },
  { name: 'requests-none', as: 'user', at: '/account/security/requests' },
  { name: 'security-requests', as: 'keyholder', at: '/account/security' },
  { name: 'objection', as: 'anonymous', at: ({ links }) => links.objection },
  { name: 'objection-not-valid', as: 'anonymous', at: '/objection/dwl_unknown', status: 404 },
  { name: 'password', as: 'user', at: '/account/security/password' },
  {
    name: 'password-typed',
    as: 'user',
    at: '/account/security/password',
    doing: async (page) => {
      await page.fill('#new-password', 'seventy8kites')
      await page.getByText('Good').waitFor()
    },
  },
  {
    name: 'password-faults',
    as: 'user',
    at: '/account/security/password',
    doing: sending({ 'current-password': PASSWORD, 'new-password': 'short' }),
    status: 422,
  },
  {
    name: 'password-wrong',
    as: 'hebrew',
    at: '/account/security/password',
    doing: sending({ 'current-password': 'wrong', 'new-password': 'a kettle full of stars' }),
    status: 403,
  },
  { name: 'app-new', as: 'user', at: '/account/security/app/new' },
  {
    name: 'app-new-wrong',
    as: 'beginner',
    at: '/account/security/app/new',
    doing: sending({ code: '000000' }),
    status: 403,
  },
  { name: 'app-replace', as: 'user', at: ({ apps }) => `/account/security/app/replace/${apps.ada}` },
  {
    name: 'app-replace-after-loss',
    as: 'recovered-early',
    at: ({ apps }) => `/account/security/app/replace/${apps.hebrew}?because=lost`,
  },
  { name: 'app-rename', as: 'user', at: ({ apps }) => `/account/security/app/rename/${apps.ada}` },
  {
    name: 'app-rename-fault',
    as: 'user',
    at: ({ apps }) => `/account/security/app/rename/${apps.ada}`,
    doing: sending({ name: 'n'.repeat(300) }),
    status: 422,
  },
  { name: 'app-remove', as: 'user', at: ({ apps }) => `/account/security/app/remove/${apps.ada}` },
  { name: 'app-remove-last', as: 'beginner', at: ({ apps }) => `/account/security/app/remove/${apps.beginner}` },
  { name: 'security-passkeys', as: 'recovered', at: '/account/security?done=passkey-added' },
  { name: 'passkey-new', as: 'user', at: '/account/security/passkeys/new' },
  { name: 'passkey-new-after-loss', as: 'recovered', at: '/account/security/passkeys/new?because=lost' },
  { name: 'passkey-new-wrong', as: 'user', at: '/account/security/passkeys/new', doing: sendsNoPasskey, status: 401 },
  {
    name: 'passkey-rename',
    as: 'recovered',
    at: ({ passkeys }) => `/account/security/passkeys/rename/${passkeys.layla}`,
  },
  {
    name: 'passkey-rename-fault',
    as: 'recovered',
    at: ({ passkeys }) => `/account/security/passkeys/rename/${passkeys.layla}`,
    doing: sending({ name: 'n'.repeat(80) }),
    status: 422,
  },
  {
    name: 'passkey-remove',
    as: 'recovered',
    at: ({ passkeys }) => `/account/security/passkeys/remove/${passkeys.layla}`,
  },
  { name: 'recovery-codes', as: 'user', at: '/account/security/recovery-codes' },
  { name: 'recovery-codes-shown', as: 'user', at: '/account/security/recovery-codes', doing: sending({}) },
  { name: 'recovery-codes-saved', as: 'user', at: '/account/security/recovery-codes/saved' },
  {
    name: 'recovery-codes-not-saved',
    as: 'user',
    at: '/account/security/recovery-codes/saved',
    doing: async (page) => {
      await page.locator('#saved').evaluate((box) => box.removeAttribute('required'))
      await send(page, {})
    },
    status: 422,
  },
  { name: 'token-new', as: 'user', at: '/account/security/tokens/new' },
  { name: 'token-new-of-admin', as: 'admin', at: '/account/security/tokens/new' },
  {
    name: 'token-new-faults',
    as: 'user',
    at: '/account/security/tokens/new',
    doing: sending({ name: 'n'.repeat(80) }),
    status: 422,
  },
  {
    name: 'token-made',
    as: 'user',
    at: '/account/security/tokens/new',
    doing: async (page) => {
      await page.locator('#scopes').check()
      await send(page, { name: 'Nightly report' })
    },
  },
  { name: 'token-revoke', as: 'user', at: ({ tokens }) => `/account/security/tokens/revoke/${tokens.ada}` },
  { name: 'security-tokens', as: 'user', at: '/account/security?done=token-revoked' },
  { name: 'security-password-changed', as: 'user', at: '/account/security?done=password' },
  { name: 'own-activity', as: 'user', at: '/account/activity' },
  { name: 'own-activity-beginner', as: 'beginner', at: '/account/activity' },
]

/** The screens by area of the product. */
export const SCREENS_BY_AREA = {
  'getting in': [...SETUP, ...SIGN_IN, ...RECOVERY_SCREENS, ...INVITATION, ...REGISTRATION, ...MAIL_LINK_SCREENS],
  'the own account': [
    ...ACCOUNT,
    ...OWN_GROUP_SCREENS,
    ...OWN_APP_SCREENS,
    ...SECURITY,
    ...REMEMBERED_DEVICE_SCREENS,
    ...MAILED_ACCOUNT_SCREENS,
    ...OWN_ATTRIBUTE_SCREENS,
  ],
  administration: [...ADMIN_SCREENS, ...REVIEWED_USER_SCREENS, ...USER_WITH_REMEMBERED_DEVICES, ...ATTRIBUTE_SCREENS],
  policies: [...POLICY_SCREENS, ...ROLLOUT_SCREENS],
  'other apps': OPENID_SCREENS,
  errors: ERROR_SCREENS,
} as const satisfies Record<string, readonly Screen[]>

export const SCREENS: readonly Screen[] = Object.values(SCREENS_BY_AREA).flat()
