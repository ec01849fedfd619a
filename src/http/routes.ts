import { accountPages } from '../account/account.pages.ts'
import { accountRoutes } from '../account/account.routes.ts'
import { administrationPages } from '../administration/administration.pages.ts'
import { administrationRoutes } from '../administration/administration.routes.ts'
import { enrolmentPages } from '../attempts/enrolment.pages.ts'
import { enrolmentRoutes } from '../attempts/enrolment.routes.ts'
import { invitationPages } from '../onboarding/invitation.pages.ts'
import { onboardingRoutes } from '../onboarding/onboarding.routes.ts'
import { setupCodePages } from '../onboarding/setup-code.pages.ts'
import { setupPages } from '../onboarding/setup.pages.ts'
import { confirmPages } from '../sign-in/confirm.pages.ts'
import { signInHelpPages } from '../sign-in/help.pages.ts'
import { recoveredPages } from '../sign-in/recovered.pages.ts'
import { secondStepPages } from '../sign-in/second-step.pages.ts'
import { sessionRoutes } from '../sign-in/session.routes.ts'
import { signInPages } from '../sign-in/sign-in.pages.ts'
import { signInRoutes } from '../sign-in/sign-in.routes.ts'
import { signOutPages } from '../sign-in/sign-out.pages.ts'
import { tokenRoutes } from '../sign-in/token.routes.ts'
import type { App } from '../web/app.ts'
import { registerAssets } from '../web/assets.ts'
import { healthRoutes } from './health.routes.ts'
import { problemPages } from './problems.pages.ts'
import { sitePages } from './site.pages.ts'

/** Everything that the program answers, feature by feature; a new feature adds its lines here. */
export const ROUTES: readonly ((app: App) => void)[] = [
  tokenRoutes,
  signInRoutes,
  signInPages,
  secondStepPages,
  signInHelpPages,
  recoveredPages,
  confirmPages,
  sessionRoutes,
  signOutPages,
  enrolmentRoutes,
  enrolmentPages,
  onboardingRoutes,
  setupPages,
  setupCodePages,
  invitationPages,
  accountRoutes,
  accountPages,
  administrationRoutes,
  administrationPages,
  healthRoutes,
  problemPages,
  sitePages,
  registerAssets,
]
