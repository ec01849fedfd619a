// Every sentence in German.
import type { Texts } from './english.ts'
import { account } from './german/account.ts'
import { activity } from './german/activity.ts'
import { checkup } from './german/checkup.ts'
import { enrolment, passkeyPrompt, recoveryCodes } from './german/factors.ts'
import { error, wrongAddress } from './german/errors.ts'
import { events } from './german/events.ts'
import { faultsInGerman } from './german/faults.ts'
import { overview } from './german/overview.ts'
import { refusalsInGerman } from './german/refusals.ts'
import { security } from './german/security.ts'
import { invitation, setup } from './german/onboarding.ts'
import { confirm, recovered, secondStep, signIn, signInHelp, signOut } from './german/sign-in.ts'
import { tokens } from './german/tokens.ts'
import { user } from './german/user.ts'
import { users } from './german/users.ts'
import { fields, hints, missing, words } from './german/words.ts'

export const german: Texts = {
  language: 'de',
  faults: faultsInGerman,
  refusals: refusalsInGerman,
  words,
  fields,
  hints,
  missing,
  signIn,
  secondStep,
  recovered,
  signInHelp,
  signOut,
  passkeyPrompt,
  recoveryCodes,
  enrolment,
  setup,
  invitation,
  account,
  security,
  tokens,
  confirm,
  users,
  user,
  activity,
  overview,
  checkup,
  events,
  error,
  wrongAddress,
}
