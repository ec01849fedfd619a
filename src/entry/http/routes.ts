import type { AddRoutes, App } from '#foundation/web/http/app.ts'
import { registerAssets } from '#foundation/web/http/assets.ts'
import { registerIcons } from '#foundation/web/http/icons.ts'
import { accountPages } from '#use-cases/account/account.pages.ts'
import { accountRoutes } from '#use-cases/account/account.routes.ts'
import { administrationPages } from '#use-cases/administration/administration.pages.ts'
import { administrationRoutes } from '#use-cases/administration/administration.routes.ts'
import { emailLinkPages } from '#use-cases/confirm-or-report/email-links.pages.ts'
import { mailedLinkRoutes } from '#use-cases/confirm-or-report/mailed-links.routes.ts'
import { notMePages } from '#use-cases/confirm-or-report/not-me.pages.ts'
import { enrolmentPages } from '#use-cases/enrolment/enrolment.pages.ts'
import { enrolmentRoutes } from '#use-cases/enrolment/enrolment.routes.ts'
import { forHostPages } from '#use-cases/forward-auth/for-host.pages.ts'
import { forwardAuthRoutes } from '#use-cases/forward-auth/forward-auth.routes.ts'
import { ForwardAuth } from '#use-cases/forward-auth/proxied.routes.ts'
import { invitationPages } from '#use-cases/onboarding/accept-invitation.pages.ts'
import { onboardingRoutes } from '#use-cases/onboarding/onboarding.routes.ts'
import { registerPages } from '#use-cases/onboarding/register.pages.ts'
import { registrationDetailsPages } from '#use-cases/onboarding/registration-details.pages.ts'
import { registrationRoutes } from '#use-cases/onboarding/registration.routes.ts'
import { setupCodePages } from '#use-cases/onboarding/setup-code.pages.ts'
import { setupPages } from '#use-cases/onboarding/setup.pages.ts'
import { openidPages } from '#use-cases/openid/openid.pages.ts'
import { openidRoutes } from '#use-cases/openid/openid.routes.ts'
import { OpenId } from '#use-cases/openid/openid.service.ts'
import { enrolmentLinkPages } from '#use-cases/recovery/enrolment-link.pages.ts'
import { forgotPasswordPages } from '#use-cases/recovery/forgot-password.pages.ts'
import { passwordResetPages } from '#use-cases/recovery/password-reset.pages.ts'
import { recoveryRoutes } from '#use-cases/recovery/recovery.routes.ts'
import { signInHelpPages } from '#use-cases/sign-in/help.pages.ts'
import { lostFactorPages } from '#use-cases/sign-in/lost-factor.pages.ts'
import { confirmPages } from '#use-cases/sign-in/reauthentication.pages.ts'
import { recoveredPages } from '#use-cases/sign-in/recovered.pages.ts'
import { reviewPages } from '#use-cases/sign-in/review.pages.ts'
import { reviewRoutes } from '#use-cases/sign-in/review.routes.ts'
import { secondFactorPages } from '#use-cases/sign-in/second-factor.pages.ts'
import { sessionRoutes } from '#use-cases/sign-in/session.routes.ts'
import { signInPages } from '#use-cases/sign-in/sign-in.pages.ts'
import { signInRoutes } from '#use-cases/sign-in/sign-in.routes.ts'
import { signOutPages } from '#use-cases/sign-in/sign-out.pages.ts'
import { tokenRoutes } from '#use-cases/sign-in/token.routes.ts'
import { problemPages } from './errors/problems.pages.ts'
import { healthRoutes } from './health.routes.ts'
import { sitePages } from './site.pages.ts'

/** Routes of one section of the API documentation. */
function section(tag: string, ...all: readonly AddRoutes[]): AddRoutes {
  return Object.assign((app: App) => all.forEach((add) => add(app)), { tag })
}

/** The provider for other apps, which its pages and its routes share. */
function openidConnect(app: App): void {
  const openid = new OpenId()
  openidPages(app, openid)
  openidRoutes(app, openid)
}

/** Forward-auth for reverse proxies, whose page and routes share what they remember. */
function forwardAuth(app: App): void {
  const state = new ForwardAuth()
  forHostPages(app, state.refusals)
  forwardAuthRoutes(app, state)
}

/** All routes of the program, feature by feature. */
export const ROUTES: readonly AddRoutes[] = [
  section('Sign-in', tokenRoutes, signInRoutes),
  signInPages,
  secondFactorPages,
  section('Sign-in', reviewRoutes),
  reviewPages,
  signInHelpPages,
  lostFactorPages,
  recoveredPages,
  confirmPages,
  section('Sign-in', recoveryRoutes),
  forgotPasswordPages,
  passwordResetPages,
  enrolmentLinkPages,
  section('Session', sessionRoutes),
  signOutPages,
  section('Sign-in', enrolmentRoutes),
  enrolmentPages,
  section('Sign-in', onboardingRoutes),
  setupPages,
  setupCodePages,
  invitationPages,
  section('Account', mailedLinkRoutes),
  notMePages,
  emailLinkPages,
  section('Sign-in', registrationRoutes),
  registerPages,
  registrationDetailsPages,
  section('Account', accountRoutes),
  accountPages,
  section('Administration', administrationRoutes),
  administrationPages,
  openidConnect,
  forwardAuth,
  healthRoutes,
  problemPages,
  sitePages,
  registerAssets,
  registerIcons,
]
