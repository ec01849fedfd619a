// Every sentence in English; its shape is the one every language must have. Each file exports sections of it by their names.
import * as account from './english/account.ts'
import * as activity from './english/activity.ts'
import * as agents from './english/agents.ts'
import * as appAccess from './english/app-access.ts'
import * as appForm from './english/app-form.ts'
import * as appPresets from './english/app-presets.ts'
import * as appQuestions from './english/app-questions.ts'
import * as approvals from './english/approvals.ts'
import * as apps from './english/apps.ts'
import * as attributes from './english/attributes.ts'
import * as checkup from './english/checkup.ts'
import * as errors from './english/errors.ts'
import * as events from './english/events.ts'
import * as factors from './english/factors.ts'
import * as fieldErrors from './english/field-errors.ts'
import * as forwardAuth from './english/forward-auth.ts'
import * as groups from './english/groups.ts'
import * as hosts from './english/hosts.ts'
import * as joining from './english/joining.ts'
import * as keyboard from './english/keyboard.ts'
import * as mails from './english/mails.ts'
import * as notices from './english/notices.ts'
import * as onboarding from './english/onboarding.ts'
import * as openid from './english/openid.ts'
import * as outbox from './english/outbox.ts'
import * as overview from './english/overview.ts'
import * as ownApps from './english/own-apps.ts'
import * as policies from './english/policies.ts'
import * as rollout from './english/policy-rollout.ts'
import * as recovery from './english/recovery.ts'
import * as refusals from './english/refusals.ts'
import * as registration from './english/registration.ts'
import * as rememberedDevices from './english/remembered-devices.ts'
import * as resources from './english/resources.ts'
import * as roles from './english/roles.ts'
import * as security from './english/security.ts'
import * as signIn from './english/sign-in.ts'
import * as tokens from './english/tokens.ts'
import * as user from './english/user.ts'
import * as users from './english/users.ts'
import * as words from './english/words.ts'

export const english = {
  language: 'en',
  ...account,
  ...activity,
  ...appAccess,
  ...appForm,
  ...appPresets,
  ...appQuestions,
  ...approvals,
  ...apps,
  ...attributes,
  ...checkup,
  ...errors,
  ...events,
  ...factors,
  ...fieldErrors,
  ...forwardAuth,
  ...groups,
  ...hosts,
  ...joining,
  ...keyboard,
  ...mails,
  ...notices,
  ...onboarding,
  ...openid,
  ...outbox,
  ...ownApps,
  ...policies,
  ...overview,
  ...rollout,
  ...recovery,
  ...refusals,
  ...registration,
  ...agents,
  ...resources,
  ...roles,
  ...rememberedDevices,
  ...security,
  ...signIn,
  ...tokens,
  ...user,
  ...users,
  ...words,
}

/** Every sentence for people. A language that lacks one does not compile. */
export type Texts = Omit<typeof english, 'language'> & { readonly language: string }
