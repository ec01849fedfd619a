import type { RefusalCode, RefusalFacts } from '#foundation/kernel/refusal.ts'
import {
  HELP_EXEMPTION_EVERY,
  MAIL_KEPT,
  MAILS_AN_HOUR,
  MOST_ATTRIBUTES,
  TIME_TO_ACT,
  TOTP_PERIOD,
} from '#foundation/kernel/stated-limits.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { spanInWords, waitInWords } from '../spans.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { roundSpan, stated } from './stated.ts'

const clockOff = ({ minutesAhead = 0 }: RefusalFacts): string =>
  `Your app’s clock is about ${spanInWords('en', minutes(Math.abs(minutesAhead)))} ${minutesAhead > 0 ? 'ahead' : 'behind'}. Turn on automatic time on that device, then try again.`

/** What the pages say for each refusal: what happened, and what to do now. */
export const refusals: Record<RefusalCode, (facts: RefusalFacts) => string> = {
  'request.unreadable': () => 'We couldn’t read the form. Reload the page and try again.',
  'request.validation_failed': () => 'Check the highlighted fields.',
  'request.too_large': () => 'That’s more than this server accepts. Shorten it and try again.',
  'request.unsupported_media_type': () => 'We couldn’t read the form. Reload the page and try again.',
  'request.method_not_allowed': () => 'You can’t open this address directly. Go to the start page.',
  'request.not_found': () => 'There’s no page here. Check the address, or go to the start page.',
  'request.form_outdated': () => 'Your session changed, so nothing was saved. Reload the page and try again.',
  'request.cross_origin': () =>
    'This came from another site, so nothing was changed. Open the page here and try again.',
  'access.not_authenticated': () => 'Sign in to see this page.',
  'access.invalid_token': () => 'You’re signed out. Sign in again.',
  'access.insufficient_permissions': () => 'You don’t have permission to do this. Ask an admin.',
  'access.second_factor_missing': () => 'Your role needs a second step. Set one up first.',
  'access.reauthentication_required': () => 'Confirm it’s you first.',
  'access.session_required': () => 'An API token can’t do this. Sign in and confirm it’s you.',
  'access.insufficient_scope': ({ scope }) =>
    `This API token doesn’t have ${scope === undefined ? 'permission for that' : `the permission ${scope}`}. Create one that does.`,
  'access.stronger_authentication_required': () => 'Confirm it’s you first, with your passkey or a recovery code.',
  'sign_in.incorrect': () => 'That username and password don’t match. Check both and try again.',
  'sign_in.enrolment_needed': () => 'Almost there: set up a second step to finish signing in.',
  'sign_in.second_factor_elsewhere': () => 'Your second step can’t be used here. Sign in on the sign-in page.',
  'sign_in.disabled': () => 'This account is disabled. Contact your admin.',
  'password_reset.off': () => 'This server doesn’t send email. Ask an admin to reset your password.',
  'account.review_required': () =>
    'You’re not signed in yet: this account was reported. Sign in on the sign-in page and review it first.',
  'account.review_by_admin': () =>
    'This account was reported, and its password or second step may be in the wrong hands. Sign in with a second step that hasn’t changed since, or ask an admin to clear the review.',
  'account.no_review': () => 'No review of this account is due.',
  'attempt.ended': () => 'This sign-in took too long or is already finished. Start again.',
  'attempt.wrong_stage': () => 'This isn’t the next step. Start again.',
  'attempt.code_wrong': () => 'That code didn’t match. Wait for the next one and try again.',
  'attempt.code_used': () =>
    `That code was used a moment ago. Wait for the next one (up to ${stated.span(TOTP_PERIOD)}).`,
  'attempt.clock_drift': clockOff,
  'attempt.recovery_code_wrong': () => 'That recovery code isn’t right. Check it or use another.',
  'attempt.recovery_code_used': () => 'That recovery code was already used. Each works once. Use another.',
  'reauthentication.clock_drift': clockOff,
  'reauthentication.too_weak': () => 'Use your passkey, or your password and a recovery code.',
  'reauthentication.refused': () =>
    'That password and code didn’t match. Check the password, wait for the next code and try again.',
  'reauthentication.passkey_refused': () =>
    'Your passkey didn’t verify you. Enter your password, then use the passkey again.',
  'password.wrong': () => 'That isn’t your current password. Try again.',
  'totp.code_wrong': () => 'That code didn’t match. Wait for the next one and try again.',
  'totp.code_used': () => `That code was used a moment ago. Wait for the next one (up to ${stated.span(TOTP_PERIOD)}).`,
  'totp.not_found': () => 'There’s no such authenticator app on this account.',
  'totp.last_one': () => 'You can’t remove your only allowed second step. Replace it instead.',
  'totp.too_many': () => 'You’ve reached the limit of authenticator apps. Remove one first.',
  'passkey.refused': () => 'That passkey didn’t work. Try again or use another method.',
  'passkey.challenge_ended': () => 'That took too long or was already used. Try again.',
  'passkey.already_registered': () => 'This passkey is already set up. Use another device or password manager.',
  'passkey.too_many': () => 'You’ve reached the limit of passkeys. Remove one first.',
  'passkey.last_one': () => 'You can’t remove your only allowed second step. Add another first.',
  'passkey.not_found': () => 'There’s no such passkey on this account.',
  'passkey.not_verified': () => 'That passkey didn’t verify you. Sign in with your password first.',
  'link.unknown': () => 'This link isn’t valid. Check that you copied all of it, or ask for a new one.',
  'link.expired': () => 'This link has expired. Ask for a new one.',
  'link.replaced': () => 'We’ve emailed you a newer link. Open the one in the latest email.',
  'link.used': () => 'This link was already used. Sign in.',
  'setup.finished': () => 'This server is already set up. Sign in.',
  'registration.off': () => 'Sign-up is by invitation only. Ask an admin to invite you.',
  'registration.proof_refused': () =>
    'We couldn’t check your browser in time. Reload the page and try again. This needs JavaScript.',
  'registration.not_found': () => 'This registration is no longer waiting. It was already decided, or it expired.',
  'audit_event.not_found': () => 'No event has this reference. Check that you copied all of it.',
  'user.not_found': () => 'There’s no such user.',
  'user.username_taken': () => 'That username is taken. Choose another.',
  'user.email_taken': () => 'That email address is taken. Use another.',
  'email.nothing_to_verify': () =>
    'There’s nothing to verify: you have no unverified email, or this server doesn’t send email.',
  'email.sign_in_to_confirm': () => 'Sign in to this account first, then confirm the email.',
  'user.last_admin': () => 'This is the only active admin. Add another admin first.',
  'user.own_account': () => 'You can’t do this to your own account here. Use your account page, or ask another admin.',
  'user.ambiguous': () => 'More than one user matches. Use the email address.',
  'user.expired': () => 'This account has expired. Give it a later last day before inviting them.',
  'user.disabled': () => 'This account is disabled. Enable it before inviting them.',
  'user.not_joined': () =>
    'They haven’t accepted their invitation yet, so there’s no second step to reset. Send the invitation again instead.',
  'user.already_enrolled': () =>
    'This user already has a password and a second step, so they don’t need an invitation. If they lost their second step, reset it first.',
  'attribute.not_found': () => 'There’s no such attribute. Go back to the list.',
  'attribute.key_taken': () => 'Another attribute has this key. Choose another.',
  'attribute.too_many': () => `There are ${MOST_ATTRIBUTES} attributes, which is the limit. Delete one first.`,
  'resource.stale': () => 'Someone changed this in the meantime. Reload and try again.',
  'session.not_found': () => 'There’s no such session. It may have ended.',
  'device.not_found': () => 'There’s no such trusted device. It may have been removed.',
  'api_token.not_found': () => 'There’s no such API token. It may have expired or been revoked.',
  'api_token.too_many': () => 'You’ve reached the limit of API tokens. Revoke one first.',
  'api_token.unusable': () => 'Tokens for this account wouldn’t work: it’s disabled or has no second step.',
  'sign_in.factor_not_allowed': () => 'This second step isn’t allowed for your account any more. Use another one.',
  'factor.not_allowed': () => 'This kind of second step isn’t allowed for your account. Set up another kind.',
  'policy.not_found': () => 'There’s no such policy.',
  'policy.exists': () => 'There’s already a policy for these users. Change that one.',
  'policy.version_not_found': () => 'This policy has no such version.',
  'policy.cancelling_stops': () =>
    `Without this change, another user with permissions would have something to set up within ${roundSpan(TIME_TO_ACT)}. Change the policy instead: a second admin is asked then.`,
  'policy.version_in_force': () => 'This version is already in force. Change the policy instead.',
  'policy.in_use': () => 'This policy was in force, so its history stays. End it instead.',
  'policy.exemption_not_found': () => 'This user isn’t exempt from the policy.',
  'policy.exemption_useless': ({ secondFactor }) => {
    if (secondFactor === 'optional')
      return 'This exemption would change nothing: until it ends, the user doesn’t need a second step anyway.'
    const needed = secondFactor === 'phishing-resistant' ? 'a passkey' : 'a second step'
    return `This exemption would change nothing: the user would still need ${needed}.`
  },
  'policy.own_exemption': () => 'You can’t exempt yourself. Ask another admin.',
  'policy.ended': () => 'This policy isn’t in force, and no version is planned.',
  'role.not_found': () => 'There’s no such role. It may have been deleted.',
  'role.name_taken': () => 'That name is taken.',
  'role.fixed': () => 'This role can’t be changed here: it’s built in or set by configuration.',
  'role.in_use': ({ users = 0 }) =>
    users === 1
      ? '1 user has this role. Give them another role first.'
      : `${users || 'Some'} users have this role. Give them another role first.`,
  'role.named_by_policy': ({ policies = [] }) =>
    policies.length > 1
      ? `These policies use this role: ${policies.join(', ')}. End them first.`
      : `A policy uses this role${policies.map((name) => ` (${name})`).join('')}. End it first.`,
  'role.named_by_app': ({ apps = [] }) =>
    `Only certain roles may use ${apps.join(', ') || 'an app'}, and this is one of them. Change who may use it first.`,
  'role.named_by_host': ({ hosts = [] }) =>
    `A rule of ${hosts.join(', ') || 'a protected host'} names this role. Change the rule first.`,
  'role.beyond_own': () => 'This needs permissions you don’t have. Ask an admin.',
  'role.beyond_help': () => 'You can help only users without permissions. Ask an admin.',
  'help.both_resets': () =>
    'They have no second step, or haven’t signed in since the link to a new password. Only someone who may manage users can reset both.',
  'help.mail_off': () =>
    'This server doesn’t send email, so no link can be sent. Someone who may manage users has to help.',
  'help.shut_out': () => 'This account is disabled or has expired, so no link can be sent.',
  'help.unverified_email': () => 'This user has no verified email, so the link can’t be sent.',
  'help.mail_limit': ({ retryAfter }) => {
    const wait = waitInWords('en', retryAfter)
    return `This was done for the user ${stated.word(MAILS_AN_HOUR)} times in a short while. You can do it again ${wait === undefined ? 'later' : `in ${wait}`}.`
  },
  'help.not_mailed': () =>
    'Their last invitation wasn’t emailed to their current address. Someone who may manage users has to send one.',
  'help.policy_forbids': () => 'No policy lets you exempt this user now.',
  'help.exempt_already': () => 'This user is already exempt from the policy.',
  'help.exempted_recently': () =>
    `You can exempt a user once in ${stated.span(HELP_EXEMPTION_EVERY)}. Someone who may manage policies can exempt them again.`,
  'role.policy_needed': () =>
    `A policy uses this user’s role, so another role would weaken their sign-in. This takes the permission ${quoted(permissionNames['policy:write'])}.`,
  'role.grant_forbidden': () => 'You don’t have permission to give or remove roles. Ask an admin.',
  'policy.version_planned': () =>
    'A version that starts later is already planned, and this one would keep it from starting. Cancel that one first, or choose a time after it.',
  'approval.waiting': () => 'Nothing has changed yet. A second admin must approve this, or the waiting time must pass.',
  'approval.not_found': () => 'There’s no such request.',
  'approval.ended': () => 'This request has already ended.',
  'approval.own_request': () => 'You made this request, so another admin must decide. You can withdraw it.',
  'approval.about_you': () =>
    'This request is about your own account, so another admin must decide. You can object to it.',
  'approval.not_yours': () => 'Only the admin who made this request can withdraw it. You can decline it.',
  'approval.not_due': () => 'The waiting time isn’t over yet. Another admin can approve this now.',
  'approval.lapsed': () =>
    'The account or the admin who asked has changed since, so the request ended. Ask again if it’s still needed.',
  'mail.off': () => 'This server doesn’t send email. Set mail_host in its configuration first.',
  'mail.not_found': () => `There’s no such email. Emails are deleted after ${roundSpan(MAIL_KEPT)}.`,
  'mail.ended': () => 'This email was already accepted or dropped, or it has expired.',
  'mail.warns': () =>
    'This email warns someone of a change to their account. Only a command on the server can drop it.',
  'group.not_found': () => 'There’s no such group.',
  'group.name_taken': () => 'Another group has this name. Choose another.',
  'group.too_many': () => 'You’ve reached the limit of groups. Delete one first.',
  'group.too_many_managers': () => 'You’ve reached the limit of managers for this group. Remove one first.',
  'group.policy_needed': () =>
    `A policy uses this group, so leaving it could weaken sign-in for that user. This takes the permission ${quoted(permissionNames['policy:write'])}.`,
  'group.second_admin_needed': () =>
    'This user has permissions, and a policy for the group requires something they haven’t set up. Ask an admin to add them: a second admin has to approve it.',
  'group.named_by_app': ({ apps = [] }) =>
    `Only certain groups may use ${apps.join(', ') || 'an app'}, and this is one of them. Change who may use it first.`,
  'group.named_by_host': ({ hosts = [] }) =>
    `A rule of ${hosts.join(', ') || 'a protected host'} names this group. Change the rule first.`,
  'group.named_by_policy': () => 'A policy uses this group. End the policy first, then delete the group.',
  'app.icon_not_found': () => 'There’s no such icon.',
  'app.not_found': () => 'There’s no such app. Go back to the list.',
  'app.name_taken': () => 'Another app has this name. Choose another.',
  'app.id_taken': () => 'Another app has this id. Choose another.',
  'app.too_many': () => 'You’ve reached the limit of apps. Delete one first.',
  'app.no_secret': () => 'This app has no secret: it signs users in without one.',
  'app.too_many_secrets': () => 'Two secrets are already valid. Revoke one first.',
  'app.secret_not_found': () => 'There’s no such secret. It may have ended.',
  'host.not_found': () => 'There’s no such protected host. Go back to the list.',
  'host.name_taken': () => 'This host is protected already. Change its rules instead.',
  'host.too_many': () => 'You’ve reached the limit of protected hosts. Remove one first.',
  'resource.not_found': () => 'There’s no such resource. Go back to the list.',
  'resource.uri_taken': () => 'Another resource has this URI. Change that one, or choose another URI.',
  'resource.too_many': () => 'You’ve reached the limit of resources. Delete one first.',
  'throttle.blocked': ({ retryAfter }) => {
    const wait = waitInWords('en', retryAfter)
    return `Too many attempts. Try again ${wait === undefined ? 'later' : `in ${wait}`}.`
  },
  'service.busy': () => 'The server is busy, so nothing was changed. Try again in a moment.',
  'service.unavailable': () => 'The server can’t do this right now. Try again in a moment.',
}
