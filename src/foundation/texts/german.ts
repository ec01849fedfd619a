// Every sentence in German.
import type { Texts } from './english.ts'
import * as account from './german/account.ts'
import * as activity from './german/activity.ts'
import * as agents from './german/agents.ts'
import * as appAccess from './german/app-access.ts'
import * as appForm from './german/app-form.ts'
import * as appPresets from './german/app-presets.ts'
import * as appQuestions from './german/app-questions.ts'
import * as approvals from './german/approvals.ts'
import * as apps from './german/apps.ts'
import * as attributes from './german/attributes.ts'
import * as checkup from './german/checkup.ts'
import * as errors from './german/errors.ts'
import * as events from './german/events.ts'
import * as factors from './german/factors.ts'
import * as fieldErrors from './german/field-errors.ts'
import * as forwardAuth from './german/forward-auth.ts'
import * as groups from './german/groups.ts'
import * as hosts from './german/hosts.ts'
import * as joining from './german/joining.ts'
import * as keyboard from './german/keyboard.ts'
import * as mails from './german/mails.ts'
import * as notices from './german/notices.ts'
import * as onboarding from './german/onboarding.ts'
import * as openid from './german/openid.ts'
import * as outbox from './german/outbox.ts'
import * as overview from './german/overview.ts'
import * as ownApps from './german/own-apps.ts'
import * as policies from './german/policies.ts'
import * as rollout from './german/policy-rollout.ts'
import * as recovery from './german/recovery.ts'
import * as refusals from './german/refusals.ts'
import * as registration from './german/registration.ts'
import * as rememberedDevices from './german/remembered-devices.ts'
import * as resources from './german/resources.ts'
import * as roles from './german/roles.ts'
import * as security from './german/security.ts'
import * as signIn from './german/sign-in.ts'
import * as tokens from './german/tokens.ts'
import * as user from './german/user.ts'
import * as users from './german/users.ts'
import * as words from './german/words.ts'

export const german: Texts = {
  language: 'de',
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
