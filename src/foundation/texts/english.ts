// Every sentence in English; its shape is the one every language must have.
import type { FieldError } from '../kernel/refusal.ts'
import { account } from './english/account.ts'
import { activity } from './english/activity.ts'
import { checkup } from './english/checkup.ts'
import { fields, hints, missing, words } from './english/words.ts'
import { enrolment, passkeyPrompt, recoveryCodes } from './english/factors.ts'
import { error, wrongAddress } from './english/errors.ts'
import { events } from './english/events.ts'
import { faultsInEnglish } from './english/faults.ts'
import type { FaultCode } from './english/faults.ts'
import { overview } from './english/overview.ts'
import { refusalsInEnglish } from './english/refusals.ts'
import { security } from './english/security.ts'
import { invitation, setup } from './english/onboarding.ts'
import { confirm, recovered, secondStep, signIn, signInHelp, signOut } from './english/sign-in.ts'
import { tokens } from './english/tokens.ts'
import { user } from './english/user.ts'
import { users } from './english/users.ts'

export const english = {
  language: 'en',
  faults: faultsInEnglish as Record<FaultCode, (facts: NonNullable<FieldError['facts']>) => string>,
  refusals: refusalsInEnglish,
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

/** Every sentence for people. A language that lacks one does not compile. */
export type Texts = Omit<typeof english, 'language'> & { readonly language: string }
