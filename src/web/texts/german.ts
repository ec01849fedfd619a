// Every sentence in German.
import type { Texts } from '../texts.ts'
import { account } from './german/account.ts'
import { activity } from './german/activity.ts'
import { checkup } from './german/checkup.ts'
import { confirm } from './german/confirm.ts'
import { enrolment } from './german/enrolment.ts'
import { error, wrongAddress } from './german/errors.ts'
import { events } from './german/events.ts'
import { faultsInGerman } from './german/faults.ts'
import { fields, hints, missing } from './german/fields.ts'
import { invitation } from './german/invitation.ts'
import { overview } from './german/overview.ts'
import { refusalsInGerman } from './german/refusals.ts'
import { security } from './german/security.ts'
import { setup } from './german/setup.ts'
import { secondStep, signIn, signInHelp, signOut } from './german/sign-in.ts'
import { user } from './german/user.ts'
import { users } from './german/users.ts'
import { words } from './german/words.ts'

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
  signInHelp,
  signOut,
  enrolment,
  setup,
  invitation,
  account,
  security,
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
